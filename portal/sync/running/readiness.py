"""What a sync would meet, seen without asking ASP (E9): the same plan, from what is remembered."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from portal.asp.contract import Contract, load_contract
from portal.cache import current_cache
from portal.config import current_settings
from portal.models import Event, FrozenSession, Link, LinkKind, Outcome, db, now
from portal.sync.planning.context import Context
from portal.sync.planning.fields import default_rows
from portal.sync.planning.focus import around
from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.plan import plan_sync
from portal.sync.planning.snapshot import Existing, Links, Offer, Programme, Rules
from portal.sync.planning.standing import KnownInAsp, Standing, SyncState, state_of
from portal.sync.pushing.written import OUTCOMES
from portal.sync.running.failures import load_failures
from portal.sync.running.loading import load_programme
from portal.sync.running.moment import one_moment
from portal.sync.running.terms import load_links, load_rules, mapping_of, remembered_offer
from portal.sync.running.versions import sync_version

FEWEST_TO_ASK = 100  # synced sessions; in a smaller programme half of it is soon changed (D12)


@dataclass(frozen=True, slots=True)
class ReadinessProblem:
    """A record that a sync would fail or skip."""

    kind: str
    source_id: str
    name: str
    outcome: Outcome  # failed or skipped
    reason: str


@dataclass(frozen=True, slots=True)
class ReadinessChange:
    """A synced session that a sync would change."""

    id: str
    name: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an event is: how many of its accepted sessions would be synced, and what stands in the way.

    It was planned at `since`, and time alone makes it another one at `until`: then the next session ends (D5).
    """

    accepted: int
    ready: int
    since: datetime
    until: datetime | None
    problems: list[ReadinessProblem] = field(default_factory=list)
    states: dict[str, SyncState] = field(default_factory=dict)  # by a session's UUID
    people: dict[str, SyncState] = field(default_factory=dict)  # by a contact's UUID
    stop: str | None = None
    warnings: tuple[str, ...] = ()  # of the whole sync: fields that the seminar cannot take, renamed lists
    changed: tuple[ReadinessChange, ...] = ()
    synced: int = 0  # sessions that are in ASP by the portal's doing
    unsorted: tuple[str, ...] = ()  # statuses that count as pending because nobody has sorted them (D6)

    @property
    def asks_first(self) -> bool:  # D12
        """Whether so much would change that a sync from a page asks before it begins."""
        return self.synced >= FEWEST_TO_ASK and len(self.changed) > self.synced / 2

    def stands_at(self, moment: datetime) -> bool:
        """Whether a plan made now would say the same, if nothing but the time has changed."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class _Material:
    """What readiness is planned from, read at one moment."""

    programme: Programme
    rules: Rules
    links: Links
    offer: Offer
    sessions: KnownInAsp
    people: KnownInAsp


def assess(event: Event) -> Readiness:
    """Plan a sync of the event from what is remembered of its seminar; remembered until something changes."""
    moment, name = now(), ("readiness", event.id)
    kept = _remembered(event, moment)
    if kept is not None:
        return kept
    contract = load_contract(current_settings().asp_contract)
    with one_moment():
        version = sync_version(event)
        material = _load(event, contract)
    readiness = _judge(material, contract, moment)
    current_cache().keep(name, version, readiness, len(readiness.states) + len(readiness.people))
    return readiness


def count_standings(readiness: Readiness) -> list[tuple[Standing, int]]:
    """How many sessions stand in which way (E9), those that were never sent aside."""
    numbers = Counter(state.standing for state in readiness.states.values())
    return [(each, numbers[each]) for each in Standing if numbers[each] and each is not Standing.NEVER_SENT]


def assess_session(event: Event, session_id: str) -> SyncState | None:
    """How one session stands, as readiness says it too; where that is not remembered, it alone is planned."""
    moment = now()
    kept = _remembered(event, moment)
    if kept is not None:
        return kept.states.get(session_id)
    contract = load_contract(current_settings().asp_contract)
    with one_moment():
        material = _load(event, contract)
    part = around(material.programme, session_id, material.links, contract)
    context = _context(replace(material, programme=part), contract, moment)
    plan = plan_sync(_without_obstacles(context), Existing())
    return _states(plan.sessions, material.sessions).get(session_id)


def assess_person(event: Event, contact_id: str) -> SyncState | None:
    """How one person stands, as readiness says it; they may be on any of the sessions, so everything is planned."""
    return assess(event).people.get(contact_id)


def _remembered(event: Event, moment: datetime) -> Readiness | None:
    """The readiness that was planned before, where a plan made now would say the same."""
    kept: Readiness | None = current_cache().find(("readiness", event.id), sync_version(event))
    return kept if kept is not None and kept.stands_at(moment) else None


def _load(event: Event, contract: Contract) -> _Material:
    mapping = mapping_of(event)
    programme = load_programme(event)
    if mapping is None:
        links, rules, offer = Links(), _default_rules(contract, event.timezone), _full_offer(contract)
        frozen = _frozen_anywhere(event.organisation_id)
    else:
        links = load_links(mapping)
        rules, offer = load_rules(mapping, current_settings()), remembered_offer(mapping, links)
        frozen = links.frozen
    failed = load_failures(mapping)
    linked = _linked_anywhere(event.organisation_id)
    is_mapped = mapping is not None
    return _Material(
        programme,
        rules,
        links,
        offer,
        sessions=KnownInAsp(
            links.sessions, frozen, linked[LinkKind.SESSION], is_mapped, failed[LinkKind.SESSION]
        ),
        people=KnownInAsp(links.speakers, (), linked[LinkKind.SPEAKER], is_mapped, failed[LinkKind.SPEAKER]),
    )


def _frozen_anywhere(organisation_id: int) -> frozenset[str]:
    of_ours = FrozenSession.organisation_id == organisation_id
    return frozenset(db.session.scalars(select(FrozenSession.source_id).where(of_ours)))


def _linked_anywhere(organisation_id: int) -> dict[str, set[str]]:
    """The sessions and people of the organisation that are some record of ASP's, by kind."""
    linked: dict[str, set[str]] = {LinkKind.SESSION: set(), LinkKind.SPEAKER: set()}
    ours = (Link.organisation_id == organisation_id, Link.kind.in_(linked))
    for kind, key in db.session.execute(select(Link.kind, Link.key).where(*ours)):
        linked[kind].add(key)
    return linked


