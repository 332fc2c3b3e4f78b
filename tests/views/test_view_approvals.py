"""What is asked before very much is unpublished or changed: always by the preview, which lists it (D12)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, log_in, make_event, make_mapping, make_record, make_run, make_user, session_id

from portal.config import Settings
from portal.models import Link, Mapping, Run, StoredPreview, db, now
from portal.sync.running.versions import sync_version
from portal.workers.embedded import start_queue

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])
BUTTON = "Review the 3 records that would be unpublished"


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    event = make_event(app)
    make_mapping(app, event)
    return event


def make_asking(app: Flask, event: int, **values) -> int:
    """A run that withheld two of its three records."""
    run = make_run(app, event, **({"status": "partial", "withheld": 3, "message": "Sync finished."} | values))
    for number, name in enumerate(("Opening", "Gone")):
        source_id = session_id(number * 99)
        make_record(
            app, run, kind="session", source_id=source_id, name=name, outcome="skipped", withheld=True
        )
    make_record(app, run, kind="session", source_id=session_id(1), name="Another", outcome="skipped")
    return run


def test_d12_the_run_s_notice_leads_to_the_preview(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_asking(app, event)

    page = admin.get(f"/orgs/one/runs/{run}").text

    assert f'method="post" action="/orgs/one/events/{event}/preview"' in page
    assert f"{BUTTON} </button>" in page


def test_d12_the_run_lists_what_waits(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_asking(app, event)

    page = admin.get(f"/orgs/one/runs/{run}?outcome=withheld").text

    assert "Waiting for approval <b>3</b>" in page
    assert "Opening" in page and "Gone" in page and "Another" not in page


@pytest.mark.parametrize("values", [{"withheld": 0}, {"withheld": 0, "status": "failed"}])
def test_d12_other_runs_ask_for_nothing(app: Flask, admin: FlaskClient, event: int, values) -> None:
    run = make_asking(app, event, **values)

    assert "would be unpublished" not in admin.get(f"/orgs/one/runs/{run}").text


def test_d12_only_the_latest_run_asks(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_asking(app, event)
    make_run(app, event, status="succeeded")

    assert BUTTON not in admin.get(f"/orgs/one/runs/{run}").text


def test_d12_a_run_from_before_the_mapping_was_made_again_asks_for_nothing(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    run = make_asking(app, event)
    with app.app_context():
        db.session.scalars(select(Mapping)).one().created_at = now() + timedelta(seconds=1)
        db.session.commit()

    assert BUTTON not in admin.get(f"/orgs/one/runs/{run}").text


def test_d12_a_viewer_is_led_to_the_preview_and_asks_for_none(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    run = make_asking(app, event)

    page = viewer.get(f"/orgs/one/runs/{run}").text

    assert f'method="get" action="/orgs/one/events/{event}/preview"' in page


def make_much(app: Flask) -> int:
    """A hundred synced sessions, all of which have changed since."""
    event = make_event(app, sessions=100)
    offer = {"custom_fields": {"sessionboard_id": "text"}, "site_timezone": "Europe/Paris"}
    make_mapping(app, event, offer=offer)
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        db.session.add_all(
            Link(
                organisation_id=mapping.organisation_id,
                site_uuid=mapping.site_uuid,
                seminar_uuid=mapping.seminar_uuid,
                kind="session",
                key=session_id(number),
                asp_uuid=f"ASP-{number}",
                pushed={"Title": "Before"},
                pushed_hash="",
            )
            for number in range(100)
        )
        db.session.commit()
    return event


@EITHER
def test_d12_a_sync_that_would_change_very_much_begins_with_the_preview(
    make_app: Callable[..., Flask], tmp_path: Path, headers
) -> None:
    server, address = start_queue(Settings(instance_dir=tmp_path))
    try:
        app = make_app(redis_url=address)
        make_user(app, "admin@example.org", "One")
        client = log_in(app, "admin@example.org")
        event = make_much(app)

        answer = client.post(f"/orgs/one/events/{event}/sync", headers=headers)
    finally:
        server.stop()

    assert (answer.location or answer.headers["HX-Redirect"]) == f"/orgs/one/events/{event}/preview"
    with app.app_context():
        assert list(db.session.scalars(select(Run))) == []
        shown = db.session.scalars(select(StoredPreview)).one()
        shown.made_at, shown.version = shown.asked_at, sync_version(shown.mapping.event)
        db.session.commit()
    page = client.get(f"/orgs/one/events/{event}/preview").text
    assert "This sync would change 100 sessions of the 100 synced sessions in ASP Events." in page


def test_d12_without_a_queue_no_sync_begins(app: Flask, admin: FlaskClient) -> None:
    event = make_much(app)

    answer = admin.post(f"/orgs/one/events/{event}/sync")

    assert answer.location == f"/orgs/one/events/{event}/agenda"
    assert "The queue cannot be reached" in admin.get(answer.location).text
