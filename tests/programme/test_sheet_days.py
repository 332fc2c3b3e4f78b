"""H2: days that headings, sheets, headers and titles tell, and those that nobody can know."""

from datetime import date, datetime
from typing import Any

import pytest
from sheet_samples import workbook

from portal.programme.spreadsheet.cells.days import day_in
from portal.programme.spreadsheet.cells.named_days import NamedDay, named_day
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import DateOrder, Question
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options

THURSDAY = date(2027, 3, 11)


def read(content: bytes | str, **options: Any) -> Draft:
    content = content.encode() if isinstance(content, str) else content
    return read_draft(read_workbook(content), Options(timezone="UTC", **options))


def days(draft: Draft) -> list[tuple[str | None, int | None]]:
    """Each session with the day of March on which it begins."""
    return [(each.title, each.starts_at.day if each.starts_at else None) for each in draft.sessions]


def below(*headings: str, in_title: bool = False) -> str:
    """A table of one session below each heading, which stands in its first column."""
    names = [chr(65 + number) for number in range(len(headings))]
    if in_title:
        return "Title,Time,Room\n" + "".join(
            f"{heading},,\n{name},9:00-10:00,Hall\n" for heading, name in zip(headings, names, strict=True)
        )
    return "Time,Title,Room\n" + "".join(
        f"{heading},,\n9:00-10:00,{name},Hall\n" for heading, name in zip(headings, names, strict=True)
    )


@pytest.mark.parametrize("in_title", [False, True])
@pytest.mark.parametrize(
    ("headings", "first", "expected"),
    [
        (("11 March 2027", "12 March 2027"), None, [11, 12]),
        (("Thursday", "Friday", "Saturday"), THURSDAY, [11, 12, 13]),
        (("Day 1", "Day 2"), THURSDAY, [11, 12]),
        (("Tag 1 – Donnerstag", "Tag 2 – Freitag"), THURSDAY, [11, 12]),
        (("Friday (Day 2)",), THURSDAY, [12]),
        (("Thursday morning", "Thursday afternoon"), THURSDAY, [11, 11]),
        (("Thursday 11 March 2027", "Friday"), None, [11, 12]),
        (("Day 2: 12 March 2027", "Day 3"), None, [12, 13]),
    ],
)
def test_headings_that_are_days(
    headings: tuple[str, ...], first: date | None, expected: list[int], in_title: bool
) -> None:
    draft = read(below(*headings, in_title=in_title), day=first)

    assert [day for _, day in days(draft)] == expected
    assert [each.message for each in draft.problems] == [
        "is a day and no title; it was taken for that of the rows below"
    ] * (len(headings) if in_title else 0)


def test_the_day_of_a_heading_among_words_is_taken_from_its_name_too() -> None:
    draft = read(below("Thursday – main building", "Day 2: Deep dives", "Room 3/4"), day=THURSDAY)

    assert days(draft) == [("A", 11), ("B", 12), ("C", 12)]
    assert [each.message for each in draft.problems] == ["is a heading; it was left out"]
    assert draft.notes == [
        "“Thursday – main building” was taken for 11 March 2027.",
        "“Day 2: Deep dives” was taken for 12 March 2027.",
    ]


@pytest.mark.parametrize(
    ("heading", "question", "why"),
    [
        ("04/05/2027", Question.ORDER, "can be 4 May 2027 or 5 April 2027"),
        ("12 March", Question.YEAR, "names a day without its year"),
        ("Day 1 – Friday", None, "has a number and a weekday of two different days: write its date"),
    ],
)
def test_below_a_heading_that_nobody_can_read_the_day_before_goes_not_on(
    heading: str, question: Question | None, why: str
) -> None:
    draft = read(below("11 March 2027", heading))

    assert days(draft) == [("A", 11), ("B", None)]
    assert draft.asks == ({question} if question else set())
    assert [each.is_error and why in each.message for each in draft.problems] == [True]


def test_days_by_name_alone_are_asked_and_the_answer_is_the_first_of_them() -> None:
    asked = read(below("Thursday", "Friday"))

    assert asked.asks == {Question.DAY}
    assert [each.is_error for each in asked.problems] == [True, True]


def test_a_weekday_that_comes_again_may_be_of_another_week() -> None:
    draft = read(below("Thursday", "Friday", "Thursday"), day=THURSDAY)

    assert days(draft) == [("A", 11), ("B", 12), ("C", None)]
    assert "“Thursday”, which comes again below another day" in draft.problems[0].message


@pytest.mark.parametrize(
    ("names", "titles", "options", "expected"),
    [
        (("Thursday", "Friday"), (None, None), {"day": THURSDAY}, [11, 12]),
        (("Tag 1", "Tag 2"), (None, None), {"day": THURSDAY}, [11, 12]),
        (("Thu 11 March", "Fri 12 March"), (None, None), {"year": 2027}, [11, 12]),
        (("Thu 11 March", "Fri 12 March"), (None, None), {"day": THURSDAY}, [None, None]),
        (("Day 1", "Day 2"), ("Forum, 11 March 2027", "Forum, 12 March 2027"), {}, [11, 12]),
        (("Day 1", "Day 2"), ("Forum, 11 March 2027", "Forum, 11 March 2027"), {}, [11, 12]),
        (("Thursday", "Friday"), ("Forum, 11–12 March 2027",) * 2, {}, [None, None]),
        (("Thursday", "Friday"), ("Forum, 11 March 2027",) * 2, {}, [11, None]),
    ],
)
def test_sheets_that_are_called_by_their_day(
    names: tuple[str, str],
    titles: tuple[str | None, str | None],
    options: dict[str, Any],
    expected: list[int | None],
) -> None:
    def rows(title: str | None) -> list[list[Any]]:
        return [*([[title]] if title else []), ["Time", "Title", "Room"], ["09:00-10:00", "Talk", "Hall"]]

    draft = read(
        workbook(**{name: rows(title) for name, title in zip(names, titles, strict=True)}), **options
    )

    assert [day for _, day in days(draft)] == expected


