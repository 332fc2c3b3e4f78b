"""Proxies in front, HTTPS, and the address under which the portal is known."""

from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from view_samples import PASSWORD, log_in, make_user

from portal.config import Settings
from portal.errors import PortalError

PUBLIC = "https://portal.example.org"


def seen(app: Flask) -> dict[str, str]:
    """What the application sees of each request, in the end."""
    found: dict[str, str] = {}

    @app.after_request
    def note(response):
        found.update(client=str(request.remote_addr), scheme=request.scheme, host=request.host)
        return response

    return found


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ("", "10.0.0.1", "203.0.113.9", "10.0.0.1"),  # nobody is trusted
        ("10.0.0.1", "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.2", "203.0.113.9", "10.0.0.2"),  # another peer
        ("10.0.0.0/8, 192.0.2.1", "192.0.2.1", "198.51.100.7, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        (
            "10.0.0.1",
            "10.0.0.1",
            "198.51.100.7, 203.0.113.9",
            "203.0.113.9",
        ),  # what a client adds counts for nothing
        ("10.0.0.1", "10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1", "unknown", "10.0.0.1"),
        ("::1", "::1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),  # as some proxies write it
        ("1", "10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("10.0.0.1", "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),  # where the portal listens at “::”
        ("1", "10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("2", "10.0.0.1", "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        ("3", "10.0.0.1", "198.51.100.7, 203.0.113.9", "10.0.0.1"),
    ],
)
def test_client_is_who_the_last_trusted_proxy_names(
    make_app: Callable[..., Flask], trusted: str, peer: str, forwarded: str, client: str
) -> None:
    app = make_app(trusted_proxies=trusted)
    found = seen(app)

    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    app.test_client().get("/login", headers=headers, environ_base={"REMOTE_ADDR": peer})

    assert found["client"] == client
    assert found["scheme"] == ("https" if trusted and peer != "10.0.0.2" else "http")


