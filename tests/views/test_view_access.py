"""Every route, from the application's own map: who may go there, and that nobody is forgotten (G1)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from view_samples import (
    HTMX,
    contact_id,
    first_choice,
    log_in,
    make_event,
    make_mapping,
    make_people,
    make_run,
    make_source,
    make_user,
    session_id,
)
from werkzeug.routing import Rule

from portal.models import CustomField, Event, KeptChange, KeptField, Upload, db
from portal.views.access import OF_EVENT, OF_ORGANISATION

# What stands in an address beside ids; any other part that a test does not know becomes 1.
WORDS = {"kind": "session"}
WORDS_OF = {"exports.export_download": {"kind": "agenda", "ending": "csv"}}
OPEN = {
    "login.login_form",
    "login.login_end",
    "invitations.invitation_show",
    "invitations.invitation_accept",
    "passwords.password_forgotten",
    "passwords.password_ask",
    "assets.asset_packaged",
    "static",
    "bootstrap.static",
}


@pytest.fixture
def ids(app: Flask) -> dict[str, Any]:
    """What the addresses of the organisation “One” are made of."""
    make_user(app, "admin@example.org", "One")
    event = make_event(app)
    return ids_of(app, "one", event)


def ids_of(app: Flask, slug: str, event: int) -> dict[str, Any]:
    mapping = make_mapping(app, event, site=f"site of {slug}")
    make_source(app, slug)
    return {
        "org": slug,
        "event_id": event,
        "mapping_id": mapping,
        "run_id": make_run(app, event, status="succeeded"),
        "session_id": session_id(0),
        "contact_id": contact_id(0),
        "other_contact_id": contact_id(1),
        **make_people(app, slug),
        "choice_id": first_choice(app, event),
        **make_the_rest(app, event),
    }


def make_the_rest(app: Flask, event_id: int) -> dict[str, int]:
    """The ids of a change, a custom field, a field left to ASP's editors and a file that waits."""
    with app.app_context():
        organisation_id = db.session.get_one(Event, event_id).organisation_id
        made = {
            "change_id": KeptChange(event_id=event_id, actor="test", text="one thing", fields={}),
            "custom_field_id": CustomField(
                event_id=event_id, kind="session", name="Wish", type="text", position=0
            ),
            "field_id": KeptField(
                organisation_id=organisation_id, site_uuid="site", kind="session", key="1", slug="Title"
            ),
            "upload_id": Upload(
                organisation_id=organisation_id,
                event_id=event_id,
                actor="test",
                name="a.csv",
                kind="spreadsheet",
                content=b"Title\nA talk\n",
            ),
        }
        db.session.add_all(made.values())
        db.session.commit()
        return {name: record.id for name, record in made.items()}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route of an organisation with each of its methods."""
    for rule in app.url_map.iter_rules():
        if "org" in rule.arguments:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def ask(app: Flask, client: FlaskClient, rule: Rule, method: str, values: dict[str, Any]):
    with app.test_request_context():
        known = WORDS | values | WORDS_OF.get(rule.endpoint, {})
        address = url_for(rule.endpoint, **{name: known.get(name, 1) for name in rule.arguments})
    return client.open(address, method=method)


def answers(app: Flask, client: FlaskClient, values: dict[str, Any], wanted: Callable[[Rule, str], bool]):
    return {
        (rule.endpoint, method): ask(app, client, rule, method, values).status_code
        for rule, method in routes(app)
        if wanted(rule, method)
    }


def test_every_route_is_open_on_purpose_or_belongs_to_an_organisation(app: Flask) -> None:
    others = {rule.endpoint for rule in app.url_map.iter_rules() if "org" not in rule.arguments}

    assert OPEN | {"login.home_show"} <= others
    for endpoint in others - OPEN:
        with app.test_request_context():
            rule = next(app.url_map.iter_rules(endpoint))
            address = url_for(endpoint, **dict.fromkeys(rule.arguments, "1"))
        method = "GET" if "GET" in (rule.methods or set()) else "POST"
        answer = app.test_client().open(address, method=method)
        assert answer.status_code in (302, 404), endpoint


def test_nobody_sees_anything_without_logging_in(
    app: Flask, browser: FlaskClient, ids: dict[str, Any]
) -> None:
    seen = answers(app, browser, ids, lambda rule, method: True)

    assert seen and {status for status in seen.values()} == {302}


def test_another_organisation_answers_404_everywhere(app: Flask, ids: dict[str, Any]) -> None:
    make_user(app, "stranger@example.org", "Two")
    stranger = log_in(app, "stranger@example.org")

    seen = answers(app, stranger, ids, lambda rule, method: True)

    assert {route: status for route, status in seen.items() if status != 404} == {}


@pytest.mark.parametrize("name", ["event_id", *OF_ORGANISATION])
def test_ids_of_another_organisation_answer_404(app: Flask, ids: dict[str, Any], name: str) -> None:
    make_user(app, "stranger@example.org", "Two")
    foreign = ids_of(app, "two", make_event(app, "two"))
    admin = log_in(app, "admin@example.org")

    seen = answers(app, admin, ids | {name: foreign[name]}, lambda rule, method: name in rule.arguments)

    assert seen and set(seen.values()) == {404}


def test_records_of_another_event_answer_404(app: Flask, ids: dict[str, Any]) -> None:
    empty = make_event(app, sessions=0, name="Empty")
    admin = log_in(app, "admin@example.org")

    seen = answers(
        app,
        admin,
        ids | {"event_id": empty},
        lambda rule, method: bool(OF_EVENT.keys() & rule.arguments),
    )

    assert seen and set(seen.values()) == {404}


def test_a_viewer_changes_nothing(app: Flask, viewer: FlaskClient, ids: dict[str, Any]) -> None:
    seen = answers(app, viewer, ids, lambda rule, method: method == "POST")

    assert {route: status for route, status in seen.items() if status != 403} == {}


def test_a_viewer_reads_the_pages(app: Flask, viewer: FlaskClient, ids: dict[str, Any]) -> None:
    pages = ["agenda.agenda_show", "runs.run_show", "integrations.integration_list", "window.window_show"]

    seen = answers(app, viewer, ids, lambda rule, method: rule.endpoint in pages)

    assert set(seen.values()) == {200}
    assert len(seen) == len(pages)


def test_no_change_without_the_page_s_token(app: Flask, ids: dict[str, Any]) -> None:
    admin = log_in(app, "admin@example.org")
    app.config["WTF_CSRF_ENABLED"] = True

    seen = answers(app, admin, ids, lambda rule, method: method == "POST")
    seen["login.login_end", "POST"] = admin.post("/logout").status_code

    assert {route: status for route, status in seen.items() if status != 400} == {}


def test_too_large_an_id_is_simply_not_there(app: Flask, ids: dict[str, Any]) -> None:
    admin = log_in(app, "admin@example.org")

    assert admin.get(f"/orgs/one/events/{10**30}/agenda").status_code == 404


@pytest.mark.parametrize("number", ["9" * 30, "3000000000", "-1", "²", "x"])
def test_numbers_that_no_record_has_break_no_page(app: Flask, admin: FlaskClient, number: str) -> None:
    run = make_run(app, make_mapping(app, make_event(app)))
    shown = [
        f"/orgs/one/runs/{run}?like={number}",
        f"/orgs/one/events/1/preview?like={number}",
        f"/orgs/one/integrations/asp?step={number}&event={number}&mapping={number}&remove={number}",
    ]
    sent = [
        (f"/orgs/one/runs/{run}/problems", {"like": number}),
        ("/orgs/one/events/1/preview", {"preview": number, "approve": number}),
        ("/orgs/one/integrations/asp/mappings", {"event": number, "site": "x", "seminar_id": "1"}),
    ]

    answers = [admin.get(address) for address in shown] + [admin.post(path, data=form) for path, form in sent]

    assert [each.status_code for each in answers if each.status_code >= 500] == []


def test_address_that_is_none_is_no_way_back(app: Flask) -> None:
    make_user(app, "admin@example.org", "One")
    headers = {**HTMX, "HX-Current-URL": "http://[half"}

    answers = [
        browser.get("/orgs/one/runs?page=1", headers=headers)
        for browser in (app.test_client(), log_in(app, "admin@example.org"))
    ]

    assert [each.status_code for each in answers] == [401, 200]
    assert answers[0].headers["HX-Redirect"] == "/login"
