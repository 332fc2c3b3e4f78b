"""H2 on the pages: the programme is exported from the agenda and from the people's page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import log_in, make_event, make_user
from werkzeug.http import parse_options_header

from portal.operations.seats import take_seat


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("agenda.csv", b"\xef\xbb\xbfSessionboard ID,"),
        ("agenda.xlsx", b"PK"),
        ("agenda.json", b"{"),
        ("people.csv", b"\xef\xbb\xbfSessionboard ID,First name"),
        ("people.xlsx", b"PK"),
    ],
)
def test_a_member_exports_what_a_page_links(
    app: Flask, viewer: FlaskClient, file: str, begins: bytes
) -> None:
    event = make_event(app)
    page = viewer.get(f"/orgs/one/events/{event}/{file.partition('.')[0]}").text
    address = f"/orgs/one/events/{event}/export/{file}"
    answer = viewer.get(address)

    assert f'href="{address}"' in page
    assert answer.status_code == 200 and answer.data.startswith(begins)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=Small-Conf-")


@pytest.mark.parametrize("name", ["Конференция", "Événement", "会議", "İstanbul"])
def test_h2_file_is_named_as_the_event_in_any_script(app: Flask, viewer: FlaskClient, name: str) -> None:
    event = make_event(app, name=name)

    header = viewer.get(f"/orgs/one/events/{event}/export/agenda.csv").headers["Content-Disposition"]

    assert header.isascii()  # a server refuses any other header, or browsers read it as something else
    assert parse_options_header(header) == ("attachment", {"filename": f"{name}-agenda.csv"})


@pytest.mark.parametrize("file", ["agenda.exe", "people.json", "rooms.csv"])
def test_there_are_no_other_exports(app: Flask, admin: FlaskClient, file: str) -> None:
    event = make_event(app)

    assert admin.get(f"/orgs/one/events/{event}/export/{file}").status_code == 404


def test_g5_an_organisation_s_exports_are_written_one_at_a_time(
    app: Flask, viewer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.operations.files.exporting.SEAT_WITHIN", 0.0)
    address = f"/orgs/one/events/{make_event(app)}/export/agenda.csv"
    with app.app_context():
        seat = take_seat("export-1", 1, 0)
    assert seat is not None
    refused = viewer.get(address)
    seat.free()

    assert (refused.status_code, "Other exports of your organisation are at work" in refused.text) == (
        422,
        True,
    )
    assert viewer.get(address).status_code == 200


def test_g1_nobody_else_exports_it(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)
    make_user(app, "other@example.org", "Two")
    other = log_in(app, "other@example.org")

    for org in ("one", "two"):
        assert other.get(f"/orgs/{org}/events/{event}/export/agenda.csv").status_code == 404
