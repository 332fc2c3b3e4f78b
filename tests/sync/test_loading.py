"""What a plan is made from, as it comes out of the database: the programme, the mapping's rules and links."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from plan_samples import as_snapshot
from sync_world import (
    FAR_SITE,
    SITE,
    World,
    contact_id,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
)

from portal.asp.records import AspChoice
from portal.models import Choice, FrozenSession, KeptField, Link, LinkKind, Mapping, UnpublishedSpeaker, db
from portal.programme.reading import read_json
from portal.sync.planning.snapshot import Offer, RenamedChoice
from portal.sync.running.loading import load_programme
from portal.sync.running.terms import load_links, load_rules, offer_to_keep, remembered_offer

DEMO = Path(__file__).parents[2] / "demo" / "pyconfr-2025.json"
FILES = [
    {"name": "old", "url": "https://example.org/old", "created_at": "2026-01-01T09:00:00Z"},
    {"name": "new", "url": "https://example.org/new", "created_at": "2026-02-01T09:00:00Z"},
    {"name": "undated", "url": "https://example.org/undated"},
]


def test_a_stored_programme_is_loaded_as_it_was_read(world: World) -> None:
    stored = world.load(json.loads(DEMO.read_text(encoding="utf-8")))
    another = make_programme([make_session(1, on_it(1))], [make_contact(1)], id=4631)
    world.load(another)

    loaded, read = load_programme(stored), as_snapshot(read_json(DEMO, 10_000_000))

    assert loaded.contacts == read.contacts
    assert list(loaded.contacts) == list(read.contacts)
    assert [replace(each, choices=(), content_url=None) for each in loaded.sessions] == [
        replace(each, content_url=None) for each in read.sessions
    ]
    assert loaded.timezone == read.timezone


def test_every_part_of_a_session_is_loaded_in_its_order(world: World) -> None:
    session = make_session(
        1,
        on_it(2, "moderator", "declined"),
        on_it(1),
        format={"id": "f", "name": "Talk"},
        room={"id": "r", "name": "Hall"},
        track={"id": "k", "name": "Web"},
        level={"id": "l", "name": "Easy"},
        language={"id": "g", "name": "French"},
        tags=[{"id": "b", "name": "Beta", "color": "#112233"}, {"id": "a", "name": "Alpha"}],
        description="<p>Words</p>",
        is_public=False,
        content=FILES,
    )
    event = world.load(make_programme([session, make_session(2)], [make_contact(1), make_contact(2)]))
    ids = {each.name: each.id for each in db.session.scalars(db.select(Choice))}

    loaded, other = load_programme(event).sessions

    assert (loaded.format, loaded.room, loaded.track, loaded.level, loaded.language) == (
        "Talk", "Hall", "Web", "Easy", "French",
    )  # fmt: skip
    assert (loaded.tags, loaded.tag_colours) == (("Beta", "Alpha"), ("#112233", None))
    assert [(each.contact_id, each.role, each.status) for each in loaded.participants] == [
        (contact_id(2), "moderator", "declined"),
        (contact_id(1), "speaker", "accepted"),
    ]
    assert (loaded.content_url, loaded.is_public, loaded.description) == (
        "https://example.org/new", False, "<p>Words</p>",
    )  # fmt: skip
    assert loaded.choices == (
        ("format", ids["Talk"], "Talk"),
        ("room", ids["Hall"], "Hall"),
        ("track", ids["Web"], "Web"),
        ("level", ids["Easy"], "Easy"),
        ("language", ids["French"], "French"),
        ("tags", ids["Beta"], "Beta"),
        ("tags", ids["Alpha"], "Alpha"),
    )
    assert (other.tags, other.participants, other.content_url, other.choices) == ((), (), None, ())


def test_c6_a_synced_name_that_is_another_by_now_counts_as_renamed(world: World) -> None:
    rooms = [
        make_session(each, room={"id": f"r{each}", "name": f"Room {each}"}, track={"id": "k", "name": "Web"})
        for each in (1, 2, 3)
    ]
    event = world.load(make_programme(rooms))
    for choice in db.session.scalars(db.select(Choice)):
        choice.synced_name = {"Room 1": "Former", "Room 2": "ROOM 2", "Web": "Former"}.get(choice.name)
    db.session.commit()

    assert load_programme(event).renamed == (RenamedChoice("room", "Former", "Room 1"),)


@pytest.fixture
def mapping(world: World) -> Mapping:
    return world.mapping(world.prepare(crowd(1)))


@pytest.mark.parametrize(
    "name",
    [
        "send_moderators", "send_chairpersons", "send_content", "unpublish_sessions", "unpublish_speakers",
        "recreate_deleted", "people_first",
    ],
)  # fmt: skip
def test_each_setting_of_a_mapping_is_a_rule_of_its_own(world: World, mapping: Mapping, name: str) -> None:
    before = load_rules(mapping, world.settings)

    setattr(mapping, name, not getattr(mapping, name))

    assert load_rules(mapping, world.settings) == replace(before, **{name: not getattr(before, name)})


def test_rules_have_the_rows_of_the_mapping_and_the_portals_limits(world: World, mapping: Mapping) -> None:
    mapping.timezone_confirmed_for = "Europe/Paris"
    rows = [(row.kind, row.field, row.slug) for row in mapping.field_mappings]

    rules = load_rules(mapping, world.settings, unpublish_approved=7)

    assert [("session", row.field, row.slug) for row in rules.session_fields] == [
        row for row in rows if row[0] == "session"
    ]
    assert [("speaker", row.field, row.slug) for row in rules.speaker_fields] == [
        row for row in rows if row[0] == "speaker"
    ]
    assert (rules.unpublish_approved, rules.timezone_confirmed_for) == (7, "Europe/Paris")
    assert (rules.unpublish_limit, rules.unpublish_share) == (
        world.settings.unpublish_limit,
        world.settings.unpublish_share,
    )


def test_i2_links_are_those_of_the_organisation_the_site_and_the_seminar(
    world: World, mapping: Mapping
) -> None:
    other = world.add_organisation("other").id
    ours, seminar = mapping.organisation_id, mapping.seminar_uuid
    add_link(ours, SITE, seminar, LinkKind.SESSION, session_id(1), "S1", gone=True)
    add_link(ours, SITE, "", LinkKind.SPEAKER, contact_id(1), "P1", unpublished=True)
    add_link(ours, SITE, seminar, LinkKind.STREAM, "tag", "T1")
    add_link(ours, SITE, seminar, LinkKind.LOCATION, "room", "L1")
    add_link(ours, SITE, "another", LinkKind.SESSION, session_id(2), "S2")
    add_link(ours, FAR_SITE, "", LinkKind.SPEAKER, contact_id(2), "P2")
    add_link(other, SITE, seminar, LinkKind.SESSION, session_id(3), "S3")
    for organisation, site in ((ours, SITE), (ours, FAR_SITE), (other, SITE)):
        place = {"organisation_id": organisation, "site_uuid": site}
        key = f"{organisation}-{site}"
        db.session.add(FrozenSession(**place, source_id=f"f-{key}"))
        db.session.add(UnpublishedSpeaker(**place, asp_uuid=f"u-{key}"))
        db.session.add(
            KeptField(**place, seminar_uuid="", kind="speaker", key=contact_id(1), slug=f"k-{key}")
        )
    db.session.commit()

    links = load_links(mapping)

    assert {key: (link.asp_uuid, link.gone) for key, link in links.sessions.items()} == {
        session_id(1): ("S1", True)
    }
    (person,) = links.speakers.values()
    assert (person.asp_uuid, person.unpublished, person.gone) == ("P1", True, False)
    assert person.kept == {f"k-{ours}-{SITE}"}
    assert (links.streams["tag"].asp_uuid, links.locations["room"].asp_uuid) == ("T1", "L1")
    assert links.frozen == {f"f-{ours}-{SITE}"}
    assert links.unpublished == {f"u-{ours}-{SITE}"}


def add_link(
    organisation: int, site: str, seminar: str, kind: str, key: str, uuid: str, **more: object
) -> None:
    place = {"organisation_id": organisation, "site_uuid": site, "seminar_uuid": seminar}
    db.session.add(Link(**place, kind=kind, key=key, asp_uuid=uuid, pushed_hash="", pushed={}, **more))


def test_what_the_seminar_offered_is_remembered_without_asking(world: World, mapping: Mapping) -> None:
    add_link(mapping.organisation_id, SITE, mapping.seminar_uuid, LinkKind.STREAM, "tag", "T1")
    add_link(mapping.organisation_id, SITE, mapping.seminar_uuid, LinkKind.LOCATION, "room", "L1")
    offered = Offer(
        custom_fields={"a": "text"}, session_types=("Talk", "Keynote"), site_timezone="Europe/Paris"
    )
    mapping.offer = offer_to_keep(offered)
    db.session.commit()

    assert remembered_offer(mapping, load_links(mapping)) == replace(
        offered, streams=(AspChoice("T1", "tag"),), locations=(AspChoice("L1", "room"),)
    )


def test_where_nothing_is_remembered_nothing_was_offered(world: World, mapping: Mapping) -> None:
    mapping.offer = {}

    assert remembered_offer(mapping, load_links(mapping)) == Offer(
        custom_fields={}, session_types=(), site_timezone=None
    )
