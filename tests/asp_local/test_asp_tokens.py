"""Tokens: how they are asked for, what they open, when they end."""

import requests
from asp_calls import (
    OTHER_SEMINAR,
    OTHER_SITE,
    SEED,
    SEMINAR,
    SESSIONS,
    SPEAKERS,
    Client,
    asp_session,
    asp_speaker,
)

from asp_local.server import LocalAsp


def test_token_is_a_json_string_with_its_life_in_a_header(asp: LocalAsp) -> None:
    answer = requests.post(f"{asp.url}/public/token", auth=("key", "secret"), timeout=120)

    assert answer.status_code == 200
    assert isinstance(answer.json(), str)
    assert answer.headers["Authentication-Info"] == "expires-in=3600"


def test_token_is_refused_for_a_wrong_pair(asp: LocalAsp) -> None:
    pairs = [("key", "wrong"), ("wrong", "secret"), ("key", "other-secret"), ("", "")]

    answers = [requests.post(f"{asp.url}/public/token", auth=pair, timeout=120) for pair in pairs]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401]


def test_call_without_a_good_token_is_refused(asp: LocalAsp) -> None:
    headers = [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic a2V5OnNlY3JldA=="}]

    answers = [requests.get(f"{asp.url}/public/sites", headers=each, timeout=120) for each in headers]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {'Bearer error="invalid_token"'}


def test_token_expires_by_the_clock() -> None:
    now = [100.0]
    with LocalAsp(SEED, clock=lambda: now[0], token_ttl_s=60) as asp:
        client = Client(asp.url)

        now[0] = 159.9
        before = client.get("/public/sites").status_code
        now[0] = 160.0
        after = client.get("/public/sites").status_code

    assert (before, after) == (200, 401)


def test_token_life_set_to_nothing_ends_tokens_for_good(asp: LocalAsp, client: Client) -> None:
    asp.control(token_ttl_s=0)
    asp.control(token_ttl_s=3600)

    assert client.get("/public/sites").status_code == 401
    assert Client(asp.url).get("/public/sites").status_code == 200


def test_account_sees_only_its_sites(asp: LocalAsp, client: Client) -> None:
    other = Client(asp.url, "other-key", "other-secret")
    speaker = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]
    session = client.post(SESSIONS, asp_session()).json()["Uuid"]

    assert [site["Uuid"] for site in other.get("/public/sites").json()] == [OTHER_SITE]
    assert [seminar["Uuid"] for seminar in other.get("/public/seminars").json()] == [OTHER_SEMINAR]
    assert other.get(SPEAKERS).json() == []
    hidden = [
        ("GET", f"/public/seminars/{SEMINAR}", None),
        ("GET", SESSIONS, None),
        ("GET", f"{SESSIONS}/{session}", None),
        ("PUT", f"{SESSIONS}/{session}", {"Title": "Taken"}),
        ("POST", SESSIONS, asp_session()),
        ("GET", f"{SPEAKERS}/{speaker}", None),
        ("PUT", f"{SPEAKERS}/{speaker}", {"FirstName": "Taken"}),
    ]
    assert [other.call(*each).status_code for each in hidden] == [404] * len(hidden)
    assert other.post(SPEAKERS, asp_speaker()).status_code == 422
