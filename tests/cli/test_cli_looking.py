"""Looking into ASP without writing: what was changed or deleted there, and whether ASP is as it is assumed to be."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from command import Command
from sync_world import FAR_SEMINAR, FAR_SITE, World, contact_id, crowd, session_id

from asp_local.dialect import Dialect
from portal.asp.contract import Contract

HERE = ("--org", "one", "--event", "4630")


@pytest.fixture
def synced(run: Command, world: World) -> Command:
    """Three sessions with a speaker each, in ASP."""
    world.sync(world.prepare(crowd(3)))
    return run


def test_nothing_differs_after_a_sync(synced: Command, world: World) -> None:
    writes = world.writes_of(lambda: synced.json("asp", "drift", *HERE))

    assert writes == 0
    assert synced.json("asp", "drift", *HERE) == {"checked": 6, "drift": 0, "records": []}


def test_i3_what_was_changed_or_deleted_in_asp_is_told_field_by_field(synced: Command, world: World) -> None:
    world.edit("sessions", world.session(1)["Uuid"], Title="A title of an editor")
    world.remove("speakers", world.speaker(2)["Uuid"])

    report = synced.json("asp", "drift", *HERE, status=3)

    assert (report["checked"], report["drift"]) == (6, 2)
    changed, deleted = report["records"]
    assert changed == {
        "kind": "session",
        "id": session_id(1),
        "name": "Session 1",
        "state": "changed",
        "fields": {"Title": ["Session 1", "A title of an editor"]},
    }
    assert deleted == {
        "kind": "speaker",
        "id": contact_id(2),
        "name": "First2 Last2",
        "state": "deleted",
        "fields": {},
    }


def test_fields_that_the_portal_never_sent_are_no_drift(synced: Command, world: World) -> None:
    world.edit("speakers", world.speaker(1)["Uuid"], Company="Typed in ASP")

    assert synced.json("asp", "drift", *HERE)["drift"] == 0


def test_an_asp_that_cannot_be_read_is_no_report(synced: Command, world: World) -> None:
    world.asp.control(fail_rate=1, fail_status=403)

    refused = synced("asp", "drift", *HERE, "--json")

    assert (refused.exit_code, refused.stdout) == (1, "")


# The probe: the contract against an account


def states(report: Any) -> dict[str, str]:
    return {each["name"]: each["state"] for each in report["entries"]}


def test_the_probe_confirms_what_reading_can_show(synced: Command, world: World) -> None:
    reports: list[Any] = []

    writes = world.writes_of(lambda: reports.append(synced.json("asp", "probe", "--org", "one")))

    found = states(reports[0])
    assert writes == 0
    assert len(found) == sum(len(fields(getattr(Contract(), each.name))) for each in fields(Contract()))
    assert set(found.values()) == {"confirmed", "open"}
    assert {name for name, state in found.items() if state == "open"} == {
        "paths.stream",
        "paths.back_office_sessions",
        "transport.token_key",
        "transport.token_seconds",
        "transport.errors",
        "transport.error_field",
        "transport.error_message",
        "transport.duplicate_uuid",
        "values.cleared_text",
        "values.cleared_list",
        "values.cleared_location",
    }


THEIRS = """
[paths]
locations = "/public/seminars/{seminar}/rooms"
[transport]
total_header = "X-Total"
[session]
title = "Headline"
starts_at = "StartDateTime"
[speaker]
company_name = "Firm"
"""
WRONG = """
[paths]
locations = "/public/seminars/{seminar}/rooms"
[transport]
total_header = "X-Total"
sort_by = "Made"
error = "message"
[seminar]
custom_type = "Kind"
[session]
title = "Name"
starts_at = "StartDateTime"
sessionboard_id = "portal_id"
[speaker]
company_name = "Firm"
[values]
time = "%d.%m.%Y %H:%M"
default_session_type = "Talk"
"""


def test_the_probe_names_every_entry_that_asp_contradicts(synced: Command, tmp_path: Path) -> None:
    (tmp_path / "asp.toml").write_text(WRONG, encoding="utf-8")
    synced.environment["PORTAL_ASP_CONTRACT"] = str(tmp_path / "asp.toml")

    report = synced.json("asp", "probe", "--org", "one", status=3)

    assert {name for name, state in states(report).items() if state == "contradicted"} == {
        "paths.locations",
        "transport.total_header",
        "transport.sort_by",
        "transport.error",
        "seminar.custom_type",
        "session.title",
        "session.starts_at",
        "session.sessionboard_id",
        "speaker.company_name",
        "values.default_session_type",
    }
    notes = {each["name"]: each["note"] for each in report["entries"]}
    assert notes["paths.locations"] == "ASP answered 404, with something else than was expected."
    assert "other names there" in notes["session.title"] and "Title" in notes["session.title"]


DIALECT = Dialect(
    paths={"locations": "rooms"},
    names={"Title": "Headline", "StartTime": "StartDateTime", "Company": "Firm"},
    headers={"X-Records-Filtered": "X-Total"},
)


def test_the_probe_names_the_five_entries_that_an_asp_of_another_contract_has_otherwise(
    synced: Command, world: World
) -> None:
    world.asp.speak(DIALECT)

    report = synced.json("asp", "probe", "--org", "one", status=3)

    assert {name for name, state in states(report).items() if state == "contradicted"} == {
        "paths.locations",
        "transport.total_header",
        "session.title",
        "session.starts_at",
        "speaker.company_name",
    }


def test_a_contract_with_the_five_names_is_confirmed(synced: Command, world: World, tmp_path: Path) -> None:
    world.asp.speak(DIALECT)
    (tmp_path / "asp.toml").write_text(THEIRS, encoding="utf-8")
    synced.environment["PORTAL_ASP_CONTRACT"] = str(tmp_path / "asp.toml")

    report = synced.json("asp", "probe", "--org", "one")

    assert "contradicted" not in states(report).values()


def test_the_probe_tells_what_came_of_a_record_by_itself(synced: Command, tmp_path: Path) -> None:
    paths = 'session = "/public/seminars/{seminar}/talks/{uuid}"\nspeaker = "/public/people/{uuid}"'
    (tmp_path / "asp.toml").write_text(f"[paths]\n{paths}", encoding="utf-8")
    synced.environment["PORTAL_ASP_CONTRACT"] = str(tmp_path / "asp.toml")

    report = synced.json("asp", "probe", "--org", "one", status=3)

    contradicted = {
        each["name"]: each["note"] for each in report["entries"] if each["state"] == "contradicted"
    }
    said = "ASP answered 404, with something else than was expected."
    assert contradicted == {"paths.session": said, "paths.speaker": said}


def test_the_probe_holds_times_against_their_shape(synced: Command, tmp_path: Path) -> None:
    (tmp_path / "asp.toml").write_text('[values]\ntime = "%d.%m.%Y %H:%M"', encoding="utf-8")
    synced.environment["PORTAL_ASP_CONTRACT"] = str(tmp_path / "asp.toml")

    notes = {each["name"]: each for each in synced.json("asp", "probe", "--org", "one", status=3)["entries"]}

    assert notes["values.time"]["note"] == "Times look like 9999-99-99T99:99:99."


def test_the_probe_holds_types_of_custom_fields_against_those_there(synced: Command, tmp_path: Path) -> None:
    (tmp_path / "asp.toml").write_text('[values]\nspeaker_list_type = "people"', encoding="utf-8")
    synced.environment["PORTAL_ASP_CONTRACT"] = str(tmp_path / "asp.toml")

    notes = {each["name"]: each for each in synced.json("asp", "probe", "--org", "one")["entries"]}

    assert notes["values.speaker_list_type"]["state"] == "open"
    assert "No custom field is “people”" in notes["values.speaker_list_type"]["note"]
    assert notes["paths.sessions"]["note"] == "/public/sessions, the other list path, does not answer."


def test_the_report_holds_nobodys_words(synced: Command) -> None:
    report = synced("asp", "probe", "--org", "one", "--json").stdout

    for word in ("First1", "Last1", "person1", "Session 1", "First site"):
        assert word not in report


def test_an_empty_seminar_leaves_open_what_no_record_shows(synced: Command) -> None:
    report = synced.json("asp", "probe", "--org", "one", "--site", FAR_SITE, "--seminar", FAR_SEMINAR)

    assert states(report)["session.title"] == "open"
    assert states(report)["paths.sessions"] == "confirmed"
