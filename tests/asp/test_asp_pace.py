"""An unknown rate limit is learnt: time and refusals against servers of every kind (E12)."""

import math
from collections.abc import Callable

import pytest
from limited_servers import (
    Bucket,
    Clients,
    FewAtOnce,
    FixedWindow,
    Outcome,
    Rate,
    Server,
    SlidingWindow,
    Unlimited,
    changing,
    steady,
)

from portal.asp.at_once import AT_FIRST, FIRST_ANSWERS, FOR_ONE_MORE, AtOnce, Refusal
from portal.asp.limits import Course, Limit, Stretch
from portal.asp.pace import LONG_UNREFUSED, LONGEST_UNSAID_PAUSE, UNSAID_PAUSE, UNSAID_PAUSE_AT_PACE, Pace

MOST_TIME = 1.2  # times what the limit allows
KINDS: dict[str, Callable[[Rate], Server]] = {
    "bucket of a second": Bucket,
    "sliding window": SlidingWindow,
    "fixed second": FixedWindow,
    "fixed second, met in its middle": lambda rate: FixedWindow(rate, phase=0.5),
    "fixed minute": lambda rate: FixedWindow(rate, 60),
    "fixed minute, met in its middle": lambda rate: FixedWindow(rate, 60, phase=30),
}
LATENCY = 0.05
IN_FLIGHT = 8


def assert_within(outcome: Outcome, number: int, fastest: float, most_time: float = MOST_TIME) -> None:
    """E12: the time, and at most 2 % refused, plus the two that find the limit."""
    assert (outcome.seconds / fastest <= most_time, outcome.refused <= 2 + 0.02 * number) == (True, True), (
        outcome
    )


@pytest.mark.parametrize("says_when", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rate", "number"), [(5, 160), (5, 600), (20, 160), (20, 2200), (100, 4400)])
def test_limit_is_learnt(kind: str, rate: int, number: int, says_when: bool) -> None:
    clients = Clients(KINDS[kind](steady(rate)), latency=LATENCY, says_when=says_when)

    assert_within(clients.send(number), number, max(number / rate, number * LATENCY / IN_FLIGHT))


@pytest.mark.parametrize("latency", [0.005, 0.2])
@pytest.mark.parametrize("kind", KINDS)
def test_limit_is_learnt_from_quick_and_slow_servers(kind: str, latency: float) -> None:
    clients = Clients(KINDS[kind](steady(20)), latency=latency)

    assert_within(clients.send(2200), 2200, 2200 / 20)


@pytest.mark.parametrize(("rate", "number"), [(20, 160), (50, 700), (100, 2200)])
def test_fixed_second_that_ends_within_the_first_burst_is_learnt(rate: int, number: int) -> None:
    """More came through than one window takes: what follows is refused, and costs little as its rest is short."""
    for phase in (0.2, 0.4, 0.6, 0.8, 0.9):
        clients = Clients(FixedWindow(steady(rate), phase=phase), latency=0.07, says_when=False)

        assert clients.send(number).seconds < MOST_TIME * number / rate, phase


@pytest.mark.parametrize("says_when", [True, False])
@pytest.mark.parametrize(
    ("server", "rate", "number", "latency"),
    [
        (lambda: FixedWindow(steady(1), 60, phase=39), 1, 1500, 0.005),
        (lambda: FixedWindow(steady(5), 60, phase=3), 5, 2200, 0.3),
        (lambda: FixedWindow(steady(8), 10, phase=4.2), 8, 2200, 0.1),
        (lambda: SlidingWindow(steady(3), 60), 3, 4400, 0.02),
        (lambda: SlidingWindow(steady(12), 10), 12, 1200, 0.3),
        (lambda: SlidingWindow(steady(16), 10), 16, 2200, 0.1),
    ],
)
def test_limit_of_a_long_window_is_learnt(
    server: Callable[[], Server], rate: int, number: int, latency: float, says_when: bool
) -> None:
    outcome = Clients(server(), latency=latency, says_when=says_when).send(number)

    assert_within(outcome, number, number / rate)


def test_the_one_request_after_a_rest_makes_the_following_ones_no_later() -> None:
    """Caught up with after a slow answer they would be one more in that second than it takes."""
    outcome = Clients(SlidingWindow(steady(20)), latency=0.1).send(200)

    assert (outcome.seconds < 200 / 20 + 1.5, outcome.refused) == (True, 5)  # one rest, for those in flight


@pytest.mark.parametrize("seconds", [5, 10])
def test_bucket_that_holds_more_is_used(seconds: float) -> None:
    outcome = Clients(Bucket(steady(20), seconds), latency=LATENCY).send(2200)

    assert_within(outcome, 2200, 2200 / 20, most_time=1.0)


@pytest.mark.parametrize("says_when", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("before", "after"), [(10, 20), (20, 10), (50, 100), (100, 50)])
def test_limit_that_changes_is_learnt_anew(kind: str, before: int, after: int, says_when: bool) -> None:
    number = 90 * (before + after)
    server = KINDS[kind](changing(before, after, at=90))

    outcome = Clients(server, latency=LATENCY, says_when=says_when).send(number)

    assert_within(outcome, number, 180)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("before", "after"), [(20, 100), (100, 20)])
