"""What scripts ask of a mapping: D12's answer, its settings, its fields."""

from typing import Any

import pytest
from command import Command
from sqlalchemy import select
from sync_world import YEAR, World, crowd

from portal.models import HistoryEntry, db
from portal.operations.mapping.field_mappings import mappable_fields

HERE = ("--org", "one", "--event", "4630")


# D12


def sync_and_decline_all(ready: Command, world: World) -> None:
    """Six records stand on the website that the next sync would unpublish."""
    ready("sync", *HERE)
    programme = crowd(3)
    for session in programme["sessions"]:
        session["status"] = "declined"
    mapping = world.mapping(world.load(programme))
    mapping.unpublish_sessions = mapping.unpublish_speakers = True
    db.session.commit()


def test_d12_approval_is_given_for_one_run_alone(ready: Command, world: World) -> None:
    sync_and_decline_all(ready, world)

    asked = ready.json("sync", *HERE, "--preview")
    allowed = ready.json("sync", *HERE, "--preview", "--approve-unpublishing", "6")
    withheld = ready.json("sync", *HERE, "--approve-unpublishing", "5", status=3)
    again = ready.json("sync", *HERE, status=3)
    given = ready.json("sync", *HERE, "--approve-unpublishing", "6")

    assert [(each["status"], each["withheld"], each["writes"]) for each in (withheld, again, given)] == [
        ("partial", 6, 0),
        ("partial", 6, 0),
        ("succeeded", 0, 6),
    ]
    assert (asked["withheld"], allowed["withheld"]) == (6, 0)
    assert withheld["sessions"]["skipped"] == withheld["speakers"]["skipped"] == 3
    assert "would be unpublished in ASP" in withheld["problems"][0]["reason"]


def test_d12_the_words_say_how_to_approve(ready: Command, world: World) -> None:
    sync_and_decline_all(ready, world)

    result = ready("sync", *HERE)

    assert result.stderr == "To unpublish them: portal sync … --approve-unpublishing 6\n"
    assert ready("sync", *HERE, "--approve-unpublishing", "-1").exit_code == 2


# portal asp settings

DEFAULTS = {
    "unpublish_sessions": False,
    "unpublish_speakers": False,
    "recreate_deleted": False,
    "moderators": True,
    "chairpersons": True,
    "content": True,
    "people_first": False,
    "prepare_only": False,
    "paused": None,
}


def settings(ready: Command, *words: str) -> dict[str, Any]:
    """What the settings print, as far as they are no longer the defaults."""
    shown = ready.json("asp", "settings", *HERE, *words)
    return {name: value for name, value in shown.items() if value != DEFAULTS[name]}


def test_settings_without_options_are_printed_in_this_order(ready: Command) -> None:
    shown = ready.json("asp", "settings", *HERE)

    assert list(shown.items()) == list(DEFAULTS.items())


@pytest.mark.parametrize(
    ("on", "off", "changed"),
    [
        ("--unpublish-sessions", "--keep-sessions", {"unpublish_sessions": True}),
        ("--unpublish-speakers", "--keep-speakers", {"unpublish_speakers": True}),
        ("--recreate-deleted", "--report-deleted", {"recreate_deleted": True}),
        ("--leave-moderators", "--send-moderators", {"moderators": False}),
        ("--leave-chairpersons", "--send-chairpersons", {"chairpersons": False}),
        ("--leave-content", "--send-content", {"content": False}),
        ("--prepare-only", "--send", {"prepare_only": True}),
        ("--people-first", "--sessions-only", {"people_first": True}),
        ("--pause", "--resume", {"paused": True}),
    ],
)
def test_settings_change_what_is_named_alone(ready: Command, on: str, off: str, changed: Any) -> None:
    assert settings(ready, on) == changed
    assert settings(ready) == changed
    assert settings(ready, off) == {}


def test_g2_changed_settings_are_in_the_history(ready: Command) -> None:
    ready("asp", "settings", *HERE, "--unpublish-sessions", "--pause", "--until", f"{YEAR}-01-02")
    ready("asp", "settings", *HERE, "--unpublish-sessions")

    texts = db.session.scalars(select(HistoryEntry.text).where(HistoryEntry.kind == "settings changed")).all()

    assert texts == [
        "Changed the settings of Small Conf: Unpublish sessions that are no longer accepted: on; "
        f"Pause continuous sync of this event: on; paused until 2 January {YEAR}."
    ]


