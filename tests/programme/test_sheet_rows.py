"""H2: what people write in the cells of a programme, in the ways that they write it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sheet_samples import workbook

from portal.errors import InvalidFile
from portal.programme.spreadsheet.cells.dates import read_range, read_when
from portal.programme.spreadsheet.cells.days import Undecided, Unreadable
from portal.programme.spreadsheet.cells.durations import read_duration
from portal.programme.spreadsheet.cells.names import read_person
from portal.programme.spreadsheet.cells.several import split_people
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options, SessionDraft
from portal.programme.spreadsheet.rows.problem_groups import group_problems


def read(content: str | bytes, **options: object) -> Draft:
    given = content.encode() if isinstance(content, str) else content
    return read_draft(read_workbook(given), Options(timezone="Europe/Paris", **options))  # type: ignore[arg-type]


def span(session: SessionDraft) -> str:
    """Start and end on the event's clock, as 3 09:00 – 3 10:00."""
    moments = [session.values.get(name) for name in ("starts_at", "ends_at")]
    return " – ".join(
        f"{each.astimezone(ZoneInfo('Europe/Paris')):%-d %H:%M}" if each else "?" for each in moments
    )


@pytest.mark.parametrize(
    ("title", "status", "is_said"),
    [
        ("CANCELLED: Opening", None, True),
        ("Opening (abgesagt)", None, True),
        ("Opening – annulé", "confirmed", True),
        ("[Cancelled] Opening", "Cancelled", False),
        ("How we cancelled our party", None, False),
    ],
)
def test_a_title_that_says_that_a_session_is_cancelled_is_pointed_at(
    title: str, status: str | None, is_said: bool
) -> None:
    draft = read(workbook(["Title", "Status"], [title, status], ["Other", "confirmed"]))

    assert [each.place.column for each in draft.problems if "is cancelled" in each.message] == [
        "Title"
    ] * is_said


@pytest.mark.parametrize(
    ("headers", "cells", "is_public"),
    [
        (["Show on website", "Private"], ["no", "no"], False),
        (["Show on website", "Private"], ["yes", "yes"], False),
        (["Do not publish"], ["x"], False),
        (["Internal?"], ["yes"], False),
        (["Internal"], ["call the caterer"], None),
    ],
)
def test_what_one_column_hides_no_other_shows(
    headers: list[str], cells: list[str], is_public: bool | None
) -> None:
    draft = read(workbook(["Title", *headers], ["Opening", *cells]))

    assert [each.values.get("is_public") for each in draft.sessions] == [is_public]


def people(session: SessionDraft) -> list[tuple[str, object]]:
    return [(each.role, each.person and each.person.values.get("last_name")) for each in session.mentions]


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2027-05-11 09:00", date(2027, 5, 11), time(9)),
        ("18 Mar 2027 09:00 PM", date(2027, 3, 18), time(21)),
        ("Thursday, 4 March 2027", date(2027, 3, 4), None),
        ("Do, 4. März 2027, 14.30 Uhr", date(2027, 3, 4), time(14, 30)),
        ("1er mars 2027 à 9h30", date(2027, 3, 1), time(9, 30)),
        ("3 de mayo de 2027", date(2027, 5, 3), None),
        ("13-5-2027", date(2027, 5, 13), None),
        ("2027-06-0309:00AM", date(2027, 6, 3), time(9)),
        ("13u30", None, time(13, 30)),
        ("9.45 uur", None, time(9, 45)),
        ("0930", None, time(9, 30)),
        ("12:30 AM", None, time(0, 30)),
    ],
)
def test_a_moment_is_read_as_it_is_written(text: str, day: date | None, clock: time | None) -> None:
    assert read_when(text, None)[:2] == (day, clock)


