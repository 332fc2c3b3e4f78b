"""The plan: programme + mapping + links + what the seminar offers → intended changes with reasons.

Pure: no database, no network, no clock of its own. Preview, readiness, sync and tests all use `plan_sync`.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.asp.contract import Contract
from portal.sync.planning.adoption import ExistingSessions, ExistingSpeakers
from portal.sync.planning.choices import plan_choices
from portal.sync.planning.columns import Columns, session_columns, speaker_columns
from portal.sync.planning.fields import ACCEPTED, PEOPLE_ROLES
from portal.sync.planning.intent import Action, Intended, IntendedChoice, Plan
from portal.sync.planning.payload import Reference, Shaper, difference, filled, resolve
from portal.sync.planning.people import Sorted, sort_people
from portal.sync.planning.selection import Chosen, NotChosen, choose, has_ended
from portal.sync.planning.snapshot import (
    Existing,
    Links,
    LinkSnapshot,
    Offer,
    Programme,
    RenamedChoice,
    Rules,
    SessionSnapshot,
)
from portal.sync.planning.timezones import mismatch_of_timezones
from portal.sync.planning.unpublishing import UNPUBLISHED, count_published, guard_unpublishing
from portal.text.matching import fold, trimmed

NOT_ON_A_SYNCED_SESSION = "Not an accepted participant of a session that is synced."


def plan_sync(
    programme: Programme,
    rules: Rules,
    links: Links,
    offer: Offer,
    existing: Existing,
    contract: Contract,
    now: datetime,
) -> Plan:
    """Plan a run at the moment `now` (aware)."""
    columns = session_columns(rules, offer, contract)
    if columns.missing_required:  # D8
        return Plan(stop=" ".join(columns.missing_required))
    zone = ZoneInfo(programme.timezone)
    decisions = [choose(session, zone, links.frozen, now) for session in programme.sessions]
    chosen = [each for each in decisions if isinstance(each, Chosen)]
    times = [time for each in chosen for time in (each.session.starts_at, each.ends_at) if time is not None]
    if stop := mismatch_of_timezones(times, programme.timezone, offer, rules):  # D10
        return Plan(stop=stop)

    people = sort_people(_people_on(chosen, columns), programme.contacts, links.speakers, contract)
    speakers = _plan_speakers(programme, rules, links, offer, existing, contract, people, now)
    uuids = _known_people(speakers, links)

    shaper = Shaper(columns, offer, contract, programme.timezone)
    shaped = {each.session.id: shaper.values(each.session, {"ends_at": each.ends_at}) for each in chosen}
    choices, known = plan_choices(
        [values for values, _ in shaped.values()],
        shaper.names,
        [each.session for each in chosen],
        links,
        offer,
        contract,
    )
    uuids |= known
    pending = frozenset(named_pending(speakers, choices))
    found = ExistingSessions(existing.sessions, links.sessions, contract)
    shared_ids = _shared_client_session_ids(chosen)
    sessions = tuple(
        _plan_not_chosen(each, links, rules, now)
        if isinstance(each, NotChosen)
        else _plan_session(
            each, *shaped[each.session.id], programme, people, links, found, uuids, pending, shared_ids
        )
        for each in decisions
    )
    plan = Plan(
        speakers=speakers,
        sessions=sessions,
        choices=choices,
        uuids=uuids,
        warnings=(*columns.warnings, *_renamed(programme.renamed, chosen, columns)),
    )
    return guard_unpublishing(plan, rules, count_published(programme, links))  # D12


def _people_on(chosen: list[Chosen], columns: Columns) -> list[str]:
    """The accepted participants of the synced sessions, in any role that this seminar can take (D6)."""
    roles = {role for key, role in PEOPLE_ROLES.items() if columns.has(key)}
    return [
        participant.contact_id
        for each in chosen
        for participant in each.session.participants
        if participant.status == ACCEPTED and participant.role in roles
    ]


def _plan_speakers(
    programme: Programme,
    rules: Rules,
    links: Links,
    offer: Offer,
    existing: Existing,
    contract: Contract,
    people: Sorted,
    now: datetime,
) -> tuple[Intended, ...]:
    shaper = Shaper(speaker_columns(rules, contract), offer, contract, programme.timezone)
    found = ExistingSpeakers(existing.speakers, links.speakers, contract, links.unpublished)
    accepted = _accepted_anywhere(programme)
    taken = {link.asp_uuid for link in people.going.values() if link is not None}
    planned = []
    for contact in programme.contacts.values():
        if contact.id in people.going:
            values, warnings = shaper.values(contact)
            link = people.going[contact.id] or found.adopt(contact, values)
            also = tuple(people.aliases.get(contact.id, ()))
            planned.append(
                _intend("speaker", contact.id, contact.name, values, tuple(warnings), link, {}, also)
            )
        elif reason := people.failed.get(contact.id):
            link = links.speakers.get(contact.id)
            planned.append(Intended("speaker", contact.id, contact.name, Action.FAIL, reason, link=link))
        else:
            reason = people.skipped.get(contact.id, NOT_ON_A_SYNCED_SESSION)
            gone = contact.id not in people.skipped and contact.id not in accepted
            link = links.speakers.get(contact.id)
            if link is not None and link.asp_uuid in taken:  # somebody else goes on with it (D13)
                link = None
            unpublish = gone and rules.unpublish_speakers
            planned.append(_left_out("speaker", contact.id, contact.name, reason, link, unpublish))
    return tuple(planned)


def _accepted_anywhere(programme: Programme) -> set[str]:
    """Who is an accepted participant of an accepted session, whether that one is synced or not (D9)."""
    return {
        participant.contact_id
        for session in programme.sessions
        if session.status == ACCEPTED
        for participant in session.participants
        if participant.status == ACCEPTED
    }


def _known_people(speakers: tuple[Intended, ...], links: Links) -> dict[Reference, str]:
    """Every person whose ASP record is known, whatever becomes of it in this run (D7, D13)."""
    uuids = {Reference("speaker", key): link.asp_uuid for key, link in links.speakers.items()}
    for each in speakers:
        if each.action in (Action.SKIP, Action.FAIL):  # a skipped one may stand for somebody else (D13)
            continue
        if each.link is not None:
            for contact_id in (each.id, *each.also):
                uuids[Reference("speaker", contact_id)] = each.link.asp_uuid
        else:
            for contact_id in each.also:  # they follow the record that is about to be created
                uuids.pop(Reference("speaker", contact_id), None)
    return uuids


def named_pending(
    speakers: tuple[Intended, ...], choices: tuple[IntendedChoice, ...]
) -> dict[Reference, str]:
    """The records that sessions refer to and that this run creates, with their names."""
    people = {
        Reference("speaker", contact_id): each.name
        for each in speakers
        if each.action is Action.CREATE
        for contact_id in (each.id, *each.also)
    }
    return people | {Reference(c.kind, c.key): c.name for c in choices if c.action is Action.CREATE}


def _plan_session(
    chosen: Chosen,
    values: dict[str, Any],
    warnings: list[str],
    programme: Programme,
    people: Sorted,
    links: Links,
    found: ExistingSessions,
    uuids: dict[Reference, str],
    pending: frozenset[Reference],
    shared_ids: dict[str, list[str]],
) -> Intended:
    session = chosen.session
    link = links.sessions.get(session.id)
    link = link or found.adopt(session, values)
    said = [*chosen.warnings, *warnings, *found.duplicates(session.id, link)]
    if others := [id for id in shared_ids.get(_client_session_id(session), []) if id != session.id]:  # D17
        said.append(
            f"{len(others)} other session{'s have' if len(others) > 1 else ' has'} the same Client Session ID, "
            f"“{_client_session_id(session)}”. Each is synced; give them different ones."
        )
    said += _without_people(values, programme, people, uuids, pending)
    title = session.title or session.id
    return _intend(
        "session",
        session.id,
        title,
        values,
        tuple(said),
        link,
        uuids,
        (),
        public=session.is_public,
        pending=pending,
    )


def _intend(
    kind: str,
    id: str,
    name: str,
    values: dict[str, Any],
    warnings: tuple[str, ...],
    link: LinkSnapshot | None,
    uuids: dict[Reference, str],
    also: tuple[str, ...],
    *,
    public: bool = True,
    pending: frozenset[Reference] = frozenset(),
) -> Intended:
    """Create, update or leave alone, by what is linked and what was last pushed."""
    if link is None:  # D15
        return Intended(kind, id, name, Action.CREATE, None, warnings, values, None, public, None, also)
    publish = True if link.unpublished and public else None  # D9: they came back
    intended = Intended(kind, id, name, Action.UNCHANGED, None, warnings, values, link, public, publish, also)
    payload, changed, _ = changed_values(intended, uuids, pending)
    refused = tuple(  # D16
        f"ASP refused {slug}: {entry.get('message')} It is not sent again until it changes."
        for slug, entry in link.refused.items()
        if slug in payload and slug not in changed and payload[slug] == entry.get("value")
    )
    action = Action.UPDATE if publish or changed else Action.UNCHANGED
    return replace(intended, action=action, warnings=(*warnings, *refused))


def changed_values(
    intended: Intended, uuids: dict[Reference, str], pending: frozenset[Reference] = frozenset()
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, Reference]]]:
    """The payload with the Uuids known by now, what of it has to be sent, and the references still unknown.

    While planning, a reference to a record that is yet to be created (`pending`) counts as a change; push decides
    by the same function once those records are in ASP.
    """
    payload, unknown = resolve(intended.values, uuids)
    link = intended.link
    if link is None:
        return payload, filled(payload), unknown
    if link.adopted:
        payload = filled(payload)  # D11: what was never pushed is not cleared
    awaited = {slug: intended.values[slug] for slug, reference in unknown if reference in pending}
    return payload, {**difference(payload, link.pushed, link.refused), **awaited}, unknown


def _plan_not_chosen(each: NotChosen, links: Links, rules: Rules, now: datetime) -> Intended:
    session, link = each.session, links.sessions.get(each.session.id)
    title = session.title or session.id
    if each.failed:
        return Intended("session", session.id, title, Action.FAIL, each.reason, link=link)
    gone = session.status != ACCEPTED and not has_ended(session, now)  # D9, D5
    return _left_out("session", session.id, title, each.reason, link, gone and rules.unpublish_sessions)


def _left_out(
    kind: str, id: str, name: str, reason: str, link: LinkSnapshot | None, unpublish: bool
) -> Intended:
    """A record that is not synced; with unpublishing on, one that is linked is taken off the website (D9)."""
    if link is None:
        return Intended(kind, id, name, Action.SKIP, reason)
    if link.unpublished:
        return Intended(kind, id, name, Action.SKIP, f"{reason} {UNPUBLISHED}", link=link)
    if unpublish:  # D12 has the last word
        return Intended(kind, id, name, Action.UPDATE, reason, link=link, publish=False)
    return Intended(kind, id, name, Action.SKIP, f"{reason} Its record in ASP stays as it is.", link=link)


def _without_people(
    values: dict[str, Any],
    programme: Programme,
    people: Sorted,
    uuids: dict[Reference, str],
    pending: frozenset[Reference],
) -> list[str]:
    """D7: the people who fail and are not in ASP yet, as warnings of their session."""
    referred = dict.fromkeys(
        each
        for value in values.values()
        if isinstance(value, tuple)
        for each in value
        if each.kind == "speaker"
    )
    return [
        f"Synced without {programme.contacts[each.key].name}: {people.failed.get(each.key, 'not synced.')}"
        for each in referred
        if each not in uuids and each not in pending
    ]


def _shared_client_session_ids(chosen: list[Chosen]) -> dict[str, list[str]]:
    counted = Counter(_client_session_id(each.session) for each in chosen)
    shared: dict[str, list[str]] = {id: [] for id, number in counted.items() if number > 1}
    for each in chosen:
        if (id := _client_session_id(each.session)) in shared:
            shared[id].append(each.session.id)
    return shared


def _client_session_id(session: SessionSnapshot) -> str:
    return trimmed(session.client_session_id or "")


def _renamed(renamed: tuple[RenamedChoice, ...], chosen: list[Chosen], columns: Columns) -> list[str]:
    """A warning for each new name that sessions of this run really move to, in a field that is sent."""
    sent = {column.field.key for column in columns.columns}
    used = {
        (kind, fold(name))
        for session in (each.session for each in chosen)
        for kind, key, names in (
            ("format", "format", (session.format,)),
            ("room", "room", (session.room,)),
            ("level", "level", (session.level,)),
            ("tag", "tags", session.tags),
        )
        if key in sent
        for name in names
        if name
    }
    return [_renamed_words(choice) for choice in renamed if (choice.kind, fold(choice.name)) in used]


def _renamed_words(choice: RenamedChoice) -> str:  # C6
    return (
        f"The {choice.kind} “{choice.synced_name}” is called “{choice.name}” now. Its sessions move to the new name; "
        f"the old one stays in ASP."
    )