def test_a6_a_pause_has_an_end_date(ready: Command) -> None:
    assert settings(ready, "--pause", "--until", f"{YEAR}-01-02") == {"paused": f"{YEAR}-01-02"}
    assert settings(ready, "--prepare-only") == {"paused": f"{YEAR}-01-02", "prepare_only": True}
    assert settings(ready, "--pause") == {"paused": True, "prepare_only": True}
    assert settings(ready, "--resume") == {"prepare_only": True}


def test_a6_a_date_that_has_passed_is_refused_and_nothing_changes(ready: Command) -> None:
    result = ready("asp", "settings", *HERE, "--unpublish-sessions", "--pause", "--until", "2026-01-01")

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: 1 January 2026 has passed already. Enter today or a later day.\n",
    )
    assert settings(ready) == {}


@pytest.mark.parametrize(
    "words",
    [("--until", "2099-01-01"), ("--resume", "--until", "2099-01-01"), ("--pause", "--until", "soon")],
)
def test_a6_a_date_without_a_pause_is_wrong_usage(ready: Command, words: Any) -> None:
    assert ready("asp", "settings", *HERE, *words).exit_code == 2


def test_settings_keep_the_word_on_the_timezone(ready: Command, world: World) -> None:
    event = world.load(crowd(3))
    mapping = world.mapping(event)
    mapping.timezone_confirmed_for = "Europe/Paris"
    db.session.commit()

    settings(ready, "--prepare-only")

    assert world.mapping(event).timezone_confirmed_for == "Europe/Paris"


def test_settings_of_an_event_that_is_not_mapped_are_refused(run: Command, world: World) -> None:
    world.load(crowd(1))
    world.connect()

    for command in (("settings",), ("fields", "--kind", "session")):
        result = run("asp", command[0], *HERE, *command[1:])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "not mapped" in result.stderr


# portal asp fields


def rows(ready: Command, *words: str, kind: str = "session") -> list[tuple[str, str, bool]]:
    shown = ready.json("asp", "fields", *HERE, "--kind", kind, *words)
    assert all(list(row) == ["field", "slug", "required"] for row in shown)
    return [tuple(row.values()) for row in shown]


def test_fields_without_options_are_printed_in_order(ready: Command) -> None:
    session, speaker = rows(ready), rows(ready, kind="speaker")

    assert session[:6] == [
        ("title", "Title", True),
        ("starts_at", "StartTime", True),
        ("ends_at", "EndTime", True),
        ("client_session_id", "ClientSessionId", True),
        ("sessionboard_id", "sessionboard_id", True),
        ("description", "Description", False),
    ]
    assert speaker[:3] == [
        ("first_name", "FirstName", True),
        ("last_name", "LastName", True),
        ("email", "Email", True),
    ]


def test_c8_fields_are_set_moved_removed_and_restored(ready: Command, world: World) -> None:
    programme = crowd(3)
    programme["sessions"][0]["custom_fields"] = {"Topic": "x"}
    world.load(programme)
    before = rows(ready)

    changed = rows(ready, "--set", "my-topic=custom:Topic", "--set", "Location=track", "--remove", "Streams")

    assert set(changed) - set(before) == {("custom:Topic", "my-topic", False), ("track", "Location", False)}
    assert set(before) - set(changed) == {("room", "Location", False), ("tags", "Streams", False)}
    assert rows(ready, "--remove", "my-topic", "--set", "my-topic=language")[-1] == (
        "language",
        "my-topic",
        False,
    )
    assert rows(ready, "--restore") == before
    assert rows(ready, "--set", "Title=title") == before