@pytest.mark.parametrize(
    "text", ["25:99", "sometime", "31/02/2027", "9", "24:00", "2027-13-01", "80%", "3 May"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_when(text, None)


def test_a_date_that_can_be_two_is_undecided() -> None:
    with pytest.raises(Undecided, match="can be 4 May 2027 or 5 April 2027"):
        read_when("04/05/2027", None)
    assert read_when("04/05/2027", DateOrder.MONTH_FIRST).day == date(2027, 4, 5)
    assert read_when("05/05/2027", None).day == date(2027, 5, 5)


@pytest.mark.parametrize(
    "text",
    ["09:00-10:30", "9:00 AM – 10:30 AM", "9.00 bis 10.30 Uhr", "09h00 à 10h30", "2027-05-03 09:00 - 10:30"],
)
def test_a_range_has_two_ends(text: str) -> None:
    begun, ended = read_range(text, None)

    assert (begun.clock, ended.clock) == (time(9), time(10, 30))


@pytest.mark.parametrize(
    "text",
    [
        "2027-05-11T09:00:00-04:00",
        "2027-05-11T09:00-04:00",
        "May 11, 2027 09:00 -0400",
        "2027-05-11 09:00:00-04:00",
    ],
)
def test_an_offset_is_no_range(text: str) -> None:
    begun, ended = read_range(text, None)

    assert datetime.combine(begun.day or date.min, begun.clock or time(), begun.zone) == datetime(
        2027, 5, 11, 13, tzinfo=UTC
    )
    assert ended.clock is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45", 45), ("1 Std. 30 Min.", 90), ("00:45", 45), ("1h30", 90), ("1,5 Stunden", 90), ("90 min", 90)],
)
def test_a_duration_is_read_as_it_is_written(text: str, minutes: int) -> None:
    assert read_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "separator", "names"),
    [
        ("Ann Lee; Bob Ray", ";", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, Bob Ray", None, ["Ann Lee", "Bob Ray"]),
        ("Ann Lee and Bob Ray", None, ["Ann Lee", "Bob Ray"]),
        ("Mario Rossi e Anna Bianchi", None, ["Mario Rossi", "Anna Bianchi"]),
        ("Silva, Marta", None, ["Marta Silva"]),
        ("García Márquez, Gabriel", None, ["Gabriel García Márquez"]),
        ("Marsh, Helena; Okafor, Dayo", ";", ["Helena Marsh", "Dayo Okafor"]),
        ("Ann Lee\nBob Ray", "\n", ["Ann Lee", "Bob Ray"]),
        ("Prof. Dr. Ann Lee (ACME)", None, ["Ann Lee"]),
        ("Ludwig van Beethoven <lvb@example.org>", None, ["Ludwig van Beethoven"]),
    ],
)
def test_people_in_one_cell_are_told_apart(text: str, separator: str | None, names: list[str]) -> None:
    found = [read_person(each) for each in split_people(text, separator, lambda name: False)]

    assert [each.name for each in found] == names


@pytest.mark.parametrize(
    ("text", "name", "company", "role"),
    [
        ("Ann Lee (ACME)", "Ann Lee", "ACME", None),
        ("Ann Lee – Acme Corp", "Ann Lee", "Acme Corp", None),
        ("Ann Lee, Acme Corp", "Ann Lee", "Acme Corp", None),
        ("Ann Lee, ACME", "Ann Lee", "ACME", None),
        ("de la Cruz, Ana María", "Ana María de la Cruz", None, None),
        ("Anne-Marie Le Goff", "Anne-Marie Le Goff", None, None),
        ("Bob Ray (Moderator)", "Bob Ray", None, "moderator"),
        ("Chair: Em Eff", "Em Eff", None, "chairperson"),
    ],
)
def test_companies_and_roles_beside_a_name_are_told_from_it(
    text: str, name: str, company: str | None, role: str | None
) -> None:
    found = read_person(text)

    assert (found.name, found.company, found.role) == (name, company, role)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Titel;Datum;Van;Tot\nA;13-5-2027;9.00 uur;9.45 uur\n", ["13 09:00 – 13 09:45"]),
        ("Titolo;Giorno;Ora\nA;23/05/2027;09:00-10:30\n", ["23 09:00 – 23 10:30"]),
        ("Session,When\nA,3 May 2027 10:00–11:00\n", ["3 10:00 – 3 11:00"]),
        ("Title,Date,Start,End\nA,2027-05-03,23:30,00:30\n", ["3 23:30 – 4 00:30"]),
        ("Title,Start,Duration\nA,2027-05-03 09:00,45\n", ["3 09:00 – 3 09:45"]),
        ("Title,Start,Timezone\nA,2027-05-03 09:00,America/New_York\n", ["3 15:00 – ?"]),
        ("Date,Start,Title\n2027-05-03,09:00,A\n,10:00,B\n", ["3 09:00 – ?", "3 10:00 – ?"]),
        ("Title,Time\nA,TBC\n", ["? – ?"]),
    ],
)
def test_times_are_put_together_from_all_cells_of_a_row(text: str, spans: list[str]) -> None:
    draft = read(text)

    assert [span(each) for each in draft.sessions] == spans
    assert not [each for each in draft.problems if each.is_error]