@pytest.mark.parametrize(
    ("first", "second"), [("Thursday", "Friday"), ("Day 1", "Day 2"), ("Do.", "Fr."), ("1日目", "2日目")]
)
def test_days_that_are_called_by_name_in_a_column_and_across(first: str, second: str) -> None:
    column = f"Day,Time,Title\n{second},9:00-10:00,B\n{first},9:00-10:00,A\n"
    across = f"Time,{first},{second}\n9:00-10:00,One,Two\n10:00-11:00,,Three\n"

    assert read(column).asks == read(across).asks == {Question.DAY}
    assert days(read(column, day=THURSDAY)) == [("B", 12), ("A", 11)]
    assert days(read(across, day=THURSDAY)) == [("One", 11), ("Two", 12), ("Three", 12)]


def test_an_empty_day_below_one_that_cannot_be_read_is_not_the_one_before() -> None:
    draft = read(
        "Date,Time,Title\n11.03.2027,9:00,A\n,10:00,B\nsoon,9:00,C\n,10:00,D\n12.03.2027,9:00,E\n,10:00,F\n",
        day=THURSDAY,
    )

    assert days(draft) == [("A", 11), ("B", 11), ("C", None), ("D", None), ("E", 12), ("F", 12)]
    assert [(each.place.row, each.message) for each in draft.problems if each.is_error] == [
        (4, "is no date or time"),
        (5, "is empty, below a day that cannot be read"),
    ]


def test_small_hours_below_an_evening_of_the_day_that_was_told_are_the_night_after() -> None:
    text = "Title,Time\nParty,22:00-23:30\nDisco,00:30-02:00\n"

    assert days(read(text, day=THURSDAY)) == days(read(f"Forum 11 March 2027\n{text}")) == [
        ("Party", 11),
        ("Disco", 12),
    ]  # fmt: skip


def test_a_date_cell_alone_in_its_row_is_a_heading() -> None:
    draft = read(
        workbook(
            ["Time", "Title"],
            [datetime(2027, 3, 11)],
            ["9:00", "A"],
            ["Thursday, 12 March 2027"],
            ["9:00", "B"],
        )
    )

    assert days(draft) == [("A", 11), ("B", 12)]
    assert [each.message for each in draft.problems] == ["names another weekday: 12 March 2027 is a Friday"]


@pytest.mark.parametrize(
    "title",
    [
        "11.-12. März 2027", "11–12 March 2027", "11 to 13 March 2027", "11 et 12 mars 2027", "11 & 12 March 2027",
        "Del 11 al 13 de marzo de 2027", "11/03/2027 - 12/03/2027", "11./12.03.2027", "11.03.–13.03.2027",
        "11, 12 and 13 March 2027", "2027-03-11/12", "Forum 11th-12th of March 2027", "2027年3月11日〜12日",
        "13 March 2027 – 14 March 2027", "Entwurf vom 13.2.2027", "Draft v3 of 3 February 2027",
        "Speakers confirmed by 3 Feb 2027", "Erstellt am 13.2.2027", "Gültig ab 13.2.2027", "rev. 2027-02-13",
    ],
)  # fmt: skip
def test_titles_that_name_several_days_or_the_files_own_tell_no_day(title: str) -> None:
    assert day_in([title], DateOrder.DAY_FIRST) is None


@pytest.mark.parametrize(
    "title",
    [
        "Programm Donnerstag 11. März 2027", "Forum 2027 – Thursday, March 11th 2027 – Main", "2027-03-11",
        "Forum, 11 March 2027, 9:00–18:00", "Hall 3: 11 March 2027",
    ],
)  # fmt: skip
def test_titles_that_name_one_day(title: str) -> None:
    assert day_in([title], None) == THURSDAY


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Day 2", NamedDay(2, None)),
        ("day two", NamedDay(2, None)),
        ("2ème jour", NamedDay(2, None)),
        ("FRIDAY:", NamedDay(None, 5)),
        ("金曜日", NamedDay(None, 5)),
        ("Tag 2 (Fr.)", NamedDay(2, 5)),
        ("Daydream", None),
        ("May", None),
        ("Friday dinner", None),
        ("2", None),
    ],
)
def test_what_calls_a_day(text: str, called: NamedDay | None) -> None:
    assert named_day(text) == called


@pytest.mark.parametrize(
    "day",
    [
        "11-13 March 2027",
        "11/12 March 2027",
        "11.-13.03.2027",
        "11 to 13 March 2027",
        "2027-03-11/2027-03-13",
    ],
)
def test_several_days_in_a_cell_are_no_day_and_an_hour(day: str) -> None:
    draft = read(f"Title,Date,Time\nCamp,{day},14:00-15:00\n")

    assert [(each.place.column, each.is_error) for each in draft.problems] == [("Date", True)]
    assert draft.sessions[0].starts_at is None


def test_the_first_days_that_a_workbook_knows_are_times_of_day() -> None:
    draft = read(workbook(["Title", "Date", "Start"], ["A", date(2027, 3, 11), datetime(1900, 1, 1, 9, 30)]))

    assert [f"{each.starts_at:%Y-%m-%d}" for each in draft.sessions if each.starts_at] == ["2027-03-11"]


def test_a_session_of_a_year_is_pointed_at() -> None:
    draft = read("Title,Start,End\nA,2026-03-11 09:00,2027-03-11 10:00\n")

    assert [each.message for each in draft.problems] == ["is 365 days after the start"]
