"""A session as its form shows it, what its form offers to choose from, and whether an event may be edited at all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from portal.models import Choice, ChoiceKind, Event, Session, SessionTag, db
from portal.operations.queries.agenda import Tag
from portal.operations.queries.statuses import list_statuses
from portal.programme.drafts import Draft
from portal.programme.statuses import STANDARD
from portal.text.matching import trimmed

FROM_SESSIONBOARD = "sessionboard"
SINGLE_KINDS = (ChoiceKind.ROOM, ChoiceKind.FORMAT, ChoiceKind.TRACK, ChoiceKind.LEVEL, ChoiceKind.LANGUAGE)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a session's form offers: statuses, and by kind the id and name of each entry of the event's lists."""

    statuses: list[str]
    choices: dict[str, list[tuple[str, str]]]
    tags: dict[str, Tag]  # by id


def why_not_edit(event: Event) -> str | None:
    """Why the event's programme cannot be changed here, and where it can; None when it can (H1, H3)."""
    if event.source == FROM_SESSIONBOARD:
        return "This event comes from Sessionboard. Change it there; the next sync brings it in."
    return None


def draft_of_session(session: Session) -> Draft:
    """The session as its form shows it; the form writes back only what its reader changes."""
    tags = db.session.scalars(
        select(SessionTag.choice_id)
        .where(SessionTag.session_id == session.id)
        .order_by(SessionTag.position, SessionTag.choice_id)
    )
    return {
        "title": typed(session.title),
        "status": session.status,
        "client_session_id": typed(session.client_session_id),
        "is_public": session.is_public,
        "starts_at": written(session.starts_at),
        "ends_at": written(session.ends_at),
        **{kind: str(getattr(session, f"{kind}_id") or "") for kind in SINGLE_KINDS},
        "tags": [str(each) for each in tags],
        "description": typed(session.description),
    }


def empty_session_draft() -> Draft:
    """A session that is about to be made."""
    return draft_of_session(Session(title="", status="accepted", is_public=True))


def typed(text: str | None) -> str:
    """A text as a form gives it back: with plain line ends, and nothing invisible around it."""
    return trimmed((text or "").replace("\r\n", "\n").replace("\r", "\n"))


def written(moment: datetime | None) -> str:
    """A point in time to the minute, as a draft holds it; "" for none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else ""


def list_offered(event: Event) -> Offered:
    choices: dict[str, list[tuple[str, str]]] = defaultdict(list)
    tags = {}
    for choice in db.session.scalars(
        select(Choice).where(Choice.event_id == event.id).order_by(func.lower(Choice.name), Choice.id)
    ):
        choices[choice.kind].append((str(choice.id), choice.name))
        if choice.kind == ChoiceKind.TAG:
            tags[str(choice.id)] = Tag(choice.name, choice.colour)
    used = [each.name for each in list_statuses(event)]
    return Offered([*STANDARD, *(name for name in used if name not in STANDARD)], dict(choices), tags)
