"""The probe against an ASP that has entries of the contract otherwise: each is named, or said not to be seen."""

import random
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
import responses
from sync_world import FAR_SEMINAR, FAR_SITE, SEED, SEMINAR, SITE, World, crowd, transport_to

from asp_local.dialect import Dialect
from asp_local.server import LocalAsp
from portal.asp.contract import Contract
from portal.asp.errors import NotThere
from portal.asp.findings import NOTHING_READ, ONLY_A_WRITE, Finding, Findings, State
from portal.asp.probing import NO_TOKEN, probe

ENTRIES = [
    f"{group.name}.{entry.name}"
    for group in fields(Contract())
    for entry in fields(getattr(Contract(), group.name))
]
# Without a token nothing can be read, so that such a difference hides all others.
READABLE = [name for name in ENTRIES if name != "paths.token"]


@pytest.fixture(scope="module")
def asp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAsp]:
    """With three sessions and three speakers."""
    with LocalAsp(SEED, random_seed=1) as running:
        world = World(tmp_path_factory.mktemp("probe"), running)
        world.sync(world.prepare(crowd(3)))
        world.close()
        yield running


def found(address: str, contract: Contract, site: str = SITE, seminar: str = SEMINAR) -> dict[str, Finding]:
    transport = transport_to(address, contract)
    try:
        return {each.name: each for each in probe(transport, site, seminar)}
    finally:
        transport.close()


def otherwise(*names: str) -> Contract:
    """The contract with other values for these entries than ASP's."""
    contract = Contract()
    for name in names:
        group, _, entry = name.partition(".")
        own = getattr(contract, group)
        value = _another(group, getattr(own, entry))
        contract = replace(contract, **{group: replace(own, **{entry: value})})
    return contract


def _another(group: str, value: Any) -> Any:
    match value:
        case str() if group == "paths":
            return value.replace("/public/", "/public/another/")
        case str() if "%" in value:
            return "%d.%m.%Y %H:%M"
        case str():
            return f"Another{value}"
        case int():
            return value + 1
        case list():
            return ["another"]
        case _:
            return "another"


@pytest.mark.parametrize("seed", range(4))
def test_any_five_entries_that_differ_are_named_or_said_not_to_be_seen(asp: LocalAsp, seed: int) -> None:
    names = random.Random(seed).sample(READABLE, 5)

    report = found(asp.url, otherwise(*names))

    assert [name for name in names if report[name].state is State.CONFIRMED] == []
    assert [name for name in names if not report[name].note] == []


NO_RECORD_SHOWS = {
    "paths.stream", "paths.back_office_sessions", "transport.token_key", "transport.token_seconds",
    "transport.errors", "transport.error_field", "transport.error_message", "transport.duplicate_uuid",
    "values.cleared_text", "values.cleared_list", "values.cleared_location",
}  # fmt: skip
A_WRITE_SHOWS = NO_RECORD_SHOWS - {
    "paths.back_office_sessions", "transport.token_key", "transport.token_seconds",
}  # fmt: skip
CUSTOM_FIELDS = {f"session.{each}" for each in ("content", "level", "moderators", "chairpersons")}
IN_GROUPS = [
    [name for name in ENTRIES if name.startswith(groups)]
    for groups in (("session.", "speaker.", "choice."), ("site.", "seminar."), ("values.", "transport."))
]


def is_sentence(note: str) -> bool:
    """Whether it is said to somebody: from a capital letter to a full stop, and not shouted."""
    return re.fullmatch(r"[A-Z/].*[^ .]\.", note) is not None and not note.isupper()


@pytest.mark.parametrize("names", [[], *IN_GROUPS, ["paths.sessions", "paths.speakers"], ["paths.seminars"]])
def test_every_note_is_a_sentence(asp: LocalAsp, names: list[str]) -> None:
    report = found(asp.url, otherwise(*names))

    assert list(report) == ENTRIES
    assert [each for each in report.values() if each.note and not is_sentence(each.note)] == []
    assert [each for each in report.values() if each.state is not State.CONFIRMED and not each.note] == []


def test_what_reading_shows_is_confirmed(asp: LocalAsp) -> None:
    report = found(asp.url, Contract())

    assert {name for name in ENTRIES if report[name].state is not State.CONFIRMED} == NO_RECORD_SHOWS
    assert {name for name in ENTRIES if report[name].note == ONLY_A_WRITE} == A_WRITE_SHOWS
    assert report["paths.sessions"].note == "/public/sessions, the other list path, does not answer."


def test_in_an_empty_seminar_what_records_show_stays_open(asp: LocalAsp) -> None:
    plain = found(asp.url, Contract())

    report = found(asp.url, Contract(), FAR_SITE, FAR_SEMINAR)

    opened = {
        name for name in ENTRIES if report[name].state is State.OPEN and plain[name].state is State.CONFIRMED
    }
    of_records = {
        name
        for name in ENTRIES
        if name.startswith(("session.", "speaker.")) and name != "session.sessionboard_id"
    }
    assert opened == of_records | {
        "paths.session", "paths.speaker", "choice.colour", "values.time", "values.checkbox_type", "values.url_type",
        "values.speaker_list_type", "transport.offset", "transport.limit", "transport.sort", "transport.sort_by",
        "transport.page_size", "transport.total_header",
    }  # fmt: skip
    notes = {
        "speaker": "ASP has no speaker to look at.",
        "session": "ASP has no session to look at.",
        "transport": "ASP has no list of two records to look at.",
    }
    for name in opened:
        group = name.partition(".")[0]
        assert report[name].note == notes.get(group, report[name].note) or name in CUSTOM_FIELDS


