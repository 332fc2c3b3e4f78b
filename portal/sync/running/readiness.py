"""What a sync would meet, seen without asking ASP (E9): the same plan, from what is remembered."""

from dataclasses import dataclass, field

from sqlalchemy import select

from portal.asp.contract import Contract, load_contract
from portal.config import current_settings
from portal.models import Event, Mapping, db, now
from portal.sync.planning.fields import default_rows
from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.plan import plan_sync
from portal.sync.planning.snapshot import Existing, Links, Offer, Programme, Rules
from portal.sync.running.loading import load_programme
from portal.sync.running.moment import one_moment
from portal.sync.running.terms import load_links, load_rules, remembered_offer

FEWEST_TO_ASK = 100  # synced sessions; in a smaller programme half of it is soon changed (D12)


@dataclass(frozen=True, slots=True)
class SyncState:
    """A record's state towards ASP: a word, a tone (good, warn, bad or none) and why."""

    word: str
    tone: str = ""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReadinessProblem:
    """A record that a sync would fail or skip."""

    kind: str
    source_id: str
    name: str
    outcome: str  # "failed" or "skipped"
    reason: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an event is: how many of its accepted sessions would be synced, and what stands in the way."""

    mapping: Mapping | None
    accepted: int
    ready: int
    problems: list[ReadinessProblem] = field(default_factory=list)
    states: dict[str, SyncState] = field(default_factory=dict)  # by a session's UUID
    stop: str | None = None
    changed: list[Intended] = field(default_factory=list)  # synced sessions that a sync would change
    synced: int = 0  # sessions that are in ASP by the portal's doing
    unsorted: tuple[str, ...] = ()  # statuses that count as pending because nobody has sorted them (D6)

    @property
    def asks_first(self) -> bool:  # D12
        """Whether so much would change that a sync from a page asks before it begins."""
        return self.synced >= FEWEST_TO_ASK and len(self.changed) > self.synced / 2


def assess(event: Event) -> Readiness:
    """Plan a sync of the event from what is remembered of its seminar."""
    contract = load_contract(current_settings().asp_contract)
    with one_moment():
        mapping = db.session.scalar(
            select(Mapping).where(Mapping.event_id == event.id, Mapping.removed_at.is_(None))
        )
        programme = load_programme(event)
        if mapping is None:
            links, rules, offer = Links(), _default_rules(contract, event.timezone), _full_offer(contract)
        else:
            links = load_links(mapping)
            rules, offer = load_rules(mapping, current_settings()), remembered_offer(mapping, links)
    plan = plan_sync(programme, rules, links, offer, Existing(), contract, now())
    return _judge(mapping, programme, links, plan)


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


def _judge(mapping: Mapping | None, programme: Programme, links: Links, plan: Plan) -> Readiness:
    accepted = [session for session in programme.sessions if programme.is_accepted(session.status)]
    ready = {
        each.id
        for each in plan.sessions
        if each.action in (Action.CREATE, Action.UPDATE, Action.UNCHANGED) and each.publish is not False
    }
    problems = [
        ReadinessProblem(each.kind, each.id, each.name, _outcome(each), each.reason or "")
        for each in (*plan.sessions, *plan.speakers)
        if each.action in (Action.FAIL, Action.SKIP)
    ]
    problems.sort(key=lambda problem: problem.outcome != "failed")
    return Readiness(
        mapping=mapping,
        accepted=len(accepted),
        ready=len(ready),
        problems=problems,
        states={each.id: _state(each, links) for each in plan.sessions},
        stop=plan.stop,
        changed=[
            each for each in plan.sessions if each.action is Action.UPDATE and each.id in links.sessions
        ],
        synced=len(links.sessions),
        unsorted=programme.unsorted,
    )


def _outcome(each: Intended) -> str:
    return "failed" if each.action is Action.FAIL else "skipped"


def _state(each: Intended, links: Links) -> SyncState:
    linked = each.id in links.sessions
    if each.action is Action.FAIL:
        return SyncState("Would fail", "bad", each.reason)
    if each.id in links.frozen and not linked:
        return SyncState("Frozen", "warn", each.reason)
    if not linked:
        return SyncState("Never synced", "", each.reason)
    if each.action is Action.UPDATE:
        return SyncState("Changed since", "warn", each.reason)
    if each.withheld:  # D12, E9
        return SyncState("Would be unpublished", "warn", each.reason)
    if each.action is Action.SKIP:
        return SyncState("No longer synced", "", each.reason)
    return SyncState("In step", "good")
