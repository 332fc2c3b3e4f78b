"""D10: the clocks of both events must agree at every time to be sent."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from plan_samples import NOW, START, make_offer, make_rules, plan_of, programme_snapshot, session_snapshot

from portal.sync.planning.timezones import mismatch_of_timezones

WINTER = START
SUMMER = datetime(2027, 7, 1, 8, tzinfo=UTC)


def stop_of(ours: str, theirs: str | None, *starts: datetime, **rules):
    sessions = [
        session_snapshot(number, starts_at=start, ends_at=start + timedelta(minutes=30))
        for number, start in enumerate(starts, 1)
    ]
    programme = programme_snapshot(*sessions, timezone=ours)
    return plan_of(programme, offer=make_offer(site_timezone=theirs), rules=make_rules(**rules)).stop


@pytest.mark.parametrize(
    ("ours", "theirs", "starts", "matches"),
    [
        ("Europe/Paris", "Europe/Paris", (WINTER, SUMMER), True),
        ("Europe/Paris", "Europe/Brussels", (WINTER, SUMMER), True),
        ("Europe/London", "UTC", (WINTER,), True),
        ("Europe/London", "UTC", (WINTER, SUMMER), False),
        ("Europe/London", "UTC", (SUMMER,), False),
        ("Europe/Paris", "Europe/London", (WINTER,), False),
        ("America/Phoenix", "America/Denver", (WINTER,), True),
        ("America/Phoenix", "America/Denver", (SUMMER,), False),
        ("Asia/Kolkata", "Asia/Karachi", (WINTER,), False),
        ("Europe/Paris", "Asia/Tokyo", (), True),
    ],
)
def test_d10_they_match_when_offsets_are_equal_at_every_time_to_be_sent(ours, theirs, starts, matches):
    stop = stop_of(ours, theirs, *starts)

    assert (stop is None) is matches
    if stop:
        assert f"the event is in {ours}, the ASP event in {theirs}" in stop


def test_d10_end_counts_as_well_as_start():
    # London leaves winter time at 01:00 UTC on 28 March 2027
    session = session_snapshot(
        starts_at=datetime(2027, 3, 28, 0, 30, tzinfo=UTC), ends_at=datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    )
    programme = programme_snapshot(session, timezone="Europe/London")

    assert plan_of(programme, offer=make_offer(site_timezone="UTC")).stop is not None


@pytest.mark.parametrize(
    "state", [{"status": "pending"}, {"title": None}, {"ends_at": NOW - timedelta(days=1)}]
)
def test_d10_times_that_are_not_sent_do_not_count(state):
    summer = {"starts_at": SUMMER, "ends_at": SUMMER + timedelta(minutes=30)}
    programme = programme_snapshot(
        session_snapshot(1), session_snapshot(2, **summer | state), timezone="Europe/London"
    )

    assert plan_of(programme, offer=make_offer(site_timezone="UTC")).stop is None


def test_d10_mismatch_plans_nothing():
    plan = plan_of(programme_snapshot(session_snapshot()), offer=make_offer(site_timezone="Asia/Tokyo"))

    assert plan.stop is not None
    assert (plan.sessions, plan.speakers, plan.choices) == ((), (), ())


@pytest.mark.parametrize(
    ("confirmed", "goes_on"), [(None, False), ("Europe/Paris", True), ("America/New_York", False)]
)
def test_d10_where_asp_reports_none_an_admin_confirms_once_per_timezone(confirmed, goes_on):
    stop = stop_of("Europe/Paris", None, WINTER, timezone_confirmed_for=confirmed)

    assert (stop is None) is goes_on
    if stop:
        assert "ASP does not tell the timezone" in stop
        assert "(Europe/Paris), confirm it" in stop
        assert "--" not in stop  # it stands on pages too
        assert ("It was confirmed for America/New_York" in stop) is (confirmed is not None)


def test_d10_confirmation_does_not_outweigh_what_asp_reports():
    assert stop_of("Europe/Paris", "Asia/Tokyo", WINTER, timezone_confirmed_for="Europe/Paris") is not None


def test_d10_an_end_that_the_clocks_skip_is_no_mismatch() -> None:
    # D3 moves an end to 02:30 of the night in which the clocks go from 02:00 to 03:00.
    skipped = datetime(2027, 3, 28, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))
    offer = make_offer(site_timezone="Europe/Brussels")

    assert mismatch_of_timezones([skipped], "Europe/Paris", offer, make_rules()) is None
