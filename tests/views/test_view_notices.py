"""Whom an organisation wants told, and what it is told of (G4)."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from mailbox import Mailbox
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from odd_servers import head_byte_by_byte, serving
from sqlalchemy import select
from statements import statements_sent
from sync_world import SEMINAR, SILENT_SEMINAR, SILENT_SITE, World, crowd
from view_samples import log_in

from portal.application import create_app
from portal.models import Connection, HistoryEntry, Mapping, NoticeSettings, Role, Run, RunStatus, db, now
from portal.operations.accounts.users import add_user
from portal.operations.notices.telling import has_news, save_notices, tell_news
from portal.operations.notices.troubles import Facts, Trouble, judge
from portal.operations.syncing.runs import CONTINUOUS
from portal.public_web import NotDelivered, is_public, post_json

PAGE = "/orgs/one/settings/notices"
INTERVAL = timedelta(minutes=30)
MOMENT = datetime(2026, 11, 27, 12, tzinfo=UTC)
WELL = Facts(
    connected=True,
    rejected=False,
    token_rejected=False,
    continuous=True,
    last_status="succeeded",
    last_message="",
    withheld=0,
    good_since=MOMENT - INTERVAL,
)


@pytest.fixture
def mailbox() -> Iterator[tuple[str, list[Any]]]:
    """A webhook's address on this machine, and what arrived there; “/refuse” takes nothing."""
    arrived: list[Any] = []

    class Inbox(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/refuse":
                arrived.append(body)
            self.send_response(404 if self.path == "/refuse" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Inbox)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/secret-path", arrived
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(make_world: Callable[..., World], mailbox: tuple[str, list[Any]]) -> World:
    """An organisation that syncs continuously and has a webhook."""
    world = make_world(
        private_webhooks=True, public_url="https://portal.example.org", smtp_url="smtp://127.0.0.1:1"
    )
    world.load(crowd(2))
    world.connect(on=True)
    save_notices(world.organisation, mailbox[0], [], "tester")
    return world


def mapped(world: World) -> None:
    world.map(world.load(crowd(2)), seminar=SEMINAR)


def map_others(world: World, number: int) -> None:
    for each in range(1, number + 1):
        event = world.add_event(f"Other {each}")
        db.session.add(
            Mapping(
                organisation_id=event.organisation_id,
                event_id=event.id,
                site_uuid=str(each),
                site_name=f"Site {each}",
                seminar_uuid=str(each),
                seminar_number=str(each),
                seminar_name="Programme",
                created_by="tester",
            )
        )
    db.session.commit()


# What an organisation is told of


@pytest.mark.parametrize(
    ("facts", "trouble"),
    [
        ({}, None),
        ({"rejected": True}, Trouble.REJECTED),
        ({"token_rejected": True}, Trouble.TOKEN_REJECTED),
        ({"last_status": "failed"}, Trouble.FAILING),
        ({"last_status": "interrupted"}, Trouble.FAILING),
        ({"last_status": "partial"}, None),
        ({"last_status": "partial", "withheld": 30}, Trouble.APPROVAL),
        ({"good_since": MOMENT - 3 * INTERVAL}, None),
        ({"good_since": MOMENT - 3 * INTERVAL - timedelta(seconds=1)}, Trouble.OLD),
        ({"good_since": MOMENT - 9 * INTERVAL, "continuous": False}, None),
        ({"last_status": "failed", "continuous": False}, None),
        ({"rejected": True, "continuous": False}, Trouble.REJECTED),
        ({"rejected": True, "connected": False}, None),
        ({"rejected": True, "last_status": "failed"}, Trouble.REJECTED),
    ],
)
def test_g4_the_worst_trouble_is_told(facts: dict[str, Any], trouble: Trouble | None) -> None:
    found = judge(
        Facts(**{**{name: getattr(WELL, name) for name in Facts.__slots__}, **facts}), INTERVAL, MOMENT
    )

    assert (found.trouble if found else None) == trouble


def test_g4_one_message_when_it_changes_and_one_when_it_is_well_again(
    told: World, mailbox: tuple[str, list[Any]]
) -> None:
    arrived = mailbox[1]
    mapped(told)
    assert (has_news(), tell_news()) == (False, 0)

    db.session.scalars(select(Connection)).one().rejected_at = now()
    db.session.commit()
    assert (has_news(), tell_news(), tell_news()) == (True, 1, 0)
    assert arrived == [
        {
            "text": "Small Conf → First site: ASP Events does not accept the API key and secret any more. "
            "Enter them again. https://portal.example.org/orgs/one/events/1/agenda"
        }
    ]

    db.session.scalars(select(Connection)).one().rejected_at = None
    db.session.commit()
    assert (tell_news(), tell_news(), has_news()) == (1, 0, False)
    assert "All is well again" in arrived[1]["text"]


def test_g4_what_is_the_same_of_several_events_is_one_message(
    told: World, mailbox: tuple[str, list[Any]]
) -> None:
    mapped(told)
    map_others(told, 4)
    db.session.scalars(select(Connection)).one().rejected_at = now()
    db.session.commit()

    assert (tell_news(), tell_news(), has_news()) == (1, 0, False)
    assert mailbox[1][0]["text"] == (
        "Small Conf → First site, Small Conf → Site 1, Small Conf → Site 2 and 2 more: ASP Events does not accept "
        "the API key and secret any more. Enter them again. "
        "https://portal.example.org/orgs/one/settings/integrations"
    )


def test_g4_a_run_that_somebody_asked_for_tells_only_them(
    told: World, mailbox: tuple[str, list[Any]]
) -> None:
    mapped(told)
    run = told.sync(told.load(crowd(2)))
    row = db.session.get_one(Run, run.id)
    row.status = RunStatus.FAILED
    db.session.commit()
    assert not has_news()

    row.actor, row.message = CONTINUOUS, "Sync stopped: <!channel> & <https://x.test|talk>."
    db.session.commit()

    assert tell_news() == 1
    # As Slack wants texts in which nothing is a sign to it.
    assert "Sync stopped: &lt;!channel&gt; &amp; &lt;https://x.test|talk&gt;." in mailbox[1][0]["text"]


def test_g4_trouble_that_is_judged_no_longer_is_not_told_as_over(
    told: World, mailbox: tuple[str, list[Any]]
) -> None:
    mapped(told)
    mapping = told.mapping(told.load(crowd(2)))
    run = db.session.get_one(Run, told.sync(mapping.event).id)
    run.actor, run.status = CONTINUOUS, RunStatus.FAILED
    db.session.commit()
    assert tell_news() == 1

    mapping.paused = True
    db.session.commit()
    assert (tell_news(), len(mailbox[1])) == (0, 1)

    mapping.paused, run.status = False, RunStatus.SUCCEEDED
    db.session.commit()
    assert tell_news() == 1 and "All is well again" in mailbox[1][1]["text"]


def test_g4_what_is_not_delivered_is_told_later(
    told: World, mailbox: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped(told)
    address = mailbox[0]
    save_notices(told.organisation, address.replace("secret-path", "refuse"), [], "tester")
    db.session.scalars(select(Connection)).one().rejected_at = now()
    db.session.commit()

    assert (tell_news(), has_news()) == (0, False)  # not again at once
    settings = db.session.scalars(select(NoticeSettings)).one()
    assert settings.problem == "127.0.0.1 answered 404 and did not take it."
    later = now() + timedelta(minutes=6)
    monkeypatch.setattr("portal.operations.notices.telling.now", lambda: later)
    assert has_news()


def test_g4_who_was_told_is_not_told_again_for_somebody_who_was_not(
    told: World, mailbox: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped(told)
    for member in ("a@example.org", "b@example.org"):
        add_user(member, "One", Role.ADMIN, "a long password", "test")
    with Mailbox(refused="a@example.org") as mails:
        monkeypatch.setattr(
            "portal.operations.notices.telling.current_settings",
            lambda: replace(told.settings, smtp_url=mails.url, mail_from="portal@example.org"),
        )
        save_notices(told.organisation, "", ["a@example.org", "b@example.org"], "tester")
        db.session.scalars(select(Connection)).one().rejected_at = now()
        db.session.commit()

        assert tell_news() == 1
        later = now() + timedelta(minutes=6)
        monkeypatch.setattr("portal.operations.notices.telling.now", lambda: later)
        assert tell_news() == 0

    assert (len(mailbox[1]), [mail["To"] for mail in mails.mails]) == (1, ["b@example.org"])
    problem = db.session.scalars(select(NoticeSettings.problem)).one()
    assert problem is not None and "a@example.org" in problem


def test_g4_looking_for_news_costs_the_same_queries_for_any_number_of_mappings(told: World) -> None:
    mapped(told)
    with statements_sent() as one:
        assert not has_news()
    other = {**crowd(2), "event": {"id": 2, "name": "Other Conf", "timezone": "Europe/Paris"}}
    told.map(told.load(other), SILENT_SITE, SILENT_SEMINAR, confirm_timezone=True)
    with statements_sent() as two:
        assert not has_news()

    assert len(one) == len(two)


# The page


@pytest.fixture
def admin(told: World) -> FlaskClient:
    app = create_app(told.settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    add_user("admin@example.org", "One", Role.ADMIN, "a long password", "test")
    return log_in(app, "admin@example.org")


def test_the_webhooks_address_is_a_secret(
    admin: FlaskClient, told: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    admin.post(f"{PAGE}/trial")
    page = admin.get(PAGE).text

    assert "127.0.0.1" in page and "secret-path" not in page
    stored = b"".join(each.read_bytes() for each in told.settings.instance_dir.iterdir() if each.is_file())
    assert b"secret-path" not in stored
    assert all("secret-path" not in text for text in db.session.scalars(select(HistoryEntry.text)))
    assert "secret-path" not in caplog.text


def test_a_trial_arrives(admin: FlaskClient, mailbox: tuple[str, list[Any]]) -> None:
    page = admin.post(f"{PAGE}/trial", follow_redirects=True).text

    assert "A trial was sent" in page
    assert mailbox[1] == [{"text": "A trial from the portal: notices of One arrive here."}]


def test_no_more_than_ten_trials_go_out_within_an_hour(
    admin: FlaskClient, mailbox: tuple[str, list[Any]]
) -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        for _ in range(10):
            admin.post(f"{PAGE}/trial")
    with time_machine.travel(start + timedelta(minutes=45), tick=False):
        page = admin.post(f"{PAGE}/trial", follow_redirects=True).text
        assert "One has sent 10 trials within an hour" in page and "Send the next in 15 minutes." in page
        assert len(mailbox[1]) == 10
    with time_machine.travel(start + timedelta(minutes=61), tick=False):
        admin.post(f"{PAGE}/trial")

    assert len(mailbox[1]) == 11


def test_a_blank_address_keeps_the_stored_one_and_another_replaces_it(admin: FlaskClient) -> None:
    admin.post(PAGE, data={"webhook": ""})
    assert db.session.scalars(select(NoticeSettings)).one().webhook_host == "127.0.0.1"

    admin.post(PAGE, data={"webhook": "https://hooks.example.org/T0/B0"})
    db.session.rollback()
    assert db.session.scalars(select(NoticeSettings)).one().webhook_host == "hooks.example.org"

    page = admin.post(f"{PAGE}/webhook/forget", follow_redirects=True).text
    db.session.rollback()
    assert db.session.scalars(select(NoticeSettings)).one().webhook_encrypted is None
    assert "hooks.example.org" not in page


@pytest.mark.parametrize(
    "address",
    [
        "nowhere",
        "ftp://example.org",
        "https://",
        "https://user:word@example.org/",
        "https://a\nb",
        "https://[",
        "https://\u2100.com/",
        "https://a:99999",
    ],
)
def test_g3_an_address_that_is_none_is_refused_at_its_field(admin: FlaskClient, address: str) -> None:
    answer = admin.post(PAGE, data={"webhook": address})

    assert answer.status_code == 422
    assert "Enter the whole address of the webhook" in answer.text


def test_g1_only_members_can_be_chosen(admin: FlaskClient) -> None:
    answer = admin.post(PAGE, data={"emails": "stranger@example.org"})

    assert answer.status_code == 422
    assert "stranger@example.org is no member of One" in answer.text


# The public web


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2002:5db8:d822::", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b:1::1", False),
        ("fec0::1", False),
        ("::ffff:0:127.0.0.1", False),
        ("5f00::1", False),
    ],
)
def test_g4_private_addresses_are_told_from_public_ones(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_g5_a_webhook_that_answers_byte_by_byte_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.public_web.LONGEST_SEND", 0.3)
    began = time.monotonic()

    with serving(head_byte_by_byte) as address, pytest.raises(NotDelivered, match="did not answer in time"):
        post_json(address, {"text": "hello"}, private_allowed=True)

    assert time.monotonic() - began < 60  # it goes on without end


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0177.0.0.1", "2130706433"])
def test_g4_a_webhook_leads_into_no_private_network(mailbox: tuple[str, list[Any]], host: str) -> None:
    with pytest.raises(NotDelivered) as refused:
        post_json(mailbox[0].replace("127.0.0.1", host), {"text": "hello"})

    assert "secret-path" not in str(refused.value)
    assert mailbox[1] == []
