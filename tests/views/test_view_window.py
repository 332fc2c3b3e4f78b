"""The integration window's first two steps, against a local ASP, as plain pages and through HTMX."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sync_world import (
    FAR_SITE,
    KEY,
    SECOND_SEMINAR,
    SECRET,
    SEMINAR,
    SILENT_SEMINAR,
    SILENT_SITE,
    SITE,
    UNREADY_SEMINAR,
)
from view_samples import HTMX, log_in, make_event, make_run, make_user
from werkzeug.test import TestResponse

from asp_local.server import LocalAsp
from portal.models import Connection, FieldMapping, HistoryEntry, Mapping, Session, db, now
from portal.operations.mapping.field_mappings import RefusedRows, save_field_mappings
from portal.operations.mapping.meanwhile import Rows, merge_rows
from portal.operations.syncing.runs import perform_run, request_run

WINDOW = "/orgs/one/integrations/asp"
EITHER = pytest.mark.parametrize("headers", [{}, HTMX])


@pytest.fixture
def app(make_app: Callable[..., Flask], local_asp: LocalAsp) -> Flask:
    return make_app(asp_base_url=local_asp.url, asp_timeout=60.0)


def connect(admin: FlaskClient, secret: str = SECRET, headers: dict[str, str] | None = None, **data: str):
    values = {"api_key": KEY, "api_secret": secret} | data
    return admin.post(f"{WINDOW}/connection", data=values, headers=headers or {})


def add(admin: FlaskClient, event: int, site: str = SITE, seminar: str = SEMINAR, headers=None, **data: str):
    values = {"site": site, "event": str(event), "seminar_id": seminar} | data
    return admin.post(f"{WINDOW}/mappings", data=values, headers=headers or {})


def stored(app: Flask, model: type) -> list:
    with app.app_context():
        return list(db.session.scalars(select(model)))


def test_the_card_leads_to_connect(admin: FlaskClient) -> None:
    page = admin.get("/orgs/one/settings/integrations").text

    assert f'href="{WINDOW}?step=1"' in page
    assert "Disconnect" not in page


@pytest.mark.parametrize("step", ["1", "2", "5", "99", "x"])
def test_the_window_begins_with_connect(admin: FlaskClient, step: str) -> None:
    page = admin.get(f"{WINDOW}?step={step}").text

    assert "New Connection" in page
    assert "Existing Event Mappings" not in page


@EITHER
def test_connect_refuses_what_asp_refuses_and_stores_nothing(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    answer = connect(admin, "not-the-secret", headers)

    assert answer.status_code == 422
    assert "Nothing was saved." in answer.text
    assert "not-the-secret" not in answer.text
    assert f'value="{KEY}"' in answer.text
    assert ("<html" in answer.text) == (not headers)
    assert stored(app, Connection) == []


@EITHER
def test_connect_goes_on_to_map_events(app: Flask, admin: FlaskClient, headers: dict[str, str]) -> None:
    answer = connect(admin, headers=headers)
    following = admin.get(answer.location, headers=headers)

    assert (answer.status_code, answer.location) == (303, f"{WINDOW}?step=2")
    assert "Existing Event Mappings" in following.text
    assert "ASP Events is connected." in following.text
    assert SECRET not in following.text
    assert len(stored(app, Connection)) == 1


def test_connect_needs_both_values(admin: FlaskClient) -> None:
    answer = connect(admin, "", api_key="")

    assert answer.status_code == 422
    assert "Enter the API key." in answer.text and "Enter the API secret." in answer.text


def test_settings_keep_the_secret_and_move_the_switch(
    app: Flask, admin: FlaskClient, local_asp: LocalAsp
) -> None:
    connect(admin)
    local_asp.stop()  # the switch alone must not need ASP

    answer = connect(admin, "", continuous="y")

    assert answer.status_code == 303
    assert [each.continuous for each in stored(app, Connection)] == [True]
    assert "Continuous sync on" in admin.get("/orgs/one/settings/integrations").text


def test_without_an_event_there_is_nothing_to_map(admin: FlaskClient) -> None:
    connect(admin)

    assert "One has no event yet." in admin.get(f"{WINDOW}?step=2&new=1").text


def test_the_window_loads_asp_events_later_or_at_once(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    make_event(app)

    later = admin.get(f"{WINDOW}?step=2&new=1").text
    at_once = admin.get(f"{WINDOW}?step=2&new=1&load=now").text
    part = admin.get(f"{WINDOW}/sites", headers=HTMX).text

    assert "Loading the ASP events" in later and f'hx-get="{WINDOW}/sites"' in later
    for loaded in (at_once, part):
        assert f'<option value="{SITE}">First site</option>' in loaded
        assert "Loading the ASP events" not in loaded


def test_an_unreachable_asp_can_be_tried_again(
    app: Flask, admin: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    connect(admin)
    with app.app_context():
        connection = db.session.scalars(select(Connection)).one()
        connection.secret_encrypted = app.extensions["portal_vault"].encrypt("changed over there")
        db.session.commit()

    part = admin.get(f"{WINDOW}/sites", headers=HTMX)

    assert part.status_code == 200
    assert "Try again" in part.text and 'role="alert"' in part.text


def test_seminars_are_offered_by_name(admin: FlaskClient) -> None:
    connect(admin)

    part = admin.get(f"{WINDOW}/seminars?site={SITE}", headers=HTMX).text

    assert f'<option value="{SEMINAR}">Seminar {SEMINAR}</option>' in part


@EITHER
def test_a_mapping_is_added_listed_and_removed(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    connect(admin)
    event = make_event(app)

    added = add(admin, event, headers=headers)
    listed = admin.get(f"{WINDOW}?step=2").text
    mapping = stored(app, Mapping)[0].id
    asked = admin.get(f"{WINDOW}?step=2&remove={mapping}", headers=headers).text
    removed = admin.post(f"{WINDOW}/mappings/{mapping}/remove", headers=headers)

    assert (added.status_code, added.location) == (303, f"{WINDOW}?step=2")
    assert "Mapping created on" in listed and "by admin@example.org" in listed
    assert f"Seminar: <bdi>Seminar {SEMINAR}</bdi> ({SEMINAR})" in listed
    assert "<bdi>First site</bdi> › <bdi>Seminar 71</bdi> (71)? What is already in ASP stays there." in asked
    assert (removed.status_code, stored(app, Mapping)) == (303, [])
    assert "Nothing was synced through this mapping, so both can be mapped to others then." in asked
    assert "Small Conf no longer syncs to First site › Seminar 71 (71)." in admin.get(f"{WINDOW}?step=2").text


@EITHER
def test_an_unknown_seminar_is_told_at_its_field_and_nothing_typed_is_lost(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    connect(admin)
    event = make_event(app)

    answer = add(admin, event, seminar="999999", headers=headers)

    assert answer.status_code == 422
    assert "ASP has no seminar “999999”." in answer.text.split('id="seminar_id-wrong"')[1]
    assert 'value="999999"' in answer.text
    assert f'<option value="{event}" selected>' in answer.text
    assert f'<option value="{SITE}" selected>' in answer.text
    assert stored(app, Mapping) == []


def test_a_silent_timezone_is_confirmed_once(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    event = make_event(app)

    first = add(admin, event, SILENT_SITE, SILENT_SEMINAR)
    second = add(admin, event, SILENT_SITE, SILENT_SEMINAR, confirm_timezone="y")

    assert first.status_code == 422
    assert 'name="confirm_timezone"' in first.text
    assert second.status_code == 303
    assert 'name="confirm_timezone"' not in admin.get(f"{WINDOW}?step=2&new=1").text


def test_d10_the_timezone_is_confirmed_for_the_event_that_was_asked_about(
    app: Flask, admin: FlaskClient
) -> None:
    connect(admin)
    first, second = make_event(app), make_event(app, name="Far", timezone="America/New_York")
    asked = add(admin, first, SILENT_SITE, SILENT_SEMINAR).text
    about = asked.split('name="asked_about" type="hidden" value="')[1].split('"')[0]

    other = add(admin, second, SILENT_SITE, SILENT_SEMINAR, confirm_timezone="y", asked_about=about)
    right = add(admin, first, SILENT_SITE, SILENT_SEMINAR, confirm_timezone="y", asked_about=about)

    assert about == f"{SILENT_SITE} {first} Europe/Paris"
    assert (other.status_code, "America/New_York, the event" in other.text) == (422, True)
    assert right.status_code == 303


def test_what_is_mapped_is_offered_no_more_and_refused(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    first, second = make_event(app, name="First"), make_event(app, name="Second")
    add(admin, first)

    page = admin.get(f"{WINDOW}?step=2&new=1&load=now").text
    refused = [add(admin, second), add(admin, first, FAR_SITE, "76")]

    assert f'<option value="{SITE}"' not in page and f'<option value="{first}">First<' not in page
    assert [answer.status_code for answer in refused] == [422, 422]
    assert len(stored(app, Mapping)) == 1


def test_choosing_nothing_is_told_at_each_field(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    make_event(app)

    answer = admin.post(f"{WINDOW}/mappings", data={})

    assert answer.status_code == 422
    for words in ("Choose an ASP event.", "Choose an event.", "Enter the Seminar ID."):
        assert words in answer.text


@EITHER
def test_disconnect_names_what_is_lost_and_returns_to_the_cards(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    connect(admin)
    add(admin, make_event(app))
    address = f"{WINDOW}/disconnect"

    question = admin.get(address, headers=headers)
    unsure = admin.post(address, data={"name": "Two"}, headers=headers)
    answer = admin.post(address, data={"name": " one "}, headers=headers)

    assert "This ends 1 event mapping." in question.text
    assert "To confirm, type the organisation’s name: One" in question.text
    assert (unsure.status_code, "That is not “One”. Nothing was changed." in unsure.text) == (422, True)
    cards = "/orgs/one/settings/integrations"
    assert (answer.headers["HX-Redirect"] if headers else answer.location) == cards
    assert (stored(app, Connection), stored(app, Mapping)) == ([], [])
    assert "Connect</a>" in admin.get(cards).text


def test_b4_a_new_mapping_can_begin_like_another(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    first, second = make_event(app, name="First"), make_event(app, name="Second")
    assert "Begin with" not in admin.get(f"{WINDOW}?step=2&new=1&load=now").text
    add(admin, first)
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        save_field_mappings(mapping, "session", [("level", "my-level")], "test")
        pattern = mapping.id
    settings = {"unpublish_sessions": "y", "paused": "y", "send_content": "y", "is_default": "y"}
    admin.post(f"{WINDOW}/mappings/{pattern}/settings", data=settings)

    page = admin.get(f"{WINDOW}?step=2&new=1&load=now").text
    add(admin, second, FAR_SITE, "76", like=str(pattern), withdrawn="")

    assert f'<option selected value="{pattern}">Those of First' in page  # the organisation's default
    with app.app_context():
        found = db.session.scalars(select(Mapping).where(Mapping.event_id == second)).one()
        rows = [(row.field, row.slug) for row in found.field_mappings if row.kind == "session"]
        assert ("level", "my-level") in rows and "Location" not in [slug for _, slug in rows]
        assert (found.unpublish_sessions, found.unpublish_speakers, found.send_moderators) == (
            True,
            False,
            False,
        )
        assert (found.paused, found.is_default) == (False, False)


def test_b4_an_answer_goes_before_what_a_mapping_begins_like(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    first, second = make_event(app, name="First"), make_event(app, name="Second")
    add(admin, first, withdrawn="unpublish")
    with app.app_context():
        pattern = db.session.scalars(select(Mapping.id)).one()

    add(admin, second, FAR_SITE, "76", like=str(pattern), withdrawn="keep")

    assert [each.unpublish_sessions for each in stored(app, Mapping)] == [True, False]


def test_b3_seminars_are_listed_with_what_they_lack(admin: FlaskClient) -> None:
    connect(admin)

    part = admin.get(f"{WINDOW}/seminars?site={SITE}&seminar_id={SEMINAR}", headers=HTMX).text

    assert f'name="seminar_choice" value="{SEMINAR}" data-fills="seminar_id" checked' in part
    assert part.count("</i> ready </span>") == 2
    assert "ready, without Content, Level, Moderators, Chairpersons" in part
    assert "no field sessionboard_id: it cannot take a sync yet" in part


@pytest.mark.parametrize(
    "typed",
    [
        {"seminar": "", "seminar_choice": SEMINAR},
        {"seminar": f"https://admin.example.org/x/cbSeminars/sessions/index/library/{SEMINAR}"},
        {"seminar": f"https://admin.example.org/library/{SEMINAR}/?tab=1"},
    ],
)
def test_b3_the_seminar_is_typed_chosen_or_pasted_with_its_address(
    app: Flask, admin: FlaskClient, typed: dict[str, str]
) -> None:
    connect(admin)

    answer = add(admin, make_event(app), **typed)

    assert answer.status_code == 303
    assert [each.seminar_number for each in stored(app, Mapping)] == [SEMINAR]


@pytest.mark.parametrize(
    ("answer", "unpublish"), [({}, False), ({"withdrawn": "keep"}, False), ({"withdrawn": "unpublish"}, True)]
)
def test_d9_a_new_mapping_asks_what_becomes_of_what_is_no_longer_accepted(
    app: Flask, admin: FlaskClient, answer: dict[str, str], unpublish: bool
) -> None:
    connect(admin)
    event = make_event(app)
    asked = admin.get(f"{WINDOW}?step=2&new=1").text

    add(admin, event, **answer)

    assert asked.count('name="withdrawn"') == 2 and 'name="withdrawn" value="keep" checked' not in asked
    (mapping,) = stored(app, Mapping)
    assert (mapping.unpublish_sessions, mapping.unpublish_speakers) == (unpublish, unpublish)


def test_b4_a_pair_that_was_mapped_before_goes_on_as_it_was_and_says_so(
    app: Flask, admin: FlaskClient
) -> None:
    connect(admin)
    event = make_event(app)
    add(admin, event, withdrawn="unpublish")
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        save_field_mappings(mapping, "session", [("track", "my-track")], "test")
        perform_run(request_run(mapping, "test").id)
        number = mapping.id
    asked = admin.get(f"{WINDOW}?step=2&remove={number}").text
    admin.post(f"{WINDOW}/mappings/{number}/remove")
    admin.get(f"{WINDOW}?step=2")

    add(admin, event)

    page = admin.get(f"{WINDOW}?step=2").text
    assert "Mapped to First site again, Small Conf goes on with its 3 sessions there;" in asked
    assert "Small Conf is mapped again, with the fields and settings that this mapping had." in page
    (mapping,) = stored(app, Mapping)
    assert mapping.id == number and mapping.unpublish_sessions
    assert 'value="my-track"' in admin.get(f"{WINDOW}?step=4").text


@pytest.mark.parametrize(
    ("before", "answer", "unpublish"), [("unpublish", "keep", False), ("keep", "unpublish", True)]
)
def test_d9_an_answer_counts_also_where_a_pair_is_mapped_again(
    app: Flask, admin: FlaskClient, before: str, answer: str, unpublish: bool
) -> None:
    connect(admin)
    event = make_event(app)
    add(admin, event, withdrawn=before)
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        perform_run(request_run(mapping, "test").id)
        number = mapping.id
    admin.post(f"{WINDOW}/mappings/{number}/remove")

    add(admin, event, withdrawn=answer)

    (mapping,) = stored(app, Mapping)
    assert (mapping.unpublish_sessions, mapping.unpublish_speakers) == (unpublish, unpublish)


def test_a7_what_keeps_a_new_mapping_from_being_synced_stands_on_it_once(
    app: Flask, admin: FlaskClient
) -> None:
    connect(admin)

    add(admin, make_event(app), seminar=UNREADY_SEMINAR)

    page = admin.get(f"{WINDOW}?step=2").text
    assert page.count("the seminar has no custom field “sessionboard_id”") == 1
    assert "Small Conf is mapped. It can’t sync yet: see under Map Events what it lacks." in page


def test_b4_a_second_set_in_the_same_asp_event_is_confirmed_first(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    event = make_event(app)
    add(admin, event)
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one().id
        perform_run(request_run(db.session.get_one(Mapping, mapping), "test").id)
    admin.post(f"{WINDOW}/mappings/{mapping}/remove")

    asked = add(admin, event, seminar=SECOND_SEMINAR)
    kept = [each.removed_at is None for each in stored(app, Mapping)]
    confirmed = add(admin, event, seminar=SECOND_SEMINAR, confirm_second="y")
    mapped = [each.seminar_number for each in stored(app, Mapping)]
    admin.post(f"{WINDOW}/mappings/{mapping}/remove")
    of_a_third = add(admin, event, seminar=UNREADY_SEMINAR)

    assert asked.status_code == 422 and 'name="confirm_second"' in asked.text
    assert "3 sessions of Small Conf are already in Seminar 71 (71) of First site." in asked.text
    assert (kept, confirmed.status_code, mapped) == ([False], 303, [SECOND_SEMINAR])
    assert "3 sessions of Small Conf are already in another seminar of First site." in of_a_third.text


@EITHER
@pytest.mark.parametrize("what", ["fields/session", "fields/speaker", "settings", "remove"])
def test_b4_a_window_left_open_says_that_its_mapping_is_gone(admin: FlaskClient, what: str, headers) -> None:
    answer = admin.post(f"{WINDOW}/mappings/9/{what}", headers=headers)

    said = "There is no such event mapping any more; somebody may have removed it. Nothing was changed."
    assert (answer.status_code, said in answer.text) == (404, True)


def test_b4_who_keeps_a_mapping_comes_back_to_where_they_asked(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    add(admin, make_event(app))
    mapping = stored(app, Mapping)[0].id

    asked = admin.get(f"{WINDOW}?step=2&remove={mapping}").text
    back = re.search(r'data-escape href="([^"]+)"', asked)
    kept = admin.get(unescape(back[1])).text if back else ""

    assert kept.count("data-focus") == 1 and f'id="remove-{mapping}" data-focus' in kept


JUDGED = {
    ("session", "moderators", "chairperson"): "The seminar has this field, of type speakerlist.",
    ("session", "level", "chairperson"): "is of type speakerlist",
    ("session", "level", "Title"): "ASP Events has this field.",
    ("session", "moderators", "chair-person"): "Did you mean chairperson?",
    ("session", "level", "qqq"): "Its custom fields are chairperson, ",
    ("session", "level", "my level"): "Did you mean my-level?",
    (
        "session",
        "level",
        "sessionboard_ids",
    ): "Did you mean sessionboard-content?",  # a required row has the nearer
    ("session", "level", "Speakers"): "Speakers can only be filled by people.",
    ("session", "none", "Title"): "There is no field “none”.",
    ("session", "", "qqq"): "",
    ("session", "level", " "): "",
    ("speaker", "website", "anything"): "",
}


def test_c8_a_row_is_judged_while_it_is_edited_and_nothing_is_stored(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    add(admin, make_event(app))
    mapping = stored(app, Mapping)[0].id
    before = [(row.field, row.slug) for row in stored(app, FieldMapping)]

    judged = {
        (kind, field, slug): admin.get(
            f"{WINDOW}/mappings/{mapping}/fields/{kind}/fit", query_string={"field": field, "slug": slug}
        ).text
        for kind, field, slug in JUDGED
    }

    assert [row for row, says in JUDGED.items() if says not in judged[row]] == []
    assert ["bi-" in text for text in judged.values()] == [bool(says) for says in JUDGED.values()]
    assert [(row.field, row.slug) for row in stored(app, FieldMapping)] == before


def test_a7_a_key_that_asp_rejects_while_events_are_mapped_is_noted_with_the_way_out(
    app: Flask, admin: FlaskClient, local_asp: LocalAsp
) -> None:
    connect(admin)
    local_asp.control(fail_rate=1, fail_status=401)
    sites = admin.get(f"{WINDOW}/sites", headers=HTMX).text
    local_asp.control(fail_rate=0)

    assert "did not accept this API key and secret" in sites and f'href="{WINDOW}?step=1"' in sites
    assert [each.rejected_at is not None for each in stored(app, Connection)] == [True]


def test_b3_seminars_that_cannot_be_listed_are_said_with_the_way_to_try_again(
    admin: FlaskClient, local_asp: LocalAsp
) -> None:
    connect(admin)
    here, again = f"{WINDOW}/seminars?site={SITE}", HTMX | {"HX-Trigger": "integrations-seminars-again"}
    local_asp.control(fail_rate=1, fail_status=418)
    down = admin.get(here, headers=again).text
    local_asp.control(fail_rate=0)
    there = admin.get(here, headers=again).text
    unasked = admin.get(f"{WINDOW}/seminars", headers=again).text

    assert "cannot be listed now" in down and "data-focus" in down and 'type="radio"' not in down
    assert there.count("data-focus") == 1 and f'value="{SEMINAR}" data-fills' in there
    assert "Once an ASP event is chosen" in unasked


def test_b6_the_window_opens_with_the_event_that_one_came_from_and_goes_back_to_it(
    app: Flask, admin: FlaskClient
) -> None:
    connect(admin)
    make_event(app, name="Another")
    event = make_event(app)
    agenda = f"/orgs/one/events/{event}/agenda"
    led = admin.get(agenda).text

    opened = admin.get(f"{WINDOW}?step=2&new=1&event={event}&load=now").text
    added = admin.post(
        f"{WINDOW}/mappings?event={event}", data={"site": SITE, "event": str(event), "seminar_id": SEMINAR}
    )
    mapping = stored(app, Mapping)[0].id
    done = admin.post(f"{WINDOW}/mappings/{mapping}/fields/speaker?event={event}", data={"action": "done"})

    assert f"{WINDOW}?event={event}&amp;step=2&amp;new=1" in led or f"event={event}" in led
    assert f'<option value="{event}" selected>' in opened and f'href="{agenda}"' in opened
    assert added.location == f"{WINDOW}?event={event}&step=2"
    assert f'href="{WINDOW}?event={event}&amp;step=3"' in admin.get(added.location).text
    assert done.location == agenda


def test_b6_another_organisation_s_event_is_no_way_back(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    make_user(app, "other@example.org", "Two")
    foreign = make_event(app, slug="two", name="Foreign Conf")

    page = admin.get(f"{WINDOW}?step=2&event={foreign}").text

    assert "Foreign Conf" not in page and f"event={foreign}" not in page


@EITHER
def test_b6_next_and_done_save_what_was_changed(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    connect(admin)
    add(admin, make_event(app))
    mapping = stored(app, Mapping)[0].id
    page = admin.get(f"{WINDOW}?step=3").text

    settings = admin.post(
        f"{WINDOW}/mappings/{mapping}/settings",
        data={"action": "next", "unpublish_sessions": "y"},
        headers=headers,
    )
    fields = admin.post(
        f"{WINDOW}/mappings/{mapping}/fields/session",
        data={"action": "next", "field": "track", "slug": "my-track"},
        headers=headers,
    )
    refused = admin.post(
        f"{WINDOW}/mappings/{mapping}/fields/speaker",
        data={"action": "done", "field": "job_title", "slug": ""},
        headers=headers,
    )
    done = admin.post(f"{WINDOW}/mappings/{mapping}/fields/speaker", data={"action": "done"}, headers=headers)

    assert 'form="integrations-settings" name="action" value="next">Next</button>' in page
    assert settings.location == f"{WINDOW}?step=4&mapping={mapping}"
    assert fields.location == f"{WINDOW}?step=5&mapping={mapping}"
    assert refused.status_code == 422
    assert (done.headers["HX-Redirect"] if headers else done.location) == "/orgs/one/settings/integrations"
    with app.app_context():
        saved = db.session.get_one(Mapping, mapping)
        assert saved.unpublish_sessions and "my-track" in [row.slug for row in saved.field_mappings]
        kinds = list(db.session.scalars(select(HistoryEntry.kind).where(HistoryEntry.kind.like("%changed"))))
    assert kinds == ["settings changed", "fields changed", "fields changed"]


def test_b6_next_says_and_writes_nothing_where_nothing_was_changed(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    add(admin, make_event(app))
    mapping = stored(app, Mapping)[0].id
    before = admin.get(f"{WINDOW}?step=5").text
    fields = re.findall(r'name="slug" value="([^"]*)"', before)
    keys = re.findall(r'<option value="([^"]*)" selected>', before.split('id="integrations-mapper"')[1])

    answer = admin.post(
        f"{WINDOW}/mappings/{mapping}/fields/speaker", data={"action": "done", "field": keys, "slug": fields}
    )

    assert answer.status_code == 303
    assert "are saved" not in admin.get(answer.location).text


def test_steps_three_to_five_choose_a_mapping(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    without = admin.get(f"{WINDOW}?step=3").text
    add(admin, make_event(app))

    assert "No event is mapped yet." in without
    for step in (3, 4, 5):
        page = admin.get(f"{WINDOW}?step={step}").text
        assert "<bdi>Small Conf</bdi> → <bdi>First site</bdi> › <bdi>Seminar 71</bdi> (71)" in page
        assert '<li aria-current="step">' in page


def test_the_window_keeps_its_address_up_to_date_where_it_is_the_page(admin: FlaskClient) -> None:
    connect(admin)
    own_page = admin.get(
        f"{WINDOW}?step=3", headers=HTMX | {"HX-Current-URL": f"http://localhost{WINDOW}?step=2"}
    )
    dialog = admin.get(
        f"{WINDOW}?step=3",
        headers=HTMX | {"HX-Current-URL": "http://localhost/orgs/one/settings/integrations"},
    )

    assert own_page.headers["HX-Replace-Url"] == f"{WINDOW}?step=3"
    assert "HX-Replace-Url" not in dialog.headers


# A7: what the card says of the credentials


def test_a7_the_card_says_that_asp_rejects_the_pair_until_a_good_one_is_entered(
    app: Flask, admin: FlaskClient
) -> None:
    connect(admin)
    cards = "/orgs/one/settings/integrations"
    assert "Rejected" not in admin.get(cards).text
    with app.app_context():
        db.session.scalars(select(Connection)).one().rejected_at = now()
        db.session.commit()

    rejected = admin.get(cards).text
    connect(admin)

    assert "Rejected" in rejected and "ASP Events rejects the API key and secret" in rejected
    assert [each.rejected_at for each in stored(app, Connection)] == [None]
    assert "Rejected" not in admin.get(cards).text


# C3, C4: the rows of a field mapper


@pytest.fixture
def mapped(app: Flask, admin: FlaskClient) -> int:
    connect(admin)
    add(admin, make_event(app))
    return int(stored(app, Mapping)[0].id)


def test_c3_every_field_stands_beside_its_type(admin: FlaskClient, mapped: int) -> None:
    page = admin.get(f"{WINDOW}?step=4&mapping={mapped}").text

    for field in ("Title (Type: text)", "Moderators (Type: people)"):
        assert field in page


def test_c4_people_fill_no_text_of_asp(app: Flask, admin: FlaskClient, mapped: int) -> None:
    with app.app_context(), pytest.raises(RefusedRows) as refused:
        save_field_mappings(
            db.session.get_one(Mapping, mapped), "session", [("moderators", "Description")], "tester"
        )

    assert "can only fill Speakers or a custom field" in refused.value.errors[0]


# G3: two admins who edit one mapping at once


@pytest.mark.parametrize(
    ("mine", "theirs", "rows", "taken", "clash"),
    [
        ([("a", "x"), ("c", "z")], [("a", "x")], [("a", "x"), ("c", "z")], [], ""),  # only I
        ([("a", "x")], [("b", "x"), ("c", "z")], [("b", "x"), ("c", "z")], ["x", "z"], ""),  # only they
        ([("a", "x")], [], [], ["x"], ""),
        ([("b", "x")], [("b", "x")], [("b", "x")], [], ""),  # both the same
        ([("b", "x")], [("c", "x")], [("b", "x")], [], "chose another field"),
        ([("b", "x")], [], [("b", "x")], [], "removed this row"),
        ([], [("b", "x")], [("b", "x")], [], "changed this row while you removed it"),
    ],
)
def test_g3_rows_of_a_mapper_are_brought_together_by_their_slug(
    mine: Rows, theirs: Rows, rows: Rows, taken: list[str], clash: str
) -> None:
    merged = merge_rows([("a", "x")], mine, theirs)

    assert (merged.rows, merged.taken) == (rows, taken)
    assert [clash in words for words in merged.clashes.values()] == [True] * bool(clash)


def test_g3_the_rows_of_two_who_edit_one_mapper_both_stay(
    app: Flask, admin: FlaskClient, mapped: int
) -> None:
    def opened() -> dict[str, Any]:
        page = admin.get(f"{WINDOW}?step=5").text
        rows = json.loads(unescape(re.findall(r"name=\"seen\" value='([^']*)'", page)[0]))
        return {"seen": json.dumps(rows), "field": [row[0] for row in rows], "slug": [row[1] for row in rows]}

    def saved(form: dict[str, Any], action: str = "save") -> TestResponse:
        return admin.post(f"{WINDOW}/mappings/{mapped}/fields/speaker", data=form | {"action": action})

    def stands() -> dict[str, str]:
        form = opened()
        return dict(zip(form["slug"], form["field"], strict=True))

    first, second, third = opened(), opened(), opened()
    first["field"], first["slug"] = [*first["field"], "company_name"], [*first["slug"], "firm"]
    saved(first)
    gone, _ = second["slug"].pop(), second["field"].pop()
    saved(second)

    assert "Changed by somebody else meanwhile, and kept: firm." in admin.get(f"{WINDOW}?step=5").text
    assert stands()["firm"] == "company_name" and gone not in stands()
    before = stands()
    assert saved(third, "done").status_code == 303  # who has changed nothing writes nothing
    assert stands() == before

    mine, theirs = opened(), opened()
    here = mine["slug"].index("firm")
    theirs["field"][here] = "job_title"
    mine["slug"].pop(here), mine["field"].pop(here)
    saved(theirs)
    asked = saved(mine)

    assert asked.status_code == 422 and stands()["firm"] == "job_title"
    assert "admin@example.org saved these fields while you were editing them" in asked.text
    assert "Somebody else changed this row while you removed it." in asked.text
    mine["seen"] = unescape(re.findall(r"name=\"seen\" value='([^']*)'", asked.text)[0])
    assert saved(mine).status_code == 303 and "firm" not in stands()


def test_g3_the_settings_of_two_who_edit_one_mapping_both_stay(
    app: Flask, admin: FlaskClient, mapped: int
) -> None:
    def seen(page: str) -> dict[str, str]:
        return {
            name: unescape(value)
            for name, value in re.findall(r'type="hidden" name="(seen|asked)" value="([^"]*)"', page)
        }

    def saved(**data: str) -> TestResponse:
        sent = {"send_moderators": "y", "send_chairpersons": "y", "send_content": "y"} | data
        return admin.post(f"{WINDOW}/mappings/{mapped}/settings", data=sent)

    opened = seen(admin.get(f"{WINDOW}?step=3").text)
    saved(**opened, unpublish_sessions="y", is_default="y", paused="y", paused_until="2036-05-01")
    saved(**opened, action="next")  # nothing was touched here
    saved(**opened, recreate_deleted="y")

    kept = "kept: Unpublish sessions that are no longer accepted, Pause continuous sync of this event"
    assert kept in admin.get(f"{WINDOW}?step=3").text
    (mapping,) = stored(app, Mapping)
    assert mapping.unpublish_sessions and mapping.recreate_deleted and mapping.paused and mapping.is_default
    both = saved(**opened, recreate_deleted="y", paused="y", paused_until="2036-06-01")

    assert both.status_code == 422 and "You both changed: Last day of the pause." in both.text
    assert "1 June 2036" in both.text and "1 May 2036" in both.text
    again = {"recreate_deleted": "y", "unpublish_sessions": "y", "paused": "y", "paused_until": "2036-06-01"}
    saved(**seen(both.text), **again, is_default="y", keep_paused_until="mine")
    (mapping,) = stored(app, Mapping)
    assert str(mapping.paused_until) == "2036-06-01" and mapping.is_default


def map_a_wish_that_is_called(
    app: Flask, admin: FlaskClient, name: str, file_fields: dict[str, bool] | None = None
) -> str:
    """The mapper's page with a row for “Wish”, where the sessions have that field by this name."""
    connect(admin)
    event = make_event(app)
    add(admin, event)
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        save_field_mappings(mapping, "session", [("custom:Wish", "wish")], "test")
        for session in db.session.scalars(select(Session)):
            session.custom_fields = {name: "tea"}
        mapping.event.file_fields = {"session": file_fields or {}}
        db.session.commit()
    return admin.get(f"{WINDOW}?step=4").text


