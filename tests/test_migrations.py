"""What the migrations make of what was stored before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask_migrate import Migrate
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings
from portal.core import create_core
from portal.models import SCHEMA_REVISION, db, now
from portal.schema import MIGRATIONS, upgrade_database

MOMENT = now().replace(tzinfo=None).isoformat(sep=" ")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[None]:
    app = create_core(Settings(instance_dir=tmp_path))
    with app.app_context():
        Migrate().init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
        yield
        db.session.remove()


def stand_at(revision: str) -> None:
    flask_migrate.upgrade(revision=revision)
    insert("organisation", id=1, name="One", slug="one", created_at=MOMENT)
    insert(
        "event",
        id=1, organisation_id=1, source="file", source_id="7", name="E", timezone="UTC", created_at=MOMENT,
    )  # fmt: skip


def insert(table: str, **values: Any) -> None:
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    db.session.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)
    db.session.commit()


def change(statement: str) -> None:
    db.session.rollback()
    db.session.execute(text(statement))
    db.session.commit()


def select(query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(text(query))]


def insert_choice(number: int, name: str, source_id: str | None = None, kind: str = "room") -> None:
    insert("choice", id=number, event_id=1, kind=kind, source_id=source_id or str(number), name=name)


def insert_link(number: int, key: str, pushed: str = "{}", kind: str = "location") -> None:
    insert(
        "link",
        id=number, organisation_id=1, site_uuid="SITE", seminar_uuid="SEMINAR", kind=kind, key=key,
        asp_uuid=f"ASP-{number}", pushed=pushed, pushed_hash="", refused="{}", unpublished=False, pushed_at=MOMENT,
    )  # fmt: skip


def insert_mapping(**values: Any) -> None:
    insert(
        "mapping",
        id=1, organisation_id=1, event_id=1, site_uuid="SITE", site_name="S", seminar_uuid="SEMINAR",
        seminar_number="1", seminar_name="S", created_at=MOMENT, created_by="t", unpublish_sessions=False,
        unpublish_speakers=False, unpublish_approved=0, send_moderators=True, send_chairpersons=True,
        send_content=True, recreate_deleted=False, offer="{}", **values,
    )  # fmt: skip


def links() -> list[tuple[Any, ...]]:
    return select("SELECT key, asp_uuid FROM link ORDER BY id")


def test_an_upgrade_that_ends_half_way_leaves_the_database_as_it_was(database: None) -> None:
    stand_at("0001")
    change("CREATE TABLE sighting (id INTEGER)")  # which a later migration makes

    with pytest.raises(DBAPIError):
        upgrade_database()
    assert select("SELECT version_num FROM alembic_version") == [("0001",)]

    change("DROP TABLE sighting")
    upgrade_database()
    assert select("SELECT version_num FROM alembic_version") == [(SCHEMA_REVISION,)]


def test_d2c_link_of_a_name_with_a_sharp_s_is_kept(database: None) -> None:
    stand_at("0001")
    insert_mapping()
    for number, name in enumerate(("Maße", "Hall\u200b A", "Hall B"), 1):
        insert_choice(number, name)
    insert_choice(4, "Buße", kind="tag")
    insert_link(1, "masse")
    insert_link(2, "hall\u200b a")
    insert_link(3, "hall b")
    insert_link(4, "busse", kind="stream")

    upgrade_database()

    assert links() == [("maße", "ASP-1"), ("hall a", "ASP-2"), ("hall b", "ASP-3"), ("buße", "ASP-4")]


def test_d2c_link_goes_to_the_name_under_which_it_was_made(database: None) -> None:
    stand_at("0001")
    insert_mapping()
    insert_choice(1, "Maße")
    insert_choice(2, "Masse")
    insert_link(1, "masse", '{"Name": "Maße"}')

    upgrade_database()

    assert links() == [("maße", "ASP-1")]


def test_d2c_link_that_two_names_shared_is_left_to_be_found_by_name(database: None) -> None:
    stand_at("0001")
    insert_mapping()
    insert_choice(1, "Maße")
    insert_choice(2, "Masse")
    insert_link(1, "masse", '{"Colour": "#111111"}')

    upgrade_database()

    assert links() == []


def test_d2c_of_two_links_that_are_one_name_now_the_older_stays(database: None) -> None:
    stand_at("0001")
    insert_mapping()
    insert_choice(1, "Hall A")
    insert_choice(2, "Hall A\u200b")
    insert_link(1, "hall a")
    insert_link(2, "hall a\u200b")

    upgrade_database()

    assert links() == [("hall a", "ASP-1")]


def test_d2c_entry_without_an_id_is_known_by_its_name_still(database: None) -> None:
    stand_at("0001")
    insert_choice(1, "Maße", "masse")
    insert_choice(2, "Hall", "h1")
    insert_choice(3, "Cafe\u0301", "cafe\u0301")
    insert_choice(4, "ABC", "abc")

    upgrade_database()

    assert select("SELECT source_id FROM choice ORDER BY id") == [("maße",), ("h1",), ("café",), ("abc",)]


@pytest.mark.parametrize(("confirmed_at", "zone"), [(MOMENT, "UTC"), (None, None)], ids=["confirmed", "not"])
def test_d10_what_was_confirmed_before_counts_for_the_event_s_zone(
    database: None, confirmed_at: str | None, zone: str | None
) -> None:
    stand_at("0002")
    insert_mapping(timezone_confirmed_at=confirmed_at)

    upgrade_database()

    assert select("SELECT timezone_confirmed_for, prepare_only, paused FROM mapping") == [(zone, 0, 0)]


def test_runs_and_links_outlive_the_change_of_their_tables(database: None) -> None:
    stand_at("0002")
    insert_mapping()
    insert_link(1, "hall")
    insert(
        "run",
        id=1, organisation_id=1, event_id=1, mapping_id=1, actor="t", destination="S", status="failed",
        queued_at=MOMENT, counts="{}", requests=0, writes=0, speakers_done=0, speakers_total=0, sessions_done=0,
        sessions_total=0, unpublishes=40, cancel_requested=False,
    )  # fmt: skip

    upgrade_database()

    assert select("SELECT mapping_id, withheld, unpublish_approved FROM run") == [(1, 0, 0)]
    assert links() == [("hall", "ASP-1")]


def test_h3_people_in_a_session_s_notes_are_named_by_uuid(database: None) -> None:
    stand_at("0025")
    insert(
        "contact",
        id=7, event_id=1, source_id="UUID-7", custom_fields="{}", edited="{}", stamp=1,
    )  # fmt: skip
    noted = '{"title": "T", "participants": [[7, "speaker", "accepted"], [8, "speaker", "accepted"]]}'
    insert(
        "session",
        id=1,
        event_id=1,
        source_id="S",
        status="s",
        is_public=True,
        custom_fields="{}",
        edited=noted,
        stamp=1,
    )

    upgrade_database()

    ((edited,),) = select("SELECT CAST(edited AS TEXT) FROM session")
    assert json.loads(edited) == {
        "title": "T",
        "participants": [["UUID-7", "speaker", "accepted"], [8, "speaker", "accepted"]],
    }


def test_g2_an_older_history_is_searched_too(database: None) -> None:
    stand_at("0028")
    insert(
        "history_entry",
        id=1, organisation_id=1, actor="Ada@example.org", kind="renamed", text="Été  at the Beach", created_at=MOMENT,
    )  # fmt: skip

    upgrade_database()

    assert select("SELECT words, run_id FROM history_entry") == [("ete at the beach ada@example.org", None)]
