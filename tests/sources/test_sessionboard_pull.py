"""H1: the programme is pulled from Sessionboard, all or nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sync_world import (
    World,
    contact_id,
    crowd,
    make_programme,
    make_session,
    on_it,
    real_programme,
    session_id,
)

from portal.errors import PortalError, Refused
from portal.models import Choice, Contact, CustomField, Event, HistoryEntry, Participant, Session, Source, db
from portal.operations.editing.naming import rename_choice
from portal.operations.editing.timezones import change_timezone
from portal.operations.mapping.field_mappings import mappable_fields, save_field_mappings
from portal.operations.queries.custom_fields import list_custom_values
from portal.operations.sources.connecting import connect_sessionboard, find_source, open_source
from portal.operations.sources.pulling import PulledProgramme, pull_programme
from portal.programme.custom import MOST_FIELDS
from portal.programme.reading import read_programme
from portal.programme.sources.errors import (
    EventGone,
    NotAllowed,
    PersonalDataHidden,
    SourceError,
    TokenRejected,
    UnexpectedAnswer,
    Unreachable,
)
from portal.programme.sources.sessionboard.client import Listing, SessionboardClient
from portal.programme.sources.sessionboard.definitions import read_definitions
from portal.programme.sources.sessionboard.source import SessionboardSource
from portal.programme.sources.sessionboard.transport import Transport
from portal.sync.planning.snapshot import Programme, SessionSnapshot
from portal.sync.running.loading import load_programme
from portal.sync.running.terms import mapping_of
from sessionboard_local.server import DEMO_TOKEN, LocalSessionboard

CHANGED = {"created", "updated", "missing", "removed"}


def pull(world: World, event_id: int = 4630, **options) -> PulledProgramme:
    return pull_programme(world.organisation, str(event_id), "tester", **options)


def changes(pulled: PulledProgramme, kind: str = "sessions") -> dict[str, int]:
    return {name: number for name, number in pulled.as_json()[kind].items() if name in CHANGED and number}


def stored_session(number: int) -> Session:
    db.session.rollback()
    return db.session.scalars(select(Session).where(Session.source_id == session_id(number))).one()


@pytest.mark.parametrize("name", ["pyconfr-2025.json", "fosdem-2026.json"])
def test_h1_api_and_file_give_the_same_programme(name):
    programme = real_programme(name)
    expected = read_programme(programme)

    with LocalSessionboard([programme]) as local:
        transport = Transport(base_url=local.url, token=DEMO_TOKEN, timeout=120, first_pause=0.002)
        source = SessionboardSource(SessionboardClient(transport), lambda: datetime.now(UTC))
        content = source.pull(str(programme["event"]["id"]), None).content

    assert (content.event_source_id, content.name, content.timezone) == (
        expected.event_source_id,
        expected.name,
        expected.timezone,
    )
    assert {each.source_id: replace(each, admin_url=None) for each in content.sessions} == {
        each.source_id: each for each in expected.sessions
    }
    assert {each.source_id: replace(each, admin_url=None) for each in content.contacts} == {
        each.source_id: each for each in expected.contacts
    }


@pytest.mark.parametrize("envelope", ["results", "data"])
def test_h1_what_is_stored_of_both_ways_is_the_same(make_world, envelope):
    programme = real_programme("pyconfr-2025.json")
    with LocalSessionboard([programme], envelope=envelope) as local:
        world = make_world(sessionboard_us_url=local.url)
        from_file = load_programme(world.load(programme))
        other = world.add_organisation("two")
        world.connect_source(other, DEMO_TOKEN)

        pulled = pull_programme(other, "4630", "tester")

        from_source = load_programme(pulled.event)
        assert by_id(from_source) == by_id(from_file)
        assert from_source.contacts == from_file.contacts
        assert from_source.accepted == from_file.accepted


def by_id(programme: Programme) -> dict[str, SessionSnapshot]:
    """Its sessions, without the database's own ids of what they choose from."""
    return {
        each.id: replace(each, choices=tuple((field, 0, name) for field, _, name in each.choices))
        for each in programme.sessions
    }


def test_h1_older_arrays_stand_in_for_participants(pulling, sessionboard):
    sessionboard.control(older_arrays=True)

    pulled = pull(pulling)

    people = db.session.scalar(select(func.count()).select_from(Participant))
    assert (pulled.stored.sessions.created, people) == (12, 12)