def test_limit_that_changes_much_is_found_in_the_end(kind: str, before: int, after: int) -> None:
    number = 60 * (before + after)
    server = KINDS[kind](changing(before, after, at=60))

    assert_within(Clients(server, latency=LATENCY).send(number), number, 120, most_time=1.45)


@pytest.mark.parametrize("latency", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 6, 7])
def test_server_that_takes_few_at_once_is_asked_by_as_many(most: int, latency: float) -> None:
    number = 1500

    outcome = Clients(FewAtOnce(most), latency=latency).send(number)

    # The second's rest that the refusal asks for, and half a second's trial, are 7 % of the shortest of these runs.
    assert_within(outcome, number, number * latency / most, most_time=1.11)


def test_few_at_once_of_a_quick_server_cost_three_seconds_at_most() -> None:
    """A second's rest, half a second's trial, and later one more try with its rest."""
    number, latency = 1000, 0.005

    for most in range(2, 8):
        outcome = Clients(FewAtOnce(most), latency=latency).send(number)

        assert (outcome.seconds < number * latency / most + 3, outcome.refused <= 5) == (True, True)


@pytest.mark.parametrize("latency", [0.005, 0.05, 0.5])
def test_nothing_is_slower_without_a_limit(latency: float) -> None:
    number = 1000

    outcome = Clients(Unlimited(), latency=latency).send(number)

    assert outcome.refused == 0
    assert outcome.seconds < number * latency / IN_FLIGHT + 4 * latency


def test_first_requests_are_a_handful() -> None:
    pace = Pace()

    begun = [pace.take(0.0) for _ in range(7)]

    assert begun == [0.0] * AT_FIRST + [math.inf] * 2
    pace.accepted(0.0)
    assert (pace.take(0.1), pace.take(0.1)) == (0.0, math.inf)


def test_more_requests_may_begin_the_more_were_answered() -> None:
    pace = Pace()
    for _ in range(FIRST_ANSWERS + FOR_ONE_MORE):
        assert pace.take(0.0) == 0.0
        pace.accepted(0.0)

    assert [pace.take(0.1) for _ in range(AT_FIRST + 2)] == [0.0] * (AT_FIRST + 1) + [math.inf]


def test_one_request_alone_tries_after_a_rest() -> None:
    pace = Pace()
    pace.take(0.0)
    pace.refused(0.0, 0.1, 2.0)

    assert pace.take(0.1) == pytest.approx(2.0)
    assert (pace.take(2.1), pace.take(2.1), pace.take(2.2)) == (0.0, math.inf, math.inf)
    pace.lost(2.1)
    assert (pace.take(2.3), pace.take(2.3)) == (0.0, math.inf)
    pace.accepted(2.3)
    assert pace.take(2.4) == 0.0


def test_rest_grows_while_the_one_request_is_refused() -> None:
    pace = Pace()
    moment, rests = 0.0, []
    for _ in range(7):
        assert pace.take(moment) == 0.0
        pace.refused(moment, moment, None)
        rests.append(pace.take(moment))
        moment += rests[-1]

    assert rests == [1, 2, 4, 8, LONGEST_UNSAID_PAUSE, LONGEST_UNSAID_PAUSE, LONGEST_UNSAID_PAUSE]
    pace.take(moment)
    pace.refused(moment, moment, 600)
    assert pace.take(moment) == 600


def test_rest_after_requests_one_by_one_is_short_unless_asp_asks_for_more() -> None:
    pace = Pace()
    moment, rests = 0.0, []
    for asked in (None, None, 1.0):
        for is_taken in (True, False):
            while pause := pace.take(moment):
                moment += pause
            if is_taken:
                pace.accepted(moment)
            else:
                pace.refused(moment, moment, asked)
        rests.append(pace.take(moment))

    assert rests == pytest.approx([UNSAID_PAUSE, UNSAID_PAUSE_AT_PACE, 1.0])


