"""What stands in the queue of a run and of what else a worker does: ids alone, each once where once is enough."""

from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis
from rq import Queue

from portal.config import Settings
from portal.errors import PortalError
from portal.sync.running.queue import (
    EMBEDDED_SOCKET,
    PlainJob,
    calls,
    enqueue_preview,
    enqueue_run,
    open_queue,
    open_redis,
    put_messages,
    put_notices,
    put_run,
    put_website_look,
    queue_url,
)

NOWHERE = (
    "The queue cannot be reached, so no worker can begin. Start the portal with `portal up`, or see that "
    "PORTAL_REDIS_URL names a running Redis."
)


class Remembered:
    """A queue that remembers what was put into it."""

    def __init__(self, *standing: str) -> None:
        self._standing = standing
        self.put: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    @property
    def queue(self) -> Queue:
        return cast(Queue, self)

    def get_job_position(self, job_id: str) -> int | None:
        return self._standing.index(job_id) if job_id in self._standing else None

    def enqueue(self, *arguments: Any, **settings: Any) -> None:
        self.put.append((arguments, settings))


def test_a_run_is_put_by_its_id_and_may_take_as_long_as_it_has_to() -> None:
    queue = Remembered()

    put_run(queue.queue, 17)

    assert queue.put == [
        (
            ("portal.workers.jobs.run_sync", 17),
            {
                "job_id": "run-17",
                "job_timeout": -1,
                "result_ttl": 600,
                "failure_ttl": 86_400,
                "description": "run 17",
            },
        )
    ]


def test_e8_a_look_goes_before_the_runs_that_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    queue, settings = Remembered(), Settings(instance_dir=tmp_path, redis_url="redis://127.0.0.1:1/0")
    monkeypatch.setattr("portal.sync.running.queue.open_queue", lambda _redis: queue.queue)

    enqueue_preview(5, settings)
    enqueue_run(17, settings)

    (look, how), (run, _) = queue.put
    assert (look, run) == (("portal.workers.jobs.make_preview", 5), ("portal.workers.jobs.run_sync", 17))
    assert how == {
        "job_id": "preview-5",
        "job_timeout": 300,
        "result_ttl": 600,
        "failure_ttl": 86_400,
        "description": "preview 5",
        "at_front": True,
    }


@pytest.mark.parametrize(
    ("put", "job_id", "called"),
    [
        (put_notices, "notices", ("portal.workers.jobs.tell_news",)),
        (put_website_look, "website", ("portal.workers.jobs.look_at_website",)),
        (lambda queue: put_messages(queue, 3), "messages-3", ("portal.workers.jobs.take_in_messages", 3)),
    ],
)
def test_what_is_done_once_for_all_is_put_unless_it_stands_there(
    put: Any, job_id: str, called: tuple[Any, ...]
) -> None:
    empty, full = Remembered("another"), Remembered("another", job_id)

    put(empty.queue)
    put(full.queue)

    settings = {"job_id": job_id, "job_timeout": 300, "result_ttl": 600, "description": job_id}
    assert (empty.put, full.put) == ([(called, settings)], [])


def test_the_queue_is_what_is_set_or_else_the_one_that_portal_up_has_started(tmp_path: Path) -> None:
    folder = tmp_path / "an instance"
    socket = folder / EMBEDDED_SOCKET
    unset, is_set = (
        Settings(instance_dir=folder),
        Settings(instance_dir=folder, redis_url="redis://there:1/2"),
    )

    before = queue_url(unset)
    socket.parent.mkdir(parents=True)
    socket.touch()

    assert (before, queue_url(is_set)) == ("", "redis://there:1/2")
    assert queue_url(unset) == f"unix://{folder.resolve()}/queue/valkey.sock".replace(" ", "%20")


def test_an_address_that_is_none_is_refused_without_its_password(tmp_path: Path) -> None:
    settings = Settings(instance_dir=tmp_path, redis_url="redis://:pass/word@host:6379")

    with pytest.raises(PortalError) as refused:
        open_redis(settings)

    assert str(refused.value) == (
        "PORTAL_REDIS_URL cannot be used: it must be an address such as redis://localhost:6379/0 (in a password, "
        "special characters are written as %XX)."
    )
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("redis_url", ["", "redis://127.0.0.1:1/0", "unix:///nowhere.sock"])
@pytest.mark.parametrize("enqueue", [enqueue_run, enqueue_preview])
def test_a_queue_that_is_out_of_reach_is_told_in_an_admins_words(
    tmp_path: Path, enqueue: Any, redis_url: str
) -> None:
    with pytest.raises(PortalError) as problem:
        enqueue(1, Settings(instance_dir=tmp_path, redis_url=redis_url))

    assert str(problem.value) == NOWHERE


def test_a_queue_that_does_not_take_a_connection_is_not_waited_for_long(tmp_path: Path) -> None:
    redis = open_redis(Settings(instance_dir=tmp_path, redis_url="redis://127.0.0.1:1/3"))

    settings = redis.connection_pool.connection_kwargs
    assert (settings["socket_connect_timeout"], settings["port"], settings["db"]) == (5, 1, 3)


def test_jobs_are_written_down_as_json() -> None:
    queue = open_queue(Redis())
    job = PlainJob.create("portal.workers.jobs.run_sync", (17,), connection=Redis(), id="run-17")

    assert (queue.name, queue.job_class) == ("portal-sync", PlainJob)
    assert (job.id, job.data) == ("run-17", b'["portal.workers.jobs.run_sync", null, [17], {}]')
    assert calls(job, "portal.workers.jobs.run_sync")
    assert not calls(job, "portal.workers.jobs.tell_news")
    assert not calls(None, "portal.workers.jobs.run_sync")
