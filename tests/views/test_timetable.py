"""A day by room, laid out as a table."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.operations.queries.agenda import AgendaRow
from portal.operations.queries.timetable import Timetable, lay_out

DAY = date(2027, 1, 30)
BEGIN = datetime(2027, 1, 30, tzinfo=ZoneInfo("Europe/Paris"))


def row(id: str, start: int, end: int | None, room: str | None = "Hall") -> AgendaRow:
    """A session from one minute of the day to another."""
    return AgendaRow(
        source_id=id,
        title=id,
        status="accepted",
        category=None,
        starts_at=BEGIN + timedelta(minutes=start),
        ends_at=BEGIN + timedelta(minutes=end) if end is not None else None,
        updated_at=None,
        client_session_id=None,
        room=room,
        format=None,
        track=None,
        level=None,
        language=None,
        people=[],
        tags=[],
        stream=None,
        words="",
    )


def laid(*rows: AgendaRow, page: int = 1) -> Timetable:
    return lay_out(DAY, sorted(rows, key=lambda each: (each.starts_at, each.source_id)), page)


def grid(table: Timetable) -> list[list[str]]:
    """The table as a browser builds it: each row's columns, by the id of the session that stands there."""
    width = sum(room.columns for room in table.rooms)
    found = [["?"] * width for _ in table.lines]
    for number, line in enumerate(table.lines):
        column = 0
        for cell in line.cells:
            while found[number][column] != "?":
                column += 1
            for down in range(cell.rows):
                for across in range(cell.columns):
                    assert found[number + down][column + across] == "?", "two cells in one place"
                    found[number + down][column + across] = cell.row.source_id if cell.row else "."
    return found


def test_rooms_stand_across_and_times_down() -> None:
    table = laid(row("a", 600, 660), row("b", 630, 690, "Attic"), row("c", 600, 630, "Zoo"))

    assert [(room.name, room.columns) for room in table.rooms] == [("Attic", 1), ("Hall", 1), ("Zoo", 1)]
    assert [f"{line.time:%H:%M}" for line in table.lines if line.time] == ["10:00", "10:30", "11:00"]
    assert grid(table) == [[".", "a", "c"], ["b", "a", "."], ["b", ".", "."]]


def test_a_session_without_a_room_has_no_place_in_it() -> None:
    assert laid(row("a", 600, 660, None)).rooms == []


def test_what_overlaps_stands_side_by_side_and_the_rest_across() -> None:
    table = laid(row("a", 600, 660), row("b", 630, 720), row("c", 720, 750))

    assert grid(table) == [["a", "."], ["a", "b"], [".", "b"], [".", "b"], ["c", "c"]]


def test_a_place_that_is_free_again_is_used_again() -> None:
    table = laid(row("a", 600, 720), row("b", 600, 660), row("c", 660, 720))

    assert grid(table) == [["a", "b"], ["a", "b"], ["a", "c"], ["a", "c"]]


def test_what_reaches_past_midnight_or_has_no_end_keeps_to_the_day() -> None:
    table = laid(row("a", 23 * 60, 25 * 60), row("b", 22 * 60, None), row("c", 22 * 60 + 30, 22 * 60))

    assert grid(table) == [["b"], ["c"], ["a"], ["a"]]


def test_of_many_rooms_a_page_is_shown() -> None:
    rows = [row(str(number), 600, 630, f"Room {number:02}") for number in range(30)]

    first, last = laid(*rows), laid(*rows, page=9)

    assert (first.page, first.pages, first.all_rooms, len(first.rooms)) == (1, 3, 30, 12)
    assert (last.page, [room.name for room in last.rooms]) == (3, [f"Room {n}" for n in range(24, 30)])


def test_g5_a_page_has_at_most_200_sessions() -> None:
    rows = [row(f"{room}-{number}", 600, 630, room) for room in ("a", "b", "c") for number in range(90)]
    rows += [row(f"d-{number}", 600, 630, "d") for number in range(300)]

    pages = [laid(*rows, page=page) for page in (1, 2, 3)]

    assert [[room.name for room in page.rooms] for page in pages] == [["a", "b"], ["c"], ["d"]]
    assert len(pages[2].rooms[0].sessions) == 200


def test_a_day_without_sessions_has_no_rooms() -> None:
    assert laid().lines == []


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.lists(
        st.tuples(st.integers(0, 1439), st.integers(-30, 400), st.sampled_from(["Hall", "Attic"])),
        min_size=1,
        max_size=14,
    )
)
def test_every_session_stands_once_and_the_table_has_no_holes(times: list[tuple[int, int, str]]) -> None:
    rows = [row(str(number), start, start + long, room) for number, (start, long, room) in enumerate(times)]

    table = laid(*rows)
    cells = [place for line in grid(table) for place in line]

    assert "?" not in cells
    assert {place for place in cells if place != "."} == {each.source_id for each in rows}
    shown = [cell.row.source_id for line in table.lines for cell in line.cells if cell.row]
    assert sorted(shown) == sorted(each.source_id for each in rows)