def test_late_refusal_of_the_stretch_before_is_obeyed_and_teaches_nothing() -> None:
    pace = Pace()
    pace.take(0.0)
    pace.accepted(0.0)
    for moment in (0.1, 0.2):
        pace.take(moment)
    pace.refused(0.1, 0.3, 1.0)
    pace.take(1.3)
    pace.accepted(1.3)

    pace.refused(0.2, 1.4, 1.0)

    assert pace.take(1.4) == pytest.approx(1.0)
    assert (pace.take(2.4), pace.take(2.4)) == (0.0, pytest.approx(1 / 0.97))


def test_pace_that_nobody_waits_for_does_not_rise() -> None:
    """A run that was busy with something else has learnt nothing, and begins no storm afterwards."""
    pace = Pace()
    for moment in (0.0, 0.1, 0.2):
        pace.take(moment)
        pace.accepted(moment)
    pace.take(0.3)
    pace.refused(0.3, 0.3, 1.0)
    for moment in range(2, 300):
        assert pace.take(moment) == 0.0
        pace.accepted(moment)

    begun = [pace.take(300.0) for _ in range(3)]

    assert begun == [0.0, 0.0, pytest.approx(1 / (0.97 * 3))]  # the second one catches up


@pytest.mark.parametrize(
    ("stretch", "pace"),
    [
        # refused at once: somebody else has used the limit up
        (Stretch(None, 2.0, 0.0, 0.0, 0, 0, 2.0), None),
        # the second before the first refusal tells the limit of a window
        (Stretch(None, 2.0, 0.5, 0.0, 20, 20, 2.0), 0.97 * 20),
        # far above: between what came through and what was refused, then up to it
        (Stretch(Course(100, 100, 12), 2.0, 1.0, 1.0, 50, 50, 2.0), 0.97 * 50),
        # refused when it rose: the limit is where it was
        (Stretch(Course(20, 20, 12), 15.0, 14.0, 13.8, 280, 20, 15.0), 20),
        # refused only after it had doubled
        (Stretch(Course(20, 20, 12), 21.0, 19.0, 19.5, 500, 40, 21.0), 0.97 * 20 * math.exp((6.3 / 8) ** 2)),
        # not kept up
        (Stretch(Course(20, 20, 12), 6.0, 5.0, 5.0, 100, 20, 6.0), 0.95 * 20),
        # refused for long: what came through until the last try in vain is the limit of a long window
        (Stretch(None, 16.0, 1.0, 0.0, 100, 100, 9.0), 0.97 * 100 / 9),
        (Stretch(Course(20, 20, 12), 61.0, 30.0, 30.0, 600, 20, 60.0), 0.97 * 10),
    ],
)
def test_next_pace_follows_from_the_stretch(stretch: Stretch, pace: float | None) -> None:
    course = Limit().conclude(stretch)

    assert (course and course.aim) == (pace and pytest.approx(pace))


def test_short_stretch_does_not_overturn_what_a_long_one_has_shown() -> None:
    """A window still held what had been sent before the rest."""
    limit, course = Limit(), Course(14, 14, 12)
    limit.conclude(Stretch(course, 10.0, 8.5, 8.5, 120, 14, 10.0))
    paces = [limit.conclude(Stretch(course, 1.6, 0.3, 0.3, 5, 2, 1.6)) for _ in range(2)]

    assert [course and course.aim for course in paces] == [pytest.approx(0.97 * 12), pytest.approx(0.97 * 2)]


def test_share_of_a_short_stretch_is_no_limit_seen_again() -> None:
    """Its rest makes half of it, and of the next one still a third: the same share by chance."""
    limit, course = Limit(), Course(60, 60, 12)
    limit.conclude(Stretch(course, 2.2, 1.1, 1.1, 66, 60, 2.2))

    following = limit.conclude(Stretch(course, 3.2, 2.1, 2.1, 98, 60, 3.2))

    assert following is not None
    assert following.aim == pytest.approx(0.95 * 60)


def test_share_that_comes_out_again_is_the_limit_of_a_bucket() -> None:
    limit = Limit()
    paces = []
    for pace, seconds in ((30, 4.0), (28, 5.0), (24, 10.0)):
        course = limit.conclude(
            Stretch(
                Course(pace, pace, 12), seconds, seconds - 1, seconds - 1, int(20 * seconds), pace, seconds
            )
        )
        assert course is not None
        paces.append(course.aim)

    assert paces == [pytest.approx(28.5), pytest.approx(math.sqrt(20 * 28)), pytest.approx(20)]


