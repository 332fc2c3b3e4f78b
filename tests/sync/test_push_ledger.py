"""What a run writes down as it goes, and when (E2, E3, E7, E11, E13, E14, F4, I2, I3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from plan_samples import make_link
from push_samples import intend
from sqlalchemy.exc import OperationalError
from sync_world import SEMINAR, SITE, World, session_id

from portal.asp.errors import Stopped
from portal.models import (
    Choice,
    Connection,
    FrozenSession,
    Link,
    Outcome,
    Run,
    RunRecord,
    RunStatus,
    UnpublishedSpeaker,
    db,
    now,
)
from portal.sync.planning.intent import Action, IntendedChoice, Plan
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.pushing.ledger import HEARTBEAT, LONGEST_AWAY, RunLedger
from portal.sync.pushing.links import NewLinks, Place
from portal.sync.pushing.written import PUBLISHED, Written
from portal.sync.running.execution import begin_run

AWAY = OperationalError("SELECT 1", {}, Exception("the server restarts"))
LINKED = (
    "kind", "key", "site_uuid", "seminar_uuid", "asp_uuid", "pushed", "pushed_hash", "refused", "unpublished", "gone",
    "hidden",
)  # fmt: skip


class Began:
    """A run that has begun, with its ledger, on clocks of its own."""

    def __init__(self, world: World) -> None:
        self.world, self.event = world, world.add_event()
        self.id = world.add_run(self.event).id
        self.moment: datetime = now().replace(microsecond=0)
        assert begin_run(self.id, self.moment)
        self.seconds = 100.0
        self.paused: list[float] = []
        ours = {"organisation_id": world.organisation.id, "api_key": "-", "connected_by": "tester"}
        connection = Connection(**ours, secret_encrypted=b"")
        db.session.add(connection)
        db.session.commit()
        place = Place(world.organisation.id, connection.id, SITE, SEMINAR)
        self.ledger = RunLedger(
            self.id, NewLinks(place, self._now), lambda: self.seconds, self._now, self._pause
        )

    def _now(self) -> datetime:
        return self.moment

    def _pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.seconds += seconds

    def beat(self, after: float = HEARTBEAT) -> None:
        self.seconds += after
        self.moment += timedelta(seconds=after)
        self.ledger.beat()

    @property
    def row(self) -> Run:
        return self.world.run(self.id)

    def records(self) -> list[RunRecord]:
        return list(db.session.scalars(db.select(RunRecord).order_by(RunRecord.id)))

    def links(self) -> list[tuple[Any, ...]]:
        rows = db.session.scalars(db.select(Link).order_by(Link.id).execution_options(populate_existing=True))
        return [tuple(getattr(row, name) for name in LINKED) for row in rows]


@pytest.fixture
def run(world: World) -> Began:
    return Began(world)


def a_session(id: str = "1", outcome: Outcome = Outcome.UPDATED, **more: Any) -> Written:
    return Written("session", id, f"Name of {id}", outcome, **more)


def a_person(id: str = "p", outcome: Outcome = Outcome.CREATED, **more: Any) -> Written:
    return Written("speaker", id, f"Name of {id}", outcome, **more)


def test_e7_a_record_is_written_down_with_what_was_really_written_of_it(run: Began) -> None:
    planned = {"Title": ["Old", "New"], "Link": ["", "x"], PUBLISHED: ["no", "yes"]}
    run.ledger.planned = {("session", "1"): planned, ("speaker", "p"): planned}
    written = a_session(
        reason="Because.", warnings=("Mind.",), link=make_link("1"), changed=("Title",), withheld=True
    )

    run.ledger.record(written)
    run.ledger.record(a_person(changed=("Title",)))
    run.ledger.warn("Mind the whole.")
    run.ledger.warn("It stopped.", Outcome.FAILED)
    run.beat()

    told = [(each.kind, each.source_id, each.name, each.outcome, each.reason) for each in run.records()]
    assert told == [
        ("session", "1", "Name of 1", "updated", "Because."),
        ("session", "1", "Name of 1", "warning", "Mind."),
        ("speaker", "p", "Name of p", "created", None),
        ("run", str(run.id), f"Run {run.id}", "warning", "Mind the whole."),
        ("run", str(run.id), f"Run {run.id}", "failed", "It stopped."),
    ]
    first, warning, person, *_ = run.records()
    assert (first.run_id, first.changed, first.asp_uuid, first.withheld) == (run.id, ["Title"], "ASP-1", True)
    assert first.fields == {"Title": ["Old", "New"], PUBLISHED: ["no", "yes"]}
    assert (warning.changed, warning.fields, warning.asp_uuid, warning.withheld) == ([], {}, None, False)
    assert (person.changed, person.fields, person.asp_uuid) == (["Title"], {}, None)


def test_e3_progress_is_told_by_the_second_and_records_are_stored_as_they_come(run: Began) -> None:
    run.beat()
    begun = run.row.heartbeat_at
    run.ledger.record(a_session())
    run.ledger.record(a_session("2", Outcome.SKIPPED))
    run.ledger.record(a_person())

    run.beat(HEARTBEAT / 2)
    stored, told = len(run.records()), run.row.sessions_done
    run.beat(HEARTBEAT / 2)

    assert (stored, told, begun) == (3, 0, run.moment - timedelta(seconds=HEARTBEAT))
    assert (run.row.heartbeat_at, run.row.sessions_done, run.row.speakers_done) == (run.moment, 1, 1)
    assert len(run.records()) == 3  # each once


def test_e15_a_run_that_is_cancelled_stops_with_the_next_record(run: Began) -> None:
    run.beat()
    db.session.execute(db.update(Run).values(cancel_requested=True))
    db.session.commit()

    run.beat(HEARTBEAT / 2)  # nothing is in hand and no heartbeat due: nobody looks
    run.ledger.record(a_session())
    with pytest.raises(Stopped):
        run.beat(0)
    with pytest.raises(Stopped):
        run.beat()

    assert len(run.records()) == 1


def test_e14_a_run_that_was_taken_for_dead_stops_and_keeps_what_it_made(run: Began) -> None:
    db.session.execute(db.update(Run).values(status=RunStatus.INTERRUPTED))
    db.session.commit()
    run.ledger.record(a_session(link=make_link("1")))

    with pytest.raises(Stopped):
        run.beat()
    ended = run.ledger.finish(RunStatus.SUCCEEDED, "Done.")
    run.ledger.commit()

    assert (ended, run.row.status, len(run.links())) == (None, "interrupted", 1)


def test_e2_the_totals_are_what_is_tried(run: Began) -> None:
    speakers = tuple(intend("speaker", id, action=action) for id, action in zip("abc", Action, strict=False))
    sessions = (*(intend(id=action, action=action) for action in Action), intend(id="more"))

    run.ledger.expect(Plan(speakers, sessions, withheld=7), {"p": "ada@example.org"})

    assert (run.row.speakers_total, run.row.sessions_total, run.row.withheld) == (3, 5, 7)
    assert db.session.scalar(db.select(Run.in_making)) == {"p": "ada@example.org"}

    run.ledger.record(a_session("more", Outcome.SKIPPED))  # to be unpublished, and deleted in ASP by hand
    run.ledger.record(a_session("skip", Outcome.SKIPPED))
    run.ledger.finish(RunStatus.CANCELLED, "Cancelled.")
    run.ledger.commit()

    assert (run.row.speakers_total, run.row.sessions_total) == (3, 4)


def test_e11_who_is_linked_is_no_longer_in_the_making(run: Began) -> None:
    run.ledger.expect(Plan(), {"p": "p@example.org", "q": "q@example.org", "1": "never"})
    run.ledger.record(a_person(link=make_link("p")))
    run.ledger.record(a_person("q", Outcome.FAILED))
    run.ledger.record(a_session("1", link=make_link("1")))

    run.ledger.finish(RunStatus.FAILED, "Stopped.")
    run.ledger.commit()

    assert db.session.scalar(db.select(Run.in_making)) == {"q": "q@example.org", "1": "never"}


def test_e10_the_end_is_told_with_its_counts(run: Began) -> None:
    for outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.FAILED, Outcome.SKIPPED):
        run.ledger.record(a_session(outcome, outcome))
    run.ledger.record(a_person())

    ended = run.ledger.finish(RunStatus.PARTIAL, "So it ended.", requests=9, writes=4, seconds=1.5)
    run.ledger.commit()

    row = run.row
    assert (ended.user_id, ended.organisation_id) == (None, run.world.organisation.id)
    assert (row.status, row.message, row.finished_at) == ("partial", "So it ended.", run.moment)
    assert (row.requests, row.writes, row.seconds) == (9, 4, 1.5)
    assert (row.sessions_done, row.speakers_done) == (3, 1)
    assert (row.counts["sessions"]["attempted"], row.counts["sessions"]["skipped"]) == (3, 1)
    assert row.counts["speakers"]["created"] == 1
    assert len(run.records()) == 5


def test_c6_names_are_remembered_of_what_reached_asp_alone(run: Began) -> None:
    hall, attic = (
        Choice(event_id=run.event.id, kind="room", source_id=name, name=name) for name in ("Hall", "Attic")
    )
    db.session.add_all([hall, attic])
    db.session.commit()
    run.ledger.choices = {"1": [(hall.id, "Hall")], "2": [(hall.id, "Hall"), (attic.id, "Attic")]}
    run.ledger.record(a_session("1", Outcome.UNCHANGED))
    run.ledger.record(a_session("2", Outcome.FAILED))
    run.ledger.record(a_session("3", Outcome.CREATED))

    run.ledger.finish(RunStatus.PARTIAL, "So it ended.")
    run.ledger.commit()

    named = dict(db.session.execute(db.select(Choice.name, Choice.synced_name)).all())
    assert named == {"Hall": "Hall", "Attic": None}


@pytest.mark.parametrize("outcome", [Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED])
def test_c6_a_session_has_reached_asp_however_little_was_written_of_it(run: Began, outcome: Outcome) -> None:
    run.ledger.record(a_session("1", outcome))
    run.ledger.record(a_person("p", outcome))

    assert run.ledger.reached == {"1"}


# Links


def test_i2_links_are_stored_where_they_belong_with_all_that_was_pushed(run: Began) -> None:
    link = LinkSnapshot(
        "1", "ASP-1", {"Title": "One"}, "#", {"Link": {"value": "x", "message": "no"}}, hidden=True
    )
    run.ledger.record(a_session(link=link))
    run.ledger.record(a_person(link=LinkSnapshot("p", "ASP-2", unpublished=True, gone=True)))
    web = IntendedChoice("stream", "web", "Web", Action.CREATE, {"Name": "Web"})
    run.ledger.record_choice(web, "ASP-3")
    pushed_at = run.moment
    run.beat()

    assert run.links() == [
        (
            "session",
            "1",
            SITE,
            SEMINAR,
            "ASP-1",
            {"Title": "One"},
            "#",
            dict(link.refused),
            False,
            False,
            True,
        ),
        ("speaker", "p", SITE, "", "ASP-2", {}, "", {}, True, True, False),
        ("stream", "web", SITE, SEMINAR, "ASP-3", {"Name": "Web"}, "", {}, False, False, False),
    ]
    first = db.session.scalars(db.select(Link)).first()
    assert first is not None
    assert (first.organisation_id, first.pushed_at) == (run.world.organisation.id, pushed_at)


def test_i3_a_link_that_is_there_takes_what_was_pushed_now(run: Began) -> None:
    run.ledger.record(a_session(link=LinkSnapshot("1", "ASP-1", {"Title": "One"}, "#")))
    run.beat()
    before = db.session.execute(db.select(Link.id, Link.stamp)).one()
    again = LinkSnapshot("1", "ASP-9", {"Title": "Two"}, "##", {"a": 1}, True, True, True)
    pushed_at = run.moment
    run.ledger.record(a_session(link=again))
    run.beat()

    assert run.links() == [
        ("session", "1", SITE, SEMINAR, "ASP-9", {"Title": "Two"}, "##", {"a": 1}, True, True, True)
    ]
    after = db.session.execute(db.select(Link.id, Link.stamp, Link.pushed_at)).one()
    assert (after.id, after.pushed_at, after.stamp != before.stamp) == (before.id, pushed_at, True)


def test_d13_the_link_of_whom_the_record_was_ends_or_is_handed_on(run: Began) -> None:
    for id in "ab":
        run.ledger.record(a_person(id, link=make_link(id, f"ASP-{id}")))
    run.ledger.record(a_session("b", link=make_link("b", "ASP-T")))
    run.beat()

    run.ledger.record(a_person("c", link=make_link("c", "ASP-b"), former_key="b"))
    own = make_link("a", "ASP-d")
    run.ledger.record(a_person("d", link=make_link("d", "ASP-a"), former_key="a", handed_on=own))
    run.beat()

    assert {(kind, key): uuid for kind, key, _, _, uuid, *_ in run.links()} == {
        ("session", "b"): "ASP-T",
        ("speaker", "a"): "ASP-d",
        ("speaker", "c"): "ASP-b",
        ("speaker", "d"): "ASP-a",
    }


def test_e13_people_whose_records_are_gone_are_marked_on_this_site_alone(run: Began) -> None:
    for id in "ab":
        run.ledger.record(a_person(id, link=make_link(id, f"ASP-{id}")))
    run.ledger.record(a_session("1", link=make_link("1", "ASP-a")))
    run.beat()
    elsewhere = {"kind": "speaker", "asp_uuid": "ASP-a", "seminar_uuid": "", "pushed_hash": "", "key": "z"}
    other = run.world.add_organisation("other").id
    db.session.add(Link(organisation_id=run.world.organisation.id, site_uuid="another", **elsewhere))
    db.session.add(Link(organisation_id=other, site_uuid=SITE, **elsewhere))
    db.session.commit()

    run.ledger.record(a_session("2", gone=("ASP-a", "ASP-x")))
    run.beat()

    assert [(kind, key) for kind, key, *_, gone, _ in run.links() if gone] == [("speaker", "a")]


def test_f4_what_is_made_while_somebody_disconnects_is_frozen_or_marked(run: Began) -> None:
    db.session.execute(db.delete(Connection))
    db.session.commit()
    run.ledger.record(a_session(session_id(1), link=make_link(session_id(1))))
    run.ledger.record(a_person("p", link=make_link("p", "ASP-P")))
    run.ledger.record(a_person("q", link=make_link("q", "ASP-Q", unpublished=True)))
    for _ in range(2):  # what is there already stays
        run.ledger.links.store()

    run.ledger.commit()

    assert run.links() == []
    frozen = db.session.scalars(db.select(FrozenSession)).one()
    marked = db.session.scalars(db.select(UnpublishedSpeaker)).one()
    assert (frozen.source_id, frozen.frozen_at) == (session_id(1), run.moment)
    assert (marked.asp_uuid, marked.unpublished_at) == ("ASP-Q", run.moment)
    for each in (frozen, marked):
        assert (each.organisation_id, each.site_uuid) == (run.world.organisation.id, SITE)


# A database that restarts


def failing(times: int) -> Callable[[], str]:
    left = [AWAY] * times

    def work() -> str:
        if left:
            raise left.pop()
        return "stored"

    return work


def test_e14b_a_server_that_restarts_is_waited_for(
    run: Began, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(db.engine.dialect, "name", "postgresql")

    assert run.ledger.patiently(failing(3)) == "stored"

    assert run.paused == [0.5, 0.5, 0.5]
    assert caplog.messages == [f"Run {run.id} waits for the database: the server restarts"] * 3


def test_e14b_a_server_that_stays_away_ends_the_run(run: Began, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine.dialect, "name", "postgresql")

    with pytest.raises(OperationalError):
        run.ledger.patiently(failing(1000))

    assert sum(run.paused) == LONGEST_AWAY == 20


def test_e14b_a_file_does_not_restart(run: Began, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine.dialect, "name", "sqlite")

    with pytest.raises(OperationalError):
        run.ledger.patiently(failing(1))

    assert run.paused == []


def test_what_is_in_hand_is_said_and_forgotten_once_it_is_committed(run: Began) -> None:
    links = run.ledger.links
    for put in (
        lambda: links.keep("session", "1", make_link("1")),
        lambda: links.end("session", "1"),
        lambda: links.lose(("ASP-1",)),
    ):
        assert not links
        put()
        assert links
        links.forget()