def test_h1_event_is_taken_in_with_its_source_and_its_way_there(pulling):
    pulled = pull(pulling)

    assert (pulled.event.source, pulled.event.source_id) == ("sessionboard", "4630")
    assert stored_session(1).admin_url == (
        f"https://app.sessionboard.example/event/4630/sessions/{session_id(1)}"
    )


def test_h1_pull_without_change_is_at_most_12_requests(make_world):
    with LocalSessionboard([real_programme("fosdem-2026.json")]) as local:
        world = make_world(sessionboard_us_url=local.url)
        world.connect_source(token=DEMO_TOKEN)
        pull(world, 5201)
        before = local.requests()

        again = pull(world, 5201)

        assert (again.requests, local.requests() - before) == (11, 11)
        assert again.as_json() == {
            "event": 5201,
            "sessions": {"created": 0, "updated": 0, "unchanged": 1079, "missing": 0, "removed": 0},
            "contacts": {"created": 0, "updated": 0, "unchanged": 1216, "missing": 0, "removed": 0},
            "requests": 11,
        }


def test_h1_only_what_changed_is_read(pulling, sessionboard):
    pull(pulling)
    sessionboard.event(4630).change("sessions", session_id(3), title="Another title")
    sessionboard.event(4630).change("contacts", contact_id(5), company_name="Another company")

    pulled = pull(pulling)

    assert (changes(pulled), changes(pulled, "contacts")) == ({"updated": 1}, {"updated": 1})
    assert stored_session(3).title == "Another title"
    assert pulled.requests == 11


def test_h1_new_session_with_a_person_who_was_known_before(pulling, sessionboard):
    pull(pulling)
    new = make_session(90, on_it(2))
    sessionboard.event(4630).change("sessions", new["id"], **new)

    pulled = pull(pulling)

    assert (changes(pulled), changes(pulled, "contacts")) == ({"created": 1}, {})
    assert pulled.requests == 11


def test_h1_what_was_deleted_there_counts_as_no_longer_accepted(pulling, sessionboard):
    pull(pulling)
    sessionboard.event(4630).remove("sessions", session_id(4))
    sessionboard.event(4630).remove("contacts", contact_id(5))

    pulled = pull(pulling)

    assert changes(pulled) == {"updated": 1, "removed": 1}  # the session that the contact has left
    assert changes(pulled, "contacts") == {"removed": 1}
    assert stored_session(4).status == "deleted"
    assert session_id(4) not in {
        each.id
        for each in load_programme(pulled.event).sessions
        if load_programme(pulled.event).is_accepted(each.status)
    }
    assert changes(pull(pulling, full=True)) == {}


def test_h1_what_comes_back_counts_again(pulling, sessionboard):
    pull(pulling)
    event = sessionboard.event(4630)
    kept = event.session(session_id(4))
    event.remove("sessions", session_id(4))
    pull(pulling)
    event.change(
        "sessions", session_id(4), **{key: kept[key] for key in ("title", "status", "participants", "tags")}
    )

    pull(pulling)

    assert stored_session(4).status == "accepted"


def test_c6_renamed_room_is_seen_though_no_session_changed(pulling, sessionboard):
    pull(pulling)
    sessionboard.event(4630).lookups["rooms"]["r1"]["name"] = "The great hall"

    pull(pulling)

    names = db.session.scalars(
        select(Choice.name).where(Choice.kind == "room", Choice.source_id == "r1")
    ).all()
    assert names == ["The great hall"]


def test_d6_category_that_the_source_tells_is_used(pulling, sessionboard):
    event = sessionboard.event(4630)
    event.categories["confirmed"] = "accepted"
    event.change("sessions", session_id(1), status="confirmed")
    event.change("sessions", session_id(2), status="wait-listed")
    sessionboard.control(tell_categories=True)

    programme = load_programme(pull(pulling).event)

    assert programme.is_accepted("confirmed") is True
    assert programme.unsorted == ("wait-listed",)


def test_custom_fields_stand_under_their_names(pulling, sessionboard):
    event = sessionboard.event(4630)
    event.fields.append({"id": "f7", "name": "Diet"})
    event.change("sessions", session_id(1), custom_fields={"f7": "vegan", "Other": 1})

    pull(pulling)

    assert stored_session(1).custom_fields == {"Diet": "vegan", "Other": 1}


