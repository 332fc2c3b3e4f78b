"""Limits and faults: what the controls make of requests."""

import socket
import threading
import time

import pytest
import requests
from asp_calls import SEED, SESSIONS, SPEAKERS, Client, asp_session, asp_speaker, fields_of

from asp_local.faults import Dice
from asp_local.server import LocalAsp
from local_partner.settings import BadSetting


def test_rate_limit_answers_429_with_whole_seconds() -> None:
    now = [0.0]
    with LocalAsp(SEED, clock=lambda: now[0], rate_per_s=0.25) as asp:
        client = Client(asp.url)
        first, second = client.get("/public/sites"), client.get("/public/sites")
        now[0] = 3.9
        early = client.get("/public/sites")
        now[0] = 4.0
        due = client.get("/public/sites")

    assert [answer.status_code for answer in (first, second, early, due)] == [200, 429, 429, 200]
    assert [answer.headers["Retry-After"] for answer in (second, early)] == ["4", "1"]


@pytest.mark.parametrize(
    ("kind", "passed", "first_pause"),
    [("bucket", [4, 3, 1], "1"), ("sliding", [4, 0, 4], "2"), ("fixed", [4, 0, 4], "2")],
)
def test_rate_limit_is_counted_as_it_is_told(kind: str, passed: list[int], first_pause: str) -> None:
    now = [0.0]
    pauses, taken = [], []
    with LocalAsp(SEED, clock=lambda: now[0], rate_kind=kind, rate_per_s=2, rate_window_s=2) as asp:
        client = Client(asp.url)
        for moment in (0.0, 1.5, 2.0):
            now[0] = moment
            answers = [client.get("/public/sites") for _ in range(5)]
            taken.append(sum(answer.ok for answer in answers))
            pauses.append(answers[-1].headers["Retry-After"])

    assert (taken, pauses) == (passed, [first_pause, "1", first_pause])


@pytest.mark.parametrize("wrong", [{"rate_kind": "leaky"}, {"rate_window_s": 0}, {"retry_after": 1}])
def test_rate_limit_that_makes_no_sense_is_refused(asp: LocalAsp, wrong: dict[str, object]) -> None:
    with pytest.raises(BadSetting):
        asp.control(**wrong)


def test_rate_limit_may_keep_silent_about_when_to_come_back(asp: LocalAsp, client: Client) -> None:
    asp.control(rate_per_s=1, retry_after=False)

    answers = [client.get("/public/sites") for _ in range(2)]

    assert answers[1].status_code == 429
    assert "Retry-After" not in answers[1].headers


def test_rate_limit_leaves_tokens_alone_and_refused_writes_undone(asp: LocalAsp, client: Client) -> None:
    asp.control(rate_per_s=1)

    answers = [client.post(SESSIONS, asp_session()).status_code for _ in range(3)]

    assert answers == [201, 429, 429]
    assert len(asp.records()["sessions"]) == 1
    assert [len(Client(asp.url).token) > 0 for _ in range(3)] == [True, True, True]


def test_fail_rate_answers_before_anything_is_done(asp: LocalAsp, client: Client) -> None:
    asp.control(fail_rate=1, fail_status=503)

    answers = [client.post(SESSIONS, asp_session()), client.get("/public/sites")]
    token = requests.post(f"{asp.url}/public/token", auth=("key", "secret"), timeout=120)

    assert [answer.status_code for answer in [*answers, token]] == [503, 503, 503]
    assert asp.records()["sessions"] == []


def test_faults_keep_to_the_paths_that_are_named(asp: LocalAsp, client: Client) -> None:
    asp.control(fail_rate=1, fail_paths="POST /public/speakers")

    answers = [
        client.post(SPEAKERS, asp_speaker()),
        client.get(SPEAKERS),
        client.post(SESSIONS, asp_session()),
    ]

    assert [answer.status_code for answer in answers] == [500, 200, 201]


def test_dice_repeat_with_the_same_seed() -> None:
    throws = [[dice.hit(0.3) for _ in range(200)] for dice in (Dice(5), Dice(5), Dice(6))]

    assert throws[0] == throws[1]
    assert throws[0] != throws[2]
    assert 40 <= sum(throws[0]) <= 80


def test_drop_after_commit_writes_and_cuts(asp: LocalAsp, client: Client) -> None:
    asp.control(drop_after_commit_rate=1)

    with pytest.raises(requests.ConnectionError):
        client.post(SESSIONS, asp_session(Title="Dropped"))

    stored = asp.records()["sessions"]
    assert [session["Title"] for session in stored] == ["Dropped"]
    with pytest.raises(requests.ConnectionError):
        client.put(f"{SESSIONS}/{stored[0]['Uuid']}", {"Title": "Changed"})
    assert asp.records()["sessions"][0]["Title"] == "Changed"
    assert client.get(SESSIONS).status_code == 200
    assert client.post(SESSIONS, {}).status_code == 422
    assert len(Client(asp.url).token) > 0


