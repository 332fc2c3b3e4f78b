"""The Team page: who belongs to an organisation, and in which role (G1)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, log_in, make_user, user_id

from portal.models import Flash, HistoryEntry, Invitation, Membership, Organisation, User, db
from portal.operations.accounts.team import LAST_ADMIN

TEAM = "/orgs/one/settings/team"
EITHER = pytest.mark.parametrize("headers", [{}, HTMX])


def invite(admin: FlaskClient, email: str = "guest@example.org", role: str = "viewer", headers=None):
    data = {"email": email, "role": role}
    return admin.post(f"{TEAM}/invitations", data=data, headers=headers or {})


def link_in(page: str) -> str | None:
    found = re.search(r'value="http://localhost(/invitations/[^"]+)"', page)
    return found[1] if found else None


def membership_of(app: Flask, email: str) -> tuple[int, str] | None:
    with app.app_context():
        row = db.session.execute(
            select(Membership.id, Membership.role).join(User).where(User.email == email)
        ).first()
        return tuple(row) if row else None


def change(client: FlaskClient, app: Flask, email: str, role: str, headers=None):
    member = membership_of(app, email)
    return client.post(f"{TEAM}/members/{member[0]}/role", data={"role": role}, headers=headers or {})


def remove(client: FlaskClient, app: Flask, email: str, headers=None):
    member = membership_of(app, email)
    return client.post(f"{TEAM}/members/{member[0]}/remove", headers=headers or {})


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(HistoryEntry.kind).order_by(HistoryEntry.id)))


@EITHER
def test_the_link_of_an_invitation_is_shown_once(app: Flask, admin: FlaskClient, headers) -> None:
    answer = invite(admin, " Guest@Example.org ", headers=headers)
    first, second = admin.get(answer.location, headers=headers).text, admin.get(TEAM).text

    assert answer.status_code == 303
    assert link_in(first) is not None and "It is shown only now" in first
    assert link_in(second) is None and "guest@example.org" in second
    assert kinds(app)[-1] == "user invited"


def test_the_link_is_shown_to_nobody_else(app: Flask, admin: FlaskClient) -> None:
    make_user(app, "second@example.org", "One")
    invite(admin)

    assert link_in(log_in(app, "second@example.org").get(TEAM).text) is None
    assert link_in(admin.get(TEAM).text) is not None


def test_an_invitation_lasts_seven_days(app: Flask, admin: FlaskClient, browser: FlaskClient) -> None:
    invite(admin)
    address = link_in(admin.get(TEAM).text)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=6, hours=23)):
        assert browser.get(address).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=7, minutes=1)):
        assert browser.get(address).status_code == 404


@EITHER
@pytest.mark.parametrize(
    ("email", "role", "problem"),
    [
        ("", "viewer", "Enter an e-mail address."),
        ("nobody", "viewer", "is not an e-mail address"),
        ("admin@example.org", "viewer", "belongs to One already."),
        ("guest@example.org", "owner", "Choose a role."),
    ],
)
def test_a_wrong_invitation_is_refused_at_its_field(
    admin: FlaskClient, email: str, role: str, problem: str, headers
) -> None:
    answer = invite(admin, email, role, headers)

    assert answer.status_code == 422
    assert problem in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{email}"' in answer.text
    assert ("<html" in answer.text) == (not headers)


@EITHER
def test_a_withdrawn_invitation_leads_nowhere(app: Flask, admin: FlaskClient, headers) -> None:
    invite(admin)
    address = link_in(admin.get(TEAM).text)
    with app.app_context():
        invitation = db.session.scalars(select(Invitation.id)).one()
    withdraw = f"{TEAM}/invitations/{invitation}/withdraw"

    answer = admin.post(withdraw, headers=headers)
    again = admin.post(withdraw, headers=headers)
    page = admin.get(TEAM).text

    assert (answer.status_code, again.status_code) == (303, 303)
    assert "has been used or has ended meanwhile" in page
    assert "Open invitations" not in page
    assert app.test_client().get(address).status_code == 404
    assert kinds(app).count("invitation withdrawn") == 1


@EITHER
def test_a_role_is_changed(app: Flask, admin: FlaskClient, viewer: FlaskClient, headers) -> None:
    answer = change(admin, app, "viewer@example.org", "admin", headers)

    assert answer.status_code == 303
    assert membership_of(app, "viewer@example.org")[1] == "admin"
    assert "viewer@example.org is admin now." in admin.get(TEAM).text
    assert kinds(app)[-1] == "role changed"


@EITHER
def test_the_last_admin_stays_one(app: Flask, admin: FlaskClient, viewer: FlaskClient, headers) -> None:
    changed = change(admin, app, "admin@example.org", "viewer", headers)
    removed = remove(admin, app, "admin@example.org", headers)

    assert (changed.status_code, removed.status_code) == (422, 422)
    assert LAST_ADMIN in changed.text and LAST_ADMIN in removed.text
    assert membership_of(app, "admin@example.org")[1] == "admin"


def test_the_only_admin_is_offered_nothing_that_is_refused(
    app: Flask, admin: FlaskClient, viewer: FlaskClient
) -> None:
    alone = admin.get(TEAM).text
    change(admin, app, "viewer@example.org", "admin", {})
    two = admin.get(TEAM).text

    assert LAST_ADMIN in alone and "Leave One" not in alone
    assert "Role of admin@example.org" not in alone and "Role of viewer@example.org" in alone
    assert LAST_ADMIN not in two and "Leave One" in two


def test_who_is_no_admin_any_more_sees_the_page_as_a_viewer(app: Flask, admin: FlaskClient) -> None:
    make_user(app, "second@example.org", "One")

    answer = change(admin, app, "admin@example.org", "viewer", HTMX)
    page = admin.get(TEAM).text

    assert answer.headers["HX-Redirect"] == TEAM
    assert "Only admins can invite" in page
    assert "Withdraw</button>" not in page and "/remove" not in page


def test_removing_asks_first(app: Flask, admin: FlaskClient, viewer: FlaskClient) -> None:
    member = membership_of(app, "viewer@example.org")[0]
    page = admin.get(f"{TEAM}?remove={member}").text

    assert "Remove viewer@example.org from <bdi>One</bdi>?" in page
    assert f'action="{TEAM}/members/{member}/remove"' in page
    assert f'action="{TEAM}/members/{member}/remove"' not in admin.get(TEAM).text


@pytest.mark.parametrize("end", [remove, lambda *of: change(*of, "viewer")], ids=["removed", "made a viewer"])
def test_g1_links_of_who_is_no_admin_any_more_give_nothing_back(app: Flask, admin: FlaskClient, end) -> None:
    make_user(app, "second@example.org", "One")
    second = log_in(app, "second@example.org")
    member = membership_of(app, "admin@example.org")[0]
    invite(second, "another-of-mine@example.org", "admin")
    own_link = link_in(second.get(TEAM).text)
    second.post(f"{TEAM}/members/{member}/password")
    reset = re.search(r"/passwords/[\w-]+", second.get(TEAM).text)[0]
    invite(admin)
    link_of_others = link_in(admin.get(TEAM).text)

    end(admin, app, "second@example.org")

    stranger = app.test_client()
    answers = [stranger.get(each).status_code for each in (own_link, reset, link_of_others)]
    assert answers == [404, 404, 200]
    assert "1 open invitation of theirs ended as well." in admin.get(TEAM).text


def test_g1_older_invitation_of_a_member_ends_with_their_membership(
    app: Flask, admin: FlaskClient, browser: FlaskClient
) -> None:
    invite(admin, "guest@example.org", "admin")
    link = link_in(admin.get(TEAM).text)
    make_user(app, "guest@example.org", "One", "viewer")  # by the command line, meanwhile

    remove(admin, app, "guest@example.org")

    assert browser.get(link).status_code == 404


def test_g1_invitation_of_who_belongs_there_already_changes_no_role(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "guest@example.org", "admin")
    link = link_in(admin.get(TEAM).text)
    make_user(app, "guest@example.org", "One", "viewer")
    guest = log_in(app, "guest@example.org")

    guest.post(link)

    assert "You belong to One now, as viewer." in guest.get("/orgs/one/").text
    assert membership_of(app, "guest@example.org")[1] == "viewer"
    assert "joined as admin" not in guest.get("/orgs/one/history").text


@EITHER
def test_a_removed_member_sees_nothing_any_more(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, headers
) -> None:
    answer = remove(admin, app, "viewer@example.org", headers)

    assert (answer.status_code, answer.location) == (303, TEAM)
    assert viewer.get(TEAM).location.startswith("/login")  # G1b: it was their last organisation
    assert kinds(app)[-1] == "user removed"


def test_g1_a_removed_member_hears_no_result_of_the_organisation_any_more(
    app: Flask, admin: FlaskClient
) -> None:
    for organisation in ("One", "Two"):
        make_user(app, "both@example.org", organisation)
    both = log_in(app, "both@example.org")
    with app.app_context():
        ours = (
            Membership.organisation_id
            == select(Organisation.id).where(Organisation.slug == "one").scalar_subquery()
        )
        theirs = Membership.user_id == user_id(app, "both@example.org")
        member = db.session.scalars(select(Membership).where(ours, theirs)).one()
        told = {"user_id": member.user_id, "organisation_id": member.organisation_id, "category": "error"}
        db.session.add(Flash(**told, message="65 of 68 sessions"))
        db.session.commit()
        member_id = member.id

    admin.post(f"{TEAM}/members/{member_id}/remove")

    assert "65 of 68 sessions" not in both.get("/orgs/two/runs").text


def test_an_admin_may_leave_where_another_stays(app: Flask, admin: FlaskClient) -> None:
    make_user(app, "second@example.org", "One")

    answer = remove(admin, app, "admin@example.org")

    assert (answer.status_code, answer.location) == (303, "/")
    assert "You no longer belong to One." in admin.get("/", follow_redirects=True).text


def test_a_viewer_sees_the_team_greyed_with_the_reason(viewer: FlaskClient) -> None:
    page = viewer.get(f"{TEAM}?remove=1").text

    assert "<fieldset" in page and "disabled" in page
    assert "Only admins can invite, remove or change roles; you are a viewer." in page
    assert "Change</button>" not in page and 'id="remove-question"' not in page


def test_the_page_asks_as_often_for_one_member_as_for_three(app: Flask, admin: FlaskClient) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    admin.get(TEAM)
    for_one = len(statements)
    for number in range(2):
        make_user(app, f"more{number}@example.org", "One")
    statements.clear()

    admin.get(TEAM)

    assert len(statements) == for_one


def test_g1b_nobody_sends_mails_to_strangers_by_the_portal(
    app: Flask, admin: FlaskClient, monkeypatch
) -> None:
    monkeypatch.setattr("portal.operations.accounts.invitations.MOST_WITHIN_AN_HOUR", 2)
    make_user(app, "admin@two.org", "Two")
    elsewhere = log_in(app, "admin@two.org")

    with time_machine.travel(datetime.now(UTC), tick=False):
        answers = [invite(admin, f"guest{number}@example.org") for number in range(3)]
    other = elsewhere.post(
        f"{TEAM.replace('one', 'two')}/invitations", data={"email": "a@b.org", "role": "viewer"}
    )
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        later = invite(admin, "guest2@example.org")
    with app.app_context():
        entries = db.session.scalars(select(HistoryEntry.text).where(HistoryEntry.text.like("%guest%")))
        told = list(entries.all())

    assert [each.status_code for each in (*answers, other, later)] == [303, 303, 422, 303, 303]
    page = answers[2].text
    assert "One has invited 2 people within an hour" in page and "Invite the next in 60 minutes." in page
    assert 'value="guest2@example.org"' in page
    assert told == [
        "Invited guest0@example.org as viewer.",
        "Invited guest1@example.org as viewer. That was the last of 2 within an hour; the next has to wait.",
        "Invited guest2@example.org as viewer.",
    ]
