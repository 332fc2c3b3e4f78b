"""What of a mapping waits for somebody, on card, window and agenda: A6, D10, E8; and the window's third step."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import HTMX, make_event, make_mapping, make_run

from portal.models import Mapping, db

TOLD = {"offer": {"site_timezone": "Europe/Paris"}}
PLACES = pytest.mark.parametrize(
    "address",
    ["/orgs/one/settings/integrations", "/orgs/one/integrations/asp?step=2", "/orgs/one/events/1/agenda"],
)
SWITCHES = ("send_moderators", "send_chairpersons", "send_content")


def mapping(app: Flask, **values) -> int:
    return make_mapping(app, make_event(app), **values)


def stored(app: Flask, mapping_id: int) -> Mapping:
    with app.app_context():
        found = db.session.get_one(Mapping, mapping_id)
        db.session.expunge(found)
        return found


def save(client: FlaskClient, mapping_id: int, **values):
    address = f"/orgs/one/integrations/asp/mappings/{mapping_id}/settings"
    return client.post(address, data=dict.fromkeys(SWITCHES, "y") | values, headers=HTMX)


@PLACES
def test_a6_a_pause_is_said_with_the_way_to_resume(app: Flask, admin: FlaskClient, address: str) -> None:
    id = mapping(app, paused=True, **TOLD)

    page = admin.get(address).text
    lists = [admin.get(each).text for each in ("/orgs/one/", "/orgs/one/events/1/details")]
    back = re.findall(r'name="back" value="(\w+)"', page)[0]
    answer = admin.post(f"/orgs/one/integrations/asp/mappings/{id}/resume", data={"back": back})

    assert "is paused" in page and "Resume</button>" in page
    assert ["Continuous sync is paused." in each for each in lists] == [True, True]
    assert answer.location == address  # where it was pressed
    assert stored(app, id).paused is False
    assert "is paused" not in admin.get(address).text


@PLACES
def test_e8_changes_that_wait_are_said(app: Flask, admin: FlaskClient, address: str) -> None:
    mapping(app, prepare_only=True, changes_waiting=12, **TOLD)

    assert "12 changes of <bdi>Small Conf</bdi> wait for a sync" in admin.get(address).text


@PLACES
def test_d12_what_waits_for_an_approval_is_said_with_the_way_to_it(
    app: Flask, admin: FlaskClient, address: str
) -> None:
    id = mapping(app, **TOLD)
    make_run(app, 1, status="partial", mapping_id=id, withheld=77)
    told = "77 records of <bdi>Small Conf</bdi> would be unpublished; that waits for an admin’s approval."

    page = admin.get(address).text
    make_run(app, 1, status="failed", mapping_id=id)  # it planned nothing
    after_a_failure = admin.get(address).text
    make_run(app, 1, status="succeeded", mapping_id=id)

    assert told in page and 'href="/orgs/one/events/1/preview"' in page
    assert told in page.split('id="agenda-readiness"')[0]  # in sight, not where one must look
    assert 'class="needing"' in page and 'class="needing"' in after_a_failure
    assert told not in admin.get(address).text


@PLACES
def test_d10_a_timezone_that_is_not_confirmed_is_said(app: Flask, admin: FlaskClient, address: str) -> None:
    id = mapping(app, timezone_confirmed_for="America/New_York")

    page = admin.get(address).text

    assert "is not confirmed for Europe/Paris (it was for America/New_York)" in page
    assert f"/orgs/one/integrations/asp?step=3&amp;mapping={id}" in page


@PLACES
def test_nothing_is_said_where_nothing_waits(app: Flask, admin: FlaskClient, address: str) -> None:
    mapping(app, **TOLD)

    page = admin.get(address).text

    assert not [word for word in ("is paused", "wait for a sync", "is not confirmed") if word in page]


def test_a6_e8_the_third_step_pauses_and_prepares(app: Flask, admin: FlaskClient) -> None:
    id = mapping(app, **TOLD)

    answer = save(admin, id, prepare_only="y", paused="y", paused_until="2999-01-02")

    found = stored(app, id)
    assert answer.status_code == 303
    assert (found.prepare_only, found.paused, str(found.paused_until)) == (True, True, "2999-01-02")
    page = admin.get(f"/orgs/one/integrations/asp?step=3&mapping={id}").text
    assert 'value="2999-01-02"' in page


def test_a6_a_day_that_has_passed_is_refused_at_its_field(app: Flask, admin: FlaskClient) -> None:
    id = mapping(app, **TOLD)

    answer = save(admin, id, prepare_only="y", paused="y", paused_until="2020-01-02")

    assert answer.status_code == 422
    assert "2 January 2020 has passed already" in answer.text and 'value="2020-01-02"' in answer.text
    assert (stored(app, id).paused, stored(app, id).prepare_only) == (False, False)


def test_d10_the_word_counts_for_the_timezone_that_stood_on_the_page(app: Flask, admin: FlaskClient) -> None:
    id = mapping(app)

    other = save(admin, id, confirm_timezone="y", asked_about="America/New_York")
    kept = stored(app, id).timezone_confirmed_for
    right = save(admin, id, confirm_timezone="y", asked_about="Europe/Paris")

    assert (other.status_code, kept) == (422, None)
    assert "The event’s timezone is Europe/Paris by now." in other.text
    assert (right.status_code, stored(app, id).timezone_confirmed_for) == (303, "Europe/Paris")
    assert (
        save(admin, id, asked_about="Europe/Paris").status_code,
        stored(app, id).timezone_confirmed_for,
    ) == (
        303,
        None,
    )


def test_c8_every_row_says_whether_the_seminar_has_its_slug(app: Flask, admin: FlaskClient) -> None:
    fields = {"sessionboard_id": "text", "levels-checkbox": "text"}
    id = mapping(app, offer={"custom_fields": fields, "site_timezone": "Europe/Paris"})

    page = admin.get(f"/orgs/one/integrations/asp?step=4&mapping={id}").text

    assert page.count("ASP Events has this field.") == 2 * page.count('class="fits" title="ASP Events')
    assert "The seminar has this field, of type text." in page
    assert "the seminar has no custom field “panel-moderator”" in page
    assert "custom field “levels-checkbox” is of type text. In ASP it must be a checkbox field." in page


def test_c8_next_takes_the_warning_of_a_new_row_along(app: Flask, admin: FlaskClient) -> None:
    id = mapping(app, offer={"custom_fields": {"sessionboard_id": "text"}, "site_timezone": "Europe/Paris"})
    save = f"/orgs/one/integrations/asp/mappings/{id}/fields/session"

    rows = {"field": ["level", "track"], "slug": ["levels-checkbox", "my-track"]}
    admin.post(save, data={"action": "save", "field": ["level"], "slug": ["levels-checkbox"]}, headers=HTMX)
    answer = admin.post(save, data={"action": "next", **rows}, headers=HTMX, follow_redirects=True).text
    toasts = answer.partition('id="toasts"')[2]

    assert "Map Speaker Fields" in answer
    assert "my-track" in toasts and "levels-checkbox" not in toasts


def test_f1_disconnect_counts_for_what_was_shown(app: Flask, admin: FlaskClient) -> None:
    mapping(app, **TOLD)
    address = "/orgs/one/integrations/asp/disconnect"
    shown = html.unescape(
        admin.get(address).text.split('name="question" type="hidden" value="')[1].split('"')[0]
    )
    make_mapping(app, make_event(app, name="Another", sessions=0), site="another")

    late = admin.post(address, data={"question": shown, "name": "one"})
    page = admin.get(late.location).text

    assert (late.location, "What would be lost has changed meanwhile." in page) == (address, True)
    assert "This ends 2 event mappings." in page
    question = html.unescape(page.split('name="question" type="hidden" value="')[1].split('"')[0])
    answer = admin.post(address, data={"question": question, "name": "One"})
    assert answer.location == "/orgs/one/settings/integrations"
