"""The word that a stopped run asks for before it unpublishes very much (D12)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, log_in, make_event, make_mapping, make_run, make_user

from portal.config import Settings
from portal.models import HistoryEntry, Mapping, Run, db
from portal.workers.embedded import start_queue

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])
BUTTON = "Unpublish 40 records and sync"


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    event = make_event(app)
    make_mapping(app, event)
    return event


def make_stopped(app: Flask, event: int, **values) -> int:
    return make_run(app, event, **({"status": "failed", "unpublishes": 40, "message": "Stopped."} | values))


def approved(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Mapping.unpublish_approved)).one()


def test_d12_the_run_s_notice_asks_and_then_asks_again(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_stopped(app, event)
    address = f"/orgs/one/runs/{run}"

    page, asked = admin.get(address).text, admin.get(f"{address}?approve=1", headers=HTMX).text

    assert BUTTON in page and f"{address}/approve" not in page
    assert "Unpublish 40 records in The site › Programme (1111) and sync?" in asked
    assert f'action="{address}/approve"' in asked and "<html" not in asked


@pytest.mark.parametrize("values", [{"unpublishes": 0}, {"status": "succeeded"}, {"status": "cancelled"}])
def test_d12_other_runs_ask_for_nothing(app: Flask, admin: FlaskClient, event: int, values) -> None:
    run = make_stopped(app, event, **values)

    page = admin.get(f"/orgs/one/runs/{run}?approve=1").text
    answer = admin.post(f"/orgs/one/runs/{run}/approve")

    assert "Unpublish" not in page
    assert answer.location == f"/orgs/one/runs/{run}"
    assert "This run asks for no approval any more." in admin.get(answer.location).text
    assert approved(app) == 0


@EITHER
def test_d12_only_the_latest_run_can_be_approved(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    run = make_stopped(app, event)
    make_run(app, event, status="succeeded")

    answer = admin.post(f"/orgs/one/runs/{run}/approve", headers=headers)

    assert answer.status_code == 303
    assert BUTTON not in admin.get(f"/orgs/one/runs/{run}").text
    assert approved(app) == 0


def test_d12_a_viewer_sees_the_button_greyed_with_the_reason(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    run = make_stopped(app, event)

    page = viewer.get(f"/orgs/one/runs/{run}?approve=1").text

    assert BUTTON in page and "Only admins can approve this; you are a viewer." in page
    assert "Unpublish and sync</button>" not in page
    assert viewer.post(f"/orgs/one/runs/{run}/approve").status_code == 403


@EITHER
def test_d12_approval_syncs_again_for_as_many_records(
    make_app: Callable[..., Flask], tmp_path: Path, headers
) -> None:
    server, address = start_queue(Settings(instance_dir=tmp_path))
    try:
        app = make_app(redis_url=address)
        make_user(app, "admin@example.org", "One")
        event = make_event(app)
        make_mapping(app, event)
        run = make_stopped(app, event)

        answer = log_in(app, "admin@example.org").post(f"/orgs/one/runs/{run}/approve", headers=headers)
    finally:
        server.stop()

    assert (answer.location or answer.headers["HX-Redirect"]) == f"/orgs/one/runs/{run + 1}"
    assert approved(app) == 40
    with app.app_context():
        assert db.session.get_one(Run, run + 1).status == "queued"
        texts = list(db.session.scalars(select(HistoryEntry.text)))
    assert "Approved unpublishing 40 records of Small Conf in ASP." in texts


def test_d12_without_a_queue_the_word_is_taken_back(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_stopped(app, event)

    answer = admin.post(f"/orgs/one/runs/{run}/approve")

    assert answer.location == f"/orgs/one/runs/{run}"
    assert approved(app) == 0
