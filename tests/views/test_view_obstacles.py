"""What keeps a sync from starting is said wherever an admin looks, each time with the way out (A7, E9)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sync_world import KEY, SECRET, SEMINAR, SITE, UNREADY_SEMINAR
from view_samples import HTMX, log_in, make_event, make_mapping, make_run, make_user

from asp_local.server import LocalAsp
from portal.models import Connection, Event, Mapping, Organisation, db
from portal.operations.connection.connecting import connect_asp
from portal.operations.mapping.adding import add_mapping
from portal.operations.syncing.runs import perform_run, request_run

READY = {"custom_fields": {"sessionboard_id": "text"}, "site_timezone": "Europe/Paris"}
PLACES = [
    "/orgs/one/events/{event}/agenda",
    "/orgs/one/settings/integrations",
    "/orgs/one/integrations/asp?step=2",
]
EVERYWHERE = [*PLACES, "/orgs/one/"]


@pytest.fixture
def app(make_app: Callable[..., Flask], local_asp: LocalAsp) -> Flask:
    return make_app(asp_base_url=local_asp.url)


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def reject(app: Flask) -> None:
    with app.app_context():
        db.session.scalars(select(Connection)).one().rejected_at = datetime.now(UTC)
        db.session.commit()


def map_event(app: Flask, event: int, seminar: str) -> int:
    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        connect_asp(organisation, KEY, SECRET, False, "test")
        return add_mapping(db.session.get_one(Event, event), SITE, seminar, "test").mapping.id


@pytest.mark.parametrize("place", EVERYWHERE)
def test_a7_rejected_credentials_are_said_everywhere(
    app: Flask, admin: FlaskClient, event: int, place: str
) -> None:
    make_mapping(app, event, offer=READY)
    reject(app)

    page = admin.get(place.format(event=event)).text

    assert "ASP Events rejects the API key and secret. Enter them again." in page
    assert ('step=1">Enter the API key and secret</a>' in page) == (place in PLACES)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a7_settings_opens_at_the_credentials_when_they_are_rejected(
    app: Flask, admin: FlaskClient, event: int, headers: dict[str, str]
) -> None:
    make_mapping(app, event, offer=READY)
    usual = admin.get("/orgs/one/integrations/asp", headers=headers).text
    reject(app)
    rejected = admin.get("/orgs/one/integrations/asp", headers=headers).text

    assert "Existing Event Mappings" in usual
    assert 'name="api_secret"' in rejected


@pytest.mark.parametrize("place", EVERYWHERE)
def test_e9_a_seminar_without_sessionboard_id_is_said_everywhere(
    app: Flask, admin: FlaskClient, event: int, place: str
) -> None:
    map_event(app, event, UNREADY_SEMINAR)

    page = admin.get(place.format(event=event)).text

    seminar = f"Seminar {UNREADY_SEMINAR} ({UNREADY_SEMINAR})"
    assert f"Nothing can be synced to {seminar}, as Sessionboard ID is not sent" in page
    assert ("Check again</button>" in page) == (place in PLACES)
    assert ("Can’t sync" in page or "can’t sync" in page) == (place != PLACES[0])


@pytest.mark.parametrize("place", PLACES)
def test_d10_clocks_that_do_not_agree_lead_to_the_event_s_timezone(
    app: Flask, admin: FlaskClient, event: int, place: str
) -> None:
    make_mapping(app, event, offer={**READY, "site_timezone": "Asia/Tokyo"})

    page = admin.get(place.format(event=event)).text

    assert "The timezones do not match" in page and "Check again</button>" in page
    assert f'href="/orgs/one/events/{event}/details#timezone"' in page


def test_e9_a_name_written_from_the_right_leaves_the_other_words_where_they_are(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    mapping = map_event(app, event, UNREADY_SEMINAR)
    with app.app_context():
        db.session.get_one(Mapping, mapping).seminar_name = "ندوة <2026>"
        db.session.commit()

    for place in EVERYWHERE:
        page = admin.get(place.format(event=event)).text
        assert f"Nothing can be synced to <bdi>ندوة &lt;2026&gt;</bdi> ({UNREADY_SEMINAR}), as" in page


@pytest.mark.parametrize(("back", "where"), [("agenda", 0), ("cards", 1), ("window", 2)])
def test_a7_check_again_sees_what_was_put_right_in_asp(
    app: Flask, admin: FlaskClient, local_asp: LocalAsp, event: int, back: str, where: int
) -> None:
    mapping = map_event(app, event, UNREADY_SEMINAR)
    address = f"/orgs/one/integrations/asp/mappings/{mapping}/check"
    still = admin.get(admin.post(address, data={"back": back}).location).text
    with app.app_context():  # as if it had been told by a seminar that has the field now
        stored = db.session.get_one(Mapping, mapping)
        stored.seminar_uuid = f"EEEEEEEE-0000-4000-8000-0000000000{SEMINAR}"
        db.session.commit()

    answer = admin.post(address, data={"back": back})
    page = (
        admin.get(answer.location, headers=HTMX).text if back == "cards" else admin.get(answer.location).text
    )

    assert "as Sessionboard ID is not sent" in still and NEEDS_ONE in still
    assert NEEDS_ONE not in page
    assert ('<div hx-swap-oob="innerHTML:[data-needing]"></div>' in page) == (
        back == "cards"
    )  # A6: the badge goes
    assert answer.location == PLACES[where].format(event=event)
    assert "Nothing keeps Small Conf from being synced any more." in page
    assert "Nothing can be synced" not in page


GONE = f"The seminar Seminar {SEMINAR} ({SEMINAR}) is no longer in ASP."
UNSEEN = "The API key cannot see the ASP event "


@pytest.mark.parametrize(("part", "words"), [("seminar_uuid", GONE), ("site_uuid", UNSEEN)])
def test_a7_what_is_gone_is_remembered_after_the_run_that_found_it_gone(
    app: Flask, admin: FlaskClient, event: int, part: str, words: str
) -> None:
    mapping = map_event(app, event, SEMINAR)
    with app.app_context():
        setattr(db.session.get_one(Mapping, mapping), part, "EEEEEEEE-0000-4000-8000-0000000000FF")
        db.session.commit()
        perform_run(request_run(db.session.get_one(Mapping, mapping), "test").id)

    page = admin.get(f"/orgs/one/events/{event}/agenda").text
    again = admin.post(f"/orgs/one/integrations/asp/mappings/{mapping}/check", data={"back": "agenda"})

    assert words in page
    assert words in admin.get(again.location).text


def test_a7_a_key_that_does_not_see_a_mapped_asp_event_is_said_as_soon_as_it_is_stored(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    mapping, pages = map_event(app, event, SEMINAR), []
    for site in ("EEEEEEEE-0000-4000-8000-0000000000FF", SITE):
        with app.app_context():
            db.session.get_one(Mapping, mapping).site_uuid = site
            db.session.commit()
            connect_asp(db.session.scalars(select(Organisation)).one(), KEY, SECRET, False, "test")
        pages.append(admin.get(PLACES[0].format(event=event)).text)

    assert [UNSEEN in page for page in pages] == [True, False]


def test_a7_a_key_that_asp_rejects_while_it_is_asked_is_remembered(
    app: Flask, admin: FlaskClient, local_asp: LocalAsp, event: int
) -> None:
    mapping = map_event(app, event, SEMINAR)
    local_asp.control(fail_rate=1, fail_status=401)

    admin.post(f"/orgs/one/integrations/asp/mappings/{mapping}/check", data={"back": "cards"})

    assert "ASP Events rejects the API key and secret." in admin.get("/orgs/one/settings/integrations").text


def test_e9_nothing_is_said_where_nothing_stands_in_the_way(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    map_event(app, event, SEMINAR)

    for place in EVERYWHERE:
        page = admin.get(place.format(event=event)).text
        assert "an’t sync" not in page and "Nothing can be synced" not in page


def test_g1_only_admins_check_again(app: Flask, admin: FlaskClient, event: int) -> None:
    make_user(app, "viewer@example.org", "One", role="viewer")
    viewer = log_in(app, "viewer@example.org")
    mapping = map_event(app, event, UNREADY_SEMINAR)

    page = viewer.get(f"/orgs/one/events/{event}/agenda").text

    assert "An admin can put this right." in page and "Check again" not in page
    assert viewer.post(f"/orgs/one/integrations/asp/mappings/{mapping}/check").status_code == 403


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, "the next one is due"), (45, "the next one is due"), (10, "next about ")],
)
def test_a7_the_card_says_when_each_event_is_synced_next(
    app: Flask, admin: FlaskClient, event: int, minutes: int | None, words: str
) -> None:
    make_mapping(app, event, offer=READY)
    other = make_event(app, name="By hand")
    make_mapping(app, other, site="other", offer=READY, paused=True)
    with app.app_context():
        db.session.scalars(select(Connection)).one().continuous = True
        db.session.commit()
    if minutes is not None:
        asked = datetime.now(UTC) - timedelta(minutes=minutes)
        with app.app_context():
            db.session.execute(update(Mapping).values(created_at=asked))
            db.session.commit()
        make_run(app, event, status="succeeded", actor="continuous sync", queued_at=asked, finished_at=asked)

    card = admin.get("/orgs/one/settings/integrations").text

    assert card.count(words) == 1
    assert card.count("Last run") == (minutes is not None) and "(<bdi>By hand</bdi>)" in card


@pytest.mark.parametrize("continuous", [True, False])
def test_a6_the_card_says_that_continuous_sync_is_paused(
    app: Flask, admin: FlaskClient, event: int, continuous: bool
) -> None:
    map_event(app, event, UNREADY_SEMINAR)
    reject(app)
    with app.app_context():
        db.session.scalars(select(Connection)).one().continuous = continuous
        db.session.commit()

    card = admin.get("/orgs/one/settings/integrations").text

    assert ("Continuous sync is paused until this is put right." in card) is continuous
    assert ("Continuous sync is paused until they are accepted." in card) is continuous
    assert "the next one is due" not in card


def test_a7_a_last_good_sync_that_is_too_old_is_said(app: Flask, admin: FlaskClient, event: int) -> None:
    make_mapping(app, event, offer=READY, created_at=datetime.now(UTC) - timedelta(days=1))
    with app.app_context():
        db.session.scalars(select(Connection)).one().continuous = True
        db.session.commit()

    card = admin.get("/orgs/one/settings/integrations").text

    assert "No sync has gone well since" in card and "Needs attention" in card


NEEDS_ONE = '<b class="needing"><i class="bi bi-exclamation-triangle" aria-hidden="true"></i>1<'


@pytest.mark.parametrize(
    "place", ["/orgs/one/", "/orgs/one/history", "/orgs/one/events/{event}/people", "/account"]
)
def test_a6_the_navigation_counts_what_needs_a_person(
    app: Flask, admin: FlaskClient, event: int, place: str
) -> None:
    make_mapping(app, event, offer=READY)
    well = admin.get(place.format(event=event)).text
    reject(app)

    page = admin.get(place.format(event=event)).text

    assert NEEDS_ONE not in well and NEEDS_ONE in page


def test_e8_changes_that_wait_count_as_well(app: Flask, admin: FlaskClient, event: int) -> None:
    make_mapping(app, event, offer=READY, changes_waiting=4)

    assert NEEDS_ONE in admin.get("/orgs/one/").text


def test_e9_a_run_s_page_says_what_keeps_the_next_one_from_starting(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    make_mapping(app, event, offer=READY)
    run = make_run(app, event, status="failed")
    reject(app)

    page = admin.get(f"/orgs/one/runs/{run}").text

    assert "The next sync can’t start until this is put right:" in page
    assert "ASP Events rejects the API key and secret. Enter them again." in page
