"""What is told before a run: the same counts and changes, from the same material, and nothing written (E8, D12)."""

from dataclasses import replace
from typing import Any

import pytest
from plan_samples import (
    contact_snapshot,
    make_link,
    make_links,
    make_rules,
    programme_snapshot,
    session_snapshot,
)
from sync_world import SEMINAR, UNREADY_SEMINAR, World, crowd, session_id

from portal.models import Connection, Mapping, Outcome, db, now
from portal.operations.connection.clients import client_for
from portal.sync.planning.intent import Action
from portal.sync.planning.snapshot import Programme
from portal.sync.pushing.links import Place
from portal.sync.pushing.written import OUTCOMES
from portal.sync.running.fingerprint import fingerprint
from portal.sync.running.intended_changes import Change
from portal.sync.running.material import Material, load_material
from portal.sync.running.moment import one_moment
from portal.sync.running.preview import Preview, preview_sync


def look(world: World, programme: dict[str, Any], seminar: str = SEMINAR) -> Preview:
    """Preview a sync of the programme, whose event is loaded and mapped first."""
    event = world.load(programme)
    if not db.session.scalar(db.select(Mapping)):
        world.connect()
        world.map(event, seminar=seminar)
    connection = db.session.scalars(db.select(Connection)).one()
    client = client_for(connection)
    with one_moment():
        material = load_material(world.mapping(event), connection, world.settings)
    before = world.asp.stats()["requests"]
    seen = preview_sync(material, client, in_flight=2, moment=now())
    assert client.waiting.stop.is_set()
    client.close()
    assert seen.requests == world.asp.stats()["requests"] - before
    return seen


def test_e8_a_preview_tells_what_would_become_of_each_record(world: World) -> None:
    first = look(world, crowd(2))
    world.sync(world.load(crowd(2)))
    changed = crowd(2)
    changed["sessions"][0]["title"] = "Another"
    changed["sessions"][1]["status"] = "declined"
    second = look(world, changed)

    assert first.counts["sessions"]["created"] == first.counts["speakers"]["created"] == 2
    assert [each.kind for each in first.records] == ["session", "session", "speaker", "speaker"]
    assert (first.stop, first.withheld, len(first.changes)) == (None, 0, 4)
    assert 0 <= first.seconds < 600
    assert (second.counts["sessions"]["updated"], second.counts["sessions"]["skipped"]) == (1, 1)
    assert second.counts["speakers"] == {
        "attempted": 1,
        "synced": 1,
        "created": 0,
        "updated": 0,
        "unchanged": 1,
        "skipped": 1,
        "failed": 0,
    }
    assert second.changes == (
        Change("session", session_id(1), "Another", Outcome.UPDATED, {"Title": ("Session 1", "Another")}),
    )


def test_d12_a_preview_tells_how_much_would_wait_for_a_word(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    mapping = world.mapping(event)
    mapping.unpublish_sessions = mapping.unpublish_speakers = True
    db.session.commit()
    declined = crowd(2)
    for session in declined["sessions"]:
        session["status"] = "declined"

    seen = look(world, declined)

    assert (seen.withheld, [each.withheld for each in seen.records]) == (4, [True] * 4)


def test_d8_a_preview_of_what_cannot_be_synced_says_why(world: World) -> None:
    seen = look(world, crowd(1), UNREADY_SEMINAR)

    assert seen.stop is not None
    assert "“sessionboard_id”" in seen.stop
    assert (seen.changes, seen.counts["sessions"]["attempted"]) == ((), 0)


def test_e10_an_asp_that_cannot_be_asked_stops_the_preview(world: World) -> None:
    look(world, crowd(1))
    world.asp.control(fail_rate=1, fail_status=401)

    seen = look(world, crowd(1))

    assert seen.stop == "ASP Events did not accept this API key and secret."
    assert (seen.records, seen.changes, seen.warnings) == ((), (), ())


# Whether a preview still holds

PROGRAMME: Programme = programme_snapshot(session_snapshot(1), contacts=[contact_snapshot(1)])
MATERIAL = Material(
    PROGRAMME,
    make_rules(),
    make_links([make_link("1", kept=frozenset("abc"))]),
    Place(1, 2, "site", "seminar"),
    1,
)


def test_the_same_material_has_the_same_fingerprint() -> None:
    link = make_link("1", kept=frozenset("cab"))
    again = replace(MATERIAL, links=make_links([link]), mapping_id=2)

    assert fingerprint(again) == fingerprint(MATERIAL)
    assert len(fingerprint(MATERIAL)) == 32


def test_d12_a_word_that_is_given_makes_no_other_fingerprint() -> None:
    approved = replace(MATERIAL, rules=make_rules(unpublish_approved=7))

    assert fingerprint(approved) == fingerprint(MATERIAL)


@pytest.mark.parametrize(
    "changed",
    [
        {"programme": replace(PROGRAMME, timezone="Europe/Rome")},
        {"programme": programme_snapshot(session_snapshot(1, title="É"), contacts=[contact_snapshot(1)])},
        {"programme": programme_snapshot(session_snapshot(1), contacts=[contact_snapshot(2)])},
        {"rules": make_rules(people_first=True)},
        {"links": make_links([make_link("1", kept=frozenset("ab"))])},
        {"place": Place(1, 2, "site", "other")},
    ],
    ids=["event", "session", "person", "rules", "link", "place"],
)
def test_whatever_a_plan_is_made_from_makes_another_fingerprint(changed: dict[str, Any]) -> None:
    assert fingerprint(replace(MATERIAL, **changed)) != fingerprint(MATERIAL)


def test_every_action_is_an_outcome() -> None:
    assert set(OUTCOMES) == set(Action)