def test_c5_a_row_whose_custom_field_has_another_name_now_says_so(app: Flask, admin: FlaskClient) -> None:
    page = map_a_wish_that_is_called(app, admin, "Desire")

    assert "The programme has no field “Wish” any more, so nothing fills this" in page


@pytest.mark.parametrize(
    ("file_fields", "says"),
    [({"Wish\u200b": False, "Desire": True}, True), ({"Wish": True}, False), ({}, False)],
)
def test_c5_a_row_whose_custom_field_the_last_file_has_no_more_says_so(
    app: Flask, admin: FlaskClient, file_fields: dict[str, bool], says: bool
) -> None:
    page = map_a_wish_that_is_called(app, admin, "Wish", file_fields)

    assert ("The last file that was imported has no field “Wish” any more" in page) is says


@pytest.mark.parametrize("action", ["add", "remove-3", "restore", "save"])
def test_c4_a_field_that_there_is_not_costs_no_other_row(app: Flask, admin: FlaskClient, action: str) -> None:
    connect(admin)
    add(admin, make_event(app))
    with app.app_context():
        mapping = db.session.scalars(select(Mapping.id)).one()

    rows = {"field": ["nonsense", "track", "level"], "slug": ["x", "kept-slug", "y"], "action": action}
    answer = admin.post(f"{WINDOW}/mappings/{mapping}/fields/session", data=rows)

    assert answer.status_code == (422 if action == "save" else 200)
    if action != "restore":
        assert "There is no field “nonsense”. Choose one from the list." in answer.text
        assert 'value="kept-slug"' in answer.text


