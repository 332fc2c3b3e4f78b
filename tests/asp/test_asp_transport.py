"""The client's own edge cases, at the wire: token, pages, throttle, retries, errors (E12, A3)."""

import email.utils
import itertools
import logging
import re
import socket
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses
from responses import matchers
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProxyError

from portal.asp import listing
from portal.asp.client import AspClient
from portal.asp.contract import Contract
from portal.asp.errors import (
    AspError,
    CredentialsRejected,
    Duplicate,
    Intercepted,
    ListChanged,
    NoAnswer,
    NoTimeLeft,
    NotThere,
    RecordRefused,
    Stopped,
    UnexpectedAnswer,
    Unreachable,
)
from portal.asp.patience import Waiting
from portal.asp.transport import Transport

BASE = "https://asp.example"
TOKEN = f"{BASE}/public/token"
SITES = f"{BASE}/public/sites"
SPEAKERS = f"{BASE}/public/speakers"
KEY, SECRET = "the-key", "the-s3cret"


class Clock:
    """Time that passes only when somebody waits, and which remembers the waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make_client(clock: Clock, address: str = f"{BASE}/", **limits: float) -> AspClient:
    """On this clock; `limits` as those of somebody who waits at a page."""
    return AspClient(
        Transport(
            base_url=address,
            api_key=KEY,
            api_secret=SECRET,
            contract=Contract(),
            timeout=12.0,
            in_flight=2,
            first_pause=0.5,
            waiting=Waiting(lambda: clock.now, clock.pause, **limits),
        )
    )


@pytest.fixture
def client(clock: Clock) -> AspClient:
    return make_client(clock)


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def give_token(wire: responses.RequestsMock, text: Any = "first-token", seconds: int | None = 3600) -> None:
    headers = {} if seconds is None else {"Authentication-Info": f"expires-in={seconds}"}
    wire.post(TOKEN, json=text, headers=headers)


def site(number: int = 1) -> dict[str, str]:
    return {"Uuid": f"U{number}", "Name": f"Site {number}"}


def called(wire: responses.RequestsMock, url: str) -> list[requests.PreparedRequest]:
    return [call.request for call in wire.calls if call.request.url.split("?")[0] == url]


def bearers(wire: responses.RequestsMock, url: str) -> list[str]:
    return [request.headers["Authorization"].removeprefix("Bearer ") for request in called(wire, url)]


# Token


@pytest.mark.parametrize("body", ["a-token", {"access_token": "a-token", "token_type": "bearer"}])
def test_token_is_a_text_or_an_object(wire: responses.RequestsMock, client: AspClient, body: Any) -> None:
    give_token(wire, body)
    wire.get(SITES, json=[site()])

    assert [each.name for each in client.sites()] == ["Site 1"]

    (asked,) = called(wire, TOKEN)
    assert asked.headers["Authorization"] == requests.auth._basic_auth_str(KEY, SECRET)
    assert bearers(wire, SITES) == ["a-token"]
    assert (client.tally.requests, client.tally.writes) == (2, 0)


@pytest.mark.parametrize("body", ["", 7, None, {}, {"access_token": 7}, [], "two\nlines", "n\u00f6n-ascii"])
def test_token_that_cannot_be_used_is_an_error(
    wire: responses.RequestsMock, client: AspClient, body: Any
) -> None:
    give_token(wire, body)

    with pytest.raises(UnexpectedAnswer, match="no token"):
        client.sites()


@pytest.mark.parametrize(("seconds", "good_for"), [(3600, 3570), (100, 90), (None, 3570)])
def test_token_is_renewed_shortly_before_it_expires(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, seconds: int | None, good_for: float
) -> None:
    give_token(wire, "one", seconds)
    give_token(wire, "two", seconds)
    wire.get(SITES, json=[])

    client.sites()
    clock.now += good_for - 0.01
    client.sites()
    clock.now += 0.02
    client.sites()

    assert bearers(wire, SITES) == ["one", "one", "two"]


def test_token_is_taken_after_the_wait_of_the_throttle(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire, "one", 100)
    give_token(wire, "two", 100)
    wire.get(SITES, status=429, headers={"Retry-After": "95"})
    wire.get(SITES, json=[])

    client.sites()

    assert bearers(wire, SITES) == ["one", "two"]


def test_refused_token_is_renewed_once_and_the_call_repeated(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire, "one")
    give_token(wire, "two")
    wire.post(SPEAKERS, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    wire.post(SPEAKERS, status=201, json={"Uuid": "U1"})

    assert client.create_speaker("S1", {"Email": "a@example.org"}) == "U1"

    assert bearers(wire, SPEAKERS) == ["one", "two"]


def test_second_refusal_with_a_fresh_token_means_rejected_credentials(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    wire.get(SITES, status=401)

    with pytest.raises(CredentialsRejected):
        client.sites()

    assert (len(called(wire, SITES)), len(called(wire, TOKEN))) == (2, 2)


@pytest.mark.parametrize(("slow", "asked"), [(2, 3), (9, 5)])
def test_token_that_is_over_before_asp_has_looked_at_it_is_no_second_refusal(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, slow: int, asked: int
) -> None:
    give_token(wire, seconds=1)
    answers = itertools.count(1)

    def answer(_request: Any) -> Any:
        if next(answers) > slow:
            return 200, {}, "[]"
        clock.now += 1.5
        return 401, {}, ""

    wire.add_callback("GET", SITES, answer)

    if asked > slow:
        assert client.sites() == []
    else:
        with pytest.raises(CredentialsRejected):
            client.sites()

    assert len(called(wire, TOKEN)) == asked


def test_refused_token_after_a_wait_is_no_second_refusal(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    wire.get(SITES, status=401)
    wire.get(SITES, status=429, headers={"Retry-After": "5"})
    wire.get(SITES, status=401)
    wire.get(SITES, json=[])

    assert client.sites() == []


@pytest.mark.parametrize("status", [401, 403])
def test_refusal_of_the_pair_means_rejected_credentials(
    wire: responses.RequestsMock, client: AspClient, status: int
) -> None:
    wire.post(TOKEN, status=status)

    for call in (client.check_credentials, client.sites, client.answers):
        with pytest.raises(CredentialsRejected):
            call()


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_e13_a_token_that_is_refused_says_nothing_of_the_record(
    wire: responses.RequestsMock, client: AspClient, status: int
) -> None:
    wire.post(TOKEN, status=status, json={"error": "Not Found"})

    with pytest.raises(UnexpectedAnswer, match=rf"a token with {status}\. See that PORTAL_ASP_BASE_URL is "):
        client.update_speaker("U1", {"Email": "a@example.org"})


def test_token_outage_is_tried_again_and_was_no_write(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    wire.post(TOKEN, status=503)

    with pytest.raises(NoAnswer) as problem:
        client.create_speaker("S1", {})
    with pytest.raises(Unreachable):
        client.check_credentials()

    assert problem.value.arrived is False
    assert client.tally.writes == 0


# Pages


def pages(wire: responses.RequestsMock, number: int, link: Callable[[int], dict[str, str]]) -> None:
    give_token(wire)
    for page in range(number):
        wire.get(
            SITES,
            json=[site(page)],
            headers=link(page),
            match=[matchers.query_param_matcher({"O": str(page * 1000), "L": "1000"})],
        )


@pytest.mark.parametrize(
    "target",
    [
        "/public/sites?O={next}&L=1000",
        "?O={next}&L=1000",
        "https://asp.example/public/sites?O={next}&L=1000",
        "https://evil.example/public/sites?O={next}&L=1000",
    ],
)
@pytest.mark.parametrize("rel", ['"next"', "next", '"last Next"'])
def test_pages_are_followed_and_the_token_never_travels_to_another_host(
    wire: responses.RequestsMock, client: AspClient, target: str, rel: str
) -> None:
    def link(page: int) -> dict[str, str]:
        following = f"<{target.format(next=(page + 1) * 1000)}>; rel={rel}"
        return {"Link": f'</public/sites?O=0>; rel="first", {following}'} if page < 2 else {}

    pages(wire, 3, link)

    assert [each.uuid for each in client.sites()] == ["U0", "U1", "U2"]

    assert {request.url.split("/")[2] for request in (call.request for call in wire.calls)} == {"asp.example"}


@pytest.mark.parametrize("target", ["http://[", "//\u2100/?O=1"])
def test_link_that_is_no_address_is_not_followed(
    wire: responses.RequestsMock, client: AspClient, target: str
) -> None:
    give_token(wire)
    wire.get(SITES, json=[site(0)], headers={"Link": f'<{target}>; rel="next"'})

    with pytest.raises(UnexpectedAnswer, match="in a circle"):
        client.sites()


def test_pages_without_a_link_are_followed_by_the_total(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    for offset in range(3):
        wire.get(
            SITES,
            json=[site(offset)],
            headers={"X-Records-Filtered": "3"},
            match=[matchers.query_param_matcher({"O": str(offset), "L": "1000"})],
        )

    assert [each.uuid for each in client.sites()] == ["U0", "U1", "U2"]


def page(wire: responses.RequestsMock, offset: int, numbers: list[int], following: int | None) -> None:
    wire.get(
        SITES,
        json=[site(each) for each in numbers],
        headers={} if following is None else {"Link": f'<?O={following}&L=1000>; rel="next"'},
        match=[matchers.query_param_matcher({"O": str(offset), "L": "1000"})],
    )


def test_e11_full_page_of_a_server_that_tells_no_total_is_not_the_last(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    page(wire, 0, list(range(1000)), None)
    page(wire, 999, [999, 1000], None)

    assert len(client.sites()) == 1001


def test_next_page_is_asked_for_from_the_last_record_on(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    page(wire, 0, [1, 2], 2)
    page(wire, 1, [2, 3, 4], 4)
    page(wire, 3, [4], None)

    assert [each.uuid for each in client.sites()] == ["U1", "U2", "U3", "U4"]


@pytest.mark.parametrize("second", [[3, 4], [1, 2], []])
def test_list_that_changed_between_two_pages_is_read_again(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, second: list[int]
) -> None:
    give_token(wire)
    page(wire, 0, [1, 2], 2)
    page(wire, 1, second, None)
    page(wire, 0, [1, 3], 2)
    page(wire, 1, [3, 4], None)

    assert [each.uuid for each in client.sites()] == ["U1", "U3", "U4"]
    assert clock.pauses == [0.5]


def counted_page(
    wire: responses.RequestsMock, offset: int, numbers: list[int], total: int, following: int | None = None
) -> None:
    link = {} if following is None else {"Link": f'<?O={following}&L=1000>; rel="next"'}
    wire.get(
        SITES,
        json=[site(each) for each in numbers],
        headers={"X-Records-Filtered": str(total), **link},
        match=[matchers.query_param_matcher({"O": str(offset), "L": "1000"})],
    )


@pytest.mark.parametrize(
    "pages",
    [
        [(0, [], 3)],  # nothing, though it counts some
        [(0, [1, 2], 3), (1, [2], 3)],  # shorter than it counts, to its end
        [(0, [1, 2, 3], 4, 3), (2, [3], 3)],  # one went that may have let another slip through
        [(0, [1], 3, 1), (1, [2], 2)],  # the same, page by page of one record
    ],
)
def test_e11_list_with_fewer_records_than_it_counts_is_read_again_and_never_believed(
    wire: responses.RequestsMock, client: AspClient, pages: list[tuple[Any, ...]]
) -> None:
    give_token(wire)
    for each in pages:
        counted_page(wire, *each)

    with pytest.raises(ListChanged, match="Nothing is created"):
        client.sites()

    assert len(called(wire, SITES)) == 5 * len(pages)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([{}], "The list of {} could not be read. ASP Events sent a record without "),
        ([], "ASP’s list of {} changed each time while it was read, or lacked records that it counts"),
    ],
)
@pytest.mark.parametrize(
    ("what", "ask"),
    [
        ("ASP events", lambda client: client.sites()),
        ("seminars", lambda client: client.seminars("S1")),
        ("session types", lambda client: client.session_types("M1")),
        ("streams", lambda client: client.streams("M1")),
        ("locations", lambda client: client.locations("M1")),
        ("sessions", lambda client: client.sessions("M1")),
        ("speakers", lambda client: client.speakers("S1")),
    ],
)
def test_e10_list_that_cannot_be_believed_is_named(
    wire: responses.RequestsMock, client: AspClient, what: str, ask: Any, body: list[Any], words: str
) -> None:
    give_token(wire)
    wire.get(re.compile(".*"), json=body, headers={"X-Records-Filtered": "1"})

    with pytest.raises(AspError) as problem:
        ask(client)

    assert str(problem.value).startswith(words.format(what))


def test_e11_list_that_grows_at_its_end_while_it_is_read_is_believed(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    counted_page(wire, 0, [1, 2], 3)
    counted_page(wire, 1, [2, 3, 4], 4)

    assert [each.uuid for each in client.sites()] == ["U1", "U2", "U3", "U4"]
    assert len(called(wire, SITES)) == 2


def test_list_that_has_a_record_twice_each_time_is_an_error(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    page(wire, 0, [1, 2, 1], None)

    with pytest.raises(ListChanged, match="Nothing is created"):
        client.sites()

    assert len(called(wire, SITES)) == 5


def test_pages_that_go_round_in_a_circle_are_an_error(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    wire.get(SITES, json=[site()], headers={"Link": '</public/sites?O=0>; rel="next"'})

    with pytest.raises(UnexpectedAnswer, match="in a circle"):
        client.sites()


def test_list_that_is_none_is_an_error(wire: responses.RequestsMock, client: AspClient) -> None:
    give_token(wire)
    wire.get(SITES, json={"Sites": []})

    with pytest.raises(UnexpectedAnswer):
        client.sites()


def test_speakers_of_another_site_are_left_out(wire: responses.RequestsMock, client: AspClient) -> None:
    give_token(wire)
    wire.get(
        SPEAKERS, json=[{"Uuid": "U1", "SiteUuid": "S1"}, {"Uuid": "U2", "SiteUuid": "S2"}, {"Uuid": "U3"}]
    )

    assert [each.uuid for each in client.speakers("S1")] == ["U1", "U3"]


# Throttle


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [
        ("7", 7, 7.2),
        ("0", 0, 0.2),
        (None, 1, 1.2),
        ("soon", 1, 1.2),
        ("2.5", 2.5, 2.7),
        ("inf", 1, 1.2),
        ("date", 500, 602),
        ("naive date", 500, 602),
        ("past", 0, 0.2),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", 1, 1.2),
        ("Mon, 99999999999999999999 Jan 2027 00:00:00 GMT", 1, 1.2),
    ],
)
def test_retry_after_is_obeyed(
    wire: responses.RequestsMock,
    client: AspClient,
    clock: Clock,
    given: str | None,
    least: float,
    most: float,
) -> None:
    ahead = datetime.now(UTC) + timedelta(seconds=600)
    dates = {
        "date": email.utils.format_datetime(ahead, usegmt=True),
        "naive date": email.utils.format_datetime(ahead.replace(tzinfo=None)),
        "past": "Wed, 21 Oct 2015 07:28:00 GMT",
    }
    give_token(wire)
    wire.get(SITES, status=429, headers={"Retry-After": dates.get(given, given)} if given else {})
    wire.get(SITES, json=[])
    begun = clock.now

    client.sites()

    assert least <= clock.now - begun <= most


@pytest.mark.parametrize("given", ["3600", "999999999", "Mon, 01 Jan 2199 00:00:00 GMT"])
@pytest.mark.parametrize("url", [SITES, TOKEN])
def test_g5_server_that_asks_for_hours_is_not_waited_for(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, url: str, given: str
) -> None:
    if url == SITES:
        give_token(wire)
    wire.add(
        responses.GET if url == SITES else responses.POST, url, status=429, headers={"Retry-After": given}
    )

    with pytest.raises(NoTimeLeft, match="asks to wait for"):
        client.sites()

    assert clock.pauses == []


def test_requests_are_spaced_out_as_the_refusal_teaches(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    for _ in range(8):
        wire.get(SITES, json=[])
    wire.get(SITES, status=429, headers={"Retry-After": "1"})
    wire.get(SITES, json=[])
    for _ in range(8):
        client.sites()
        clock.now += 0.25
    assert clock.pauses == []

    client.sites()
    assert clock.pauses == [1]
    for _ in range(20):
        client.sites()

    assert clock.pauses[1:] == [pytest.approx(1 / (0.97 * 3))] * 20


def test_refusal_of_the_very_first_request_slows_nothing_down(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    wire.get(SITES, status=429, headers={"Retry-After": "3"})
    wire.get(SITES, json=[])

    for _ in range(20):
        client.sites()

    assert clock.pauses == [3]


def test_request_without_an_answer_keeps_no_other_from_beginning(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    wire.get(SITES, json=[])
    wire.get(SITES, status=429, headers={"Retry-After": "1"})
    for _ in range(20):
        wire.get(SITES, body=requests.ReadTimeout("no answer"))
    wire.get(SITES, json=[])
    client.sites()

    assert [client.answers() for _ in range(21)] == [False] * 20 + [True]


def test_token_that_is_rate_limited_is_waited_for(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    wire.post(TOKEN, status=429, headers={"Retry-After": "9"})
    give_token(wire)
    wire.get(SITES, json=[])

    client.sites()

    assert sum(clock.pauses) == pytest.approx(9, abs=0.2)


def test_run_that_is_ended_stops_waiting(wire: responses.RequestsMock, client: AspClient) -> None:
    give_token(wire)
    wire.get(SITES, status=429, headers={"Retry-After": "3600"})
    client.waiting.stop.set()

    with pytest.raises(Stopped):
        client.sites()


def test_no_request_begins_that_may_not_begin_any_more(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    wire.get(SITES, json=[])
    client.waiting.good_until = clock.now - 1
    patience = Waiting.pause

    def renew(self: Waiting, seconds: float) -> None:
        patience(self, seconds)
        self.good_until = clock.now + 10

    client.waiting.pause = renew.__get__(client.waiting)  # type: ignore[method-assign]

    assert client.sites() == []
    assert len(clock.pauses) == 1


# Tries

PLACE: Any = HTTPConnectionPool("asp.example")  # where urllib3's errors happened
NEVER_MADE = ("refused", "no name", "no proxy", "connect time-out")
BROKEN: dict[str, Any] = {
    "time-out": requests.ReadTimeout("no answer"),
    "connect time-out": requests.ConnectTimeout(),
    "refused": requests.ConnectionError(MaxRetryError(PLACE, "/", NewConnectionError(PLACE, "refused"))),
    "no name": requests.ConnectionError(
        MaxRetryError(PLACE, "/", NameResolutionError("asp.example", PLACE, socket.gaierror()))
    ),
    "no proxy": requests.exceptions.ProxyError(
        MaxRetryError(PLACE, "/", ProxyError("no proxy", NewConnectionError(PLACE, "refused")))
    ),
    "broken proxy": requests.exceptions.ProxyError(
        MaxRetryError(PLACE, "/", ProxyError("broken", OSError("NewConnectionError")))
    ),
    "words alone": requests.ConnectionError("NewConnectionError: what a server may have said itself"),
    "broken": requests.ConnectionError("Connection aborted."),
    "cut": requests.exceptions.ChunkedEncodingError(),
}


def break_down(wire: responses.RequestsMock, method: str, url: str, how: Any) -> None:
    if isinstance(how, int):
        wire.add(method, url, status=how)
    elif how == "no JSON":
        wire.add(method, url, body="<html>Bad gateway</html>", status=200)
    else:
        wire.add(method, url, body=BROKEN[how])


HOWS = [500, 501, 502, 503, 504, 508, 520, 599, 408, 425, "no JSON", *BROKEN]


@pytest.mark.parametrize("how", HOWS)
def test_reads_are_tried_again_with_growing_pauses(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, how: Any
) -> None:
    give_token(wire)
    break_down(wire, "GET", SITES, how)

    with pytest.raises(Unreachable, match="could not be reached"):
        client.sites()

    assert len(called(wire, SITES)) >= 6
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[0] < clock.pauses[2]
    assert 10 <= sum(clock.pauses[:5]) <= sum(clock.pauses) < 90


def test_e12_empty_answer_to_a_read_is_none(wire: responses.RequestsMock, client: AspClient) -> None:
    give_token(wire)
    wire.get(SITES, status=200)
    wire.get(SITES, json=[site(1)])

    assert [each.uuid for each in client.sites()] == ["U1"]


@pytest.mark.parametrize("how", HOWS)
def test_updates_are_tried_again(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, how: Any
) -> None:
    give_token(wire)
    break_down(wire, "PUT", f"{SPEAKERS}/U1", how)

    with pytest.raises(Unreachable):
        client.update_speaker("U1", {"FirstName": "Ada"})

    assert 6 <= len(called(wire, f"{SPEAKERS}/U1")) == client.tally.writes
    assert 10 <= sum(clock.pauses) < 90


@pytest.mark.parametrize("how", HOWS)
def test_creates_are_never_repeated_by_the_transport(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, how: Any
) -> None:
    give_token(wire)
    break_down(wire, "POST", SPEAKERS, how)

    with pytest.raises(NoAnswer) as problem:
        client.create_speaker("S1", {"Email": "a@example.org"})

    assert (len(called(wire, SPEAKERS)), clock.pauses, client.tally.writes) == (1, [], 1)
    assert problem.value.arrived is (how not in NEVER_MADE)


def test_time_outs_of_twelve_seconds_end_within_two_minutes(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)

    def time_out(_request: Any) -> Any:
        clock.now += 12
        raise requests.ReadTimeout

    wire.add_callback("GET", SITES, time_out)
    begun = clock.now

    with pytest.raises(Unreachable):
        client.sites()
    assert client.answers() is False

    assert len(called(wire, SITES)) >= 7
    assert clock.now - begun < 120


def at_a_page(clock: Clock) -> AspClient:
    return make_client(clock, within=15.0)


@pytest.mark.parametrize("how", [503, "no JSON", *BROKEN])
def test_e12_read_at_a_page_is_tried_five_times_over_ten_seconds_and_ends_in_time(
    wire: responses.RequestsMock, clock: Clock, how: Any
) -> None:
    give_token(wire)
    break_down(wire, "GET", SITES, how)
    begun = clock.now

    with pytest.raises(Unreachable, match="could not be reached"):
        at_a_page(clock).sites()

    assert len(called(wire, SITES)) >= 6
    assert 10 <= clock.now - begun <= 15


def test_page_is_over_in_time_where_asp_is_silent(wire: responses.RequestsMock, clock: Clock) -> None:
    give_token(wire)

    def time_out(request: Any) -> Any:
        clock.now += request.req_kwargs["timeout"].total
        raise requests.ReadTimeout

    wire.add_callback("GET", SITES, time_out)
    begun = clock.now

    with pytest.raises(Unreachable):
        at_a_page(clock).sites()

    assert clock.now - begun <= 15


@pytest.mark.parametrize("url", [TOKEN, SITES])
def test_page_says_a_wait_that_it_cannot_keep(wire: responses.RequestsMock, clock: Clock, url: str) -> None:
    wire.add("POST" if url == TOKEN else "GET", url, status=429, headers={"Retry-After": "40"})
    give_token(wire)

    with pytest.raises(AspError, match="asks to wait for 40 seconds"):
        at_a_page(clock).sites()

    assert clock.pauses == []


@pytest.mark.parametrize("depth", [100_000, 3_000_000])
def test_g5_answer_that_is_nested_without_end_is_no_answer(
    wire: responses.RequestsMock, client: AspClient, depth: int
) -> None:
    give_token(wire)
    wire.get(SITES, body="[" * depth)

    with pytest.raises(Unreachable):
        client.sites()


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (rb"a\u0000b", "a�b"),
        (rb"a\ud800b", "a�b"),
        (b"a\xed\xa0\x80b", "a�b"),
        (rb"\ud83c\udfaa", "🎪"),
        ("é🎪".encode(), "é🎪"),
    ],
)
def test_text_of_asp_that_no_database_takes_is_marked(
    wire: responses.RequestsMock, client: AspClient, sent: bytes, taken: str
) -> None:
    give_token(wire)
    wire.get(SITES, body=b'[{"Uuid": "U1", "Name": "' + sent + b'"}]')

    assert [each.name for each in client.sites()] == [taken]


@pytest.mark.parametrize("total", ["²", "9" * 10_000, "-1", "1e9"])
def test_total_that_is_no_number_is_none(wire: responses.RequestsMock, client: AspClient, total: str) -> None:
    give_token(wire)
    wire.get(SITES, json=[site()], headers={"X-Records-Filtered": total})

    assert [each.uuid for each in client.sites()] == ["U1"]


def test_g5_list_whose_pages_never_end_is_an_error(
    wire: responses.RequestsMock, client: AspClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_PAGES", 20)
    give_token(wire)
    numbers = itertools.count(1)
    wire.add_callback(
        "GET", SITES, lambda _: (200, {"Link": f'<{SITES}?offset={next(numbers)}>; rel="next"'}, "[]")
    )

    with pytest.raises(UnexpectedAnswer, match="more than 20 pages"):
        client.sites()

    assert len(called(wire, SITES)) == 20


def test_outage_that_names_an_hour_is_not_waited_for(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    wire.get(SITES, status=503, headers={"Retry-After": "3600"})
    begun = clock.now

    with pytest.raises(Unreachable):
        client.sites()

    assert 10 < clock.now - begun < 110


def test_answer_after_a_bad_minute_is_taken(
    wire: responses.RequestsMock, client: AspClient, clock: Clock
) -> None:
    give_token(wire)
    for how in (500, "broken", "time-out", "no JSON", 503):
        break_down(wire, "GET", SITES, how)
    wire.get(SITES, json=[site()])

    assert len(client.sites()) == 1


@pytest.mark.parametrize(
    ("status", "answers"), [(200, True), (404, True), (400, True), (418, True), (503, False)]
)
def test_probe_is_one_reading(
    wire: responses.RequestsMock, client: AspClient, clock: Clock, status: int, answers: bool
) -> None:
    give_token(wire)
    wire.get(SITES, status=status, json=[])

    assert client.answers() is answers

    assert (len(called(wire, SITES)), clock.pauses) == (1, [])


# Errors


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, {"error": "Bad."}, RecordRefused, "ASP refused it: Bad."),
        (400, None, RecordRefused, "ASP refused it: status 400."),
        (403, {}, UnexpectedAnswer, "does not allow"),
        (404, {"error": "Gone."}, NotThere, "Gone."),
        (404, None, NotThere, "ASP has no such record."),
        (409, {"error": "duplicate", "Uuid": "U9"}, Duplicate, "has such a record already"),
        (409, ["?"], Duplicate, "has such a record already"),
        (422, {"errors": [{"field": "Title", "message": "Too long."}]}, RecordRefused, "Title: Too long."),
        (422, {"errors": "?"}, RecordRefused, "status 422"),
        (302, None, UnexpectedAnswer, "led to another address (302)"),
        (418, {"error": "Teapot"}, UnexpectedAnswer, "answered 418: Teapot."),
        (413, {"error": "Too large."}, UnexpectedAnswer, "answered 413: Too large."),
    ],
)
def test_answers_that_are_no_success_are_mapped_once(
    wire: responses.RequestsMock, client: AspClient, status: int, body: Any, error: type[AspError], words: str
) -> None:
    give_token(wire)
    headers = {"Location": "https://evil.example/"} if status == 302 else {}
    wire.post(SPEAKERS, status=status, headers=headers, **({} if body is None else {"json": body}))

    with pytest.raises(error, match=re.escape(words)) as problem:
        client.create_speaker("S1", {})

    assert len(called(wire, SPEAKERS)) == 1
    assert not str(problem.value).endswith("..")
    if isinstance(problem.value, Duplicate):
        assert problem.value.uuid == ("U9" if isinstance(body, dict) else None)


@pytest.mark.parametrize("status", [403, 406, 413])
@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/plain"])
def test_page_of_a_firewall_is_no_word_about_the_key(
    wire: responses.RequestsMock, client: AspClient, status: int, content_type: str
) -> None:
    give_token(wire)
    wire.post(SPEAKERS, status=status, body="<html>Blocked</html>", content_type=content_type)

    with pytest.raises(Intercepted, match=f"in front of ASP Events refused this \\({status}\\)"):
        client.create_speaker("S1", {})

    assert len(called(wire, SPEAKERS)) == 1


def test_firewall_that_refuses_the_token_rejects_no_credentials(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    wire.post(TOKEN, status=403, body="<html>Blocked</html>", content_type="text/html")

    for call in (client.check_credentials, client.sites):
        with pytest.raises(Intercepted):
            call()
    assert client.answers() is True


def test_refusal_names_each_field(wire: responses.RequestsMock, client: AspClient) -> None:
    give_token(wire)
    errors = [{"field": "Title", "message": "Too long."}, {"field": "level"}, {"message": "?"}, "?"]
    wire.put(f"{SPEAKERS}/U1", status=422, json={"errors": errors})

    with pytest.raises(RecordRefused) as problem:
        client.update_speaker("U1", {})

    assert problem.value.problems == {"Title": "Too long.", "level": "not accepted"}


def test_create_without_a_uuid_in_the_answer_is_an_error(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    give_token(wire)
    wire.post(SPEAKERS, status=201, json={"Name": "?"})

    with pytest.raises(UnexpectedAnswer, match="without Uuid"):
        client.create_speaker("S1", {})


@pytest.mark.parametrize("address", ["asp.example", "ftp://asp.example", "http://", "https://exa mple"])
def test_address_that_is_none_is_said_at_once(clock: Clock, address: str) -> None:
    client = make_client(clock, address)

    with pytest.raises(AspError, match="PORTAL_ASP_BASE_URL"):
        client.check_credentials()

    assert clock.pauses == []


# Secrets and manners


@pytest.mark.parametrize("how", [401, 500, "time-out", "broken", "no JSON"])
def test_secrets_stay_out_of_messages_traces_and_logs(
    wire: responses.RequestsMock, client: AspClient, caplog: pytest.LogCaptureFixture, how: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    give_token(wire, "the-t0ken")
    break_down(wire, "GET", SITES, how)

    with pytest.raises(AspError) as problem:
        client.sites()

    told = "".join(traceback.format_exception(problem.value))
    shown = (
        repr(client)
        + repr(vars(client))
        + repr(client._transport)
        + repr(client._transport._tokens.current())
    )
    for secret in (SECRET, "the-t0ken", requests.auth._basic_auth_str(KEY, SECRET)):
        assert secret not in told + shown + caplog.text


def test_client_has_no_way_to_delete_and_writes_only_what_it_names(
    wire: responses.RequestsMock, client: AspClient
) -> None:
    offered = {name for name in dir(AspClient) if not name.startswith("_")}

    assert {name for name in offered if name.startswith(("create", "update"))} == {
        "create_stream",
        "update_stream",
        "create_location",
        "create_session",
        "update_session",
        "create_speaker",
        "update_speaker",
    }
    assert not [name for name in offered if re.search("delete|remove|destroy|purge", name)]
    assert not hasattr(Transport, "delete")


def test_environment_decides_nothing_about_the_token(
    wire: responses.RequestsMock, client: AspClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine asp.example login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    give_token(wire)
    wire.get(SITES, json=[], headers={"Set-Cookie": "a=b"})

    client.sites()
    client.sites()

    assert bearers(wire, SITES) == ["first-token", "first-token"]
    assert ["Cookie" in request.headers for request in called(wire, SITES)] == [False, False]


@pytest.mark.parametrize("identifier", [".", ".."])
def test_id_that_would_lead_to_another_path_is_nowhere(
    wire: responses.RequestsMock, client: AspClient, identifier: str
) -> None:
    with pytest.raises(NotThere):
        client.seminar(identifier)

    assert len(wire.calls) == 0


@pytest.mark.parametrize("identifier", [".", ".."])
def test_probe_is_led_to_no_other_path_either(
    wire: responses.RequestsMock, client: AspClient, identifier: str
) -> None:
    give_token(wire)
    wire.get(re.compile(".*"), json=[])

    with pytest.raises(NotThere):
        client.probe(seminar_id=identifier)

    assert not [each for each in wire.calls if str(each.request.url).startswith(f"{BASE}/public/seminars/")]


@pytest.mark.parametrize("odd", [{}, [], None, True, 1.5, {"a": [1]}])
def test_something_else_in_a_uuid_s_place_is_an_answer_that_nobody_expected(
    wire: responses.RequestsMock, client: AspClient, odd: Any
) -> None:
    give_token(wire)
    wire.get(SITES, json=[{"Uuid": odd, "Name": "One"}, {"Uuid": odd, "Name": "Two"}])

    with pytest.raises(UnexpectedAnswer, match="a record without Uuid"):
        client.sites()


def test_ids_are_quoted_in_paths(wire: responses.RequestsMock, client: AspClient) -> None:
    give_token(wire)
    wire.get(f"{BASE}/public/seminars/a%2Fb%3Fc", status=404)

    with pytest.raises(NotThere):
        client.seminar("a/b?c")
