"""Messages of the webhook: noted while their sender waits, taken in one after the other afterwards (H1).

What a message changes may have to wait for an import or a pull that is being stored; its sender does not.
"""

import time

from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from portal.errors import Refused
from portal.models import NotedMessage, db
from portal.operations.seats import take_seat
from portal.operations.sources.receiving import receive_message
from portal.operations.syncing.queueing import start_wanted_syncs
from portal.programme.sources.sessionboard.messages import read_message
from portal.wire import NoJson, json_of

MOST_NOTED = 2_000  # of one organisation (G5)
AT_ONCE = 20  # that are taken in before a sync is asked for
PAUSE = 0.1  # seconds in which nothing came
LONGEST_BURST = 2.0  # seconds


def note_message(organisation_id: int, body: bytes) -> bool:
    """Note the message; False for one that is not understood. Raises NoJson, and Refused when too many wait."""
    if b"\0" in body:  # another encoding than UTF-8, which no database takes as text
        raise NoJson
    if read_message(json_of(body)) is None:
        return False
    noted = select(func.count()).where(NotedMessage.organisation_id == organisation_id)
    if (db.session.scalar(noted) or 0) >= MOST_NOTED:
        raise Refused("Too many messages wait. Send this one again later.")
    db.session.add(NotedMessage(organisation_id=organisation_id, body=body.decode("utf-8", "replace")))
    db.session.commit()
    return True


def take_in_messages(organisation_id: int) -> None:
    """Take in what is noted, in the order in which it came, and ask for the syncs that it wants.

    Where somebody is at it already, they see to what has come meanwhile too.
    """
    while _newest(organisation_id) is not None:
        seat = take_seat(f"messages-{organisation_id}", 1, 0)
        if seat is None:
            return
        try:
            _await_a_pause(organisation_id)
            while messages := _noted(organisation_id):
                if _take_in(organisation_id, messages):
                    start_wanted_syncs(organisation_id)
        finally:
            seat.free()


def _await_a_pause(organisation_id: int) -> None:
    """A burst is answered before the first of it is taken in: both write, and SQLite lets one write at a time."""
    ends_at = time.monotonic() + LONGEST_BURST
    seen = None
    while (newest := _newest(organisation_id)) != seen and time.monotonic() < ends_at:
        seen = newest
        time.sleep(PAUSE)


def organisations_with_messages() -> list[int]:
    """The ids of those for whom something is noted."""
    return list(db.session.scalars(select(NotedMessage.organisation_id).distinct()))


def _newest(organisation_id: int) -> int | None:
    """The id of the message that came last."""
    query = select(func.max(NotedMessage.id)).where(NotedMessage.organisation_id == organisation_id)
    newest = db.session.scalar(query)
    db.session.rollback()
    return newest


def _noted(organisation_id: int) -> dict[int, str]:
    """Some messages by their ids, the first ones first; no transaction stays open."""
    query = select(NotedMessage.id, NotedMessage.body).where(NotedMessage.organisation_id == organisation_id)
    found = {id: body for id, body in db.session.execute(query.order_by(NotedMessage.id).limit(AT_ONCE))}
    db.session.rollback()
    return found


def _take_in(organisation_id: int, messages: dict[int, str]) -> bool:
    """Whether anything is to be synced now. A message is forgotten after it was taken in: twice does no harm."""
    wanted, done = False, list[int]()
    try:
        for message_id, body in messages.items():
            done.append(message_id)
            wanted |= receive_message(organisation_id, json_of(body.encode()))
    except OperationalError:  # the database is away or too busy
        db.session.rollback()
        done.pop()
        raise
    finally:  # one that breaks something would stand before all others for ever; the next pull brings what it told
        db.session.rollback()
        db.session.execute(delete(NotedMessage).where(NotedMessage.id.in_(done)))
        db.session.commit()
    return wanted