def test_d2c_a_row_knows_its_custom_field_however_the_name_is_encoded(app: Flask, admin: FlaskClient) -> None:
    page = map_a_wish_that_is_called(app, admin, "Wish\u200b")

    assert '<option value="custom:Wish\u200b" selected>' in page
    assert "no longer in the programme" not in page


def test_c4_a_slug_that_is_filled_already_names_by_what(app: Flask, admin: FlaskClient) -> None:
    connect(admin)
    add(admin, make_event(app))
    with app.app_context():
        mapping = db.session.scalars(select(Mapping.id)).one()

    rows = {"field": ["track", "language"], "slug": ["my-slug", "my-slug"], "action": "save"}
    answer = admin.post(f"{WINDOW}/mappings/{mapping}/fields/session", data=rows)

    assert "“my-slug” is filled by Track already." in answer.text


def test_the_support_contact_stands_where_somebody_is_needed(
    make_app: Callable[..., Flask], local_asp: LocalAsp
) -> None:
    app = make_app(asp_base_url=local_asp.url, support_contact="help@example.org")
    make_user(app, "admin@example.org", "One")
    admin = log_in(app, "admin@example.org")
    event = make_event(app)
    run = make_run(app, event, status="failed", message="Sync stopped.")

    for address in (f"events/{event}/details", f"runs/{run}", "documentation/asp-events"):
        assert 'href="mailto:help@example.org"' in admin.get(f"/orgs/one/{address}").text
