"""The website that is due is looked at by a worker, one at a time."""

import subprocess
from collections.abc import Callable

from sync_world import World, crowd, wait_until

from portal.models import WebsiteLook, db, now
from portal.operations.syncing.queueing import start_sync
from portal.sync.running.queue import open_queue, open_redis
from portal.workers.jobs import look_at_website
from portal.workers.schedule import MappingScheduler


def test_the_scheduler_lets_a_worker_look_once(queued: World) -> None:
    event = queued.prepare(crowd(1))
    queued.mapping(event).agenda_address = f"{queued.asp.url}/"
    db.session.commit()
    queued.sync(event)
    with open_redis(queued.settings) as redis:
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        scheduler.look()
        scheduler.look()
        asked = open_queue(redis).job_ids
        done = (look_at_website(), look_at_website())
        open_queue(redis).empty()
        scheduler.look()

        assert (asked, done, open_queue(redis).job_ids) == (["website"], ("looked", "none is due"), [])


def test_a_look_whose_worker_died_is_taken_up_after_its_pause(queued: World) -> None:
    event = queued.prepare(crowd(1))
    queued.mapping(event).agenda_address = f"{queued.asp.url}/"
    db.session.commit()
    queued.sync(event)

    look_at_website()

    look = db.session.query(WebsiteLook).one()
    assert (look.tries, look.next_at is not None and look.next_at > now()) == (1, True)
    assert look.problem == "127.0.0.1 could not be read (it leads into a private network)."


def test_from_the_button_to_the_website_by_worker_and_scheduler(
    make_world: Callable[..., World], queue_url: str, started: list["subprocess.Popen[str]"]
) -> None:
    world = make_world(redis_url=queue_url, private_webhooks=True)
    event = world.prepare(crowd(3))
    mapping = world.mapping(event)
    mapping.agenda_address = f"{world.asp.url}/?seminar={mapping.seminar_uuid}"
    db.session.commit()
    started += [world.command("worker"), world.command("portal", "scheduler")]

    run_id = start_sync(mapping, "admin@example.org", None).id

    def seen() -> WebsiteLook | None:
        db.session.rollback()
        return db.session.scalar(db.select(WebsiteLook).where(WebsiteLook.seen_at.is_not(None)))

    look = wait_until(seen, 120)
    assert (look.run_id, look.expected, look.found, look.missing, look.problem) == (run_id, 3, 3, [], None)
    assert (look.tries, look.next_at) == (1, None)  # asked once, and never again
