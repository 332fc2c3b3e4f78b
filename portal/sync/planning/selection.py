"""Which sessions are synced, when they take place in ASP, and why the others are not."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal.sync.planning import reasons
from portal.sync.planning.context import Context
from portal.sync.planning.snapshot import ParticipantSnapshot, Programme, SessionSnapshot
from portal.text.matching import trimmed

LAST_MINUTE = (23, 59)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A session that is synced, with its accepted participants alone and its end as ASP shall have it."""

    session: SessionSnapshot
    ends_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotChosen:
    """A session that is not synced: skipped by its state, or failed by its fields (D7)."""

    session: SessionSnapshot
    reason: str
    failed: bool


def choose(session: SessionSnapshot, context: Context) -> Chosen | NotChosen:
    """Decide about one session, in the order of D19."""
    reason = _reason_to_skip(session, context)
    if reason:
        return NotChosen(session, reason, failed=False)
    if reason := _missing_fields(session):
        return NotChosen(session, reason, failed=True)
    accepted = replace(session, participants=accepted_people(session, context.programme))
    return scheduled(accepted, ZoneInfo(context.programme.timezone))


def _reason_to_skip(session: SessionSnapshot, context: Context) -> str | None:
    """Why a session's state keeps it from being synced (D5, D6, F3)."""
    if not context.programme.is_accepted(session.status):  # D6
        return reasons.NOT_ACCEPTED.words(status=session.status)
    if has_ended(session, context.moment):  # D5
        return reasons.ENDED.words()
    if session.id in context.links.frozen:  # F3
        return reasons.FROZEN.words()
    return None


def accepted_people(session: SessionSnapshot, programme: Programme) -> tuple[ParticipantSnapshot, ...]:  # D6
    """Who takes part, in order: each role of a person is accepted by itself, by any one of its entries."""
    return tuple(each for each in session.participants if programme.is_accepted(each.status))


def has_ended(session: SessionSnapshot, now: datetime) -> bool:
    """Whether the real end is in the past (D5)."""
    return session.ends_at is not None and session.ends_at <= now


def _missing_fields(session: SessionSnapshot) -> str | None:  # D7
    needed = {
        "Title": trimmed(session.title or ""),
        "Starts At": session.starts_at,
        "Ends At": session.ends_at,
        "Client Session ID": trimmed(session.client_session_id or ""),
    }
    return missing_words([label for label, value in needed.items() if not value], "session")


def missing_words(labels: list[str], on: str) -> str | None:
    """Name the missing required fields and what to do."""
    if not labels:
        return None
    names = " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
    verb, them = ("are", "them") if len(labels) > 1 else ("is", "it")
    return reasons.MISSING.words(fields=names, verb=verb, them=them, kind=on)


def times_to_send(decisions: list[Chosen | NotChosen]) -> list[datetime]:
    """The starts and ends that ASP is to have."""
    return [
        time
        for each in decisions
        if isinstance(each, Chosen)
        for time in (each.session.starts_at, each.ends_at)
        if time is not None
    ]


def scheduled(session: SessionSnapshot, zone: ZoneInfo) -> Chosen | NotChosen:
    """Fit the session into one date of the event's wall clock (D3)."""
    if session.starts_at is None or session.ends_at is None:
        raise ValueError("a session without times has no schedule")
    start = session.starts_at.astimezone(zone).replace(microsecond=0)  # ASP's times have whole seconds
    end = session.ends_at.astimezone(zone).replace(microsecond=0)
    if end.astimezone(UTC) <= start.astimezone(UTC):
        return NotChosen(session, reasons.ENDS_BEFORE_START.words(), failed=True)
    if start.date() == end.date():
        if end.time() <= start.time():
            reason = reasons.CLOCKS_GO_BACK.words(end=f"{end:%H:%M}", start=f"{start:%H:%M}")
            return NotChosen(session, reason, failed=True)
        return Chosen(session, session.ends_at)
    if (start.hour, start.minute) == LAST_MINUTE:
        return NotChosen(session, reasons.STARTS_AT_MIDNIGHT.words(), failed=True)
    if end.time() > start.time():
        shortened = start.replace(hour=end.hour, minute=end.minute, second=end.second, fold=end.fold)
    else:
        shortened = start.replace(hour=LAST_MINUTE[0], minute=LAST_MINUTE[1], second=0)
    warning = reasons.SEVERAL_DATES.words(
        until=f"{end:%-d %B %Y, %H:%M}",
        day=f"{start:%-d %B %Y}",
        start=f"{start:%H:%M}",
        end=f"{shortened:%H:%M}",
    )
    return Chosen(session, shortened, (warning,))
