"""Pages that ask ASP: none waits for long, and few at a time (E12, G5)."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import log_in, make_event, make_mapping, make_user

from portal.models import Organisation, db
from portal.operations.connection import clients as asp
from portal.operations.connection.clients import client_for
from portal.operations.mapping.destination import list_sites
from portal.operations.queries.organisation import find_connection
from portal.operations.seats import take_seat

WINDOW = "/orgs/one/integrations/asp"
NOW = f"{WINDOW}?step=2&load=now&new=1"


@pytest.fixture
def silent_asp() -> Iterator[socket.socket]:
    """It takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield server


@pytest.fixture
def app(make_app: Callable[..., Flask], silent_asp: socket.socket, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(asp, "LONGEST_AT_A_PAGE", 1.0)
    monkeypatch.setattr(asp, "SEAT_WITHIN", 0.1)
    app = make_app(asp_base_url=f"http://127.0.0.1:{silent_asp.getsockname()[1]}")
    make_user(app, "admin@example.org", "One")
    make_mapping(app, make_event(app))
    make_event(app, name="Not mapped")
    return app


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return log_in(app, "admin@example.org")


def test_page_is_over_in_time_however_often_it_asks(admin: FlaskClient) -> None:
    began = time.monotonic()

    answer = admin.post(f"{WINDOW}/mappings", data={"site": "S", "event": "1", "seminar_id": "1"})

    assert answer.status_code == 422  # the mapping, the sites and the seminars were asked for
    said = re.search(r'<div class="notice bad[^"]*" role="alert" tabindex="-1" data-focus>.*', answer.text)
    assert said and "ASP Events could not be reached" in said[0]  # what is no field's gets the focus itself
    assert time.monotonic() - began < 60  # one answer alone may take twelve seconds, tried six times


def test_third_page_of_an_organisation_that_would_wait_says_so(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asp, "LONGEST_AT_A_PAGE", 300.0)
    with app.app_context():
        seats = [take_seat("asp-1", 2, 0), take_seat("asp-1", 2, 0)]
        assert take_seat("asp-1", 2, 0) is None

    began = time.monotonic()
    page = admin.get(NOW).text

    assert "Other pages of your organisation are waiting for ASP Events" in page
    assert time.monotonic() - began < 60
    monkeypatch.setattr(asp, "LONGEST_AT_A_PAGE", 1.0)
    for seat in seats:
        assert seat is not None
        seat.free()
    assert "ASP Events could not be reached" in admin.get(NOW).text


def test_seats_are_free_again_after_pages_that_failed(app: Flask, admin: FlaskClient) -> None:
    pages: list[str] = []
    waiting = [threading.Thread(target=lambda: pages.append(admin.get(NOW).text)) for _ in range(2)]
    for each in waiting:
        each.start()
    for each in waiting:
        each.join()

    with app.app_context():
        assert len(pages) == 2
        assert all(take_seat("asp-1", 2, 0) for _ in range(2))


def test_viewer_makes_no_page_wait_for_asp(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asp, "LONGEST_AT_A_PAGE", 300.0)
    make_user(app, "viewer@example.org", "One", role="viewer")
    viewer = log_in(app, "viewer@example.org")
    began = time.monotonic()

    assert viewer.get(NOW).status_code == 200
    assert time.monotonic() - began < 60


def test_worker_waits_without_a_seat(app: Flask) -> None:
    del app.extensions[asp.AT_PAGES]
    with app.app_context():
        organisation = db.session.get_one(Organisation, 1)
        connection = find_connection(organisation.id)
        assert connection is not None
        clients = [client_for(connection) for _ in range(5)]

        assert {client.waiting.left for client in clients} == {float("inf")}
        for client in clients:
            client.close()


def test_organisation_that_is_not_connected_takes_no_seat(app: Flask) -> None:
    make_user(app, "other@example.org", "Two")
    with app.app_context():
        organisation = db.session.get_one(Organisation, 2)
        with pytest.raises(asp.Refused):
            list_sites(organisation)
        assert all(take_seat("asp-2", 2, 0) for _ in range(2))
