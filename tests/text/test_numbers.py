import pytest

from portal.text.numbers import count, whole_number


def test_a_number_agrees_with_its_word() -> None:
    assert [count(number, "session") for number in (0, 1, 2, 1079)] == [
        "0 sessions",
        "1 session",
        "2 sessions",
        "1,079 sessions",
    ]
    assert [count(number, "person", "people") for number in (1, 2)] == ["1 person", "2 people"]


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("0999", 999), ("10000", -1), ("-7", -1), ("seven", -1), ("", -1)]
)
def test_what_is_no_whole_number_of_so_many_digits_counts_as_another(text: str, number: int) -> None:
    assert whole_number(text, 4, otherwise=-1) == number