def test_the_day_of_times_alone_is_asked_for_and_taken() -> None:
    text = "Title,Time\nA,09:00-10:00\n"

    assert "is a time without a day" in read(text).problems[0].message
    assert span(read(text, day=date(2027, 5, 3)).sessions[0]) == "3 09:00 – 3 10:00"


def test_a_sheet_for_each_day_names_its_day() -> None:
    header = ["Time", "Title"]
    content = workbook(
        **{
            "Day 1 - 3 May 2027": [header, ["09:00-10:00", "A"]],
            "Day 2 - 4 May 2027": [header, ["09:00-10:00", "B"]],
        }
    )

    assert [(each.title, span(each)) for each in read(content).sessions] == [
        ("A", "3 09:00 – 3 10:00"),
        ("B", "4 09:00 – 4 10:00"),
    ]


@pytest.mark.parametrize("header", ["Sessions", "Session"])
def test_a_sheet_of_people_names_their_sessions(header: str) -> None:
    content = workbook(
        ["ID", "Title", "Start"],
        ["S1", "One, or two", datetime(2027, 5, 3, 9)],
        ["S2", "Two", datetime(2027, 5, 3, 10)],
        Speakers=[
            ["Name", "Email", header],
            ["Ann Lee", "a@x.org", "One, or two; Two"],
            ["Bob Ray", "b@x.org", "S2, S9"],
        ],
    )
    draft = read(content)

    assert [people(each) for each in draft.sessions] == [
        [("speaker", "Lee")],
        [("speaker", "Lee"), ("speaker", "Ray")],
    ]
    assert [each.value for each in draft.problems] == ["S9"]


def test_numbered_columns_hold_one_person_each() -> None:
    draft = read("Title,Speaker 1 Name,Speaker 1 Title,Speaker 2 Name,Chair\nA,Ann Lee,CEO,Bob Ray,Em Eff\n")

    assert people(draft.sessions[0]) == [("speaker", "Lee"), ("speaker", "Ray"), ("chairperson", "Eff")]
    assert draft.people[0].values["job_title"] == "CEO"


@pytest.mark.parametrize(
    "text",
    [
        "Title,Speakers\nA,Ann <a***@e***.org>\n",
        "First Name,Email\nAnn,a***@e***.org\n",
        "First Name,Email\nAnn,[redacted]\n",
    ],
)
def test_masked_addresses_refuse_the_file(text: str) -> None:
    with pytest.raises(InvalidFile, match="is masked"):
        read(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Title,Room\n,Hall\n", "stands in a row without a title"),
        ("Foo,Bar,Baz\nA,B,C\n", "no column holds the titles"),
        ("ID,Title\n1,A\n1,B\n", "is the ID of row 2 too"),
        ("Title,Date,Start,End\nA,2027-05-03,15:00,14:30\n", "is not after the start"),
        ("Title,Start\nA,2027-03-28 02:30\n", "is skipped by the clocks"),
        ("Title,Start,Timezone\nA,2027-05-03 09:00,CET-ish\n", "is no timezone"),
        ("Sessionboard ID,Title\nx,A\n", "is no Sessionboard ID"),
        ("Title,First Name,Email\nA,Ann,ann at home\n", "is no e-mail address"),
        ("Title,Room\nA,#N/A\n", "is an error that a spreadsheet program shows"),
        ("Title,Speakers,Email\nA,#BEZUG!,\n", "is an error that a spreadsheet program shows"),
        ("Title,First Name,Email\nA,Ann,#N/A\n", "is an error that a spreadsheet program shows"),
        (
            "Title,Start\nA,27-03-04 09:00\n",
            "can be 27 March 2004 or 4 March 2027: write the year with four digits",
        ),
        (
            "ID,Title,Start,First Name\n1,A,2027-05-03 09:00,Ann\n1,A,2027-05-04 09:00,Bob\n",
            "than that of row 2",
        ),
        (f"Title,Room\n{'x' * 401},A\n", "at most 400"),
        (f"Title,Room\nA,{'x' * 401}\n", "at most 400"),
        (f"Title,Tags\nA,{'x' * 401}\n", "one of more than 400"),
        (f"Title,Speakers\nA,Ann (status: {'x' * 401})\n", "somebody with more than 400"),
    ],
)
def test_a_row_that_says_nothing_certain_is_bad(text: str, message: str) -> None:
    errors = [each for each in read(text).problems if each.is_error]

    assert len(errors) == 1 and message in errors[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "ID,Title,Room,First Name\n1,A,Hall,Ann\n1,A,Foyer,Bob\n",
            "than that of row 2 of the same session; that of",
        ),
        (
            "Title,First Name,Email\nA,Ann,a@example.org; b@example.org\n",
            "several addresses: “a@example.org” was",
        ),
        (
            "Title,Speakers\nA,Ann and Bob Ray\n",
            "was read as one person, “Ann and Bob Ray”: are these several?",
        ),
    ],
)
def test_what_is_not_taken_as_it_stands_is_said(text: str, message: str) -> None:
    (problem,) = read(text).problems

    assert message in problem.message and not problem.is_error


