"""Programmes, mappings and seminars as small as a test of the plan needs them, and a push that only remembers."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.asp.contract import Contract
from portal.asp.records import AspChoice, AspRecord
from portal.programme.content import ProgrammeContent
from portal.sync.planning.context import Context
from portal.sync.planning.deciding import values_to_send
from portal.sync.planning.fields import default_rows
from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.payload import Reference, filled, payload_hash
from portal.sync.planning.plan import plan_sync
from portal.sync.planning.snapshot import (
    ContactSnapshot,
    Existing,
    FieldRow,
    Links,
    LinkSnapshot,
    Offer,
    ParticipantSnapshot,
    Programme,
    Rules,
    SessionSnapshot,
)

CONTRACT = Contract()
NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
START = datetime(2027, 1, 30, 8, 30, tzinfo=UTC)  # 09:30 in Paris
SESSION = "00000000-0000-4000-8000-00000000000{}"
PERSON = "00000000-0000-4000-9000-00000000000{}"
CUSTOM_FIELDS = {
    "sessionboard_id": "text",
    "sessionboard-content": "url",
    "levels-checkbox": "checkbox",
    "panel-moderator": "speakerlist",
    "chairperson": "speakerlist",
    "extra-text": "text",
    "extra-checkbox": "checkbox",
    "extra-people": "speakerlist",
}


def session_id(number: int) -> str:
    return SESSION.format(number)


def person_id(number: int) -> str:
    return PERSON.format(number)


def session_snapshot(number: int = 1, **overrides: Any) -> SessionSnapshot:
    values: dict[str, Any] = {
        "id": session_id(number),
        "title": f"Session {number}",
        "status": "accepted",
        "starts_at": START,
        "ends_at": START + timedelta(minutes=30),
        "client_session_id": f"C{number}",
    }
    return SessionSnapshot(**values | overrides)


def contact_snapshot(number: int = 1, **overrides: Any) -> ContactSnapshot:
    values: dict[str, Any] = {
        "id": person_id(number),
        "first_name": "Person",
        "last_name": f"Number {number}",
        "email": f"person{number}@example.org",
    }
    return ContactSnapshot(**values | overrides)


def participant_snapshot(
    number: int = 1, role: str = "speaker", status: str = "accepted"
) -> ParticipantSnapshot:
    return ParticipantSnapshot(person_id(number), role, status)


def on_stage(*numbers: int) -> tuple[ParticipantSnapshot, ...]:
    return tuple(participant_snapshot(number) for number in numbers)


def programme_snapshot(
    *sessions: SessionSnapshot, contacts: Any = (), tag_colours: Any = (), **overrides: Any
) -> Programme:
    """`tag_colours` gives colours to the tags of the sessions by their exact names."""
    colours = dict(tag_colours)
    values: dict[str, Any] = {
        "timezone": "Europe/Paris",
        "sessions": tuple(replace(each, tag_colours=tuple(map(colours.get, each.tags))) for each in sessions),
        "contacts": {contact.id: contact for contact in contacts},
    }
    return Programme(**values | overrides)


def make_rules(*extra: FieldRow, **overrides: Any) -> Rules:
    """The default rows, then the extra ones in place of any default row of the same field."""
    replaced = {row.field for row in extra}
    rows = tuple(row for row in default_rows(CONTRACT, "session") if row.field not in replaced)
    values: dict[str, Any] = {
        "session_fields": (*rows, *extra),
        "speaker_fields": default_rows(CONTRACT, "speaker"),
    }
    return Rules(**values | overrides)


def without_row(rules: Rules, field: str) -> Rules:
    return replace(rules, session_fields=tuple(row for row in rules.session_fields if row.field != field))


def make_offer(**overrides: Any) -> Offer:
    values: dict[str, Any] = {
        "custom_fields": CUSTOM_FIELDS,
        "session_types": ("Session", "Keynote", "Workshop"),
        "site_timezone": "Europe/Paris",
    }
    return Offer(**values | overrides)


def make_link(key: str, asp_uuid: str = "ASP-1", **overrides: Any) -> LinkSnapshot:
    return LinkSnapshot(key, asp_uuid, **overrides)


def make_links(sessions: Any = (), speakers: Any = (), **overrides: Any) -> Links:
    return Links(
        sessions={link.key: link for link in sessions},
        speakers={link.key: link for link in speakers},
        **overrides,
    )


def make_existing(uuid: str, created: str = "2026-12-01T00:00:00Z", **values: Any) -> AspRecord:
    return AspRecord(uuid, values, created)


def plan_of(
    programme: Programme,
    *,
    rules: Rules | None = None,
    links: Links | None = None,
    offer: Offer | None = None,
    existing: Existing | None = None,
    contract: Contract = CONTRACT,
    now: datetime = NOW,
) -> Plan:
    context = Context(
        programme, rules or make_rules(), links or Links(), offer or make_offer(), contract, now
    )
    return plan_sync(context, existing or Existing())


def session_in(plan: Plan, number: int = 1) -> Intended:
    assert plan.stop is None
    return next(each for each in plan.sessions if each.id == session_id(number))


def speaker_in(plan: Plan, number: int = 1) -> Intended:
    assert plan.stop is None
    return next(each for each in plan.speakers if each.id == person_id(number))


def actions(records: tuple[Intended, ...]) -> list[str]:
    return [str(each.action) for each in records]


def sent(plan: Plan, intended: Intended) -> dict[str, Any]:
    """What a push would send of this record, as far as the plan knows the Uuids."""
    return values_to_send(intended, plan.known).changed


def linked_as(programme: Programme, **given: Any) -> Links:
    """The links after a first push of the programme."""
    return push(plan_of(programme, **given), Links())


def push(plan: Plan, links: Links) -> Links:
    """The links after ASP took everything that the plan says."""
    assert plan.stop is None
    uuids = dict(plan.known)
    choices: dict[str, dict[str, LinkSnapshot]] = {
        "stream": dict(links.streams),
        "location": dict(links.locations),
    }
    for choice in plan.choices:
        uuid = choice.uuid or f"{choice.kind}:{choice.key}"
        uuids[Reference(choice.kind, choice.key)] = uuid
        choices[choice.kind][choice.key] = LinkSnapshot(choice.key, uuid, choice.values)
    speakers = _pushed(plan.speakers, links.speakers, uuids)
    sessions = _pushed(plan.sessions, links.sessions, uuids)
    return Links(sessions, speakers, choices["stream"], choices["location"], links.frozen)


def _pushed(
    records: tuple[Intended, ...], links: dict[str, LinkSnapshot], uuids: dict[Reference, str]
) -> dict[str, LinkSnapshot]:
    kept = dict(links)
    for each in records:
        if each.action in (Action.SKIP, Action.FAIL):
            continue
        if each.publish is False:
            kept[each.id] = replace(links[each.id], unpublished=True)
            continue
        payload, changed, _ = values_to_send(each, uuids)
        link = each.link or LinkSnapshot(each.id, _new_uuid(each.id, kept))
        if each.handed_on is not None:
            kept[link.key] = replace(each.handed_on, key=link.key)
        elif link.key != each.id:
            kept.pop(link.key)
        kept[each.id] = LinkSnapshot(
            each.id,
            link.asp_uuid,
            {**link.pushed, **changed} if each.link else filled(payload),
            payload_hash(payload),
            link.refused,
            unpublished=link.unpublished and not each.publish,
            hidden=not each.public if each.link is None else link.hidden and each.publish is None,
        )
        if each.kind == "speaker":
            for contact_id in (each.id, *each.also):
                uuids[Reference("speaker", contact_id)] = link.asp_uuid
    return kept


def _new_uuid(id: str, links: dict[str, LinkSnapshot]) -> str:
    """A Uuid that tells whose it is; somebody else may have taken the record of this name over (D13)."""
    taken = {link.asp_uuid for link in links.values()}
    uuid = f"asp:{id}"
    while uuid in taken:
        uuid += "+"
    return uuid


def offer_after(links: Links, **overrides: Any) -> Offer:
    """The seminar with the streams and locations that were pushed."""
    return make_offer(
        streams=tuple(
            AspChoice(link.asp_uuid, link.pushed.get("Name", key), link.pushed.get("Colour"))
            for key, link in links.streams.items()
        ),
        locations=tuple(
            AspChoice(link.asp_uuid, link.pushed.get("Name", key)) for key, link in links.locations.items()
        ),
        **overrides,
    )


def as_snapshot(content: ProgrammeContent) -> Programme:
    """A programme that was read from a file, as if it had been stored and loaded."""
    names = [each.name for each in fields(ContactSnapshot) if each.name != "id"]
    return Programme(
        timezone=content.timezone,
        sessions=tuple(_as_session(each) for each in content.sessions),
        contacts={
            each.source_id: ContactSnapshot(
                id=each.source_id, **{name: getattr(each, name) for name in names}
            )
            for each in content.contacts
        },
    )


def _as_session(session: Any) -> SessionSnapshot:
    chosen = {
        name: choice.name if (choice := getattr(session, name)) else None
        for name in ("format", "room", "track", "level", "language")
    }
    alike = "title status starts_at ends_at client_session_id is_public description custom_fields".split()
    return SessionSnapshot(
        id=session.source_id,
        tags=tuple(tag.name for tag in session.tags),
        tag_colours=tuple(tag.colour for tag in session.tags),
        content_url=session.files[-1].url if session.files else None,
        participants=tuple(
            ParticipantSnapshot(each.contact_id, each.role, each.status) for each in session.participants
        ),
        **{name: getattr(session, name) for name in alike},
        **chosen,
    )
