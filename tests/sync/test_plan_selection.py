"""Which sessions are synced and when they take place: D3, D5, D6, D7, D17, D19, F3."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from plan_samples import (
    CONTRACT,
    NOW,
    START,
    contact_snapshot,
    linked_as,
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

from portal.sync.planning.context import Context
from portal.sync.planning.intent import Action
from portal.sync.planning.selection import Chosen, NotChosen, choose
from portal.sync.planning.snapshot import Existing, Links

PARIS = ZoneInfo("Europe/Paris")


def in_paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


def choose_between(starts_at: datetime, ends_at: datetime) -> Chosen | NotChosen:
    session = session_snapshot(starts_at=starts_at, ends_at=ends_at)
    context = Context(programme_snapshot(session), make_rules(), Links(), make_offer(), CONTRACT, NOW)
    return choose(session, context)


# D3: one date


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2027-01-30T22:00", "2027-01-31T00:00", "2027-01-30T23:59:00"),  # ends at midnight
        ("2027-01-30T22:00", "2027-01-31T01:30", "2027-01-30T23:59:00"),  # time of day before the start's
        ("2027-01-30T22:00", "2027-01-31T22:00", "2027-01-30T23:59:00"),  # the same time of day
        ("2027-01-30T09:00", "2027-01-31T17:00", "2027-01-30T17:00:00"),  # time of day after the start's
        ("2027-01-30T09:00", "2027-02-02T17:15:30", "2027-01-30T17:15:30"),
        ("2027-01-30T23:58", "2027-01-31T01:00", "2027-01-30T23:59:00"),
        ("2027-01-30T23:58:30", "2027-01-31T01:00", "2027-01-30T23:59:00"),
        ("2027-01-30T09:00", "2027-01-31T23:59:30", "2027-01-30T23:59:30"),
        ("2027-03-28T01:00", "2027-03-29T02:30", "2027-03-28T02:30:00"),  # a time that this date leaves out
        ("2027-10-31T01:00", "2027-11-01T02:30", "2027-10-31T02:30:00"),  # a time that this date has twice
    ],
)
def test_d3_session_over_several_dates_is_synced_on_its_start_date_with_a_warning(start, end, shown):
    session = session_snapshot(starts_at=in_paris(start), ends_at=in_paris(end))

    intended = session_in(plan_of(programme_snapshot(session)))

    assert intended.action is Action.CREATE
    assert intended.values["StartTime"] == start + (":00" if len(start) == 16 else "")
    assert intended.values["EndTime"] == shown
    assert len(intended.warnings) == 1
    assert "no sessions over several dates" in intended.warnings[0]


def test_d3_dates_are_those_of_the_events_timezone():
    # 23:30–00:30 in UTC, and one date in Paris
    session = session_snapshot(
        starts_at=datetime(2027, 1, 30, 23, 30, tzinfo=UTC), ends_at=datetime(2027, 1, 31, 0, 30, tzinfo=UTC)
    )

    intended = session_in(plan_of(programme_snapshot(session)))

    assert intended.warnings == ()
    assert intended.values["StartTime"] == "2027-01-31T00:30:00"
    assert intended.values["EndTime"] == "2027-01-31T01:30:00"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-01-30T09:00", "2027-01-30T09:00"),
        ("2027-01-30T09:00", "2027-01-30T08:59"),
        ("2027-01-30T09:00", "2027-01-29T10:00"),
    ],
)
def test_d3_session_whose_end_is_not_after_its_start_fails(start, end):
    chosen = choose_between(in_paris(start), in_paris(end))

    assert isinstance(chosen, NotChosen)
    assert chosen.failed
    assert chosen.reason == "Its end is not after its start. Correct its times, then sync again."


def test_d3_end_within_the_second_of_the_start_fails_as_asp_has_whole_seconds():
    chosen = choose_between(START, START + timedelta(milliseconds=300))

    assert isinstance(chosen, NotChosen)
    assert chosen.failed


@pytest.mark.parametrize("start", ["2027-01-30T23:59", "2027-01-30T23:59:20"])
def test_d3_session_from_2359_to_another_day_fails(start):
    chosen = choose_between(in_paris(start), in_paris("2027-01-31T23:59:40"))

    assert isinstance(chosen, NotChosen)
    assert chosen.failed
    assert "starts at 23:59 and ends on another day" in chosen.reason


def test_d3_session_from_2359_within_the_date_is_synced():
    chosen = choose_between(in_paris("2027-01-30T23:59"), in_paris("2027-01-30T23:59:30"))

    assert isinstance(chosen, Chosen)
    assert chosen.warnings == ()


@pytest.mark.parametrize("end", ["2027-10-31T02:10", "2027-10-31T02:30"])
def test_d3_session_that_ends_before_it_starts_by_the_clock_that_goes_back_fails(end):
    chosen = choose_between(in_paris("2027-10-31T02:30"), in_paris(end, fold=1))

    assert isinstance(chosen, NotChosen)
    assert chosen.failed
    assert "clocks go back" in chosen.reason


@pytest.mark.parametrize(
    ("start", "end", "fold"),
    [
        ("2027-10-31T02:30:00", "2027-10-31T02:40:00", 1),  # clocks go back: 70 minutes
        ("2027-03-28T01:30:00", "2027-03-28T03:30:00", 0),  # clocks go forward: one hour
    ],
)
def test_d3_session_in_a_night_of_changed_clocks_keeps_its_wall_clock(start, end, fold):
    session = session_snapshot(starts_at=in_paris(start), ends_at=in_paris(end, fold))

    intended = session_in(plan_of(programme_snapshot(session)))

    assert intended.warnings == ()
    assert (intended.values["StartTime"], intended.values["EndTime"]) == (start, end)


# D5: ended


@pytest.mark.parametrize(("minutes", "action"), [(-1, Action.SKIP), (0, Action.SKIP), (1, Action.CREATE)])
def test_d5_session_is_skipped_once_it_has_ended(minutes, action):
    session = session_snapshot(starts_at=NOW - timedelta(hours=2), ends_at=NOW + timedelta(minutes=minutes))

    intended = session_in(plan_of(programme_snapshot(session)))

    assert intended.action is action
    assert intended.reason == ("The session has ended." if action is Action.SKIP else None)


def test_d5_real_end_counts_and_not_that_of_d3():
    # shown in ASP as 30 January until 17:00, which lies behind; it really ends on 31 January
    session = session_snapshot(starts_at=in_paris("2027-01-30T09:00"), ends_at=in_paris("2027-01-31T17:00"))

    intended = session_in(plan_of(programme_snapshot(session), now=in_paris("2027-01-31T12:00")))

    assert intended.action is Action.CREATE
    assert intended.values["EndTime"] == "2027-01-30T17:00:00"


# D6: status


@pytest.mark.parametrize("status", ["pending", "declined", "accept_queue", "Accepted", ""])
def test_d6_session_with_another_status_is_skipped_with_that_status(status):
    intended = session_in(plan_of(programme_snapshot(session_snapshot(status=status))))

    assert intended.action is Action.SKIP
    assert intended.reason == f"Not accepted (status: {status})."


# D7: required fields


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"title": None}, "Title is missing. Add it on the session, then sync again."),
        ({"title": " \n\t"}, "Title is missing. Add it on the session, then sync again."),
        ({"starts_at": None}, "Starts At is missing. Add it on the session, then sync again."),
        ({"ends_at": None}, "Ends At is missing. Add it on the session, then sync again."),
        ({"client_session_id": ""}, "Client Session ID is missing. Add it on the session, then sync again."),
        (
            {"client_session_id": "  "},
            "Client Session ID is missing. Add it on the session, then sync again.",
        ),
        (
            {"starts_at": None, "ends_at": None},
            "Starts At and Ends At are missing. Add them on the session, then sync again.",
        ),
        (
            {"title": "", "starts_at": None, "ends_at": None, "client_session_id": None},
            "Title, Starts At, Ends At and Client Session ID are missing. Add them on the session, then sync again.",
        ),
    ],
)
def test_d7_session_without_a_required_field_fails_with_the_fields_named(missing, reason):
    intended = session_in(plan_of(programme_snapshot(session_snapshot(**missing))))

    assert intended.action is Action.FAIL
    assert intended.reason == reason


def test_d7_failed_session_keeps_its_link_and_is_sent_nothing():
    links = linked_as(programme_snapshot(session_snapshot()))

    intended = session_in(plan_of(programme_snapshot(session_snapshot(title="")), links=links))

    assert intended.action is Action.FAIL
    assert intended.link == links.sessions[session_id(1)]
    assert intended.publish is None


def test_d7_one_failed_session_does_not_keep_the_others_back():
    plan = plan_of(programme_snapshot(session_snapshot(1, title=None), session_snapshot(2)))

    assert session_in(plan, 2).action is Action.CREATE


# D17: the same client session ID


def test_d17_sessions_with_the_same_client_session_id_both_sync_with_a_warning():
    programme = programme_snapshot(
        session_snapshot(1, client_session_id="X"),
        session_snapshot(2, client_session_id=" X "),
        session_snapshot(3),
    )

    plan = plan_of(programme)

    assert [each.action for each in plan.sessions] == [Action.CREATE] * 3
    assert [len(each.warnings) for each in plan.sessions] == [1, 1, 0]
    assert plan.sessions[0].warnings[0].startswith("1 other session has the same Client Session ID, “X”.")


def test_d17_session_that_is_not_synced_is_not_counted():
    programme = programme_snapshot(
        session_snapshot(1, client_session_id="X"),
        session_snapshot(2, client_session_id="X", status="declined"),
    )

    assert session_in(plan_of(programme)).warnings == ()


# D19 and F3: the order of reasons


@pytest.mark.parametrize(
    ("state", "action", "begin"),
    [
        ({"status": "declined"}, Action.SKIP, "Not accepted"),
        ({}, Action.SKIP, "The session has ended."),
        ({"ends_at": START + timedelta(hours=1)}, Action.SKIP, "Synced before ASP Events was disconnected"),
    ],
)
def test_d19_not_accepted_goes_before_ended_before_frozen_before_fields(state, action, begin):
    # every one of them: ended, frozen, without a title; then one state after the other falls away
    ended = session_snapshot(title=None, ends_at=NOW - timedelta(days=1))
    session = replace(ended, **state)

    intended = session_in(
        plan_of(programme_snapshot(session), links=Links(frozen=frozenset({session_id(1)})))
    )

    assert intended.action is action
    assert intended.reason.startswith(begin)


def test_d19_missing_fields_go_before_the_order_of_times():
    session = session_snapshot(title=None, ends_at=START - timedelta(hours=1))

    assert session_in(plan_of(programme_snapshot(session))).reason.startswith("Title is missing.")


def test_f3_frozen_session_is_not_looked_up_in_asp():
    found = make_existing("ASP-9", sessionboard_id=session_id(1), Title="Session 1")

    plan = plan_of(
        programme_snapshot(session_snapshot(1), session_snapshot(2)),
        links=Links(frozen=frozenset({session_id(1)})),
        existing=Existing(sessions=(found,)),
    )

    assert session_in(plan, 1).action is Action.SKIP
    assert session_in(plan, 1).link is None
    assert session_in(plan, 2).action is Action.CREATE


def test_f3_speakers_of_frozen_sessions_are_found_again_by_email_on_other_sessions():
    programme = programme_snapshot(
        session_snapshot(1, participants=on_stage(1)),
        session_snapshot(2, participants=on_stage(1)),
        contacts=[contact_snapshot(1)],
    )
    found = make_existing("ASP-7", FirstName="Person", LastName="Number 1", Email="PERSON1@example.org")

    plan = plan_of(
        programme,
        links=Links(frozen=frozenset({session_id(1)})),
        existing=Existing(speakers=(found,)),
    )

    assert speaker_in(plan).link.asp_uuid == "ASP-7"
    assert sent(plan, session_in(plan, 2))["Speakers"] == ["ASP-7"]


def test_f3_person_on_frozen_sessions_alone_is_skipped():
    programme = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1)])

    plan = plan_of(programme, links=Links(frozen=frozenset({session_id(1)})))

    assert speaker_in(plan).action is Action.SKIP
