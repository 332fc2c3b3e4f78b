"""H2: each sample is read as a careful reader reads it, and what nobody can know is asked or pointed at."""

from pathlib import Path
from typing import Any

import pytest
from sheet_comparison import ORDERS, compare, read_sample, table_of_samples
from sheet_samples import NAMES, expected

from portal.programme.spreadsheet.questions import DateOrder, Question

# What is read in another way than the reader did, and why.
DECIDED_OTHERWISE = {
    ("o06", 27, "participants"): "two people of that name: a row error instead of a third person",
    ("o06", 28, "participants"): "two people of that name: a row error instead of a third person",
    ("o08", 2, "track"): "“Food; Field” are two tracks",
}
# What a reader points at and the portal takes without a word.
TAKEN_AS_IT_IS = {
    ("o01", 2, "Email"): "capitals of an address",
    ("o01", 3, "Email"): "capitals of an address",
    ("o01", 4, "Title"): "a continuation row",
    ("o01", 5, "Title"): "a continuation row",
    ("o01", 7, "Email"): "an empty address",
    ("o02", 3, "Proposal title"): "an apostrophe against formulas",
    ("o02", 3, "Abstract"): "an apostrophe against formulas",
    ("o03", 6, ""): "an empty row",
    ("o05", 6, "Time Start"): "a stray colon",
    ("o05", 6, "Time End"): "a stray colon",
    ("o07", 3, "Start time"): "a missing space",
    ("o07", 6, ""): "an empty row",
    ("o08", 2, "Session Title"): "the status behind every title",
    ("o10", 5, "Date"): "a date as text that can be read in one way",
    ("o11", 5, "Event start date"): "a date as text that can be read in one way",
    ("o12", 2, "Capacity"): "a column that is left out",
    ("o14", 6, "speaker1_first"): "somebody with a last name alone",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_a_careful_reader_reads_it(name: str) -> None:
    wrong = [each for each in compare(name[:3]).wrong if (name[:3], *each[:2]) not in DECIDED_OTHERWISE]

    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_reader_points_at_is_pointed_at(name: str) -> None:
    start = name[:3]
    said = {(each.place.row, each.place.column) for each in read_sample(start, ORDERS.get(start)).problems}
    said |= {(each.place.row, each.place.column) for each in read_sample(start).problems}
    wanted = [(start, each["row"], each["column"]) for each in expected(start).get("row_errors", [])]

    assert [each for each in wanted if each[1:] not in said and each not in TAKEN_AS_IT_IS] == []


@pytest.mark.parametrize(("order", "day"), [(DateOrder.DAY_FIRST, "dmy"), (DateOrder.MONTH_FIRST, "mdy")])
def test_day_and_month_are_asked_about_where_nothing_decides(order: DateOrder, day: str) -> None:
    undecided, decided = read_sample("o12"), read_sample("o12", order)
    told: list[dict[str, Any]] = expected("o12")["sessions"]

    assert Question.ORDER in undecided.asks and not decided.asks
    assert all(session.starts_at is None for session in undecided.sessions)
    assert {each.place.row for each in undecided.problems if each.is_error} == {2, 3, 4, 5, 6}
    starts = [f"{each.starts_at:%Y-%m-%d}" for each in decided.sessions if each.starts_at]
    assert starts == [each["depends_on_date_order"][day]["starts_at"][:10] for each in told]


def test_the_table_of_the_samples_is_the_one_in_the_docs() -> None:
    page = Path(__file__).parents[2] / "docs" / "spreadsheets.md"

    assert table_of_samples() in page.read_text(encoding="utf-8")


def test_one_date_that_another_decides_is_not_asked_about() -> None:
    assert not read_sample("o05").asks  # 10/13/27 stands beside 4/21/11