def test_behind_a_proxy_one_clients_wrong_tries_lock_out_nobody_else(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(trusted_proxies="127.0.0.1")
    make_user(app, "admin@example.org", "One")
    browser = app.test_client()
    for number in range(6):
        data = {"email": f"{number}@example.org", "password": "wrong"}
        last = browser.post("/login", data=data, headers={"X-Forwarded-For": "203.0.113.9"})

    data = {"email": "admin@example.org", "password": PASSWORD}
    other = browser.post("/login", data=data, headers={"X-Forwarded-For": "198.51.100.7"})

    assert (last.status_code, other.status_code) == (429, 303)


def test_links_begin_with_the_public_address_whatever_a_request_says(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(public_url=PUBLIC)
    make_user(app, "admin@example.org", "One")
    browser = app.test_client()
    browser.post("/login", base_url=PUBLIC, data={"email": "admin@example.org", "password": PASSWORD})
    team = "/orgs/one/settings/team"
    browser.post(f"{team}/invitations", base_url=PUBLIC, data={"email": "b@example.org", "role": "viewer"})
    cookie = browser.get_cookie("__Host-session", "portal.example.org")
    assert cookie is not None
    headers = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "Cookie": f"__Host-session={cookie.value}",
    }

    page = app.test_client(use_cookies=False).get(team, headers=headers).text

    assert f"{PUBLIC}/invitations/" in page
    assert "evil.example" not in page


@pytest.mark.parametrize(
    ("host", "settings", "begins"),
    [
        ("evil.example", {}, "127.0.0.1:8000"),
        ("localhost@evil.example", {}, "127.0.0.1:8000"),
        ("localhost.evil.example", {}, "127.0.0.1:8000"),
        ("192.0.2.7", {}, "127.0.0.1:8000"),
        ("localhost:9000", {}, "localhost:9000"),
        ("[::1]:8000", {}, "[::1]:8000"),
        ("192.0.2.7:8000", {"host": "0.0.0.0"}, "192.0.2.7:8000"),
        ("evil.example", {"host": "192.0.2.7", "port": 8080}, "192.0.2.7:8080"),
        ("portal.example.org", {"trusted_proxies": "127.0.0.1"}, "portal.example.org"),
    ],
)
def test_links_lead_here_where_no_public_address_is_set(
    make_app: Callable[..., Flask], host: str, settings: dict[str, object], begins: str
) -> None:
    app = make_app(**settings)
    make_user(app, "admin@example.org", "One")
    browser = log_in(app, "admin@example.org")
    cookie = browser.get_cookie("session")
    assert cookie is not None

    page = app.test_client(use_cookies=False).get(
        "/orgs/one/settings/details", headers={"Host": host, "Cookie": f"session={cookie.value}"}
    )

    assert f"<dd>http://{begins}/orgs/one/</dd>" in page.text


@pytest.mark.parametrize("settings", [{"public_url": PUBLIC}, {"secure_cookies": True}])
def test_behind_https_browsers_are_told_to_stay_there(
    make_app: Callable[..., Flask], settings: dict[str, object]
) -> None:
    app = make_app(**settings)
    make_user(app, "admin@example.org", "One")
    data = {"email": "admin@example.org", "password": PASSWORD, "remember": "y"}

    answer = app.test_client().post("/login", data=data, base_url=PUBLIC)

    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert {each.partition("=")[0] for each in cookies} == {"__Host-session", "__Host-remember_token"}
    for each in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(each.split("; "))
        assert "Domain" not in each


def test_without_https_nothing_is_said_of_it(browser: FlaskClient) -> None:
    answer = browser.get("/login")

    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("session=")


GIVEN_TIME = (
    "PORTAL_ASP_TIMEOUT",
    "PORTAL_SESSIONBOARD_TIMEOUT",
    "PORTAL_HEARTBEAT_TIMEOUT",
    "PORTAL_QUEUE_TIMEOUT",
    "PORTAL_CLIENT_TIMEOUT",
    "PORTAL_SYNC_INTERVAL",
)
COUNTED = ("PORTAL_WEB_PROCESSES", "PORTAL_WEB_THREADS", "PORTAL_IMPORT_MAX_BYTES", "PORTAL_PORT")
ADDRESSES = ("PORTAL_ASP_BASE_URL", "PORTAL_ASP_BACK_OFFICE", "PORTAL_SESSIONBOARD_EU_URL")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_PUBLIC_URL", "portal.example.org"),
        ("PORTAL_PUBLIC_URL", "https://portal.example.org/path"),
        ("PORTAL_PUBLIC_URL", "ftp://portal.example.org"),
        ("PORTAL_PUBLIC_URL", "https://a:b@portal.example.org"),
        ("PORTAL_PUBLIC_URL", "https://portal..example.org"),
        ("PORTAL_PUBLIC_URL", "https://portal.example.org:99999"),
        ("PORTAL_PUBLIC_URL", "https://[:::::]"),
        ("PORTAL_TRUSTED_PROXIES", "proxy.example.org"),
        ("PORTAL_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("PORTAL_TRUSTED_PROXIES", "-1"),
        *((name, "0") for name in GIVEN_TIME + COUNTED),
        *((name, odd) for name in GIVEN_TIME for odd in ("nan", "inf", "1e999", "1e20")),
        *((name, "9" * 20) for name in (*COUNTED, "PORTAL_WORKERS", "PORTAL_KEPT_RUNS")),
        ("PORTAL_UNPUBLISH_SHARE", "20"),  # meant as a percentage, it would let everything through
        ("PORTAL_UNPUBLISH_SHARE", "nan"),
        *(
            (name, odd)
            for name in ADDRESSES
            for odd in ("nonsense", "ftp://h", "https://", "http://[", "h:80")
        ),
        *(
            (name, odd)
            for name in ADDRESSES
            for odd in ("http://a:99999", "http://u:p@h", "https://h/?x", "https://h#x")
        ),
        ("PORTAL_MAIL_FROM", "nobody"),
        ("PORTAL_MAIL_FROM", "Portal <nobody>"),
        ("PORTAL_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
    ],
)
def test_setting_that_cannot_be_meant_is_said(name: str, value: str) -> None:
    with pytest.raises(PortalError, match=name):
        Settings.from_environment({name: value})


@pytest.mark.parametrize("url", ["nonsense", "localhost:6379", "http://:s3cret@h", "redis://:s3cret@h:port"])
def test_address_of_a_queue_that_is_none_is_said_without_its_password(url: str) -> None:
    with pytest.raises(PortalError, match="PORTAL_REDIS_URL cannot be used") as problem:
        Settings.from_environment({"PORTAL_REDIS_URL": url})

    assert "s3cret" not in str(problem.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_WORKERS", 0),  # they may run on other machines
        ("PORTAL_UNPUBLISH_SHARE", 1.0),
        ("PORTAL_ASP_RETRY_PAUSE", 0.0),
        ("PORTAL_ASP_BASE_URL", "http://127.0.0.1:9000/below"),
        ("PORTAL_REDIS_URL", "unix:///run/valkey.sock"),
        ("PORTAL_MAIL_FROM", "The portal <portal@example.org>"),
    ],
)
def test_setting_at_its_bounds_is_taken(name: str, value: object) -> None:
    settings = Settings.from_environment({name: str(value)})

    assert getattr(settings, name.removeprefix("PORTAL_").lower()) == value


@pytest.mark.parametrize(
    ("host", "more", "warned"),
    [
        ("0.0.0.0", {}, True),
        ("192.0.2.7", {"PORTAL_PUBLIC_URL": "http://portal.example.org"}, True),
        ("0.0.0.0", {"PORTAL_PUBLIC_URL": "https://portal.example.org"}, False),
        ("0.0.0.0", {"PORTAL_SECURE_COOKIES": "true"}, False),
        ("127.0.0.1", {}, False),
        ("::1", {}, False),
    ],
)
def test_whoever_opens_the_portal_to_the_network_without_https_is_warned(
    host: str, more: dict[str, str], warned: bool
) -> None:
    warning = Settings.from_environment({"PORTAL_HOST": host, **more}).readable_on_the_way

    assert ("passwords and pages can be read on their way" in warning) is warned


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (f"{PUBLIC}/", PUBLIC),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443"),
    ],
)
def test_public_address_is_read(given: str, read: str) -> None:
    assert Settings.from_environment({"PORTAL_PUBLIC_URL": given}).public_url == read


@pytest.mark.parametrize("odd", ["remember_token=\xff|\xff", "session=\xff\xfe", "other=\xe9"])
def test_g1b_cookie_that_is_no_text_of_ours_is_left_out(app: Flask, admin: FlaskClient, odd: str) -> None:
    own = admin.get_cookie("session")

    stranger = app.test_client(use_cookies=False).get("/account", headers={"Cookie": odd})
    beside = app.test_client(use_cookies=False).get(
        "/account", headers={"Cookie": f"{odd}; session={own.value}"}
    )

    assert (stranger.status_code, beside.status_code) == (302, 200)
