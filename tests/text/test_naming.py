"""Whether a page names what it is to show."""

import pytest

from portal.text.html import words_of
from portal.text.mentions import not_named


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Opening", []),
        ("… the OPENING  …", []),
        ("Openings", ["Opening"]),
        ("Reopening", ["Opening"]),
        ("Reopening and opening", []),
        ("", ["Opening"]),
    ],
)
def test_a_name_is_there_as_a_whole(text: str, missing: list[str]) -> None:
    assert not_named(["Opening"], text) == missing


def test_what_is_given_twice_is_named_twice() -> None:
    assert not_named(["Lunch", "Lunch", "Tea"], "Lunch, tea") == ["Lunch"]
    assert not_named(["Lunch", "Lunch", "Lunch"], "Lunch, lunch") == ["Lunch"]


def test_white_space_and_invisible_letters_do_not_count() -> None:
    assert (
        not_named(["A  longer\n title", "Soft\u00adware", "", "C++"], "A longer title: software in C++!")
        == []
    )


def test_the_words_of_a_page_are_what_its_reader_sees() -> None:
    page = """<!doctype html><title>Agenda</title><script>var title = "Hidden";</script><style>p {}</style>
    <!-- commented --><h3>Bread &amp; butter</h3><p>one<br>two 1 < 2</p><p"""

    assert words_of(page) == "Agenda Bread & butter one two 1 < 2"
