"""H2: headers, days, times and durations are read in the ways that organisers of seven languages write them."""

from datetime import date, time, timedelta

import pytest
from sheet_samples import workbook

from portal.programme.spreadsheet.cells.dates import read_end, read_range, read_when
from portal.programme.spreadsheet.cells.days import Undecided, Yearless
from portal.programme.spreadsheet.cells.durations import read_duration
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import Question
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options


def read(*rows: list[object], year: int | None = None) -> Draft:
    return read_draft(read_workbook(workbook(*rows)), Options(timezone="Europe/Berlin", year=year))


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Título de la ponencia", "Ponente(s)", "Hora"], ["title", "speakers", "start_time"]),
        (["Titolo intervento", "Relatori", "Ora inizio"], ["title", "speakers", "start_time"]),
        (
            ["Título da palestra", "Palestrante(s)", "Hora de início", "Duração"],
            ["title", "speakers", "start_time", "duration"],
        ),
        (
            ["Titel van de lezing", "Spreker(s)", "Van", "Tot"],
            ["title", "speakers", "start_time", "end_time"],
        ),
        (["Titre de l'atelier", "Intervenant·e·s", "Horaire"], ["title", "speakers", "time_range"]),
        (["Vortragstitel", "Referent*in", "Vortragsbeginn"], ["title", "speakers", "starts_at"]),
        (["Session", "Talk title", "Presenter"], ["custom:Session", "title", "speakers"]),
        (["Thema", "Saal", "Vorname", "Name"], ["title", "room", "person.first_name", "person.last_name"]),
        (
            ["Intervento", "Aula", "Nome", "Cognome"],
            ["title", "room", "person.first_name", "person.last_name"],
        ),
        (
            ["Vortrag", "Raum", "Titel", "Vorname", "Nachname"],
            ["title", "room", "person.honorific", "person.first_name", "person.last_name"],
        ),
        (["Unique ID", "Event Name", "Published? (Y/N)"], ["client_session_id", "title", "is_public"]),
        (
            ["Title", "Room", "Referent 2", "Referent 2 E-Mail"],
            ["title", "room", "speaker2.name", "speaker2.email"],
        ),
    ],
)
def test_what_a_column_holds_is_told_by_its_header(headers: list[str], fields: list[str]) -> None:
    draft = read(headers, [f"{each} 1" for each in headers])

    assert list(draft.columns.values()) == fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ma 15 mrt 2027", date(2027, 3, 15)),
        ("mar. 16 mars 2027", date(2027, 3, 16)),
        ("quarta-feira, 17 de março de 2027", date(2027, 3, 17)),
        ("am 15.03.2027", date(2027, 3, 15)),
        ("20270315", date(2027, 3, 15)),
        ("15-Mar-27", date(2027, 3, 15)),
        ("Mon 04/05/2027", date(2027, 4, 5)),  # 4 May is a Tuesday
    ],
)
def test_a_day_is_read_in_every_language(text: str, day: date) -> None:
    assert read_when(text, None)[:2] == (day, None)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("ab 11:00 Uhr", time(11)),
        ("12 noon", time(12)),
        ("ore 9,30", time(9, 30)),
        ("9 Uhr 30", time(9, 30)),
        ("à partir de 18h", time(18)),
        ("9a", time(9)),
        ("14h30", time(14, 30)),
    ],
)
def test_a_time_of_day_is_read_in_every_language(text: str, clock: time) -> None:
    assert read_when(text, None)[:2] == (None, clock)


@pytest.mark.parametrize(
    "text",
    ["von 9 bis 10 Uhr", "9–10h", "9-10am", "De 09.00 a 10.00 h", "dalle 9.00 alle 10.00", "9:00/10:00"],
)
def test_a_range_is_read_in_every_language(text: str) -> None:
    begun, ended = read_range(text, None)

    assert (begun.clock, ended.clock) == (time(9), time(10))


def test_the_end_of_a_day_is_a_midnight() -> None:
    assert read_end("24:00", None).clock == time(0)
    assert read_range("22:00 – 24:00", None)[1].clock == time(0)


def test_a_weekday_that_is_another_one_is_pointed_at() -> None:
    assert read_when("Tuesday 15 March 2027", None).odd == "names another weekday: 15 March 2027 is a Monday"


