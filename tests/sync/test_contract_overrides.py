"""The table of assumptions about ASP's API, and how a TOML file corrects it."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from plan_samples import (
    contact_snapshot,
    make_existing,
    make_offer,
    make_rules,
    on_stage,
    plan_of,
    programme_snapshot,
    sent,
    session_id,
    session_in,
    session_snapshot,
    speaker_in,
)

from portal.asp.contract import Contract, load_contract
from portal.errors import PortalError
from portal.sync.planning.fields import catalogue, current_slug, default_rows, default_slug
from portal.sync.planning.intent import Action
from portal.sync.planning.snapshot import Existing, FieldRow

GROUPS = [each.name for each in fields(Contract)]


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "contract.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_empty_file_is_the_assumed_contract(tmp_path):
    assert load_contract(write(tmp_path, "")) == Contract()


@pytest.mark.parametrize(
    ("text", "group", "key", "value"),
    [
        ('[paths]\nsessions = "/v2/{seminar}/x"', "paths", "sessions", "/v2/{seminar}/x"),
        ("[transport]\npage_size = 50", "transport", "page_size", 50),
        ('[site]\ntimezone = "Zone"', "site", "timezone", "Zone"),
        ('[seminar]\ncustom_type = "Kind"', "seminar", "custom_type", "Kind"),
        ('[choice]\ncolour = "Color"', "choice", "colour", "Color"),
        ('[session]\nstarts_at = "StartDateTime"', "session", "starts_at", "StartDateTime"),
        ('[speaker]\nemail = "EmailAddress"', "speaker", "email", "EmailAddress"),
        ('[values]\ndefault_session_type = "Talk"', "values", "default_session_type", "Talk"),
        ('[values]\ncleared_location = ""', "values", "cleared_location", ""),
        ('[values]\ncleared_location = "null"', "values", "cleared_location", None),
    ],
)
def test_entry_of_any_group_is_overridden_and_the_others_stay(tmp_path, text, group, key, value):
    contract = load_contract(write(tmp_path, text))

    assert contract == replace(Contract(), **{group: replace(getattr(Contract(), group), **{key: value})})


def test_several_groups_are_overridden_at_once(tmp_path):
    contract = load_contract(
        write(tmp_path, '[session]\ntitle = "Name"\nlevel = "lvl"\n[speaker]\nemail = "Mail"')
    )

    assert (contract.session.title, contract.session.level, contract.speaker.email) == ("Name", "lvl", "Mail")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[sesion]\ntitle = "x"', r"there is no group \[sesion\]; the groups are paths, transport"),
        ('[native_slugs]\na = "x"', r"there is no group \[native_slugs\]"),
        ('[__doc__]\na = "x"', r"there is no group \[__doc__\]"),
        ('session = "x"', r"there is no group \[session\]"),
        ('[session]\ntitel = "x"', r"\[session\] has no entry “titel”"),
        ("[session]\ntitle = 3", r"\[session\] title must be written like 'Title'"),
        ('[transport]\npage_size = "50"', r"\[transport\] page_size must be written like 1000"),
        ("[transport]\npage_size = true", r"\[transport\] page_size must be written like 1000"),
        ("[session]\n[session.title]\na = 1", r"\[session\] title must be written like 'Title'"),
        ('[paths]\nsession = "/public/sessions/{uuid}"', r"\[paths\] session must have the same"),
        ("[session", "cannot be read"),
    ],
)
def test_what_the_file_gets_wrong_is_named(tmp_path, text, words):
    with pytest.raises(PortalError, match=words):
        load_contract(write(tmp_path, text))


def test_file_that_is_not_there_or_no_text_is_named(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")

    for name in ("absent.toml", "binary.toml"):
        with pytest.raises(PortalError, match=f"{name} cannot be read"):
            load_contract(str(tmp_path / name))


@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_every_field_with_a_default_row_names_an_entry_of_the_contract(kind):
    slugs = [default_slug(Contract(), kind, each) for each in catalogue(kind) if each.default]

    assert len(slugs) == len(set(slugs)) == len(default_rows(Contract(), kind))


def test_native_slugs_are_those_that_are_no_custom_fields():
    native = Contract().native_slugs("session")

    assert {"Title", "StartTime", "Location", "Streams", "Speakers"} <= native
    assert (
        not {"sessionboard_id", "sessionboard-content", "levels-checkbox", "panel-moderator", "chairperson"}
        & native
    )
    assert {"FirstName", "Email", "TwitterUrl"} <= Contract().native_slugs("speaker")


# An overridden slug reaches everything that is sent


def test_default_rows_and_rows_stored_before_use_an_overridden_slug(tmp_path):
    contract = load_contract(write(tmp_path, '[session]\ntitle = "Name"\n[speaker]\njob_title = "Role"'))

    assert default_rows(contract, "session")[0] == FieldRow("title", "Name")
    assert current_slug(contract, "session", FieldRow("title", "Title")) == "Name"
    assert current_slug(contract, "speaker", FieldRow("job_title", "JobTitle")) == "Role"


def test_slug_that_an_admin_typed_is_not_replaced(tmp_path):
    contract = load_contract(write(tmp_path, '[session]\nlevel = "lvl"'))

    assert current_slug(contract, "session", FieldRow("level", "my-levels")) == "my-levels"
    assert current_slug(contract, "session", FieldRow("track", "levels-checkbox")) == "levels-checkbox"
    assert current_slug(contract, "session", FieldRow("custom:Level", "levels-checkbox")) == "levels-checkbox"


def test_plan_speaks_the_overridden_contract(tmp_path):
    contract = load_contract(
        write(
            tmp_path,
            """
            [session]
            title = "Name"
            starts_at = "Start"
            location = "Room"
            streams = "Topics"
            sessionboard_id = "portal-id"
            level = "lvl"
            [speaker]
            email = "Mail"
            [choice]
            name = "Label"
            colour = "Color"
            [values]
            time = "%d.%m.%Y %H:%M"
            default_session_type = "Talk"
            checkbox_type = "multiple"
            """,
        )
    )
    offer = make_offer(custom_fields={"portal-id": "text", "lvl": "multiple"}, session_types=("TALK",))
    programme = programme_snapshot(
        session_snapshot(room="Hall", tags=("Web",), level="Advanced", participants=on_stage(1)),
        contacts=[contact_snapshot(1)],
        tag_colours=(("Web", "#111111"),),
    )
    found = make_existing("ASP-P1", Mail="person1@example.org", FirstName="Person", LastName="Number 1")

    plan = plan_of(
        programme,
        rules=make_rules(send_content=False, send_moderators=False, send_chairpersons=False),
        offer=offer,
        contract=contract,
        existing=Existing(speakers=(found,)),
    )

    assert plan.warnings == ()
    assert speaker_in(plan).link.asp_uuid == "ASP-P1"
    assert speaker_in(plan).values["Mail"] == "person1@example.org"
    assert [each.values for each in plan.choices] == [
        {"Label": "Hall"},
        {"Label": "Web", "Color": "#111111"},
    ]
    values = sent(plan, session_in(plan))
    assert values == {
        "Name": "Session 1",
        "Start": "30.01.2027 09:30",
        "EndTime": "30.01.2027 10:00",
        "ClientSessionId": "C1",
        "portal-id": session_id(1),
        "SessionType": "TALK",
        "Speakers": ["ASP-P1"],
        "lvl": ["Advanced"],
    }


def test_email_slug_of_the_contract_finds_who_holds_an_email(tmp_path):
    contract = load_contract(write(tmp_path, '[speaker]\nemail = "Mail"'))
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1, 2)),
        contacts=[contact_snapshot(1, email="a@example.org"), contact_snapshot(2, email="A@example.org")],
    )

    plan = plan_of(programme, contract=contract)

    assert [each.action for each in plan.speakers] == [Action.FAIL, Action.FAIL]
