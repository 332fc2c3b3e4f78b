"""Forgotten passwords and invitations: by mail where there is a server, else handed over once (G1b)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from mailbox import Mailbox, only

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sync_world import wait_until
from view_samples import HTMX, PASSWORD, log_in, make_user

from portal.config import Settings
from portal.errors import PortalError
from portal.mail import MailNotSent, send_mail
from portal.models import HistoryEntry, Login, Membership, PasswordReset, User, db
from portal.operations.accounts.resets import ask_for_reset
from portal.operations.accounts.users import check_login

ADMIN, MEMBER, STRANGER = "admin@example.org", "member@example.org", "nobody@example.org"
NEW = "quite another one"
TEAM = "/orgs/one/settings/team"
PUBLIC = "https://portal.example.org"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture
def mailing(make_app: Callable[..., Flask], mailbox: Mailbox) -> Flask:
    app = make_app(smtp_url=mailbox.url, public_url="http://localhost")
    make_user(app, ADMIN, "One")
    return app


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app()
    make_user(app, ADMIN, "One")
    make_user(app, MEMBER, "One", role="viewer")
    return app


def ask(client: FlaskClient, email: str, headers: dict[str, str] | None = None):
    return client.post("/forgotten", data={"email": email}, headers=headers or {})


def choose(client: FlaskClient, path: str, password: str = NEW, repeat: str = NEW, headers=None):
    return client.post(path, data={"password": password, "repeat": repeat}, headers=headers or {})


def link_in(text: str, area: str = "passwords") -> str:
    found = re.search(rf"http://localhost(/{area}/[\w-]+)", text)
    assert found is not None, text
    return found[1]


def logs_in(app: Flask, email: str, password: str) -> bool:
    with app.app_context():
        return check_login(email, password) is not None


def handed_over(app: Flask, admin: FlaskClient) -> str:
    with app.app_context():
        members = (
            select(Membership.id).join(User).where(User.email == MEMBER, Membership.organisation_id == 1)
        )
        member = db.session.scalars(members).one()
    answer = admin.post(f"{TEAM}/members/{member}/password")
    assert answer.status_code == 303
    return admin.get(TEAM).text


def test_g1b_no_link_is_handed_over_where_it_goes_by_mail(mailing: Flask) -> None:
    make_user(mailing, MEMBER, "One", role="viewer")

    page = handed_over(mailing, log_in(mailing, ADMIN))

    assert "gets a link by mail" in page and "/passwords/" not in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_g1b_forgotten_password_is_replaced_by_a_mailed_link(
    mailing: Flask, mailbox: Mailbox, headers: dict[str, str]
) -> None:
    elsewhere, browser = log_in(mailing, ADMIN), mailing.test_client()

    asked = ask(browser, " Admin@Example.org ", headers)
    wait_until(lambda: mailbox.mails)
    [mail] = mailbox.mails
    path = link_in(mail.get_content())
    chosen = choose(browser, path, headers=headers)

    assert asked.status_code == 200 and "a link is on its way there" in asked.text
    assert (mail["To"], mail["From"]) == (ADMIN, "portal@localhost")
    assert browser.get(path).status_code == 404  # it works once
    assert chosen.headers.get("HX-Redirect", chosen.location) == "/login"
    assert logs_in(mailing, ADMIN, NEW) and not logs_in(mailing, ADMIN, PASSWORD)
    assert elsewhere.get("/account").status_code == 302  # every log-in has ended
    with mailing.app_context():
        last = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
        assert last is not None and (last.kind, last.actor) == ("password changed", ADMIN)


def test_g1b_asking_tells_nobody_who_has_an_account(mailing: Flask, mailbox: Mailbox) -> None:
    browser = mailing.test_client()

    known, unknown = ask(browser, ADMIN, HTMX).text, ask(browser, STRANGER, HTMX).text
    wait_until(lambda: mailbox.mails)

    assert known.replace(ADMIN, "") == unknown.replace(STRANGER, "")
    assert [mail["To"] for mail in mailbox.mails] == [ADMIN]


def test_g1b_mailbox_is_not_filled_and_the_newest_link_counts(mailing: Flask) -> None:
    with mailing.app_context(), time_machine.travel(datetime.now(UTC), tick=False) as clock:
        first, too_soon = ask_for_reset(ADMIN), ask_for_reset(ADMIN)
        clock.shift(timedelta(minutes=6))
        second = ask_for_reset(ADMIN)

        assert (bool(first), too_soon, bool(second)) == (True, None, True)
        assert len(db.session.scalars(select(PasswordReset)).all()) == 1
        browser = mailing.test_client()
        assert choose(browser, f"/passwords/{first}").status_code == 404
        clock.shift(timedelta(minutes=61))
        assert browser.get(f"/passwords/{second}").status_code == 404  # too late


def test_g1b_sixth_asking_within_a_minute_waits(mailing: Flask) -> None:
    browser = mailing.test_client()

    assert [ask(browser, STRANGER).status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("password", "repeat", "problem"),
    [
        ("short", "short", "at least 12 characters"),
        ("password1234", "password1234", "one of the first"),
        (NEW, "something else", "The two passwords differ."),
        ("", "", "Choose a new password."),
    ],
)
def test_bad_choice_is_said_at_its_field_and_the_link_stays(
    app: Flask, password: str, repeat: str, problem: str, headers: dict[str, str]
) -> None:
    path = link_in(handed_over(app, log_in(app, ADMIN)))
    browser = app.test_client()

    answer = choose(browser, path, password, repeat, headers)

    assert answer.status_code == 422 and problem in answer.text
    assert choose(browser, path).status_code == 303


def test_g1b_without_a_mail_server_an_admin_hands_a_link_over_once(app: Flask) -> None:
    admin, browser = log_in(app, ADMIN), app.test_client()
    assert "An admin of your organisation can make a link" in browser.get("/forgotten").text
    assert ask(browser, ADMIN).status_code == 422

    page = handed_over(app, admin)
    path = link_in(page)

    assert f"Send this link to <bdi>{MEMBER}</bdi>" in page
    assert "/passwords/" not in admin.get(TEAM).text  # shown once
    assert choose(browser, path).status_code == 303
    assert choose(browser, path).status_code == 404
    assert logs_in(app, MEMBER, NEW)


def test_g1b_admin_of_one_organisation_gets_no_account_of_another(app: Flask) -> None:
    make_user(app, MEMBER, "Two")

    page = handed_over(app, log_in(app, ADMIN))

    assert f"{MEMBER} belongs to other organisations too." in page
    assert "/passwords/" not in page


def test_g1b_link_of_before_opens_no_right_that_came_later(app: Flask) -> None:
    path = link_in(handed_over(app, log_in(app, ADMIN)))

    make_user(app, MEMBER, "Two")

    assert app.test_client().get(path).status_code == 404


def test_viewer_makes_no_link(app: Flask) -> None:
    viewer = log_in(app, MEMBER)

    assert "Password link" not in viewer.get(TEAM).text
    assert viewer.post(f"{TEAM}/members/1/password").status_code == 403


def test_links_are_guessed_at_a_slow_rate(app: Flask) -> None:
    browser = app.test_client()

    assert [choose(browser, "/passwords/guess").status_code for _ in range(6)] == [404] * 5 + [429]


def test_who_is_logged_in_as_somebody_else_is_logged_out(app: Flask) -> None:
    path = link_in(handed_over(app, log_in(app, ADMIN)))
    browser = log_in(app, ADMIN)

    choose(browser, path)

    assert browser.get("/account").status_code == 302
    with app.app_context():
        assert len(db.session.scalars(select(Login)).all()) == 1  # the other one of the admin


@pytest.mark.parametrize(("headers", "typed"), [({}, MEMBER), (HTMX, "MEMBER@\uff25xample.org")])
def test_g1b_invitation_goes_by_mail_and_its_link_is_not_shown(
    mailing: Flask, mailbox: Mailbox, headers: dict[str, str], typed: str
) -> None:
    admin = log_in(mailing, ADMIN)

    admin.post(f"{TEAM}/invitations", data={"email": typed, "role": "viewer"}, headers=headers)
    page = admin.get(TEAM).text

    [mail] = mailbox.mails
    assert (mail["To"], mail["Subject"]) == (MEMBER, "Invitation to One")
    assert "as a viewer, who sees everything and changes nothing" in mail.get_content()
    assert f"The invitation went to {MEMBER} by mail." in page and "/invitations/" not in page.replace(
        f"{TEAM}/invitations", ""
    )
    joined = mailing.test_client().post(
        link_in(mail.get_content(), "invitations"), data={"password": NEW, "repeat": NEW}
    )
    assert joined.status_code == 303


def test_invitation_that_cannot_be_mailed_is_handed_over(make_app: Callable[..., Flask]) -> None:
    with Mailbox(refused=MEMBER) as mailbox:
        app = make_app(smtp_url=mailbox.url)
        make_user(app, ADMIN, "One")
        admin = log_in(app, ADMIN)

        admin.post(f"{TEAM}/invitations", data={"email": MEMBER, "role": "viewer"})
        page = admin.get(TEAM).text

    assert (
        f"did not take the mail to {MEMBER}: it does not know this address. Send the link yourself." in page
    )
    assert link_in(page, "invitations")


def test_mailed_links_begin_with_the_public_address_whatever_a_request_says(
    make_app: Callable[..., Flask], mailbox: Mailbox
) -> None:
    app = make_app(smtp_url=mailbox.url, host="127.0.0.1", port=8123)
    make_user(app, ADMIN, "One")

    ask(app.test_client(), ADMIN, {"Host": "evil.example"})
    wait_until(lambda: mailbox.mails)

    assert "http://127.0.0.1:8123/passwords/" in mailbox.mails[0].get_content()


def test_mail_server_asks_for_a_user_and_gets_it_only_where_it_is_safe() -> None:
    options = {
        "auth_required": True,
        "auth_require_tls": False,
        "authenticator": only(b"portal", b"p@ss/word"),
    }
    with Mailbox(**options) as mailbox:
        right = mailbox.url.replace("//", "//portal:p%40ss%2Fword@")
        send_mail(Settings(smtp_url=right, mail_from="events@example.org"), MEMBER, "Hello", "é🎪")
        with pytest.raises(MailNotSent, match="does not accept the user and password") as refusal:
            send_mail(
                Settings(smtp_url=mailbox.url.replace("//", "//portal:wrong-one@")), MEMBER, "Hello", "text"
            )

    assert "wrong-one" not in str(refusal.value)
    [mail] = mailbox.mails
    assert (mail["From"], mail.get_content().strip()) == ("events@example.org", "é🎪")


@pytest.mark.parametrize("odd", ["\n", "\r\n", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"])
def test_g4_name_of_several_lines_is_one_line_of_a_mail(odd: str) -> None:
    with Mailbox() as mailbox:
        send_mail(Settings(smtp_url=mailbox.url), MEMBER, f"North{odd}Bcc: all@example.org", "text")

    [mail] = mailbox.mails
    assert (mail["Subject"], mail["Bcc"]) == ("North Bcc: all@example.org", None)


@pytest.mark.parametrize(
    "url", ["http://mail", "smtp://", "smtp://mail:0", "smtp://mail:port", "mail.example.org"]
)
def test_address_of_a_mail_server_that_is_none_is_said_without_its_password(url: str) -> None:
    with pytest.raises(PortalError, match="PORTAL_SMTP_URL cannot be used") as problem:
        Settings.from_environment({"PORTAL_SMTP_URL": url.replace("://", "://u:s3cret@")})

    assert "s3cret" not in str(problem.value)
    assert "s3cret" not in repr(Settings(smtp_url="smtp://u:s3cret@mail"))
