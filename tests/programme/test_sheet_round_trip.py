"""H2: what is exported comes in again unchanged, whatever the texts are, and no text becomes a formula."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook

from portal.programme.comparing import compare_programmes
from portal.programme.content import (
    ChoiceContent,
    ContactContent,
    FileContent,
    ParticipantContent,
    ProgrammeContent,
    SessionContent,
)
from portal.programme.json_writing import write_json
from portal.programme.reading import read_programme
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.records.identity import Identified, identify
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Options
from portal.programme.spreadsheet.writing.exported import people_table, sessions_table
from portal.programme.spreadsheet.writing.files import write_csv, write_excel
from portal.programme.stored import StoredEvent
from portal.programme.values import is_masked
from portal.text.matching import trimmed

ZONE = "Europe/Paris"
SESSION, PERSON = "00000000-0000-4000-8000-{:012}", "00000000-0000-4000-9000-{:012}"
WORDS = (
    "=1+1|+44|-x|@a|'|''=|a|Ä|ß|“q”|\"|,|;| and |/|(tbc)|(ACME)|Dr. |Silva, Marta|<b>x</b>|\n|\r\n|\t|\x0b|1.0E+05|"
    "0042|TBC|yes|2027-01-01|Total|Sample session|a@example.org|<a@example.org>|😀|\u200d|  |[x]"
)
PIECES = some.sampled_from([*WORDS.split("|"), "|"])


def texts(of_line: bool = False) -> some.SearchStrategy[str | None]:
    """Texts as they are stored: without anything invisible at their edges."""
    found = some.lists(PIECES, min_size=1, max_size=5).map("".join).map(trimmed)
    if of_line:
        found = found.filter(lambda text: not set(text) & set("\n\r\x0b"))
    return some.one_of(some.none(), found.map(lambda text: text or None))


NAMES = texts(of_line=True).filter(bool)
ADDRESSES = texts().filter(lambda text: not is_masked(text))  # no door lets a masked one in
MIDNIGHT = datetime(2027, 5, 11, 22, tzinfo=UTC)  # by the clock of Paris
MOMENTS = some.one_of(
    some.none(),
    some.just(MIDNIGHT),
    some.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)).map(
        lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
    ),
)
CUSTOM = some.dictionaries(
    NAMES, some.one_of(texts(), some.integers(), some.booleans(), some.lists(some.integers())), max_size=2
)


@some.composite
def programmes(draw: some.DrawFn) -> ProgrammeContent:
    contacts = [
        ContactContent(
            source_id=PERSON.format(number),
            first_name=draw(texts()),
            last_name=draw(texts()),
            email=draw(
                some.one_of(ADDRESSES, some.just("ada@example.org"), some.just(f"p{number}@example.org"))
            ),
            mobile_phone=draw(texts()),
            biography=draw(texts()),
            honorific=draw(texts()),
            custom_fields=draw(CUSTOM),
        )
        for number in range(draw(some.integers(1, 3)))
    ]
    people = some.builds(
        ParticipantContent,
        contact_id=some.sampled_from([each.source_id for each in contacts]),
        role=some.sampled_from(["speaker", "moderator", "chairperson", "panellist"]),
        status=some.sampled_from(["accepted", "declined", "on hold"]),
    )

    def choice(kind: str) -> ChoiceContent | None:
        name = draw(texts(of_line=True))
        return ChoiceContent(source_id=f"{kind}-{name}", name=name) if name else None

    sessions = [
        SessionContent(
            source_id=SESSION.format(number),
            status=draw(some.sampled_from(["accepted", "accept queue", "accept_queue", "backup"])),
            title=draw(texts()),
            description=draw(texts()),
            client_session_id=draw(texts()),
            starts_at=draw(MOMENTS),
            ends_at=draw(MOMENTS),
            is_public=draw(some.booleans()),
            room=choice("room"),
            track=choice("track"),
            tags=tuple({tag.name: tag for tag in (choice("tag") for _ in range(2)) if tag}.values()),
            participants=tuple(dict.fromkeys(draw(some.lists(people, max_size=4)))),
            files=tuple(
                FileContent(url=f"https://example.org/{each}", created_at=datetime(2027, 1, each, tzinfo=UTC))
                for each in range(1, draw(some.integers(1, 3)))
            ),
            custom_fields=draw(CUSTOM),
        )
        for number in range(draw(some.integers(1, 3)))
    ]
    return ProgrammeContent(
        event_source_id="7", name="Forum", timezone=ZONE, sessions=tuple(sessions), contacts=tuple(contacts)
    )


def brought_in(content: ProgrammeContent, file: bytes) -> Identified:
    choices: dict[str, list[ChoiceContent]] = {
        kind: [] for kind in ("format", "room", "track", "level", "language", "tag")
    }
    for session in content.sessions:
        for kind in ("room", "track"):
            if each := getattr(session, kind):
                choices[kind].append(each)
        choices["tag"] += session.tags
    options = Options(timezone=content.timezone)
    return identify(read_draft(read_workbook(file), options), StoredEvent(content, choices), options)


def differences(content: ProgrammeContent, file: bytes) -> list[object]:
    found = brought_in(content, file)
    changes = [
        each for each in compare_programmes(content, found.content).changes if each.outcome != "missing"
    ]
    return [*changes, *(each for each in found.problems if each.is_error)]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programmes())
def test_h2_every_export_comes_in_again_without_a_difference(content: ProgrammeContent) -> None:
    for file in (
        write_csv(sessions_table(content)),
        write_csv(people_table(content)),
        write_excel([sessions_table(content), people_table(content)]),
    ):
        assert differences(content, file) == []
    assert compare_programmes(content, read_programme(json.loads(write_json(content, 7)))).changes == []


def small(**session: object) -> ProgrammeContent:
    contact = ContactContent(source_id=PERSON.format(1), first_name="=HYPERLINK()", last_name="+44")
    made = SessionContent(source_id=SESSION.format(1), status="accepted", **session)  # type: ignore[arg-type]
    return ProgrammeContent(
        event_source_id="7", name="Forum", timezone=ZONE, sessions=(made,), contacts=(contact,)
    )


@pytest.mark.parametrize("text", ["=1+1", "+44", "-x", "@a", "\t=1", "'=1", "''=1", "＝1", "'\r\n=1"])
def test_no_cell_of_an_export_is_a_formula(text: str) -> None:
    content = small(title=text.strip(), description=text.strip(), custom_fields={text.strip(): text.strip()})
    cells = list(csv.reader(io.StringIO(write_csv(sessions_table(content)).decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(write_excel([sessions_table(content), people_table(content)])))

    assert not [cell for row in cells for cell in row if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_text_longer_than_a_cell_of_excel_comes_in_whole() -> None:
    text = "„Brücken“ = gut. " * 5_000
    content = small(title="Long", description=text.strip())

    assert differences(content, write_excel([sessions_table(content), people_table(content)])) == []


def test_a_workbook_is_ready_to_be_read() -> None:
    content = small(title="Opening", starts_at=datetime(2027, 5, 11, 7, tzinfo=UTC))
    sheet = load_workbook(io.BytesIO(write_excel([sessions_table(content)])))["Sessions"]
    header = {cell.value: cell for cell in sheet[1]}

    assert sheet.freeze_panes == "A2" and sheet.column_dimensions["C"].width == 50
    assert sheet.cell(2, header["Starts at"].column).value == datetime(2027, 5, 11, 9)  # the event's clock
    assert sheet.cell(2, header["Starts at"].column).is_date


def test_a_session_that_ends_at_midnight_keeps_its_end_in_a_workbook() -> None:
    content = small(title="Party", starts_at=MIDNIGHT - timedelta(hours=2), ends_at=MIDNIGHT)

    assert differences(content, write_excel([sessions_table(content), people_table(content)])) == []


def test_a_second_session_of_the_night_in_which_clocks_change_keeps_its_time() -> None:
    content = small(title="Night", starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC))

    assert differences(content, write_csv(sessions_table(content))) == []
