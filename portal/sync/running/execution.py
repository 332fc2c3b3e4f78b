"""One run from beginning to end.

load_material ─→ ask_offer ─→ make_plan ─→ push ─→ conclude ─→ finish
 (database,       (ASP)      (pure; asks    (ASP,    (counts →   (one commit: status,
  one moment)                 existing       ledger)   status)    counts, message)
                              records first)
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from portal.asp.client import AspClient
from portal.asp.errors import NoAnswer, Stopped
from portal.errors import INTERNAL, PortalError
from portal.models import Outcome, Run, RunStatus, db
from portal.sync.planning.columns import session_columns
from portal.sync.planning.deciding import named_pending
from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.keys import email_of
from portal.sync.planning.snapshot import Offer
from portal.sync.pushing.creating import Creator
from portal.sync.pushing.ledger import RunLedger
from portal.sync.pushing.links import NewLinks
from portal.sync.pushing.lookouts import lookouts
from portal.sync.pushing.pool import Pool
from portal.sync.pushing.push import push
from portal.sync.pushing.refusals import Refusals
from portal.sync.pushing.writing import Names, Writer
from portal.sync.running.asking import ask_offer, make_plan, people_to_make
from portal.sync.running.intended_changes import list_changes, shown_fields
from portal.sync.running.losses import left_at_work
from portal.sync.running.marks import keep_offer, mark_refusal
from portal.sync.running.material import Material
from portal.sync.running.messages import conclude, database_away, leave_message
from portal.sync.running.process_identity import own_process
from portal.sync.running.request_log import keep_requests

log = logging.getLogger(__name__)


def begin_run(run_id: int, moment: datetime) -> bool:
    """Take a queued run for this process; False when it is no longer waiting."""
    taken = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == RunStatus.QUEUED)
        .values(status=RunStatus.RUNNING, started_at=moment, heartbeat_at=moment, **own_process())
        .returning(Run.id)
    ).first()
    db.session.commit()
    return taken is not None


def execute_run(
    run_id: int,
    material: Material,
    client: AspClient,
    *,
    in_flight: int,
    now: Callable[[], datetime],
    fence: float = float("inf"),
    monotonic: Callable[[], float] = time.monotonic,
    begun: float | None = None,
) -> RunStatus:
    """Carry out a run that `begin_run` took, and close it whatever its end. Returns how it ended.

    `begun` is when it was taken, by the clock `monotonic`, where something was done for it before. Whatever ends it
    (a cancel, ASP, an error of our own) becomes a status and a message; the records in hand are finished.
    """
    begun = monotonic() if begun is None else begun
    ledger = RunLedger(run_id, NewLinks(material.place, now), monotonic, now)
    pool = Pool(client, in_flight, ledger, fence)
    try:
        status, message = _sync(material, client, pool, ledger, now)
    except Exception as problem:
        status, message = _end_early(problem, material, ledger)
    finally:
        client.waiting.stop.set()
        pool.close()
    spent = {
        "requests": client.tally.requests,
        "writes": client.tally.writes,
        "seconds": round(monotonic() - begun, 1),
        "timed_out_at": _timed_out_at(client, ledger),
    }
    ledger.patiently(lambda: _close(ledger, client, status, message, spent))
    return status


def _timed_out_at(client: AspClient, ledger: RunLedger) -> datetime | None:
    """When a create last timed out, which ASP may still carry out (E11)."""
    timed_out_at = client.tally.create_timed_out_at
    if timed_out_at is None:
        return None
    return ledger.now() - timedelta(seconds=client.waiting.clock() - timed_out_at)


def _end_early(
    problem: Exception, material: Material, ledger: RunLedger
) -> tuple[RunStatus, str]:  # E10, E15
    """What ended a run before it went through: a status, and words, which stand among its records too."""
    db.session.rollback()  # the ledger has what is not committed yet still in hand
    match problem:
        case Stopped():
            return RunStatus.CANCELLED, "Sync cancelled. What was written so far stays in ASP and is kept."
        case PortalError():
            mark_refusal(problem, material, ledger.now())
            words = str(problem)
        case OperationalError():
            words = database_away(ledger.run_id, problem)
        case _:
            log.error("Run %s ended by an error of the portal's own", ledger.run_id, exc_info=problem)
            words = INTERNAL
    ledger.warn(words, Outcome.FAILED)
    return RunStatus.FAILED, f"Sync stopped: {words}"


def _close(
    ledger: RunLedger, client: AspClient, status: RunStatus, message: str, spent: dict[str, Any]
) -> None:
    """Close the run, keep what was asked of ASP and tell who asked for it, in one commit."""
    closed = ledger.finish(status, message, **spent)
    if closed is not None:
        leave_message(closed.user_id, closed.organisation_id, ledger.run_id, status, message)
    keep_requests(ledger.run_id, client.tally.sent, ledger.now(), time.monotonic())
    ledger.commit()


def _sync(
    material: Material, client: AspClient, pool: Pool, ledger: RunLedger, now: Callable[[], datetime]
) -> tuple[RunStatus, str]:
    ledger.beat()
    offer, plan = _ask_and_plan(material, client, pool, now)
    ledger.expect(plan, people_to_make(plan, client.contract))
    if plan.stop:
        raise PortalError(plan.stop)
    for warning in plan.warnings:
        ledger.warn(warning)
    ledger.choices = _sent_choices(material, offer, client)
    ledger.planned = {
        (change.kind, change.id): shown_fields(change.fields)
        for change in list_changes(plan, offer, material)
        if change.outcome is Outcome.UPDATED
    }
    creator = _make_creator(plan, material, client)
    push(plan, client, _make_writer(plan, material, client, creator), pool, ledger)
    for warning in _doubles(creator, pool):
        ledger.warn(warning)
    return conclude(ledger.counts(), plan.withheld, material.support_contact, plan.frozen)


def _ask_and_plan(
    material: Material, client: AspClient, pool: Pool, now: Callable[[], datetime]
) -> tuple[Offer, Plan]:
    """What ASP offers, and the plan; anew after a wait where ASP may be at work for a run before (E11).

    The wait does not depend on the plan: what arrives late may be of a session or person that was declined
    meanwhile, and no later run would look for it.
    """
    offer = ask_offer(material.place, client, pool)
    keep_offer(material.mapping_id, material.place.connection_id, offer, changes_waiting=None)
    plan = make_plan(material, offer, client, pool, now())
    pause = left_at_work(material.lost_at, client.timeout, now())
    if pause == 0 or plan.stop:
        return offer, plan
    log.info("ASP may still be at work for a run before: it is asked again in %.0f s", pause)
    pool.ask(partial(client.waiting.pause, pause))
    offer = ask_offer(material.place, client, pool)
    return offer, make_plan(material, offer, client, pool, now())


def _sent_choices(material: Material, offer: Offer, client: AspClient) -> dict[str, list[tuple[int, str]]]:
    """The ids and names of what is sent of each session: a field that is not sent locks no name (C6)."""
    columns = session_columns(material.rules, offer, client.contract)
    return {
        session.id: [(choice_id, name) for field, choice_id, name in session.choices if columns.has(field)]
        for session in material.programme.sessions
    }


def _make_creator(plan: Plan, material: Material, client: AspClient) -> Creator:
    def written(records: tuple[Intended, ...]) -> list[Intended]:
        # One that is unchanged may still be written: a record that it refers to can be made again.
        return [each for each in records if each.action not in (Action.SKIP, Action.FAIL)]

    wanted = {
        "session": {each.id for each in written(plan.sessions)},
        "speaker": {email_of(each.values, client.contract) for each in written(plan.speakers)},
    }
    place = material.place
    return Creator(client, lookouts(client, place.seminar_uuid, place.site_uuid, wanted))


def _make_writer(plan: Plan, material: Material, client: AspClient, creator: Creator) -> Writer:
    contacts = material.programme.contacts
    owners = {
        link.asp_uuid: (key, contacts[key].name)
        for key, link in material.links.speakers.items()
        if key in contacts
    }
    people = {each.link.asp_uuid: each.name for each in plan.speakers if each.link is not None}
    there = {each: contacts[each.key].name for each in plan.known if each.key in contacts}
    return Writer(
        client,
        creator,
        Refusals(client, people),
        Names(owners, there | named_pending(plan.speakers, plan.choices)),
        material.place,
        recreate_deleted=material.rules.recreate_deleted,
    )


def _doubles(creator: Creator, pool: Pool) -> list[str]:
    """Look once more for what came twice all the same (E11); asks nothing where nothing was repeated."""
    if not creator.repeated:
        return []
    try:
        found: list[str] = pool.ask(creator.find_doubles)
    except NoAnswer as problem:
        return [
            f"A request that had timed out was repeated, and ASP’s list could not be read again: {problem}."
        ]
    return found
