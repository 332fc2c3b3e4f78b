"""What rate a server allows, concluded from when it refused (E12). Pure: neither clock nor thread.

Nobody says how ASP counts. Two kinds of limit look alike until one is refused again:

- A *sharp* one (a window of a second) refuses as soon as the pace is above it, and a rest is lost for good. Just
  under the pace that was refused is right.
- A *soft* one (a bucket that fills, a window of a minute) lets a pace above it pass for a while; what came through
  between two refusals, rests included, is the limit exactly.

A soft one shows itself where it refuses for long. Otherwise a sharp one is believed in until the same share was seen
again and again: to be wrong about that costs a few refusals, the other way round it would cost time. Before the pace
rises in search of a higher limit, it is held for so long that what the search costs, a refusal and a rest, stays
small.

The numbers were found by simulation: tests/asp/test_asp_pace.py.
"""

import math
from dataclasses import dataclass, replace

UNDER = 0.97  # of a pace that was refused
WELL_UNDER = 0.95  # of one that was refused without rising: it was too much for long
SLOWEST = 0.5  # requests per second, whatever was refused: a run comes to its end, and finds out when more is let in
SHORT = 2.0  # seconds: who is refused sooner is far above the limit
LAG = 1.2  # seconds between the pace that is too much and the first refusal: a window's length and an answer's way
APPROACH = 2.0  # seconds in which two thirds of the way from `start` to `aim` are made

LONG_REST = 2.5  # seconds: no window of a second refuses for so long
MANY = 10  # accepted: who is refused for long after fewer has met what somebody else had left
LONGEST_WINDOW = 60.0  # seconds: rising sooner would only use up what is left of a window
LONG = 8.0  # seconds: what came through in a stretch of so many is no accident

HOLD = 12.0  # seconds before the pace rises
HOLD_REQUESTS = 100  # as many at least, so that one refusal for each search is one in a hundred
HOLD_MORE = 1.5  # times as long after each search in vain
LONGEST_HOLD = 24.0  # but no longer than this
RISE = 8.0  # seconds of rising after which the pace is e times what it was; 1.6 % after the first second

SAME_SHARE = 0.08  # two shares that differ by less are the same limit seen again
SAME_PACE = 1.1  # times the pace that was held: refused there, the limit is where it was
SAME_PACE_SOFT = 1.8  # a bucket lets a rising pace pass for longer


@dataclass(frozen=True, slots=True)
class Course:
    """Requests per second over the seconds of a stretch: from `start` to `aim`, held, then ever faster."""

    start: float
    aim: float
    hold: float

    def at(self, seconds: float) -> float:
        """The pace after so many seconds."""
        reached = 1 - math.exp(-max(0.0, seconds) / APPROACH)
        pace = self.start + (self.aim - self.start) * reached
        if seconds > self.hold:
            pace *= math.exp(((seconds - self.hold) / RISE) ** 2)
        return max(SLOWEST, pace)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened between two rests; all durations in seconds."""

    course: Course | None  # None: requests began as they liked
    seconds: float  # from its first request to the first one after its rest
    unrefused: float  # of these, until the first request that was refused
    paced: float  # of these, how far on its course it was: only time in which requests waited for it counts
    accepted: int
    last_second: int  # accepted of those that began within a second before the first refused one
    shut: float  # of these, until a try after a rest was last refused; all of them where none was

    @property
    def share(self) -> float:
        """Requests per second that came through, the rest included."""
        return self.accepted / max(self.seconds, 0.001)

    @property
    def rest(self) -> float:
        """Seconds from the first refusal until a request was taken again."""
        return self.seconds - self.unrefused


class Limit:
    """What has been learnt of a server's limit so far."""

    def __init__(self) -> None:
        self._share = 0.0  # of the stretch before, unless that was short: then its rest made most of it
        self._shown = 0.0  # the same where that was long
        self._seen_again = 0  # how often running the same share came out
        self.refuses_for_long = False  # a window of more than a few seconds

    def conclude(self, stretch: Stretch) -> Course | None:
        """The course of the next stretch; None when the refusal says nothing about our own pace."""
        if stretch.rest > LONG_REST and stretch.accepted >= MANY:
            self.refuses_for_long = True
        course: Course | None
        if self.refuses_for_long and stretch.seconds > LONG:
            course = self._used_up(stretch)
        elif stretch.course is None:
            course = self._first(stretch)
        elif stretch.unrefused <= SHORT:
            course = self._far_above(stretch, stretch.course)
        elif stretch.paced >= stretch.course.hold:
            course = self._risen(stretch, stretch.course)
        else:
            course = self._not_kept_up(stretch, stretch.course)
        self._share = stretch.share if stretch.unrefused > SHORT else 0.0
        self._shown = stretch.share if stretch.seconds > LONG else 0.0
        return course

    def _used_up(self, stretch: Stretch) -> Course:
        """A long window, still used up at the last try in vain: how much too long the rest was says nothing."""
        share = UNDER * stretch.accepted / stretch.shut
        return Course(share, share, max(LONGEST_HOLD, min(LONGEST_WINDOW, stretch.shut)))

    def _first(self, stretch: Stretch) -> Course | None:
        if not stretch.accepted:
            return None  # somebody else has used the limit up
        return _steady(UNDER * max(1, stretch.last_second))

    def _far_above(self, stretch: Stretch, course: Course) -> Course:
        """Between what came through, which may be too little, and what was refused, which is too much."""
        self._seen_again = 0
        # One short stretch does not overturn what a long one has shown, as its rest may have been too short: two do.
        refused = min(course.at(stretch.paced), max(1, stretch.last_second, self._shown))
        aim = UNDER * refused
        start = min(aim, math.sqrt(refused * max(0.1, min(refused, stretch.share))))
        return Course(start, aim, HOLD)

    def _risen(self, stretch: Stretch, course: Course) -> Course:
        """Refused in search of a higher limit: there is none, or it is about there."""
        risen = course.at(stretch.paced - LAG)
        if self._is_soft:
            if risen < SAME_PACE_SOFT * course.aim:
                return _steady(SAME_PACE * course.aim)  # if that is too much, the share will say so
        elif risen < SAME_PACE * course.aim:
            return replace(course, start=course.aim, hold=min(LONGEST_HOLD, HOLD_MORE * course.hold))
        self._seen_again = 0
        return _steady(UNDER * risen)

    def _not_kept_up(self, stretch: Stretch, course: Course) -> Course:
        """Refused although the pace did not rise."""
        refused, before = course.at(stretch.paced), course.at(stretch.paced - LAG)
        if abs(stretch.share - self._share) > SAME_SHARE * self._share:
            self._seen_again = 0
            return _steady(min(WELL_UNDER * refused, UNDER * before))
        self._seen_again += 1
        return _steady(stretch.share if self._is_soft else math.sqrt(stretch.share * before))

    @property
    def _is_soft(self) -> bool:
        return self._seen_again > 1


def _steady(pace: float) -> Course:
    return Course(pace, pace, min(LONGEST_HOLD, max(HOLD, HOLD_REQUESTS / pace)))