@pytest.mark.parametrize("text", ["Sat 31 Jan", "Mo 15.03.", "March 15", "15.03."])
def test_a_day_without_a_year_needs_one(text: str) -> None:
    with pytest.raises(Yearless):
        read_when(text, None)
    day = read_when(text, None, 2026).day

    assert day and day.year == 2026


def test_two_numbers_can_be_two_days() -> None:
    with pytest.raises(Undecided):
        read_when("1/2", None, 2027)


def test_the_year_is_asked_where_nothing_tells_it() -> None:
    rows: list[list[object]] = [["Title", "Day", "Start"], ["Opening", "Sat 30 Jan", "9:30am"]]
    asked, told = read(*rows), read(*rows, year=2027)

    assert Question.YEAR in asked.asks
    assert asked.bad_rows() == {("Sheet", 2)}
    assert not told.asks
    assert str(told.sessions[0].starts_at) == "2027-01-30 08:30:00+00:00"


def test_the_year_of_the_title_is_taken_and_said() -> None:
    draft = read(["Days of Free Software 2027"], ["Title", "Day", "Start"], ["Opening", "30 Jan", "9:30am"])

    assert str(draft.sessions[0].starts_at) == "2027-01-30 08:30:00+00:00"
    assert draft.notes == ["Days without a year were taken for those of 2027, as the title says."]


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("1 heure 30", 90),
        ("ca. 45 min", 45),
        ("PT45M", 45),
        ("½ h", 30),
        ("1:30 h", 90),
        ("45.0", 45),
        (0.03125, 45),
    ],
)
def test_a_duration_is_read_in_every_language(cell: str | float, minutes: int) -> None:
    assert read_duration(cell) == timedelta(minutes=minutes)


@pytest.mark.parametrize("cell", ["0,75", 0.75])
def test_numbers_are_hours_where_the_header_says_so(cell: str | float) -> None:
    draft = read(["Titel", "Datum", "Beginn", "Dauer (h)"], ["Eröffnung", "01.02.2027", "09:00", cell])

    assert str(draft.sessions[0].values["ends_at"]) == "2027-02-01 08:45:00+00:00"


@pytest.mark.parametrize("row", [["Total", "4 sessions"], ["Summe", None], ["Number of sessions: 3", None]])
def test_totals_are_no_sessions(row: list[object]) -> None:
    draft = read(["No.", "Title", "Room"], ["1", "Opening", "Hall"], row)

    assert [each.title for each in draft.sessions] == ["Opening"]


def test_a_header_can_tell_the_order_of_day_and_month() -> None:
    for header, month in (
        ("Session Date (DD/MM/YYYY)*", 4),
        ("Date (MM/DD/YYYY)", 5),
        ("Date (JJ/MM/AAAA)", 4),
    ):
        draft = read(["Title", header, "Start time"], ["Opening", "05/04/2027", "09:00"])

        assert draft.sessions[0].starts_at and draft.sessions[0].starts_at.month == month


@pytest.mark.parametrize(
    ("text", "begin"), [("1:00–2:30 pm", time(13)), ("9:30-10 am", time(9, 30)), ("11-1 pm", time(11))]
)
def test_one_half_of_the_day_counts_for_both_ends(text: str, begin: time) -> None:
    assert read_range(text, None)[0].clock == begin


def test_a_day_above_the_header_is_that_of_the_first_rows() -> None:
    draft = read(
        ["Thursday 11 March 2027"],
        ["Time", "Title", "Room"],
        ["09:00", "Opening", "Hall"],
        ["Friday 12 March 2027"],
        ["09:00", "Closing", "Hall"],
    )

    assert [f"{each.starts_at:%d %H}" for each in draft.sessions] == ["11 08", "12 08"]


def test_a_timezone_may_have_the_name_that_windows_gives_it() -> None:
    zone = "(UTC-05:00) Eastern Time (US & Canada)"
    draft = read(["Title", "Start", "Time Zone"], ["Opening", "2027-03-15 09:00", zone])

    assert str(draft.sessions[0].starts_at) == "2027-03-15 13:00:00+00:00"


def test_a_word_for_a_day_is_one_for_tags_where_its_cells_are() -> None:
    draft = read(["Title", "Start", "Tag 1", "Tag 2", "Tag 3"], ["A", "2027-03-11 09:00", "AI", "Data", None])

    assert (draft.sessions[0].values["tags"], draft.problems) == (["AI", "Data"], [])
