"""The approval that a run asks for before very much is unpublished (D12)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import (
    HTMX,
    contact_id,
    log_in,
    make_event,
    make_mapping,
    make_record,
    make_run,
    make_user,
    session_id,
)

from portal.config import Settings
from portal.models import HistoryEntry, Link, Mapping, Run, db
from portal.workers.embedded import start_queue

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])
LINK = "Show the 3 records that would be unpublished"
BUTTON = "Unpublish 3 records and sync"


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    event = make_event(app)
    make_mapping(app, event)
    return event


def make_asking(app: Flask, event: int, **values) -> int:
    """A run that withheld three records, one of which is no longer in the programme."""
    run = make_run(app, event, **({"status": "partial", "withheld": 3, "message": "Sync finished."} | values))
    for kind, source_id, name in (
        ("session", session_id(0), "Opening"),
        ("speaker", contact_id(0), "Ann Lee"),
        ("session", session_id(99), "Gone"),
    ):
        make_record(app, run, kind=kind, source_id=source_id, name=name, outcome="skipped", withheld=True)
    make_record(app, run, kind="session", source_id=session_id(1), name="Another", outcome="skipped")
    return run


def approvals(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Run.unpublish_approved).order_by(Run.id)))


def test_d12_the_run_s_notice_leads_to_the_list(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_asking(app, event)

    page = admin.get(f"/orgs/one/runs/{run}").text

    assert LINK in page and f'href="/orgs/one/runs/{run}/approve"' in page


def test_d12_the_page_lists_the_records_with_names_and_links(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    run = make_asking(app, event)

    page = admin.get(f"/orgs/one/runs/{run}/approve").text

    assert page.index("Gone") < page.index("Opening") < page.index("Ann Lee")
    assert "Another" not in page
    assert f'href="/orgs/one/events/{event}/sessions/{session_id(0)}"' in page
    assert f'href="/orgs/one/events/{event}/people/{contact_id(0)}"' in page
    assert session_id(99) not in page
    assert '<input type="hidden" name="number" value="3">' in page and f"{BUTTON}</button>" in page


def test_g5_the_page_lists_at_most_200_records(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_run(app, event, status="partial", withheld=201)
    for number in range(201):
        make_record(app, run, kind="session", source_id=session_id(number), name="x", withheld=True)

    pages = [admin.get(f"/orgs/one/runs/{run}/approve?page={number}").text for number in (1, 2)]

    assert [page.count('class="wide"') for page in pages] == [200, 1]


@pytest.mark.parametrize("values", [{"withheld": 0}, {"withheld": 0, "status": "failed"}])
def test_d12_other_runs_ask_for_nothing(app: Flask, admin: FlaskClient, event: int, values) -> None:
    run = make_asking(app, event, **values)
    address = f"/orgs/one/runs/{run}"

    page, shown = admin.get(address).text, admin.get(f"{address}/approve")
    answer = admin.post(f"{address}/approve", data={"number": 3})

    assert "would be unpublished" not in page
    assert (
        "This run asks for no approval any more" in shown.text
        and "Unpublish" not in shown.text.split("<main")[1]
    )
    assert answer.location == address
    assert "This run asks for no approval any more." in admin.get(answer.location).text
    assert approvals(app) == [0]


@EITHER
def test_d12_only_the_latest_run_can_be_approved(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    run = make_asking(app, event)
    later = make_run(app, event, status="succeeded")

    answer = admin.post(f"/orgs/one/runs/{run}/approve", data={"number": 3}, headers=headers)
    page = admin.get(f"/orgs/one/runs/{run}").text

    assert (answer.location or answer.headers["HX-Redirect"]) == f"/orgs/one/runs/{run}"
    assert LINK not in page and f"Run {later} has planned anew" in page
    assert approvals(app) == [0, 0]


def test_d12_the_approval_is_for_the_number_that_was_shown(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    run = make_asking(app, event)

    answer = admin.post(f"/orgs/one/runs/{run}/approve", data={"number": 4})

    assert "This run asks about 3 records, not 4." in admin.get(answer.location).text
    assert approvals(app) == [0]


def test_d12_a_viewer_sees_the_button_greyed_with_the_reason(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    run = make_asking(app, event)

    page = viewer.get(f"/orgs/one/runs/{run}/approve").text

    assert BUTTON in page and "Only admins can approve this; you are a viewer." in page
    assert f"{BUTTON}</button>" not in page
    assert viewer.post(f"/orgs/one/runs/{run}/approve", data={"number": 3}).status_code == 403


@EITHER
def test_d12_the_approval_belongs_to_the_run_that_it_starts(
    make_app: Callable[..., Flask], tmp_path: Path, headers
) -> None:
    server, address = start_queue(Settings(instance_dir=tmp_path))
    try:
        app = make_app(redis_url=address)
        make_user(app, "admin@example.org", "One")
        event = make_event(app)
        make_mapping(app, event)
        run = make_asking(app, event)
        client = log_in(app, "admin@example.org")

        answer = client.post(f"/orgs/one/runs/{run}/approve", data={"number": 3}, headers=headers)
    finally:
        server.stop()

    assert (answer.location or answer.headers["HX-Redirect"]) == f"/orgs/one/runs/{run + 1}"
    assert approvals(app) == [0, 3]
    with app.app_context():
        assert db.session.get_one(Run, run + 1).status == "queued"
        texts = list(db.session.scalars(select(HistoryEntry.text)))
    assert "Approved unpublishing 3 records of Small Conf in ASP." in texts


def test_d12_without_a_queue_the_approval_is_gone(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_asking(app, event)

    answer = admin.post(f"/orgs/one/runs/{run}/approve", data={"number": 3})

    assert answer.location == f"/orgs/one/runs/{run}"
    assert "The queue cannot be reached" in admin.get(answer.location).text
    with app.app_context():
        texts = list(db.session.scalars(select(HistoryEntry.text)))
    assert "Approved unpublishing 3 records of Small Conf in ASP." not in texts


# A sync that would change very much


@pytest.fixture
def much(app: Flask, admin: FlaskClient) -> int:
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
def test_d12_a_sync_that_would_change_very_much_asks_first(
    app: Flask, admin: FlaskClient, much: int, headers
) -> None:
    address = f"/orgs/one/events/{much}/sync"

    answer = admin.post(address, headers=headers)
    fewer = admin.post(address, data={"changes": 99}, headers=headers)
    page = admin.get(address).text

    for each in (answer, fewer):
        assert (each.location or each.headers["HX-Redirect"]) == address
    assert approvals(app) == []
    assert "This sync would change 100 sessions of the 100 synced sessions in ASP Events." in page
    assert '<input type="hidden" name="changes" value="100">' in page


def test_d12_the_answer_is_for_as_many_changes_as_were_shown(
    app: Flask, admin: FlaskClient, much: int
) -> None:
    answer = admin.post(f"/orgs/one/events/{much}/sync", data={"changes": 100})

    assert answer.location == f"/orgs/one/events/{much}/agenda"  # on to the queue, which is not there
    assert approvals(app) == [0]