def test_h1_custom_fields_are_known_as_they_are_defined_there(pulling, sessionboard):
    event = sessionboard.event(4630)
    event.fields += [
        {"id": "f1", "name": "Diet", "type": "select", "options": [{"label": "vegan"}, {"label": "any"}]},
        {"id": "f2", "name": "Size", "type": "number", "entity": "contact"},
    ]
    event.change("sessions", session_id(1), custom_fields={"f1": "vegan", "Other": ["a", "b"]})

    stored = pull(pulling).event

    assert defined(stored) == [
        ("session", "Diet", "choice", ["vegan", "any"]),
        ("speaker", "Size", "number", []),
    ]
    assert {(each.label, each.type) for each in mappable_fields(stored, "session")} >= {
        ("Diet", "choice"),
        ("Other", "custom"),
    }
    assert list_custom_values(
        stored.id, "session", {"Other": ["a", True], "Diet": "vegan", "None": None}
    ) == [
        ("Diet", "vegan"),
        ("Other", "a, Yes"),
    ]


def test_h1_definition_that_changed_or_went_over_there_does_so_here(pulling, sessionboard):
    event = sessionboard.event(4630)
    event.fields += [{"id": "f1", "name": "Diet", "type": "text"}, {"id": "f2", "name": "Size"}]
    pull(pulling)
    event.fields[:] = [{"id": "f1", "name": "Diet", "type": "textarea"}]

    assert defined(pull(pulling).event) == [("session", "Diet", "long text", [])]


def test_c5_a_field_that_has_another_name_over_there_keeps_its_values_and_its_row(pulling, sessionboard):
    event = sessionboard.event(4630)
    event.fields += [{"id": "f1", "name": "Diet"}, {"id": "f2", "name": "Size"}]
    for number in (1, 2):
        event.change("sessions", session_id(number), custom_fields={"f1": "vegan", "f2": "L"})
    stored = pull(pulling).event
    pulling.connect()
    pulling.map(stored)
    rows = [("custom:Diet", "my-diet"), ("custom:Size", "my-size")]
    save_field_mappings(pulling.mapping(stored), "session", rows, "tester")

    event.fields[:] = [{"id": "f1", "name": "Food"}, {"id": "f2", "name": "Size"}]
    event.change("sessions", session_id(1), custom_fields={"f1": "any", "f2": "L"})
    renamed = pull(pulling).event

    assert stored_session(1).custom_fields == {"Food": "any", "Size": "L"}
    assert stored_session(2).custom_fields == {"Food": "vegan", "Size": "L"}
    rows = pulling.mapping(renamed).field_mappings
    assert [(row.field, row.slug) for row in rows if row.slug.startswith("my-")] == [
        ("custom:Food", "my-diet"),
        ("custom:Size", "my-size"),
    ]
    assert [name for _, name, *_ in defined(renamed)] == ["Food", "Size"]


def test_g5_definitions_that_cannot_be_read_are_left_out():
    odd = [
        {},
        {"name": 7},
        {"name": "x" * 401},
        {"name": "a\x00b"},
        {"name": "Diet", "type": ["select"], "options": "vegan"},
        {"name": "Diet", "type": "date"},
        {"name": "Choice", "type": "select", "options": [None, 1, {"label": "x" * 500}]},
    ]

    assert [(each.name, each.type) for each in read_definitions(odd)] == [
        ("Diet", "text"),
        ("Choice", "text"),
    ]
    assert len(read_definitions([{"name": str(number)} for number in range(900)])) == 2 * MOST_FIELDS


def defined(event: Event) -> list[tuple[str, str, str, list[str]]]:
    db.session.expire_all()
    rows = db.session.scalars(select(CustomField).where(CustomField.event_id == event.id))
    return sorted((each.kind, each.name, each.type, each.options) for each in rows)


