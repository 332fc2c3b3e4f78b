"""What runs that were not carried through may have made in ASP without keeping the link (E11)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from portal.models import ACTIVE, Run, RunStatus, db
from portal.sync.planning.snapshot import ContactSnapshot, LinkSnapshot
from portal.text.matching import fold

# A cancelled run finishes the records in hand, but does not wait for answers that never came.
NOT_CARRIED_THROUGH = (RunStatus.FAILED, RunStatus.INTERRUPTED, RunStatus.CANCELLED)


def may_have_lost(event_id: int) -> bool:
    """Whether the event's last run was not carried through, or had a create that timed out."""
    last = db.session.execute(
        select(Run.status, Run.timed_out_at).where(*_ended(event_id)).order_by(Run.id.desc()).limit(1)
    ).first()
    return last is not None and (last.status in NOT_CARRIED_THROUGH or last.timed_out_at is not None)


def _ended(event_id: int) -> tuple[ColumnElement[bool], ...]:
    """The event's runs that are over; one that never began has neither made nor lost anything."""
    return Run.event_id == event_id, Run.status.not_in(ACTIVE), Run.started_at.is_not(None)


def last_loss(event_id: int) -> datetime | None:
    """When a run of the event last sent something that ASP may still carry out without the portal's knowing.

    That is the last sign of life of a run whose process died while it was writing, or the last create that timed
    out.
    """
    died = (Run.status == RunStatus.INTERRUPTED, Run.sessions_total > 0)
    moments = [
        db.session.scalar(select(func.max(Run.heartbeat_at)).where(Run.event_id == event_id, *died)),
        db.session.scalar(select(func.max(Run.timed_out_at)).where(Run.event_id == event_id)),
    ]
    return max((each for each in moments if each is not None), default=None)


def left_at_work(lost_at: datetime | None, timeout: float, moment: datetime) -> float:  # E11
    """For how many more seconds ASP may be at work on what an earlier run had sent.

    Until then a record that is not in ASP's list may still appear, as after a time-out within a run. Two machines'
    clocks may be compared here: if one is wrong, the wait is too short or too long, but never longer than one
    `timeout`.
    """
    if lost_at is None:
        return 0.0
    return max(0.0, timeout - max(0.0, (moment - lost_at).total_seconds()))


def people_in_making(
    event_id: int, contacts: Mapping[str, ContactSnapshot], links: Mapping[str, LinkSnapshot]
) -> dict[str, tuple[str, ...]]:
    """The e-mails under which runs since the last complete one may have made each contact that has no link.

    An address that is somebody else's by now is left out (I4).
    """
    ended = _ended(event_id)
    last_good = select(func.max(Run.id)).where(*ended, Run.status.not_in(NOT_CARRIED_THROUGH))
    since = db.session.scalar(last_good) or 0
    holders: dict[str, set[str]] = defaultdict(set)
    for contact in contacts.values():
        holders[fold(contact.email or "")].add(contact.id)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for in_making in db.session.scalars(
        select(Run.in_making).where(*ended, Run.id >= since).order_by(Run.id)
    ):
        for contact_id, email in in_making.items():
            if contact_id in contacts and contact_id not in links and not holders[email] - {contact_id}:
                found[contact_id][email] = None
    return {contact_id: tuple(emails) for contact_id, emails in found.items()}