@pytest.mark.parametrize(("site", "seminar"), [("no-such", ""), (SITE, "no-such")])
def test_a_place_that_asp_does_not_have_contradicts_nothing(asp: LocalAsp, site: str, seminar: str) -> None:
    with pytest.raises(NotThere, match="no-such"):
        found(asp.url, Contract(), site, seminar)


def test_without_any_seminar_nothing_is_said_to_need_a_write_that_reading_would_show() -> None:
    with LocalAsp({**SEED, "seminars": []}) as empty:
        report = found(empty.url, Contract(), seminar="")

    assert {name for name in ENTRIES if report[name].note == ONLY_A_WRITE} == A_WRITE_SHOWS
    assert report["paths.sessions"].note == report["session.level"].note == NOTHING_READ


@pytest.mark.large
@pytest.mark.parametrize("name", READABLE)
def test_an_entry_that_differs_is_named_and_nothing_else_is(asp: LocalAsp, name: str) -> None:
    follows = {"seminar.custom_slug": {"session.sessionboard_id"}}

    report = found(asp.url, otherwise(name))

    assert report[name].state is not State.CONFIRMED and report[name].note
    others = {each.name for each in report.values() if each.state is State.CONTRADICTED} - {name}
    assert others == follows.get(name, set())


@pytest.mark.parametrize(
    ("names", "contradicted"),
    [
        (
            {"Name": "Label", "Email": "Mail", "EndTime": "Until", "Id": "Number", "isActive": "Active"},
            {
                "site.name", "seminar.name", "choice.name", "speaker.email", "session.ends_at", "seminar.number",
                "speaker.active",
            },
        ),
        (
            {"Streams": "Tracks", "Speakers": "People", "Location": "Room", "Biography": "Bio", "Headshot": "Photo"},
            {
                "session.streams", "session.speakers", "session.location", "speaker.biography", "speaker.headshot",
            },
        ),
    ],
)  # fmt: skip
def test_an_asp_that_speaks_otherwise_is_contradicted_by_each_word(
    asp: LocalAsp, names: dict[str, str], contradicted: set[str]
) -> None:
    asp.speak(Dialect(names=names))
    try:
        report = found(asp.url, Contract())
    finally:
        asp.speak(None)

    assert {each.name for each in report.values() if each.state is State.CONTRADICTED} == contradicted


@responses.activate
@pytest.mark.parametrize(
    ("answer", "contradicted"),
    [
        ({"status": 404}, "paths.token"),
        ({"status": 410, "json": {"error": "Gone"}}, "paths.token"),
        ({"status": 200, "json": {"bearer": "t", "expires": 60}}, "transport.token_key"),
    ],
)
def test_without_a_token_the_report_says_why_nothing_was_read(
    answer: dict[str, Any], contradicted: str
) -> None:
    responses.post("https://asp.example/public/token", **answer)

    report = found("https://asp.example", Contract())

    assert [each.name for each in report.values() if each.state is State.CONTRADICTED] == [contradicted]
    assert (report["session.title"].state, report["session.title"].note) == (State.OPEN, NO_TOKEN)
    if contradicted == "transport.token_key":
        assert report[contradicted].note == "The answer has no “access_token”; names there: bearer, expires."


def test_a_field_that_may_be_empty_everywhere_is_not_contradicted() -> None:
    findings = Findings(Contract())
    findings.judge_keys("speaker", "speaker", [{"Uuid": "1", "Mail": "x"}, {"Uuid": "2"}])

    states = {each.name: each.state for each in findings.all()}
    assert states["speaker.uuid"] is State.CONFIRMED
    assert states["speaker.email"] is State.CONTRADICTED
    assert states["speaker.website"] is State.OPEN


@pytest.mark.parametrize(
    ("verdicts", "stands"),
    [
        (["open", "confirmed"], State.CONFIRMED),
        (["open", "contradicted"], State.CONTRADICTED),
        (["confirmed", "open"], State.CONFIRMED),
        (["confirmed", "contradicted"], State.CONTRADICTED),
        (["contradicted", "confirmed", "open"], State.CONTRADICTED),
    ],
)
def test_of_several_verdicts_a_contradiction_stands_and_one_that_tells_goes_before_none(
    verdicts: list[str], stands: State
) -> None:
    findings = Findings(Contract())
    say = {"open": findings.leave_open, "confirmed": findings.confirm, "contradicted": findings.contradict}

    for each in verdicts:
        say[each]("paths.sites", f"It is {each}.")

    told = next(each for each in findings.all() if each.name == "paths.sites")
    assert (told.state, told.note) == (stands, f"It is {stands}.")


def test_a_note_is_added_to_what_was_found() -> None:
    findings = Findings(Contract())
    findings.contradict("paths.sites", "Not there.")
    findings.add_note("paths.sites", "Nor elsewhere.")

    told = next(each for each in findings.all() if each.name == "paths.sites")
    assert (told.state, told.note) == (State.CONTRADICTED, "Not there. Nor elsewhere.")
