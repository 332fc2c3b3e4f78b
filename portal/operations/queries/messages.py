"""The messages that wait for a user, each handed out once over all their pages (E3)."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import Row, select, update
from sqlalchemy.orm import joinedload

from portal.models import ACTIVE, Flash, Membership, Organisation, Run, RunStatus, db, now
from portal.sync.running.messages import flash_category


@dataclass(frozen=True, slots=True)
class Message:
    """What a toast says; `slug` and `run_id` lead to the run it tells of, `about` names its event, `lead` is what is
    seen there, and `undo` is where that is undone."""

    category: str
    text: str
    slug: str | None = None
    run_id: int | None = None
    lead: str = "Show the run"
    undo: str | None = None
    about: str = ""
    key: str = field(default_factory=lambda: secrets.token_hex(4))  # its element's id on the page


def claim_messages(user_id: int) -> list[Message]:
    """Take the messages that nobody has shown yet; what one page has taken, no other page gets."""
    theirs = (
        Flash.user_id == user_id,
        Flash.shown_at.is_(None),
        # A removed member hears nothing more of the organisation (G1).
        Flash.organisation_id.in_(select(Membership.organisation_id).where(Membership.user_id == user_id)),
    )
    waiting = select(Flash.id).where(*theirs)
    if db.session.scalar(waiting.limit(1)) is None:
        return []  # nothing to write: most pages take this way
    taken = db.session.execute(
        update(Flash)
        .where(*theirs)
        .values(shown_at=now())
        .returning(Flash.id, Flash.category, Flash.message, Flash.organisation_id, Flash.run_id)
    ).all()
    db.session.commit()
    return _messages(sorted(taken, key=lambda row: row.id))


def _messages(taken: list[Row[int, str, str, int, int | None]]) -> list[Message]:
    """What was taken, with what it leads to."""
    places = {row.organisation_id for row in taken}
    slugs = dict(
        db.session.execute(
            select(Organisation.id, Organisation.slug).where(Organisation.id.in_(places))
        ).all()
    )
    runs = {
        run.id: run
        for run in db.session.scalars(
            select(Run).where(Run.id.in_(row.run_id for row in taken)).options(joinedload(Run.event))
        )
    }
    return [
        Message(
            row.category,
            row.message,
            slugs.get(row.organisation_id),
            row.run_id,
            _lead_to(runs.get(row.run_id)),
            about=_name_of_event(runs.get(row.run_id)),
        )
        for row in taken
    ]


def mark_told(run: Run, user_id: int) -> None:
    """A page that has told how a run ended need not say so once more on the next one."""
    told = update(Flash).where(Flash.run_id == run.id, Flash.user_id == user_id, Flash.shown_at.is_(None))
    if db.session.execute(told.values(shown_at=now()).returning(Flash.id)).first() is not None:
        db.session.commit()


def result_of(run: Run) -> Message:
    """How a run ended, for a tab that has followed it."""
    return Message(
        flash_category(run.status),
        run.message or "",
        run.organisation.slug,
        run.id,
        _lead_to(run),
        about=_name_of_event(run),
    )


def _name_of_event(run: Run | None) -> str:
    """Which event a message tells of: it comes on whichever page its reader is by then."""
    return run.event.name if run is not None else ""


def _lead_to(run: Run | None) -> str:
    """What the link of a message promises of its run: failures only where something failed."""
    if run is not None and any(kind.get("failed") for kind in run.counts.values()):
        return "See what failed"
    if run is not None and run.withheld:
        return "See what waits for approval"
    stopped = run is not None and run.status in (RunStatus.FAILED, RunStatus.INTERRUPTED)
    return "See why" if stopped else "Show the run"


def list_own_active_runs(user_id: int) -> list[Run]:
    """The runs that this user asked for and that still wait or work."""
    return list(
        db.session.scalars(
            select(Run)
            .join(Membership, Membership.organisation_id == Run.organisation_id)
            .where(Run.user_id == user_id, Membership.user_id == user_id, Run.status.in_(ACTIVE))
            .options(joinedload(Run.event), joinedload(Run.organisation))
            .order_by(Run.id)
        )
    )