def test_down_cuts_everything_public_until_it_is_up(asp: LocalAsp, client: Client) -> None:
    asp.control(down=True)
    with pytest.raises(requests.ConnectionError):
        client.get("/public/sites")
    with pytest.raises(requests.ConnectionError):
        client.post(SESSIONS, asp_session())
    assert client.get("/").status_code == 200

    asp.control(down=False)

    assert client.get("/public/sites").status_code == 200
    assert asp.records()["sessions"] == []


def test_too_many_requests_in_flight_are_refused(asp: LocalAsp, client: Client) -> None:
    asp.control(max_in_flight=1, latency_ms=200)
    statuses: list[int] = []
    slow = threading.Thread(target=lambda: statuses.append(client.get("/public/sites").status_code))
    slow.start()
    wait_for_one_in_flight(asp)
    asp.control(latency_ms=0)

    refused = requests.get(f"{asp.url}/public/sites", headers=client.session.headers, timeout=120)
    slow.join()

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert statuses == [200]
    assert asp.stats()["max_in_flight"] == 2
    assert client.get("/public/sites").status_code == 200


def test_hang_answers_late_but_has_written(asp: LocalAsp, client: Client) -> None:
    asp.control(hang_s=300, fail_paths="POST /public/seminars")

    with pytest.raises(requests.Timeout):
        client.session.post(asp.url + SESSIONS, json=asp_session(), timeout=0.1)
    deadline = time.monotonic() + 60
    while not asp.records()["sessions"] and time.monotonic() < deadline:
        threading.Event().wait(0.02)

    assert len(asp.records()["sessions"]) == 1
    assert client.get(SESSIONS).status_code == 200


def test_stop_does_not_wait_for_what_hangs() -> None:
    asp = LocalAsp(SEED, hang_s=300, fail_paths="/sites")
    client = Client(asp.start())
    ends: list[str] = []
    hanging = threading.Thread(target=lambda: ends.append(outcome(client)))
    hanging.start()
    wait_for_one_in_flight(asp)

    began = time.monotonic()
    asp.stop()
    hanging.join()

    assert time.monotonic() - began < 60  # seconds; it would hang for three hundred
    assert ends == ["cut"]


def test_latency_is_the_least_time_of_an_answer(asp: LocalAsp, client: Client) -> None:
    asp.control(latency_ms=300)

    began = time.perf_counter()
    client.get("/public/sites")
    public = time.perf_counter() - began
    control: list[float] = []
    for _ in range(20):  # one of them may have had to wait for the machine
        began = time.perf_counter()
        client.get("/_stats")
        control.append(time.perf_counter() - began)

    assert public >= 0.3
    assert min(control) < 0.3


@pytest.mark.parametrize(
    "setting",
    [
        {"nonsense": 1},
        {"fail_rate": 1.5},
        {"fail_rate": "1"},
        {"fail_status": 200},
        {"fail_status": 500.5},
        {"latency_ms": -1},
        {"latency_ms": True},
        {"down": 1},
        {"fail_paths": None},
    ],
)
def test_control_refuses_what_makes_no_sense(
    asp: LocalAsp, client: Client, setting: dict[str, object]
) -> None:
    before = client.get("/_control").json()

    answer = client.put("/_control", setting)

    assert answer.status_code == 400
    assert client.get("/_control").json() == before
    with pytest.raises(BadSetting):
        asp.control(**setting)


def test_control_changes_a_subset(client: Client) -> None:
    before = client.get("/_control").json()

    changed = client.put("/_control", {"latency_ms": 1.5, "down": False})

    assert changed.json() == before | {"latency_ms": 1.5}
    assert client.get("/_control").json() == changed.json()


def test_stats_count_what_is_public_by_pattern(asp: LocalAsp, client: Client) -> None:
    uuid = client.post(SESSIONS, asp_session()).json()["Uuid"]
    client.put(f"{SESSIONS}/{uuid}", {"Title": ""})
    client.get(f"{SESSIONS}/{uuid}?x=1")
    client.get("/_records")
    client.get("/")

    assert client.get("/_stats").json() == {
        "requests": 4,
        "by": {
            "POST /public/token": 1,
            "POST /public/seminars/{id}/sessions": 1,
            "PUT /public/seminars/{id}/sessions/{id}": 1,
            "GET /public/seminars/{id}/sessions/{id}": 1,
        },
        "writes": 2,
        "tokens": 1,
        "deletes": 0,
        "max_in_flight": 1,
        "statuses": {"200": 2, "201": 1, "422": 1},
    }
    client.post("/_stats/reset", None)
    assert asp.stats()["requests"] == 0
    assert asp.stats()["by"] == {}


