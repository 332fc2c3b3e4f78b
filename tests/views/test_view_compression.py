"""What is sent compressed, and what browsers may keep."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import make_event

GZIP = {"Accept-Encoding": "br, gzip"}
KEPT = {"public", "max-age=31536000", "immutable"}


def test_answers_of_more_than_a_kilobyte_are_compressed_for_who_takes_it(
    app: Flask, admin: FlaskClient
) -> None:
    address = f"/orgs/one/events/{make_event(app, sessions=2)}/agenda"

    plain, small = admin.get(address), admin.get(address, headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data).startswith(b"<!doctype html>")
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    for answer in (plain, small):
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("wanted", ["gzip;q=0", "identity", "br"])
def test_nothing_is_compressed_for_who_does_not_take_gzip(browser: FlaskClient, wanted: str) -> None:
    answer = browser.get("/login", headers={"Accept-Encoding": wanted})

    assert (answer.status_code, "Content-Encoding" in answer.headers) == (200, False)


def test_what_is_small_or_no_text_is_sent_as_it_is(app: Flask, browser: FlaskClient) -> None:
    with app.test_request_context():
        font = app.url_for("bootstrap.static", filename="css/font/fonts/bootstrap-icons.woff2")

    for address in ("/static/theme.js", font):
        assert "Content-Encoding" not in browser.get(address, headers=GZIP).headers


def test_one_page_twice_has_no_telling_length(app: Flask, admin: FlaskClient) -> None:
    address = f"/orgs/one/events/{make_event(app)}/agenda?search=guess"

    lengths = {len(admin.get(address, headers=GZIP).data) for _ in range(12)}

    assert len(lengths) > 1


def test_everything_that_a_page_loads_may_be_kept_and_is_compressed(browser: FlaskClient) -> None:
    page = browser.get("/login").text
    addresses = re.findall(
        r'(?:href|src)="((?:/static|/bootstrap|/assets)/[^"]+\.(?:css|js|svg)[^"]*)"', page
    )

    assert len(addresses) >= 10
    for address in addresses:
        answer = browser.get(address.replace("&amp;", "&"), headers=GZIP)
        assert answer.status_code == 200, address
        assert set(answer.headers["Cache-Control"].split(", ")) >= KEPT, address
        assert "no-cache" not in answer.headers["Cache-Control"], address


def test_the_fonts_that_style_sheets_name_may_be_kept(browser: FlaskClient) -> None:
    sheet = browser.get("/bootstrap/static/css/font/bootstrap-icons.min.css").text
    address = re.search(r'url\("(fonts/[^"]+woff2\?[^"]+)"\)', sheet).group(1)

    answer = browser.get(f"/bootstrap/static/css/font/{address}")

    assert set(answer.headers["Cache-Control"].split(", ")) >= KEPT


@pytest.mark.parametrize("query", ["", "?v=0123456789ab"])
def test_a_file_of_another_version_is_asked_for_again(browser: FlaskClient, query: str) -> None:
    answer = browser.get(f"/static/portal.js{query}", headers=GZIP)

    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


def test_a_compressed_file_is_known_again_by_its_tag(browser: FlaskClient) -> None:
    first = browser.get("/static/portal.js", headers=GZIP)

    again = browser.get("/static/portal.js", headers=GZIP | {"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Encoding"] == "gzip"
    assert (again.status_code, again.data) == (304, b"")