FAULTS = {
    "401": ({"fail_status": 401}, TokenRejected, "did not accept this access token"),
    "403": ({"fail_status": 403}, NotAllowed, "does not allow this access token to read speakers"),
    "409": ({"fail_status": 409}, UnexpectedAnswer, "answered 409: sessionboard-local was told to fail"),
    "500": ({"fail_status": 500}, Unreachable, "Sessionboard could not be reached"),
    "time-out": ({"hang_s": 4}, Unreachable, "Sessionboard could not be reached"),
    "cut": ({"breaks": "cut"}, Unreachable, "Sessionboard could not be reached"),
    "half a page": ({"breaks": "half"}, Unreachable, "cut off or no JSON"),
    "no JSON": ({"breaks": "json"}, Unreachable, "cut off or no JSON"),
    "another shape": ({"breaks": "list"}, UnexpectedAnswer, "where a list was expected"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_h1_pull_that_breaks_in_the_middle_changes_nothing(make_world, sessionboard, name):
    controls, kind, words = FAULTS[name]
    world = make_world(sessionboard_us_url=sessionboard.url, sessionboard_retry_pause=0.001)
    world.connect_source()
    pull(world)
    sessionboard.event(4630).change("sessions", session_id(1), title="Changed")
    sessionboard.control(fail_paths="/speakers", **controls)

    if "hang_s" in controls:  # for this pull alone: a well one may take as long as the machine does
        world.app.extensions["portal_settings"] = replace(world.settings, sessionboard_timeout=0.2)
    with pytest.raises(kind, match=words) as caught:
        pull(world, full=True)

    world.app.extensions["portal_settings"] = world.settings
    assert "Sessionboard" in str(caught.value)
    assert not str(caught.value).endswith("..")
    assert stored_session(1).title == "Session 1"
    sessionboard.control(fail_status=0, breaks="", hang_s=0)
    assert changes(pull(world)) == {"updated": 1}


def test_h1_fault_that_passes_is_waited_out(pulling, sessionboard):
    sessionboard.control(fail_status=500, fail_paths="/sessions", fail_times=3)

    assert changes(pull(pulling)) == {"created": 12}


def test_h1_limit_is_obeyed_as_it_is_said(sessionboard):
    sessionboard.control(fail_status=429, fail_paths="/tags", fail_times=2)
    waited: list[float] = []
    clock = [0.0]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    transport = Transport(
        base_url=sessionboard.url,
        token="good",
        timeout=120,
        first_pause=0.1,
        sleep=sleep,
        clock=lambda: clock[0],
    )

    assert len(SessionboardClient(transport).list_of("4630", "tags")) == 4
    assert waited == [1.0, 1.0]  # as Retry-After said


def test_h1_long_limit_is_said_where_somebody_waits(sessionboard):
    sessionboard.control(limit=1, window_s=600)
    transport = Transport(base_url=sessionboard.url, token="good", timeout=120, first_pause=0.1, within=60)
    client = SessionboardClient(transport)
    client.list_of("4630", "tags")

    with pytest.raises(SourceError, match="asks to wait for 600 seconds"):
        client.list_of("4630", "tags")


def test_h1_rejected_token_marks_the_source_until_it_is_accepted(pulling, sessionboard):
    pull(pulling)
    sessionboard.control(fail_status=401)
    with pytest.raises(TokenRejected):
        pull(pulling)
    marked = find_source(pulling.organisation.id).rejected_at
    sessionboard.control(fail_status=0)
    pull(pulling)

    assert (marked is not None, find_source(pulling.organisation.id).rejected_at) == (True, None)


def test_h1_masked_addresses_refuse_the_pull(pulling, sessionboard):
    sessionboard.control(hide_pii=True)

    with pytest.raises(PersonalDataHidden, match="hides personal data"):
        pull(pulling)

    assert db.session.scalar(select(func.count()).select_from(Event)) == 0


@pytest.mark.parametrize(("first", "last"), [("***", "***"), ("A*****", "M***"), ("[redacted]", None)])
def test_h1_names_that_are_masked_refuse_the_pull(pulling, sessionboard, first, last):
    sessionboard.event(4630).change("contacts", contact_id(1), first_name=first, last_name=last)

    with pytest.raises(
        PersonalDataHidden, match="hides personal data from this access token: names come masked"
    ):
        pull(pulling)


def test_h1_addresses_that_are_masked_from_now_on_refuse_a_pull_that_finds_nothing_changed(
    pulling, sessionboard
):
    pull(pulling)
    before = pull(pulling)
    sessionboard.control(hide_pii=True)

    with pytest.raises(PersonalDataHidden, match="hides personal data"):
        pull(pulling)

    sessionboard.control(hide_pii=False)
    after = pull(pulling)
    assert (changes(after), changes(after, "contacts")) == ({}, {})
    assert after.requests == before.requests


def test_h1_empty_list_of_events_that_came_as_it_is_does_not_say_that_there_are_none(pulling, sessionboard):
    pull(pulling)
    sessionboard.control(breaks="list", fail_paths="/v1/events")

    with pytest.raises(UnexpectedAnswer, match="something else where a list was expected"):
        pull(pulling)


@pytest.mark.parametrize(
    "odd", [5, True, "text", {"a": 1}, [5], [{"contact": 5}], [{"contact": {"email": 5}}]]
)
def test_h1_list_of_people_that_is_none_is_refused_with_its_place(pulling, monkeypatch, odd):
    answered = {"id": session_id(3), "title": "Session 3", "status": "accepted", "participants": odd}
    monkeypatch.setattr(SessionboardClient, "sessions", lambda *_: Listing([answered], 1))

    with pytest.raises(UnexpectedAnswer, match=r"sessions\[0\]\.participants"):
        pull(pulling)


def test_h1_what_cannot_be_stored_names_sessionboard_and_no_file(pulling, monkeypatch):
    answered = {"id": session_id(3), "title": "Session 3"}
    monkeypatch.setattr(SessionboardClient, "sessions", lambda *_: Listing([answered], 1))

    with pytest.raises(UnexpectedAnswer, match=r"Sessionboard sent .*: sessions\[0\]\.status: missing"):
        pull(pulling)


def test_half_characters_in_what_is_told_of_events_reach_no_page(pulling, sessionboard):
    sessionboard.event(4630).event.update(name="North \ud800", timezone=["\ud800"])
    source = open_source(find_source(pulling.organisation.id))

    offered = source.events()

    source.close()
    assert [(each.id, each.name, each.timezone) for each in offered] == [("4630", "North \ufffd", None)]


def test_h1_event_that_is_gone_there_stays_here(pulling, sessionboard):
    pull(pulling)
    del sessionboard.records.events["4630"]

    with pytest.raises(EventGone, match="has no event 4630"):
        pull(pulling)

    assert stored_session(1).status == "accepted"


def test_h1_list_that_moves_while_it_is_read_is_read_again(pulling, sessionboard, monkeypatch):
    monkeypatch.setattr("portal.programme.sources.sessionboard.client.PAGE_SIZE", 5)
    event = sessionboard.event(4630)
    ask, moved = Transport.ask, []

    def ask_and_move(self, method, path, params=None, body=None):
        answer = ask(self, method, path, params, body)
        if path.endswith("/sessions") and params["page"] == 1 and not moved:
            moved.append(True)
            event.change("sessions", session_id(1), title="Moved to the end")
        return answer

    monkeypatch.setattr(Transport, "ask", ask_and_move)

    assert changes(pull(pulling)) == {"created": 12}


def test_d18_timezone_of_a_synced_event_changes_only_after_a_word(pulling, sessionboard):
    pulled = pull(pulling)
    pulling.connect()
    pulling.map(pulled.event)
    pulling.sync(pulled.event)
    sessionboard.event(4630).event["timezone"] = "America/New_York"

    with pytest.raises(Refused, match=r"12 of 12 synced sessions"):
        pull(pulling)
    pulled = pull(pulling, confirm_timezone=True)

    assert pulled.event.timezone == "America/New_York"


def test_i1_same_event_of_another_organisation_is_another(pulling):
    other = pulling.add_organisation("two")
    pulling.connect_source(other)
    pull(pulling)

    pull_programme(other, "4630", "tester")

    assert db.session.scalar(select(func.count()).select_from(Event)) == 2
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 24


def test_i1_another_regions_event_of_the_same_number_is_not_taken_for_the_event(make_world, sessionboard):
    theirs = json.loads(json.dumps(crowd(3)).replace("00000000-", "99999999-"))
    with LocalSessionboard([theirs], tokens={"other": False}) as there:
        world = make_world(sessionboard_us_url=sessionboard.url, sessionboard_eu_url=there.url)
        world.connect_source()
        pull(world)
        connect_sessionboard(world.organisation, "eu", "other", "tester")

        with pytest.raises(UnexpectedAnswer, match="Sessionboard has another event under the number 4630"):
            pull(world)

    assert db.session.scalar(select(func.count()).select_from(Session)) == 12


def test_a3_token_is_stored_encrypted_and_in_no_history(pulling):
    source = db.session.scalars(select(Source)).one()

    assert b"good" not in source.token_encrypted
    assert "good" not in repr(source)
    assert not any("good" in text for text in db.session.scalars(select(HistoryEntry.text)))


def test_h1_pull_of_an_unknown_event_says_so(pulling):
    with pytest.raises(PortalError, match="Sessionboard has no event 99"):
        pull(pulling, 99)


def test_h1_daily_reading_of_everything_sees_what_has_no_time_of_change(pulling, sessionboard, monkeypatch):
    for session in sessionboard.event(4630).sessions.values():
        session["updated_at"] = "2026-01-01T09:00:00.000Z"
    pulled = pull(pulling)
    sessionboard.event(4630).sessions[session_id(2)]["title"] = "Changed in silence"
    assert changes(pull(pulling)) == {}
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    monkeypatch.setattr("portal.operations.sources.pulling.now", lambda: later)

    assert changes(pull(pulling)) == {"updated": 1}
    assert mapping_of(pulled.event) is None


def test_h1_event_is_read_only_while_it_comes_from_there(pulling, sessionboard):
    event = pull(pulling).event
    room = db.session.scalars(select(Choice).where(Choice.kind == "room")).first()

    with pytest.raises(Refused, match="comes from Sessionboard"):
        pulling.load(real_programme("pyconfr-2025.json") | {"event": sessionboard.event(4630).event})
    with pytest.raises(Refused, match="comes from Sessionboard"):
        change_timezone(event, "Europe/Brussels", True, "tester")
    with pytest.raises(Refused, match="comes from Sessionboard"):
        rename_choice(room, "Another name", "tester")


def test_h1_event_of_a_file_is_taken_over_with_what_was_edited_by_hand(pulling, sessionboard):
    event = pulling.load(make_programme([make_session(1, title="From the file")]))
    session = stored_session(1)
    session.edited, session.edited_by = {"title": "From the file"}, "somebody"
    session.title = "By hand"
    db.session.commit()

    pulled = pull(pulling)

    session = stored_session(1)
    assert (pulled.event.id, session.title, session.edited, session.edited_by) == (
        event.id,
        "Session 1",
        {},
        None,
    )


def test_h1_pull_that_began_earlier_does_not_undo_a_later_one(pulling, sessionboard):
    pull(pulling)
    asked: list[bool] = []

    def overtake() -> None:
        """Before the last request, when the sessions have been read."""
        asked.append(True)
        if len(asked) == 9:
            sessionboard.event(4630).change("sessions", session_id(3), title="The newest title")
            pull(pulling)

    overtaken = pull(pulling, full=True, between=overtake)

    assert (changes(overtaken), stored_session(3).title) == ({}, "The newest title")
    assert changes(pull(pulling)) == {}


def test_h1_full_list_from_the_cache_takes_nothing_for_gone(pulling, sessionboard):
    """Over there a search is answered for three minutes as it was answered before."""
    sessionboard.control(cache_s=180)
    pull(pulling)
    for number in (90, 91):
        new = make_session(number, on_it(2))
        sessionboard.event(4630).change("sessions", new["id"], **new)
        pull(pulling)

    again = pull(pulling, full=True)

    assert changes(again) == {}
    assert [stored_session(number).status for number in (90, 91)] == ["accepted", "accepted"]


def test_h1_same_programme_by_file_and_then_by_the_api_is_unchanged(make_world):
    programme = real_programme("pyconfr-2025.json")
    with LocalSessionboard([programme]) as local:
        world = make_world(sessionboard_us_url=local.url)
        world.load(programme)
        world.connect_source(token=DEMO_TOKEN)

        pulled = pull(world)

    nothing = {"created": 0, "updated": 0, "missing": 0, "removed": 0}
    assert pulled.as_json()["sessions"] == nothing | {"unchanged": 75}
    assert pulled.as_json()["contacts"] == nothing | {"unchanged": 81}
    assert db.session.scalar(select(func.count()).where(Session.admin_url.is_not(None))) == 75
