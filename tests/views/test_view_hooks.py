"""The door of Sessionboard's webhook: address and secret decide, nothing else (H1, G1)."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sync_world import crowd, session_id
from view_samples import make_source, make_user

from portal.models import NotedMessage, Organisation, Session, db
from portal.operations.seats import take_seat
from portal.operations.sources.connecting import disconnect_sessionboard
from portal.operations.sources.hooks import Hook, make_hook
from portal.operations.sources.pulling import pull_programme
from portal.views.hooks import LARGEST_MESSAGE
from sessionboard_local.server import LocalSessionboard

MESSAGE = {
    "data": {"id": session_id(2), "title": "Another title"},
    "metadata": {"action": "session.updated", "event_id": 4630},
}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    with LocalSessionboard([crowd(3)], tokens={"t0ken": False}) as running:
        app = make_app(sessionboard_us_url=running.url)
        app.config["WTF_CSRF_ENABLED"] = True
        with app.app_context():
            for slug in ("one", "two"):
                make_user(app, f"{slug}@example.org", slug.title())
                make_source(app, slug)
            pull_programme(organisation("one"), "4630", "tester")
        return app


def organisation(slug: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def hook_of(app: Flask, slug: str = "one", **options: bool) -> Hook:
    with app.app_context():
        return make_hook(organisation(slug), "tester", **options)


def post(browser: FlaskClient, path: str, secret: str, **content):
    return browser.post(
        path, headers={"X-Portal-Secret": secret}, buffered=True, **(content or {"json": MESSAGE})
    )


def nested(depth: int) -> bytes:
    """A message with a custom field that is no value of one."""
    deep = MESSAGE | {"data": {"id": session_id(2), "custom_fields": {"x": "DEEP"}}}
    return json.dumps(deep).replace('"DEEP"', '{"a":' * depth + "1" + "}" * depth).encode()


def message(title: str) -> dict[str, object]:
    return MESSAGE | {"data": {"id": session_id(2), "title": title}}


def noted(app: Flask) -> int | None:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(NotedMessage))


def title(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalars(select(Session.title).where(Session.source_id == session_id(2))).one()


def test_message_with_the_right_secret_is_taken_in_without_a_token_of_a_form(app, browser):
    hook = hook_of(app)

    assert (post(browser, hook.path, hook.secret).status_code, title(app)) == (202, "Another title")


def test_h1_message_is_noted_and_taken_in_after_its_sender_has_the_answer(app, browser):
    hook = hook_of(app)

    answer = browser.post(hook.path, headers={"X-Portal-Secret": hook.secret}, json=MESSAGE)
    before = (noted(app), title(app))
    answer.close()

    assert (answer.status_code, before) == (202, (1, "Session 2"))
    assert (noted(app), title(app)) == (0, "Another title")


def test_h1_messages_are_taken_in_as_they_came_and_by_one_at_a_time(app, browser):
    hook = hook_of(app)
    answers = [
        browser.post(hook.path, headers={"X-Portal-Secret": hook.secret}, json=message(f"Title {number}"))
        for number in range(3)
    ]
    with app.app_context():
        seat = take_seat("messages-1", 1, 0)
    answers[0].close()  # somebody is at it
    waiting = noted(app)
    seat.free()
    answers[1].close()

    assert (waiting, noted(app), title(app)) == (3, 0, "Title 2")


def test_g5_more_messages_than_can_wait_are_to_be_sent_again(app, browser, monkeypatch):
    monkeypatch.setattr("portal.operations.sources.noting.MOST_NOTED", 2)
    hook = hook_of(app)

    answers = [
        browser.post(hook.path, headers={"X-Portal-Secret": hook.secret}, json=MESSAGE) for _ in range(3)
    ]

    assert [each.status_code for each in answers] == [202, 202, 503]
    assert noted(app) == 2


def test_message_that_breaks_something_does_not_stand_before_the_others(app, browser, monkeypatch):
    hook = hook_of(app)
    monkeypatch.setattr("portal.operations.sources.noting.receive_message", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        post(browser, hook.path, hook.secret)

    assert noted(app) == 0


def test_disconnecting_forgets_what_is_noted(app, browser):
    hook = hook_of(app)
    browser.post(hook.path, headers={"X-Portal-Secret": hook.secret}, json=MESSAGE)

    with app.app_context():
        disconnect_sessionboard(organisation("one"), "tester")

    assert noted(app) == 0


def test_secret_is_shown_once(app):
    first, again, rotated = hook_of(app), hook_of(app), hook_of(app, rotate=True)

    assert (bool(first.secret), again.secret, bool(rotated.secret)) == (True, None, True)
    assert first.path == again.path == rotated.path
    assert rotated.secret != first.secret


def test_g1_wrong_address_and_wrong_secret_are_404(app, browser):
    ours, theirs = hook_of(app), hook_of(app, "two")
    rotated = hook_of(app, rotate=True)

    answers = [
        post(browser, ours.path, theirs.secret),  # another organisation's secret
        post(browser, f"{ours.path}x", rotated.secret),
        post(browser, ours.path, ""),
        post(browser, ours.path, "nö".encode().decode("latin-1")),
        post(browser, ours.path, ours.secret),  # the one before it was rotated
        post(browser, "/hooks/sessionboard/", rotated.secret),
    ]

    assert [each.status_code for each in answers] == [404] * 6
    assert title(app) == "Session 2"


def test_g1_message_reaches_the_events_of_its_own_organisation_alone(app, browser):
    theirs = hook_of(app, "two")

    assert (post(browser, theirs.path, theirs.secret).status_code, title(app)) == (202, "Session 2")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"data": b""}, 400),
        ({"data": b"{"}, 400),
        ({"data": b"[" * 100_000}, 400),
        ({"data": nested(900)}, 202),
        ({"data": nested(100)}, 202),
        ({"data": b"\xff"}, 400),
        ({"data": json.dumps(MESSAGE).encode("utf-16")}, 400),
        ({"data": b" " * (LARGEST_MESSAGE + 1)}, 413),
        ({"json": {"data": {}, "metadata": {"action": "form.created"}}}, 202),
        ({"json": ["anything"]}, 202),
    ],
)
def test_what_is_no_message_changes_nothing(app, browser, content, status):
    hook = hook_of(app)

    assert (post(browser, hook.path, hook.secret, **content).status_code, title(app)) == (status, "Session 2")


def test_only_messages_may_be_sent_there(app, browser):
    answer = browser.get(hook_of(app).path)
    assert answer.status_code == 405
    assert set(answer.allow) == {"OPTIONS", "POST"}