def test_d2c_custom_field_is_named_however_its_source_encodes_the_name(ready: Command, world: World) -> None:
    programme = crowd(2)
    programme["sessions"][0]["custom_fields"] = {"Dure\u0301e": "an hour"}
    programme["sessions"][1]["custom_fields"] = {"Dur\u00e9e": "two hours"}
    event = world.load(programme)

    assert len([each for each in mappable_fields(event, "session") if each.type == "custom"]) == 1
    assert rows(ready, "--set", "my-length=custom:Dur\u00e9e")[-1][1:] == ("my-length", False)
    assert rows(ready, "--set", "my-length=custom:Dure\u0301e")[-1][1:] == ("my-length", False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "not a slug=track"), "  not a slug: A slug has only letters"),
        (("--set", "=track"), "  (no slug): Enter the ASP field slug."),
        (("--set", "x=nothing"), "  x: There is no field “nothing”."),
        (("--set", "x="), "  x: Choose a field."),
        (("--set", "x=custom:Nothing"), "  x: The programme has no custom field “Nothing”."),
        (("--set", "x=track", "--set", "x=language"), "  x: “x” is filled by Track"),
        (("--set", "Title=description"), "  Title: “Title” is filled by a required row"),
        (("--set", "x=title"), "  x: This field is required"),
        (("--remove", "Title"), "Error: “Title” is required by ASP Events and cannot be removed."),
        (("--remove", "x"), "Error: No row fills “x”. Nothing was changed."),
    ],
)
def test_c4_bad_row_is_named_and_nothing_changes(ready: Command, words: Any, said: str) -> None:
    before = rows(ready)

    result = ready("asp", "fields", *HERE, "--kind", "session", "--set", "good=track", *words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(said)
    assert rows(ready) == before


@pytest.mark.parametrize("words", [("--kind", "person"), (), ("--kind", "session", "--set", "Location")])
def test_fields_are_asked_for_in_the_right_words(ready: Command, words: Any) -> None:
    assert ready("asp", "fields", *HERE, *words).exit_code == 2


# D6: what an event's statuses mean


@pytest.fixture
def confirmed(run: Command, world: World) -> Command:
    """Three sessions, two of them with a status of the organiser's own, one with another."""
    programme = crowd(3)
    for session, status in zip(programme["sessions"], ("confirmed", "confirmed", "if=then"), strict=True):
        session["status"] = status
    world.prepare(programme)
    return run


def test_d6_a_status_that_nobody_sorted_counts_as_pending(confirmed: Command) -> None:
    listed = confirmed.json("programme", "statuses", *HERE)

    assert {"status": "confirmed", "category": None, "sessions": 2} in listed
    assert confirmed.json("sync", *HERE)["sessions"]["synced"] == 0


def test_d6_a_sorted_status_counts_from_the_next_sync(confirmed: Command) -> None:
    sorting = ("--set", "confirmed=accepted", "--set", "if=then=declined")

    listed = confirmed.json("programme", "statuses", *HERE, *sorting)

    assert {"status": "confirmed", "category": "accepted", "sessions": 2} in listed
    assert {"status": "if=then", "category": "declined", "sessions": 1} in listed
    assert confirmed.json("sync", *HERE)["sessions"]["synced"] == 2
    assert confirmed.json("programme", "statuses", *HERE) == listed
    texts = db.session.scalars(select(HistoryEntry.text).where(HistoryEntry.kind == "statuses sorted")).all()
    assert texts == ["Small Conf: “confirmed” counts as accepted; “if=then” counts as declined."]


def test_d6_a_status_is_named_in_any_case(confirmed: Command) -> None:
    listed = confirmed.json("programme", "statuses", *HERE, "--set", "Confirmed=accepted")

    assert {"status": "confirmed", "category": "accepted", "sessions": 2} in listed


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("gone=accepted", "has the status “gone”"),
        ("confirmed=perhaps", "choose accepted, pending or declined"),
    ],
)
def test_d6_all_statuses_are_sorted_or_none(confirmed: Command, pair: str, message: str) -> None:
    refused = confirmed("programme", "statuses", *HERE, "--set", "if=then=declined", "--set", pair)

    assert refused.exit_code == 1
    assert message in refused.stderr
    assert {each["category"] for each in confirmed.json("programme", "statuses", *HERE)} <= {None, "accepted"}


def test_d6_a_pair_without_a_category_is_wrong_usage(confirmed: Command) -> None:
    refused = confirmed("programme", "statuses", *HERE, "--set", "confirmed")

    assert refused.exit_code == 2
    assert "is not STATUS=CATEGORY" in refused.stderr
