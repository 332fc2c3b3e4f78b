"""Finds out which records of the event a spreadsheet speaks of, and makes a programme of what it says (H2)."""

from dataclasses import dataclass, field, replace

from portal.programme.content import ProgrammeContent
from portal.programme.spreadsheet.cells.custom_values import CustomValues
from portal.programme.spreadsheet.cells.status_words import known_status
from portal.programme.spreadsheet.records.equality import same_moment
from portal.programme.spreadsheet.records.known_people import KnownPeople
from portal.programme.spreadsheet.records.known_sessions import KnownSessions
from portal.programme.spreadsheet.records.numbers import number_sessions
from portal.programme.spreadsheet.records.session_content import Choices, session_content
from portal.programme.spreadsheet.rows.drafts import CellProblem, Draft, Options, PersonDraft, SessionDraft
from portal.programme.statuses import ACCEPTED
from portal.programme.stored import StoredEvent

PENDING = "pending"


@dataclass(slots=True)
class Identified:
    """The programme that a file amounts to; `notes` say by what records without an id were recognised."""

    content: ProgrammeContent
    problems: list[CellProblem]
    notes: list[str] = field(default_factory=list)
    left_out: int = 0  # rows that were skipped


def identify(draft: Draft, stored: StoredEvent, options: Options) -> Identified:
    """Bring the draft and the stored event together; rows with an error are left out of the content."""
    sessions = KnownSessions(stored.content.sessions)
    draft.problems = _without_stored(draft, sessions, options)
    bad = draft.bad_rows()
    sound = [each for each in draft.sessions if not any((each.place.sheet, row) in bad for row in each.rows)]
    sessions.match(sound)
    people = KnownPeople(stored.content.contacts, CustomValues(stored.person_fields))
    custom = CustomValues(stored.session_fields)
    needed = {id(mention.person) for each in sound for mention in each.mentions}
    people.match([each for each in draft.people if id(each) in needed or _is_sound(each, bad)])
    problems = draft.problems + sessions.problems + people.problems_of(sound)
    failed = {(each.place.sheet, each.place.row) for each in problems if each.is_error}
    _settle_statuses(stored, sound)
    options = replace(options, new_status=options.new_status or _status_of_new(draft))
    choices = Choices(stored.choices)
    contents = [
        session_content(each, sessions.record_of(each), people, choices, custom, options)
        for each in sound
        if not any((each.place.sheet, row) in failed for row in each.rows)
    ]
    notes = sessions.notes + people.notes + custom.notes + people.custom.notes
    if options.numbering:
        contents, told = number_sessions(contents, stored.content.sessions, options.numbering)
        notes += told
    content = ProgrammeContent(
        event_source_id=stored.content.event_source_id,
        name=stored.content.name,
        timezone=stored.content.timezone,
        sessions=tuple(contents),
        contacts=tuple(people.contents()),
    )
    return Identified(content, problems, notes, len(failed))


def _is_sound(person: PersonDraft, bad: set[tuple[str, int]]) -> bool:
    """Whether somebody whom no session needs is entered all the same: who has a row of their own."""
    return person.is_listed and (person.place.sheet, person.place.row) not in bad


def _settle_statuses(stored: StoredEvent, sessions: list[SessionDraft]) -> None:
    """Spell the statuses as the event spells them (D6)."""
    statuses = {each.status for each in stored.content.sessions}
    for each in sessions:
        if word := each.values.get("status"):
            each.values["status"] = known_status(word, statuses)


def _status_of_new(draft: Draft) -> str:
    """A file without statuses lists what takes place; in one with statuses an empty one is not decided yet."""
    return PENDING if "status" in draft.columns.values() else ACCEPTED


def _without_stored(draft: Draft, sessions: KnownSessions, options: Options) -> list[CellProblem]:
    """The problems, without those of what the event has exactly so already: an export comes in again as it was."""
    stored = set()
    for each in draft.sessions:
        record = sessions.by_uuid.get(each.uuid or "")
        if record and all(
            same_moment(getattr(record, name), each.values.get(name), options.timezone)
            for name in ("starts_at", "ends_at")
        ):
            stored.add((each.place.sheet, each.place.row))
    return [
        each
        for each in draft.problems
        if not (each.is_unless_stored and (each.place.sheet, each.place.row) in stored)
    ]
