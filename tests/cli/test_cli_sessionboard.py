"""`portal sessionboard …` and `portal programme pull` as scripts use them (H1)."""

from collections.abc import Iterator

import pytest
from command import Command
from sync_world import KEY, SECRET, SEMINAR, SITE, crowd, make_programme, session_id

from sessionboard_local.server import LocalSessionboard


@pytest.fixture
def sessionboard() -> Iterator[LocalSessionboard]:
    with LocalSessionboard(
        [crowd(6), make_programme(id=77, name="Empty Conf")], tokens={"good": False, "hidden": True}
    ) as running:
        yield running


@pytest.fixture
def portal(run: Command, sessionboard: LocalSessionboard) -> Command:
    run.environment["PORTAL_SESSIONBOARD_EU_URL"] = sessionboard.url
    run.environment["PORTAL_SESSIONBOARD_RETRY_PAUSE"] = "0.002"
    return run


def connect(portal: Command, token: str = "good"):
    return portal(
        "sessionboard", "connect", "--org", "one", "--region", "eu", "--token-stdin", stdin=f"{token}\n"
    )


def test_connect_says_how_many_events_may_be_read(portal):
    result = connect(portal)

    assert (result.exit_code, result.stdout) == (
        0,
        "one is connected to Sessionboard; the token may read 2 events.\n",
    )


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("wrong", "did not accept this access token"),
        ("hidden", "hides personal data"),
        ("", "Enter the access token"),
        ("nö", "no access token"),
    ],
)
def test_refused_token_is_not_stored(portal, token, reason):
    result = connect(portal, token)

    assert (result.exit_code, result.stdout, reason in result.stderr) == (1, "", True)
    events = portal("sessionboard", "events", "--org", "one")
    assert (events.exit_code, "not connected" in events.stderr) == (1, True)


def test_unreachable_sessionboard_is_named(portal):
    portal.environment["PORTAL_SESSIONBOARD_EU_URL"] = "http://127.0.0.1:9"

    result = connect(portal)

    assert (result.exit_code, "Sessionboard could not be reached" in result.stderr) == (1, True)


def test_another_token_replaces_the_first(portal, sessionboard):
    connect(portal)
    sessionboard.gate.tokens = {"newer": False}

    assert portal("sessionboard", "events", "--org", "one").exit_code == 1
    assert connect(portal, "newer").exit_code == 0
    assert portal("sessionboard", "events", "--org", "one").exit_code == 0


def test_events_say_which_are_taken(portal, sessionboard):
    connect(portal)
    portal("programme", "pull", "--org", "one", "--event", "4630")
    sessionboard.event(77).event["timezone"] = None

    assert portal.json("sessionboard", "events", "--org", "one") == [
        {"id": 4630, "name": "Small Conf", "timezone": "Europe/Paris", "taken": True},
        {"id": 77, "name": "Empty Conf", "timezone": None, "taken": False},
    ]
    words = portal("sessionboard", "events", "--org", "one").stdout
    assert words == "4630\tSmall Conf\tEurope/Paris\ttaken\n77\tEmpty Conf\t\t\n"


def test_pull_takes_in_then_brings_up_to_date(portal, sessionboard):
    connect(portal)
    first = portal.json("programme", "pull", "--org", "one", "--event", "4630")
    sessionboard.event(4630).remove("sessions", session_id(2))

    again = portal.json("programme", "pull", "--org", "one", "--event", "4630")

    assert first == {
        "event": 4630,
        "sessions": {"created": 6, "updated": 0, "unchanged": 0, "missing": 0, "removed": 0},
        "contacts": {"created": 6, "updated": 0, "unchanged": 0, "missing": 0, "removed": 0},
        "requests": 9,
    }
    assert again["sessions"] == {"created": 0, "updated": 0, "unchanged": 5, "missing": 0, "removed": 1}


def test_pull_takes_the_portals_own_id_too(portal):
    connect(portal)
    portal("programme", "pull", "--org", "one", "--event", "4630")

    assert portal.json("programme", "pull", "--org", "one", "--event", "1", "--full")["event"] == 4630


def test_pull_that_fails_prints_no_object(portal, sessionboard):
    connect(portal)
    sessionboard.control(fail_status=500, fail_paths="/speakers")

    result = portal("programme", "pull", "--org", "one", "--event", "4630", "--json")

    assert (result.exit_code, result.stdout, "Sessionboard could not be reached" in result.stderr) == (
        1,
        "",
        True,
    )


def test_disconnect_keeps_the_events_for_editing_by_hand(portal):
    connect(portal)
    portal("programme", "pull", "--org", "one", "--event", "4630")

    first = portal("sessionboard", "disconnect", "--org", "one", "--yes")
    again = portal("sessionboard", "disconnect", "--org", "one", "--yes")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout == (
        "One is disconnected from Sessionboard. 1 event stays and can be edited by hand.\n"
    )
    assert again.stdout == "One is not connected to Sessionboard.\n"
    assert portal("programme", "pull", "--org", "one", "--event", "4630").exit_code == 1


def test_disconnect_asks_first(portal):
    connect(portal)

    result = portal("sessionboard", "disconnect", "--org", "one", stdin="n\n")

    assert (result.exit_code, portal("sessionboard", "events", "--org", "one").exit_code) == (1, 0)


def test_rotate_counts_the_token_too(portal):
    connect(portal)

    assert portal("secrets", "rotate").stdout == "1 secret encrypted under the newest key.\n"


@pytest.fixture
def mapped(portal: Command) -> Command:
    connect(portal)
    portal("programme", "pull", "--org", "one", "--event", "4630")
    portal("asp", "connect", "--org", "one", "--api-key", KEY, "--secret-stdin", stdin=SECRET)
    portal("asp", "map", "--org", "one", "--event", "4630", "--site", SITE, "--seminar", SEMINAR)
    return portal


def test_sync_pulls_first_unless_it_is_left_out(mapped, sessionboard):
    sync = ("sync", "--org", "one", "--event", "4630")
    mapped.json(*sync)
    sessionboard.event(4630).change("sessions", session_id(2), title="Another title")

    without = mapped.json(*sync, "--no-pull")
    preview = mapped.json(*sync, "--preview")
    with_it = mapped.json(*sync)

    assert [each["sessions"]["updated"] for each in (without, preview, with_it)] == [0, 1, 1]


def test_sync_whose_pull_fails_is_failed_and_names_sessionboard(mapped, sessionboard):
    sessionboard.control(fail_status=401)

    run = mapped.json("sync", "--org", "one", "--event", "4630", status=1)
    preview = mapped.json("sync", "--org", "one", "--event", "4630", "--preview", status=1)

    assert (run["status"], run["writes"], run["requests"]) == ("failed", 0, 0)
    assert run["message"].startswith("Sync stopped: Sessionboard did not accept this access token.")
    assert (preview["status"], "Sessionboard" in preview["message"]) == ("failed", True)


def test_webhook_is_made_once_and_its_secret_shown_once(portal):
    refused = portal("sessionboard", "webhook", "--org", "one")
    connect(portal)

    first = portal.json("sessionboard", "webhook", "--org", "one")
    again = portal.json("sessionboard", "webhook", "--org", "one")
    rotated = portal.json("sessionboard", "webhook", "--org", "one", "--rotate")

    assert (refused.exit_code, "not connected" in refused.stderr) == (1, True)
    assert first["path"].startswith("/hooks/sessionboard/")
    assert (first["header"], len(first["secret"]) > 30) == ("X-Portal-Secret", True)
    assert again == {**first, "secret": None}
    assert rotated["path"] == first["path"]
    assert rotated["secret"] not in (None, first["secret"])