def _default_rules(contract: Contract, timezone: str) -> Rules:
    """For an event that is not mapped yet."""
    return Rules(
        default_rows(contract, "session"), default_rows(contract, "speaker"), timezone_confirmed_for=timezone
    )


def _full_offer(contract: Contract) -> Offer:
    """A seminar that has every custom field."""
    session, values = contract.session, contract.values
    return Offer(
        custom_fields={
            session.sessionboard_id: values.text_type,
            session.content: values.text_type,
            session.level: values.checkbox_type,
            session.moderators: values.speaker_list_type,
            session.chairpersons: values.speaker_list_type,
        },
        session_types=(values.default_session_type,),
    )


def _judge(material: _Material, contract: Contract, moment: datetime) -> Readiness:
    programme, links = material.programme, material.links
    context = _context(material, contract, moment)
    plan = plan_sync(context, Existing())
    stop = plan.stop
    if stop:
        plan = plan_sync(_without_obstacles(context), Existing())
    ready = [
        each
        for each in plan.sessions
        if each.action in (Action.CREATE, Action.UPDATE, Action.UNCHANGED) and each.publish is not False
    ]
    changed = [each for each in plan.sessions if each.action is Action.UPDATE and each.id in links.sessions]
    return Readiness(
        accepted=sum(programme.is_accepted(session.status) for session in programme.sessions),
        ready=len(ready),
        since=moment,
        until=_next_end(programme, moment),
        problems=_problems(plan),
        states=_states(plan.sessions, material.sessions),
        people=_states(plan.speakers, material.people),
        stop=stop,
        warnings=plan.warnings,
        changed=tuple(ReadinessChange(each.id, each.name, each.reason) for each in changed),
        synced=len(links.sessions),
        unsorted=programme.unsorted,
    )


def _context(material: _Material, contract: Contract, moment: datetime) -> Context:
    return Context(material.programme, material.rules, material.links, material.offer, contract, moment)


def _without_obstacles(context: Context) -> Context:
    """The same as if nothing about the seminar stopped a sync (D8, D10): it tells what the records would meet."""
    contract, offer = context.contract, context.offer
    fields = {**offer.custom_fields, contract.session.sessionboard_id: contract.values.text_type}
    return replace(
        context,
        rules=replace(context.rules, timezone_confirmed_for=context.programme.timezone),
        offer=replace(offer, custom_fields=fields, site_timezone=None),
    )


def _next_end(programme: Programme, moment: datetime) -> datetime | None:
    """When the next session ends: nothing else of a plan depends on the time (D5)."""
    return min(
        (each.ends_at for each in programme.sessions if each.ends_at and each.ends_at > moment), default=None
    )


def _problems(plan: Plan) -> list[ReadinessProblem]:
    """The records that would fail, then those that would be skipped."""
    problems = [
        ReadinessProblem(each.kind, each.id, each.name, OUTCOMES[each.action], each.reason or "")
        for each in (*plan.sessions, *plan.speakers)
        if each.action in (Action.FAIL, Action.SKIP)
    ]
    return sorted(problems, key=lambda problem: problem.outcome != Outcome.FAILED)


def _states(records: tuple[Intended, ...], known: KnownInAsp) -> dict[str, SyncState]:
    return {each.id: state_of(each, known) for each in records}
