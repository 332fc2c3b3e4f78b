"""The website that is due is looked at by a worker, one at a time."""

from sync_world import World, crowd

from portal.models import WebsiteLook, db, now
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
