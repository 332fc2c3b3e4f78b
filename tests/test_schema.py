"""The tables, the migrations and the revision that the program names belong together."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from portal.config import Settings
from portal.core import create_core
from portal.models import SCHEMA_REVISION, Base, Connection, Event, Mapping, Organisation, Run, db
from portal.schema import upgrade_database


@pytest.fixture
def upgraded(tmp_path: Path):
    with create_core(Settings(instance_dir=tmp_path)).app_context():
        upgrade_database()
        yield


def test_migrations_make_the_tables_of_the_models(upgraded) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_migration_is_the_one_that_the_program_expects(upgraded) -> None:
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA_REVISION


def test_upgrading_twice_changes_nothing(upgraded) -> None:
    upgrade_database()

    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA_REVISION


def make_mapping(organisation: Organisation, name: str, site: str) -> Mapping:
    event = Event(
        organisation_id=organisation.id, source="file", source_id=name, name=name, timezone="Europe/Paris"
    )
    mapping = Mapping(
        organisation_id=organisation.id,
        event=event,
        site_uuid=site,
        site_name=site,
        seminar_uuid="S",
        seminar_number="1",
        seminar_name="S",
        created_by="test",
    )
    db.session.add(mapping)
    db.session.flush()
    return mapping


def make_organisation(slug: str = "one") -> Organisation:
    organisation = Organisation(name=slug, slug=slug)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def test_b2_an_asp_event_is_mapped_once_in_an_organisation(upgraded) -> None:
    organisation = make_organisation()
    make_mapping(organisation, "first", "SITE")

    with pytest.raises(IntegrityError):
        make_mapping(organisation, "second", "SITE")


def test_b2_two_organisations_may_map_the_same_asp_event(upgraded) -> None:
    mappings = [make_mapping(make_organisation(slug), "event", "SITE") for slug in ("one", "two")]

    assert mappings[0].id != mappings[1].id


@pytest.mark.parametrize(("second", "allowed"), [("running", False), ("queued", False), ("succeeded", True)])
def test_e6_a_mapping_has_one_active_run(upgraded, second: str, allowed: bool) -> None:
    mapping = make_mapping(make_organisation(), "event", "SITE")
    rows = [
        {
            "organisation_id": mapping.organisation_id,
            "event_id": mapping.event_id,
            "mapping_id": mapping.id,
            "actor": "test",
            "destination": "SITE",
            "status": status,
        }
        for status in ("queued", second)
    ]

    if allowed:
        db.session.execute(insert(Run), rows)
    else:
        with pytest.raises(IntegrityError):
            db.session.execute(insert(Run), rows)


@pytest.mark.sqlite
def test_upgrading_keeps_every_row_and_what_refers_to_it(tmp_path: Path) -> None:
    with create_core(Settings(instance_dir=tmp_path)).app_context():
        upgrade_database("0001")
        execute = db.session.execute
        execute(
            text("INSERT INTO organisation (id, name, slug, created_at) VALUES (1, 'o', 'o', '2026-01-01')")
        )
        execute(
            text(
                "INSERT INTO event (id, organisation_id, source, name, timezone, created_at)"
                " VALUES (1, 1, 'file', 'e', 'UTC', '2026-01-01')"
            )
        )
        execute(
            text(
                "INSERT INTO mapping (id, organisation_id, event_id, site_uuid, site_name, seminar_uuid,"
                " seminar_number, seminar_name, created_at, created_by, unpublish_sessions, unpublish_speakers,"
                " unpublish_approved, send_moderators, send_chairpersons, send_content, recreate_deleted, offer)"
                " VALUES (7, 1, 1, 's', 's', 's', '1', 's', '2026-01-01', 't', false, false, 0, true, true, true,"
                " false, '{}')"
            )
        )
        execute(
            text(
                "INSERT INTO field_mapping (mapping_id, kind, position, field, slug)"
                " VALUES (7, 'session', 1, 'a', 'b')"
            )
        )
        execute(
            text(
                "INSERT INTO run (id, organisation_id, event_id, mapping_id, actor, destination, status, queued_at,"
                " counts, requests, writes, speakers_done, speakers_total, sessions_done, sessions_total,"
                " unpublishes, cancel_requested)"
                " VALUES (1, 1, 1, 7, 't', 'd', 'succeeded', '2026-01-01', '{}', 0, 0, 0, 0, 0, 0, 0, 0)"
            )
        )
        db.session.commit()

        upgrade_database()

        assert execute(text("SELECT id, mapping_id FROM run")).all() == [(1, 7)]
        assert execute(text("SELECT id FROM mapping")).all() == [(7,)]
        assert execute(text("SELECT mapping_id, slug FROM field_mapping")).all() == [(7, "b")]
        assert execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize("made_by", ["migrations", "models"])
def test_f4_ids_of_deleted_connections_and_mappings_are_never_given_again(
    tmp_path: Path, made_by: str
) -> None:
    with create_core(Settings(instance_dir=tmp_path)).app_context():
        if made_by == "migrations":
            upgrade_database()
        else:
            db.create_all()
        organisation = make_organisation()
        first = Connection(
            organisation_id=organisation.id, api_key="k", secret_encrypted=b"s", connected_by="test"
        )
        mapping = make_mapping(organisation, "event", "SITE")
        db.session.add(first)
        db.session.commit()
        former = (first.id, mapping.id)
        db.session.delete(first)
        db.session.delete(mapping)
        db.session.commit()
        second = Connection(
            organisation_id=organisation.id, api_key="k", secret_encrypted=b"s", connected_by="test"
        )
        db.session.add(second)
        again = make_mapping(organisation, "another", "SITE")

        assert (second.id > former[0], again.id > former[1]) == (True, True)
