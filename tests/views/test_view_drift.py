"""Compare with ASP Events: what differs there, and whose words stand."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sync_world import World, crowd, session_id
from view_samples import log_in

from portal.application import create_app
from portal.models import KeptField, Role, db
from portal.operations.accounts.users import add_user

FIELD = f"session {session_id(1)} Title"


@pytest.fixture
def event(world: World) -> int:
    """An event in ASP, with a title that was changed there and a speaker who was deleted."""
    event = world.prepare(crowd(2))
    world.sync(event)
    world.edit("sessions", world.session(1)["Uuid"], Title="<b>Theirs</b>")
    world.remove("speakers", world.speaker(2)["Uuid"])
    return event.id


@pytest.fixture
def pages(world: World) -> Flask:
    app = create_app(world.settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    for email, role in (("admin@example.org", Role.ADMIN), ("viewer@example.org", Role.VIEWER)):
        add_user(email, "One", role, "a long password", "test")
    return app


@pytest.fixture
def admin(pages: Flask) -> FlaskClient:
    return log_in(pages, "admin@example.org")


def drift(event: int) -> str:
    return f"/orgs/one/events/{event}/drift"


def test_the_page_tells_what_differs(admin: FlaskClient, event: int) -> None:
    page = " ".join(admin.get(drift(event)).text.split())

    assert "2 records differ" in page
    assert "Session 1" in page and "&lt;b&gt;Theirs&lt;/b&gt;" in page
    assert "Deleted in ASP" in page
    assert drift(event) in admin.get(f"/orgs/one/events/{event}/agenda").text


@pytest.mark.parametrize(
    ("ours", "theirs", "shown"),
    [
        ("<p>One &amp; two</p>", "<p>One &amp; three</p>", ["One &amp; two", "One &amp; three"]),
        (
            "<p>One</p>",
            "<p><b>One</b></p>",
            ["&lt;p&gt;One&lt;/p&gt;", "&lt;p&gt;&lt;b&gt;One&lt;/b&gt;&lt;/p&gt;"],
        ),
        ("<p>" + "same " * 90 + "old</p>", "<p>" + "same " * 90 + "new</p>", ["…", "same old<", "same new<"]),
    ],
)
def test_html_is_shown_in_words_where_it_differs(
    admin: FlaskClient, world: World, ours: str, theirs: str, shown: list[str]
) -> None:
    programme = crowd(1)
    programme["sessions"][0]["description"] = ours
    event = world.prepare(programme)
    world.sync(event)
    world.edit("sessions", world.session(1)["Uuid"], Description=theirs)

    page = admin.get(drift(event.id)).text

    assert [each for each in shown if each not in page] == []
    assert "same " * 60 not in page


def test_ours_is_put_back_by_the_next_sync(admin: FlaskClient, event: int, world: World) -> None:
    answer = admin.post(f"{drift(event)}/ours", data={"field": FIELD})

    assert answer.status_code == 303
    assert "1 field is sent again by the next sync." in admin.get(answer.location).text


def test_theirs_is_kept_and_released(admin: FlaskClient, event: int, world: World) -> None:
    kept = admin.post(f"{drift(event)}/theirs", data={"field": FIELD}, follow_redirects=True).text
    assert "Left to ASP" in kept and "1 record differs" in kept
    field = db.session.query(KeptField).one().id

    released = admin.post(f"{drift(event)}/kept/{field}", follow_redirects=True).text

    assert "Left to ASP" not in released and "2 records differ" in released


@pytest.mark.parametrize("action", ["ours", "theirs"])
@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["session"]])
def test_g3_nothing_ticked_changes_nothing(
    admin: FlaskClient, event: int, action: str, chosen: list[str]
) -> None:
    answer = admin.post(f"{drift(event)}/{action}", data={"field": chosen}, follow_redirects=True)

    assert "Tick the fields first." in answer.text


def test_an_asp_that_cannot_be_read_is_said(admin: FlaskClient, event: int, world: World) -> None:
    world.asp.control(fail_rate=1, fail_status=403)

    page = admin.get(drift(event))

    assert page.status_code == 200
    assert "ASP could not be read, so nothing was compared." in page.text


def test_g1_a_viewer_looks_and_decides_nothing(pages: Flask, event: int, world: World) -> None:
    viewer = log_in(pages, "viewer@example.org")

    assert "2 records differ" in viewer.get(drift(event)).text
    assert viewer.post(f"{drift(event)}/theirs", data={"field": FIELD}).status_code == 403