def test_problems_of_one_kind_are_one_thing_to_read() -> None:
    text = (
        "Title,Date,Start\n"
        + "".join(f"T{day},0{day}/05/2027,09:00\n" for day in (1, 2, 3, 4))
        + "X,sometime,9\n"
    )
    groups = group_problems(read(text).problems)

    assert [(each.column, each.message, each.number) for each in groups] == [
        ("Date", "can be … or …", 4),
        ("Date", "is no date or time", 1),
        ("Start", "is a day or time that does not exist", 1),
    ]


@pytest.mark.parametrize(
    ("header", "public", "hidden"),
    [
        ("Active", "Y", "N"),
        ("Published", "Published", "Draft"),
        ("Hidden", "Visible", "Hidden"),
        ("Make it private", "no", "Private"),
        ("Sichtbar", "öffentlich", "intern"),
    ],
)
def test_what_is_hidden_in_its_own_tool_is_not_public(header: str, public: str, hidden: str) -> None:
    draft = read(f"Title,{header}\nKeynote,{public}\nTalk,{hidden}\nPanel,perhaps\n")
    assert [each.values.get("is_public") for each in draft.sessions] == [True, False, None]


@pytest.mark.parametrize("signs", ['["AI", "UX, again"]', "['AI', 'UX, again']", "AI; UX, again"])
def test_a_list_may_stand_in_a_cell_as_programs_write_it(signs: str) -> None:
    people = '["Ada Moor", "Bob Ray"]' if signs.startswith("[") else "Ada Moor; Bob Ray"
    draft = read(
        workbook(Sessions=[["Title", "Tags", "Speakers"], ["Keynote", signs, people], ["Talk", "[]", "[]"]])
    )
    keynote, talk = draft.sessions
    assert keynote.values["tags"] == ["AI", "UX, again"]
    assert [each.person.values["last_name"] for each in keynote.mentions if each.person] == ["Moor", "Ray"]
    assert (talk.values["tags"], talk.mentions) == ([], [])


def test_spaces_that_do_not_break_make_no_second_room_or_tag() -> None:
    draft = read("Title,Room,Tags\nOne,Room\u00a01,Open\u00a0data\nTwo,Room  1,Open data\n")

    assert [(each.values["room"], each.values["tags"]) for each in draft.sessions] == [
        ("Room 1", ["Open data"])
    ] * 2


def test_a_day_among_other_words_of_a_heading_counts_for_the_rows_below() -> None:
    draft = read(
        "Time,Title\nDAY ONE – THURSDAY 11 MARCH 2027,\n9:00,One\nCoffee break (10:00),\n"
        "Friday 12 March 2027 – Main building,\n9:00,Two\n"
    )

    assert [span(each) for each in draft.sessions] == ["11 09:00 – ?", "12 09:00 – ?"]
    assert [(each.value, each.message, each.is_error) for each in draft.problems] == [
        ("Coffee break (10:00)", "is a heading; it was left out", False)
    ]


def test_a_time_without_a_title_is_no_heading() -> None:
    draft = read("Time,Title\n11 March 2027,\n9:00,One\n10:00,\n")

    assert [(each.value, each.message, each.is_error) for each in draft.problems] == [
        ("10:00", "stands in a row without a title", True)
    ]