def refused_at_the_fifth() -> Pace:
    """Five began at once: four were accepted, one was not, and after its rest the next one is."""
    pace = Pace()
    for _ in range(AT_FIRST):
        pace.take(0.0)
    for _ in range(AT_FIRST - 1):
        pace.accepted(0.0)
    pace.refused(0.0, 0.1, 1.0)
    pace.take(1.1)
    pace.accepted(1.1)
    return pace


def test_as_many_as_were_taken_at_once_go_on_trial_three_times_as_fast() -> None:
    pace = refused_at_the_fifth()

    spaced = [pace.take(2.0), pace.take(2.0), pace.take(2.0)]
    at_once = [pace.take(moment) for moment in (2.25, 2.5, 2.75)]

    assert spaced == [0.0, 0.0, pytest.approx(1 / 12)]  # the second one catches up
    assert at_once == [0.0, 0.0, math.inf]


def send_one_by_one(pace: Pace, moment: float, number: int) -> float:
    """As many requests, each as soon as it may begin, and accepted at once; the moment of the last one."""
    for _ in range(number):
        while pause := pace.take(moment):
            moment += pause
        pace.accepted(moment)
    return moment


def test_pace_rises_after_long_however_many_were_refused_before() -> None:
    """Other runs had used the limit up, and are over."""
    pace = Pace()
    send_one_by_one(pace, 0.0, 1)
    for moment in (0.1, 0.2, 0.3, 0.4):
        pace.take(moment)
    for moment in (0.1, 0.2, 0.3, 0.4):
        pace.refused(moment, moment, 1.0)

    ended = send_one_by_one(pace, 1.4, 150)

    assert LONG_UNREFUSED < ended < 130  # all at the pace of the beginning would end after 150


def test_more_than_a_rate_would_let_pass_shows_that_it_was_too_many_at_once() -> None:
    pace = refused_at_the_fifth()
    send_one_by_one(pace, 1.2, 12)

    assert [pace.take(3.0) for _ in range(5)] == [0.0] * 4 + [math.inf]  # no pace any more


def test_time_in_which_nothing_was_to_do_is_no_trial() -> None:
    """A run plans after its first readings: what goes on afterwards is judged for itself."""
    pace = refused_at_the_fifth()
    send_one_by_one(pace, 60.0, 12)

    assert [pace.take(62.0) for _ in range(5)] == [0.0] * 4 + [math.inf]


def test_refusal_on_trial_shows_that_it_was_the_rate() -> None:
    pace = refused_at_the_fifth()
    pace.take(1.5)
    pace.refused(1.5, 1.6, 1.0)
    pace.take(2.6)
    pace.accepted(2.6)

    assert pace.take(2.7) == pytest.approx(1 / (0.97 * 1) - 0.1)


def test_one_more_at_once_is_tried_after_long_and_twice_as_long_after_that() -> None:
    at_once = AtOnce(allowed=4)
    at_once.confirm(0.0)
    tried: list[float] = []
    for moment in map(float, range(300)):
        at_once.begin(moment)
        at_once.accepted(moment)
        if at_once.allowed == 5:
            tried.append(moment)
            for _ in range(5):
                at_once.begin(moment)
            for _ in range(4):
                at_once.accepted(moment)
            at_once.refused(moment)
            assert at_once.conclude(moment, 0) is Refusal.AT_ONCE
            assert at_once.allowed == 4

    assert tried == [40, 120, 280]


def test_one_more_at_once_is_tried_the_sooner_the_fewer_are_known() -> None:
    at_once = AtOnce(allowed=2)
    at_once.confirm(0.0)
    allowed = []
    for moment in map(float, range(22)):
        at_once.begin(moment)
        at_once.accepted(moment)
        allowed.append(int(at_once.allowed))

    assert allowed == [2] * 20 + [3] * 2


def test_room_for_one_more_at_once_is_found_and_then_for_more() -> None:
    at_once = AtOnce(allowed=2)
    at_once.confirm(0.0)
    allowed = []
    for moment in range(40):
        number = int(at_once.allowed)
        for _ in range(number):
            at_once.begin(moment)
        for _ in range(number):
            at_once.accepted(moment)
        allowed.append(number)

    assert allowed[:21] == [2] * 21
    assert allowed[-1] > 4


@pytest.mark.parametrize(("used_up", "most_time"), [(98, 1.6), (100, 1.6)])
def test_rate_that_others_had_used_up_holds_nobody_back_for_long(used_up: int, most_time: float) -> None:
    """The very first requests are refused for what somebody else has sent: not for being too many at once."""
    server = FixedWindow(steady(100), phase=0.5)
    for _ in range(used_up):
        server.wait(0.0)
    number = 3000

    outcome = Clients(server, latency=LATENCY).send(number)

    assert_within(outcome, number, number / 100, most_time)
