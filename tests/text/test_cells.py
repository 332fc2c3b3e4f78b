"""CSV that no spreadsheet program calculates."""

import csv

import pytest

from portal.programme.spreadsheet.cells.plain import guard, unguard
from portal.text.cells import csv_text


@pytest.mark.parametrize("first", "=+-@\t\r\n＝＋－＠")
def test_g5_no_cell_of_a_file_is_taken_for_a_formula(first: str) -> None:
    text = f"{first}cmd()"
    [header, row] = csv.reader(csv_text(["Reason"], [[text]]).splitlines(keepends=True))

    assert (header, row[0]) == (["Reason"], f"'{text}")
    assert (guard(text), unguard(guard(text))) == (f"'{text}", text)


def test_other_cells_stay_as_they_are() -> None:
    assert csv_text(["A"], [["it’s 1 + 1 = 2, “so”"]]).splitlines()[1] == '"it’s 1 + 1 = 2, “so”"'
