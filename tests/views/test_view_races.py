"""Several who press at once: one goes on, the others are told, nobody sees an error (G1, A2, C4)."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from io import BytesIO
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import fields_of
from sqlalchemy import func, select
from sync_world import KEY, SECRET
from view_samples import PASSWORD, contact_id, log_in, make_event, make_mapping, make_user, session_id

from asp_local.server import LocalAsp
from portal.models import (
    Connection,
    Contact,
    Event,
    FieldMapping,
    HistoryEntry,
    Membership,
    Organisation,
    Session,
    User,
    db,
)
from portal.operations.accounts.invitations import invite, open_invitations
from portal.operations.connection import clients as asp

AT_ONCE = 6
GUEST = "guest@example.org"


def press(clients: list[FlaskClient], send: Callable[[FlaskClient, int], object]) -> list[int]:
    """The statuses that the browsers get, sorted; all send in the same moment."""
    ready = Barrier(len(clients))

    def one(number: int) -> int:
        ready.wait()
        return send(clients[number], number).status_code  # type: ignore[attr-defined]

    with ThreadPoolExecutor(len(clients)) as pool:
        return sorted(pool.map(one, range(len(clients))))


@pytest.fixture
def connected(make_app, local_asp: LocalAsp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """How long a page may wait for ASP, or for its turn to ask, is not what these tests are about."""
    monkeypatch.setattr(asp, "LONGEST_AT_A_PAGE", 300.0)
    monkeypatch.setattr(asp, "SEAT_WITHIN", 300.0)
    app = make_app(asp_base_url=local_asp.url)
    make_user(app, "admin@example.org", "One")
    return app


def test_g1_an_invitation_that_is_accepted_six_times_at_once_makes_one_member(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    make_user(app, "admin@example.org", "One")
    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        address = f"/invitations/{invite(organisation, GUEST, 'viewer', 'admin@example.org')}"
    data = {"password": PASSWORD, "repeat": PASSWORD}

    statuses = press(
        [app.test_client() for _ in range(AT_ONCE)], lambda each, _: each.post(address, data=data)
    )

    # One more than may try at once is told to wait; the others find the invitation used.
    assert (statuses[0], set(statuses[1:]) <= {404, 429}) == (303, True)
    assert "argon2" not in caplog.text
    with app.app_context():
        assert db.session.scalar(select(func.count(User.id))) == 2
        assert db.session.scalar(select(func.count(Membership.id))) == 2


def test_g1_of_two_organisations_invitations_at_once_the_second_is_told_of_the_account(app: Flask) -> None:
    addresses = []
    for name in ("One", "Two", "Three"):
        make_user(app, "admin@example.org", name)
        with app.app_context():
            organisation = db.session.scalars(select(Organisation).where(Organisation.name == name)).one()
            addresses.append(f"/invitations/{invite(organisation, GUEST, 'viewer', 'admin@example.org')}")
    data = {"password": PASSWORD, "repeat": PASSWORD}

    statuses = press(
        [app.test_client() for _ in addresses], lambda each, number: each.post(addresses[number], data=data)
    )

    assert set(statuses) <= {303, 422} and 303 in statuses
    with app.app_context():
        assert db.session.scalar(select(func.count(User.id)).where(User.email == GUEST)) == 1


def test_g1_of_invitations_of_one_person_made_at_once_one_link_works(app: Flask, admin: FlaskClient) -> None:
    clients = [admin, *(log_in(app, "admin@example.org") for _ in range(AT_ONCE - 1))]
    data = {"email": GUEST, "role": "viewer"}

    press(clients, lambda each, _: each.post("/orgs/one/settings/team/invitations", data=data))

    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        assert len(open_invitations(organisation)) == 1


def test_g1_wrong_passwords_at_once_are_no_way_round_the_wait(app: Flask, admin: FlaskClient) -> None:
    data = {"email": "admin@example.org", "password": "wrong"}

    statuses = press([app.test_client() for _ in range(20)], lambda each, _: each.post("/login", data=data))

    assert statuses == [422] * 5 + [429] * 15


def test_a2_connecting_six_times_at_once_makes_one_connection(connected: Flask) -> None:
    clients = [log_in(connected, "admin@example.org") for _ in range(AT_ONCE)]
    data = {"api_key": KEY, "api_secret": SECRET}

    statuses = press(clients, lambda each, _: each.post("/orgs/one/integrations/asp/connection", data=data))

    assert statuses == [303] * AT_ONCE
    with connected.app_context():
        assert db.session.scalar(select(func.count(Connection.id))) == 1


def test_c4_fields_that_are_saved_six_times_at_once_stand_there_once(app: Flask, admin: FlaskClient) -> None:
    mapping = make_mapping(app, make_event(app))
    clients = [admin, *(log_in(app, "admin@example.org") for _ in range(AT_ONCE - 1))]
    data = {"action": "save", "field": ["description"], "slug": ["Description"]}

    statuses = press(
        clients,
        lambda each, _: each.post(f"/orgs/one/integrations/asp/mappings/{mapping}/fields/session", data=data),
    )

    assert statuses == [303] * AT_ONCE
    with app.app_context():
        slugs = db.session.scalars(select(FieldMapping.slug).where(FieldMapping.kind == "session")).all()
        assert sorted(set(slugs)) == sorted(slugs)


def test_an_error_of_the_database_names_no_value(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.app_context(), caplog.at_level(logging.ERROR):
        make = [User(email=GUEST, password_hash="$argon2id$secret") for _ in range(2)]
        db.session.add_all(make)
        with pytest.raises(Exception, match=r"UNIQUE|unique") as problem:
            db.session.flush()
        db.session.rollback()

    assert "$argon2id$secret" not in str(problem.value) and GUEST not in str(problem.value)


@pytest.mark.parametrize(
    ("place", "form", "sent", "table"),
    [
        ("events/new", "events-new", {"name": "Conf", "timezone": "Europe/Paris"}, Event),
        ("events/1/sessions/new", "sessions-form", {"title": "Opening", "action": "save"}, Session),
        (
            "events/1/people/new",
            "people-form",
            {"first_name": "Ada", "action": "save"},
            Contact,
        ),
    ],
)
def test_h3_a_form_that_is_sent_six_times_at_once_makes_one(
    app: Flask, admin: FlaskClient, place: str, form: str, sent: dict[str, str], table: type
) -> None:
    make_event(app, sessions=0, name="Small Conf")
    clients = [admin, *(log_in(app, "admin@example.org") for _ in range(AT_ONCE - 1))]
    data = fields_of(admin.get(f"/orgs/one/{place}").text, form) | sent
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(table))

    statuses = press(clients, lambda each, _: each.post(f"/orgs/one/{place}", data=data))

    assert statuses == [303] * AT_ONCE
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(table)) == before + 1


@pytest.mark.parametrize(
    ("place", "form", "field", "table"),
    [
        ("sessions/new", "sessions-form", "title", Session),
        ("people/new", "people-form", "first_name", Contact),
    ],
)
def test_g3_a_form_that_comes_back_with_another_name_asks_and_makes_another(
    app: Flask, admin: FlaskClient, place: str, form: str, field: str, table: type
) -> None:
    address = f"/orgs/one/events/{make_event(app, sessions=0)}/{place}"
    data = fields_of(admin.get(address).text, form) | {"action": "save"}
    first = admin.post(address, data=data | {field: "Opening"})

    again = admin.post(address, data=data | {field: "Closing"})  # from the page that the browser has kept

    assert (first.status_code, again.status_code) == (303, 422)
    assert "This form has made “Opening” already." in again.text
    kept = fields_of(again.text, form)
    assert kept[field] == "Closing"
    assert admin.post(address, data=kept | {"action": "save"}).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(table)) == 2


@pytest.mark.parametrize(
    "place",
    [
        f"sessions/{session_id(0)}/remove",
        f"people/{contact_id(0)}/remove",
        f"people/{contact_id(0)}/merge/{contact_id(1)}",
    ],
)
def test_h3_what_is_removed_six_times_at_once_is_gone_for_the_others(
    app: Flask, admin: FlaskClient, place: str
) -> None:
    address = f"/orgs/one/events/{make_event(app, sessions=2)}/{place}"
    clients = [admin, *(log_in(app, "admin@example.org") for _ in range(AT_ONCE - 1))]
    seen = re.search(r'name="seen" value="([^"]*)"', admin.get(address).text)
    data = {"seen": seen[1]} if seen else {}

    statuses = press(clients, lambda each, _: each.post(address, data=data))

    assert (statuses[0], set(statuses[1:])) == (303, {404})


@pytest.mark.parametrize("action", ["import", "cancel", "columns"])
def test_h2_a_file_that_is_brought_in_and_discarded_at_once_makes_one_event_at_most(
    app: Flask, admin: FlaskClient, action: str
) -> None:
    file = (BytesIO(b"ID,Title,Start,End\n1,Opening,2027-05-11 09:00,2027-05-11 10:00\n"), "a.csv")
    answer = admin.post("/orgs/one/import", data={"file": file, "name": "Forum", "timezone": "Europe/Paris"})
    look = answer.location.removesuffix("/columns")
    admin.post(f"{look}/columns")
    seen = re.search(r'name="seen" value="([^"]*)"', admin.get(look).text)
    assert seen is not None
    clients = [admin, *(log_in(app, "admin@example.org") for _ in range(AT_ONCE - 1))]
    actions = ["import", action] * (AT_ONCE // 2)

    statuses = press(
        clients, lambda each, number: each.post(f"{look}/{actions[number]}", data={"seen": seen[1]})
    )

    assert (statuses[0], set(statuses) <= {303, 404, 422}) == (303, True)
    with app.app_context():
        assert db.session.scalar(select(func.count(Event.id))) <= 1


@pytest.mark.parametrize(
    ("place", "kind"),
    [("settings/team/members/2/remove", "user removed"), ("integrations/asp/disconnect", "disconnected")],
)
def test_g2_what_is_ended_six_times_at_once_is_in_the_history_once(
    app: Flask, admin: FlaskClient, place: str, kind: str
) -> None:
    make_user(app, "viewer@example.org", "One", role="viewer")
    make_mapping(app, make_event(app))
    clients = [admin, *(log_in(app, "admin@example.org") for _ in range(AT_ONCE - 1))]
    question = re.search(r'name="question"[^>]* value="([^"]*)"', admin.get(f"/orgs/one/{place}").text)
    data = {"question": unescape(question[1]) if question else "", "name": "One"}

    statuses = press(clients, lambda each, _: each.post(f"/orgs/one/{place}", data=data))

    assert set(statuses) <= {303, 404}
    with app.app_context():
        told = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.kind == kind)
        assert db.session.scalar(told) == 1
