"""H2: times of day are read as a careful reader reads them, and what is taken for granted is said."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from sheet_samples import workbook

from portal.programme.spreadsheet.cells.dates import read_range, read_when
from portal.programme.spreadsheet.cells.durations import read_duration
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options

ZONE = ZoneInfo("Europe/Berlin")


def read(content: bytes | str) -> Draft:
    content = content.encode() if isinstance(content, str) else content
    return read_draft(read_workbook(content), Options(timezone=ZONE.key))


def times(draft: Draft) -> list[str]:
    """When each session begins and ends."""
    return [
        " – ".join(f"{each.astimezone(ZONE):%d %H:%M}" for each in (one.starts_at, one.values.get("ends_at")) if each)
        for one in draft.sessions
    ]  # fmt: skip


def slots(*texts: str, header: str = "Time") -> str:
    return f"Title,Date,{header}\n" + "".join(f"Talk,2027-03-11,{text}\n" for text in texts)


def test_the_afternoon_of_a_clock_of_twelve_hours_is_no_night() -> None:
    draft = read(slots("9:00–9:45", "12:30-1:15", "1:30-2:15", "6:00-7:30"))

    assert times(draft) == [
        "11 09:00 – 11 09:45",
        "11 12:30 – 11 13:15",
        "11 13:30 – 11 14:15",
        "11 18:00 – 11 19:30",
    ]
    assert [(each.place.row, each.message) for each in draft.problems][:2] == [
        (3, "says neither am nor pm; it was taken for 13:15"),
        (4, "says neither am nor pm; it was taken for 13:30"),
    ]  # fmt: skip


@pytest.mark.parametrize("evidence", ["14:00-14:30", "0:15-0:45", "16h-17h"])
def test_a_table_that_counts_to_24_means_its_nights(evidence: str) -> None:
    draft = read(slots("9:00-9:45", evidence, "1:30-2:15"))

    assert times(draft)[-1] == "11 01:30 – 11 02:15"
    assert draft.problems == []


def test_a_morning_run_before_all_else_is_none_of_the_afternoon() -> None:
    assert times(read(slots("6:00-6:45", "9:00-9:45"))) == ["11 06:00 – 11 06:45", "11 09:00 – 11 09:45"]


def test_times_of_a_workbook_may_be_of_twelve_hours_too() -> None:
    day = date(2027, 3, 11)
    draft = read(
        workbook(
            ["Title", "Day", "From", "To"],
            ["A", day, time(9), time(10)],
            ["B", day, time(12, 30), time(1, 30)],
            ["C", day, time(1, 30), time(2, 30)],
        )
    )

    assert times(draft) == ["11 09:00 – 11 10:00", "11 12:30 – 11 13:30", "11 13:30 – 11 14:30"]


def test_where_some_times_say_am_the_others_follow_their_day() -> None:
    draft = read(slots("9:00 AM - 9:45 AM", "12:00", "1:30", "1:30 AM - 2:00 AM"))

    assert times(draft) == ["11 09:00 – 11 09:45", "11 12:00", "11 13:30", "11 01:30 – 11 02:00"]


def test_an_end_that_can_be_of_either_half_of_the_day_is_asked_about() -> None:
    draft = read(slots("9:00-9:45", "12:30-1:15", "22:30-1:15"))

    assert [(each.place.row, each.is_error) for each in draft.problems] == [(3, True)]
    assert times(draft)[-1] == "11 22:30 – 12 01:15"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:30pm - 2:15", "11 13:30 – 11 14:15"),
        ("11:30 am – 1:15", "11 11:30 – 11 13:15"),
        ("9 am - 10", "11 09:00 – 11 10:00"),
        ("10:30 pm - 1:00", "11 22:30 – 12 01:00"),
        ("11 pm - 00:30", "11 23:00 – 12 00:30"),
        ("1:30 pm - 14:15", "11 13:30 – 11 14:15"),
        ("午後1時30分-2時15分", "11 13:30 – 11 14:15"),
    ],
)
def test_the_half_of_the_day_of_a_start_counts_for_its_end(text: str, expected: str) -> None:
    assert times(read(slots(text))) == [expected]


def test_an_end_beside_a_start_that_says_pm_is_of_twelve_hours() -> None:
    draft = read(slots("1:30 PM,2:15", "8:00 PM,2:00", "11:00 AM,1:00 PM", header="Start,End"))

    assert times(draft) == ["11 13:30 – 11 14:15", "11 20:00 – 12 02:00", "11 11:00 – 11 13:00"]
    assert [(each.place.row, each.message) for each in draft.problems] == [
        (2, "says neither am nor pm; it was taken for 14:15")
    ]


@pytest.mark.parametrize(
    "text", ["9–9:45", "9.00-9:45", "9.00 – 9.45", "９：００～９：４５", "9:00〜9:45", "9時-9時45分"]
)
def test_a_range_in_a_column_of_times(text: str) -> None:
    assert times(read(slots(text))) == ["11 09:00 – 11 09:45"]


@pytest.mark.parametrize("text", ["9.30 – 10", "od 9:30 do 10:00", "9:30 a 10:00 hrs."])
def test_a_range_with_words_of_its_language(text: str) -> None:
    assert times(read(slots(text))) == ["11 09:30 – 11 10:00"]


@pytest.mark.parametrize(
    "text",
    [
        "2027/3/4(木) 13:30",
        "2027年3月4日（木）午後1時半",
        "令和9年3月4日 １３：３０",
        "3月4日 13時30分",
        "2027년 3월 4일(목) 오후 1시 30분",
        "2027年3月4日 星期四 下午1点30分",
        "4 marca 2027 godz. 13.30",
        "czwartek, 4 marca 2027, 13:30",
        "4 Mart 2027 Perşembe 13.30",
        "čtvrtek 4. března 2027 13:30",
        "4 марта 2027 13:30",
        "torsdag 4 mars 2027 13.30",
        "04-Mar-2027 01:30 PM",
        "4/Mar/2027 13:30",
        "Mar-4-2027 13:30",
    ],
)
def test_a_moment_in_further_languages(text: str) -> None:
    when, _ = read_range(text, None, 2027)

    assert (when.day, when.clock, when.odd) == (date(2027, 3, 4), time(13, 30), None)


def test_numbers_of_a_workbook_are_read_in_a_text_too() -> None:
    draft = read("Title;Date;Start;End\nTalk;46457;0,375;0,40625\n")

    assert times(draft) == ["11 09:00 – 11 09:45"]
    assert {each.is_error for each in draft.problems} == {False}


def test_a_weekday_that_is_another_one_is_said_in_every_language() -> None:
    odd = read_when("3月4日（金）", None, 2027).odd

    assert odd == "names another weekday: 4 March 2027 is a Thursday"


def test_a_spanish_noon() -> None:
    assert read_when("12:00 m.", None).clock == time(12)


@pytest.mark.parametrize("text", ["1時間30分", "90分", "９０分間", "1시간 30분", "1 godz. 30 min", "90 dk"])
def test_how_long_something_takes_in_further_languages(text: str) -> None:
    assert read_duration(text).total_seconds() == 90 * 60


def test_a_day_between_two_numbers_stays_open() -> None:
    """“9-10” can be a day: only a column of times makes hours of it."""
    assert times(read(slots("9-10", header="Starts"))) == [""]
    assert read_range("9 – 9:45", None)[0].clock == time(9)


def test_the_small_hours_below_an_evening_of_the_same_day_are_pointed_at() -> None:
    draft = read("Title,Date,Start\nParty,2027-03-11,22:00\nLater,2027-03-11,0:30\nTea,2027-03-12,5:00\n")

    assert times(draft) == ["11 22:00", "11 00:30", "12 05:00"]
    assert [(each.place.row, each.place.column, each.message, each.is_error) for each in draft.problems] == [
        (
            3,
            "Start",
            "is before dawn of 11 March 2027: for the night after that day, write the day after it",
            False,
        )
    ]


def test_the_small_hours_below_an_evening_whose_day_goes_on_are_the_night_after() -> None:
    draft = read("Title,Date,Start\nParty,2027-03-11,22:00\nLater,,0:30\nTea,2027-03-12,9:00\n")

    assert times(draft) == ["11 22:00", "12 00:30", "12 09:00"]


@pytest.mark.parametrize(
    ("lengths", "ends"),
    [
        (("1,5", "2", "0,75"), ["11 10:30", "11 11:00", "11 09:45"]),
        ((1.5, 2, 0.5), ["11 10:30", "11 11:00", "11 09:30"]),
        (("45", "90"), ["11 09:45", "11 10:30"]),
        ((45, 0.03125), ["11 09:45", "11 09:45"]),
        (("1,5", "45"), [None, "11 09:45"]),
        (("3", "5"), [None, "11 09:05"]),
        ((0.5, 0.25), [None, None]),
    ],
)
def test_small_numbers_beside_large_ones_are_neither_hours_nor_minutes(
    lengths: tuple[str | float, ...], ends: list[str | None]
) -> None:
    draft = read(
        workbook(
            ["Title", "Date", "Start", "Duration"],
            *(["Talk", date(2027, 3, 11), time(9), each] for each in lengths),
        )
    )

    assert [text.partition(" – ")[2] or None for text in times(draft)] == ends
    assert {each.message for each in draft.problems} <= {
        "is a number without a unit; it was read as hours",
        "can be hours or minutes: write 90 min or 1:30 h",
    }
    assert sum(each.is_error for each in draft.problems) == ends.count(None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title,Start (UTC),End (UTC)\nTalk,2027-03-11 09:00,2027-03-11 10:00\n", ["11 10:00 – 11 11:00"]),
        ("Title,Start UTC,Start local,End UTC\nTalk,2027-03-11 9:00,x,2027-03-11 10:00\n", ["11 10:00 – 11 11:00"]),
        ("Title,Date,Time [GMT+3]\nTalk,2027-03-11,12:00-13:00\n", ["11 10:00 – 11 11:00"]),
        ("Title,Date,Beginn (MEZ)\nTalk,2027-07-11,09:00\n", ["11 09:00"]),
        ("Title,Date,Start (Ortszeit)\nTalk,2027-03-11,09:00\n", ["11 09:00"]),
        ("All times are in UTC\nTitle,Date,Time\nTalk,2027-03-11,9:00-10:00\n", ["11 10:00 – 11 11:00"]),
        ("Times are Eastern Time (ET)\nTitle,Date,Time\nTalk,2027-03-11,9:00-10:00\n", ["11 15:00 – 11 16:00"]),
        ("All times are Lisbon time\nTitle,Date,Time\nTalk,2027-03-11,9:00\n", ["11 10:00"]),
        ("Alle Zeiten in MEZ\nTitle,Date,Time\nTalk,2027-03-11,9:00-10:00\n", ["11 09:00 – 11 10:00"]),
        ("Title,Date,Time\nTalk,2027-03-11,9:00–10:00 UTC\n", ["11 10:00 – 11 11:00"]),
        ("Title,Date,Time,Timezone\nTalk,2027-03-11,9:00 EST,America/New_York\n", ["11 15:00"]),
    ],
)  # fmt: skip
def test_a_zone_that_a_header_or_a_title_names_counts(text: str, expected: list[str]) -> None:
    assert times(read(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Title,Start Time (EST)\nTalk,2027-03-11 09:00\n",
        "All times EST\nTitle,Start\nTalk,2027-03-11 09:00\n",
        "Title,Start\nTalk,2027-03-11 09:00 EST\n",
    ],
)
def test_letters_of_another_timezone_than_the_events_are_never_read_as_its_own(text: str) -> None:
    draft = read(text)

    assert times(draft) == [""]
    assert [each.message for each in draft.problems if each.is_error] == [
        "is of the timezone EST, not of the event’s: write it by the event’s clock"
    ]


@pytest.mark.parametrize("header", ["Time", "End"])
def test_24_00_is_the_end_of_the_day_however_long_it_takes(header: str) -> None:
    cells = "9:00–24:00" if header == "Time" else "9:00,24:00:00"
    start = "" if header == "Time" else "Start,"

    assert times(read(f"Title,Date,{start}{header}\nTalk,2027-03-11,{cells}\n")) == ["11 09:00 – 12 00:00"]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:30 ص", time(9, 30)),
        ("الساعة 2:30 م", time(14, 30)),
        ("kl. 9.30", time(9, 30)),
        ("12:00 noon", time(12)),
    ],
)
def test_times_of_day_in_further_words(text: str, clock: time) -> None:
    assert read_when(text, None).clock == clock
