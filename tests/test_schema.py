"""The tables, the migrations and the revision that the program names belong together."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from portal.config import Settings
from portal.core import create_core
from portal.models import SCHEMA_REVISION, Base, Event, Mapping, Organisation, Run, db
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
