"""CSV that no spreadsheet program calculates."""

import csv

import pytest

from portal.text.cells import csv_text, guard, guard_guarded, unguard


@pytest.mark.parametrize("first", "=+-@\t\r\n＝＋－＠")
def test_g5_no_cell_of_a_file_is_taken_for_a_formula(first: str) -> None:
    text = f"{first}cmd()"
    [header, row] = csv.reader(csv_text(["Reason"], [[text]]).splitlines(keepends=True))

    assert (header, row[0]) == (["Reason"], f"'{text}")
    assert (guard(text), unguard(guard(text))) == (f"'{text}", text)


@pytest.mark.parametrize("gap", [";", "; ", ';"', "\t", "\n", "\r\n", '\n\n "'])
def test_g5_nor_is_the_rest_of_one_where_a_program_splits_at_semicolons(gap: str) -> None:
    text, guarded = f"Talk{gap}=cmd()", f"Talk{gap}'=cmd()"
    [_, row] = csv.reader(csv_text(["Reason"], [[text]]).splitlines(keepends=True))

    assert (row[0], guard(text), unguard(guarded)) == (guarded, guarded, text)


@pytest.mark.parametrize(
    "text",
    ["'=a", ";'=a", "a;''-b;-c\n'@d", "\t=a", "'\t'=a", "a; 'n roll", 'a;"=b', ";;'=", "a\n\n- b\n- c"],
)
def test_g5_what_is_guarded_comes_back_as_it_was(text: str) -> None:
    assert [unguard(guard(text)), unguard(guard_guarded(text))] == [text, text]


def test_g5_guarding_takes_no_longer_for_gaps_of_any_length() -> None:
    text = "a" + " \n" * 200_000 + "b"

    assert unguard(guard(text)) == text


def test_other_cells_stay_as_they_are() -> None:
    assert csv_text(["A"], [["it’s 1 + 1 = 2, “so”; a - b"]]).splitlines()[1] == (
        '"it’s 1 + 1 = 2, “so”; a - b"'
    )