def test_request_that_is_no_http_is_refused(asp: LocalAsp) -> None:
    host, port = asp.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(b"NONSENSE\r\n\r\n")
        answer = connection.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 400 ")


def wait_for_one_in_flight(asp: LocalAsp) -> None:
    """Returns once a request after the token's has arrived."""
    latest = time.monotonic() + 60
    while asp.stats()["requests"] < 2 and time.monotonic() < latest:
        time.sleep(0.002)


def test_drop_before_commit_cuts_and_writes_nothing(asp: LocalAsp, client: Client) -> None:
    asp.control(drop_before_commit_rate=1)

    with pytest.raises(requests.ConnectionError):
        client.post(SESSIONS, asp_session())

    assert (asp.records()["sessions"], outcome(client)) == ([], "200")


def test_garbled_and_torn_answers_are_those_of_writes_that_were_done(asp: LocalAsp, client: Client) -> None:
    asp.control(garble_rate=1, fail_paths="POST")
    garbled = client.post(SESSIONS, asp_session())
    asp.control(garble_rate=0, truncate_rate=1)

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.post(SESSIONS, asp_session())

    assert (garbled.status_code, garbled.text[:15]) == (201, "<!doctype html>")
    assert (len(asp.records()["sessions"]), outcome(client)) == (2, "200")


def outcome(client: Client) -> str:
    """How a call ends."""
    try:
        return str(client.get("/public/sites").status_code)
    except requests.ConnectionError:
        return "cut"


def test_late_commit_carries_a_write_out_after_its_sender_has_timed_out(
    asp: LocalAsp, client: Client
) -> None:
    asp.control(late_commit_ms=300, fail_paths="POST /public/seminars")

    with pytest.raises(requests.Timeout):
        client.session.post(asp.url + SESSIONS, json=asp_session(), timeout=0.1)
    before = len(asp.records()["sessions"])
    deadline = time.monotonic() + 60
    while not asp.records()["sessions"] and time.monotonic() < deadline:
        threading.Event().wait(0.02)

    assert (before, len(asp.records()["sessions"])) == (0, 1)


@pytest.mark.parametrize("status", [403, 406, 413])
def test_firewall_answers_writes_that_look_like_an_attack_with_a_page(
    asp: LocalAsp, client: Client, status: int
) -> None:
    asp.control(firewall_status=status)

    stopped = [
        client.post(SESSIONS, asp_session(Title=title))
        for title in ("<SCRIPT>", "1 UNION SELECT 2", "../../x")
    ]
    passed = client.post(SESSIONS, asp_session(Title="A union that selects"))
    read = client.get(f"{SESSIONS}?Q=union select")

    assert [answer.status_code for answer in [*stopped, passed, read]] == [status] * 3 + [201, 200]
    assert stopped[0].headers["Content-Type"].startswith("text/html")
    assert len(asp.records()["sessions"]) == 1


def test_database_without_emoji_fails_on_them(asp: LocalAsp, client: Client) -> None:
    asp.control(utf8mb3=True)

    answers = [client.post(SESSIONS, asp_session(Title=title)) for title in ("Fête ☃ 中文", "Party 🎉")]

    assert [answer.status_code for answer in answers] == [201, 500]
    assert len(asp.records()["sessions"]) == 1


def test_one_problem_alone_is_named(asp: LocalAsp, client: Client) -> None:
    wrong = asp_session(Title="", StartTime="soon")
    every = fields_of(client.post(SESSIONS, wrong))
    asp.control(one_problem=True)

    assert fields_of(client.post(SESSIONS, wrong)) == ["Title"]
    assert every == ["StartTime", "Title"]


@pytest.mark.parametrize(
    ("setting", "pages"),
    [("pages_with_a_gap", ["01", "34", "23"]), ("pages_that_overlap", ["01", "12", "23"])],
)
def test_later_pages_are_answered_as_if_the_list_had_changed(
    asp: LocalAsp, client: Client, setting: str, pages: list[str]
) -> None:
    for number in range(5):
        client.post(SESSIONS, asp_session(Title=str(number)))
    asp.control(**{setting: 1})

    answers = [client.get(f"{SESSIONS}?O={offset}&L=2").json() for offset in (0, 2, 2)]

    assert ["".join(each["Title"] for each in page) for page in answers] == pages
    assert client.get("/_control").json()[setting] == 0
