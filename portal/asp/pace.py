"""When the next request may begin: learns an unknown rate limit from the requests that are refused (E12).

Pure: it is told the time. Until the first refusal only the first handful is held back. Then requests begin one by one
at a pace. What lies between two refusals is a *stretch*; from each one `Limit` concludes the course of the next.
`AtOnce` says how many may be under way together.
"""

from collections import deque
from dataclasses import dataclass

from portal.asp.at_once import AtOnce, Refusal
from portal.asp.limits import Course, Limit, Stretch

# Seconds to rest where ASP does not say how long. After a burst the shortest window that limits use, as all of it is
# counted for so long; after requests that began one by one a quarter of it, as the first of them leave a window soon,
# or its end is near. Doubled while it goes on refusing, so that nine rests at most find a window of a minute open,
# the longest one that is common.
UNSAID_PAUSE = 1.0
UNSAID_PAUSE_AT_PACE = 0.25
LONGEST_UNSAID_PAUSE = 16.0
# Seconds before a refusal in which the accepted requests are counted: a pace is one per second.
MEASURED = 1.0

# A trial of whether it was the rate or too many at once goes at three times the pace that was refused. A limit of the
# rate lets about as many pass as before, and as many again for each second; a tenth more than that is not due to it.
# Slower, a run against a limit of a few at once waits longer to know; faster saves nothing any more.
TRIAL_SPEED = 3.0
SURELY_MORE = 1.1
LONGEST_TRIAL = 4.0  # seconds: by then thrice the pace has overrun a limit of the rate eight times
AS_MUCH = 0.8  # of the pace that was refused: fewer at once lose nothing then, whatever it was

# No search for a higher limit while more than this share of the requests, and two, were refused: E12 allows 2 % and
# two, and what the search itself costs has to fit in.
REFUSED_SHARE = 0.015
REFUSED_BESIDES = 2
# But after so many seconds without a refusal it is tried all the same: a run that shared the limit with others may
# have been left with a small part of it, and at a slow pace it takes long until two in a hundred are allowed again.
LONG_UNREFUSED = 90.0


@dataclass(slots=True)
class _Running:
    """The stretch under way."""

    course: Course | None = None
    began: float | None = None
    paced: float = 0.0
    accepted: int = 0
    refused: int = 0
    refused_at: float | None = None  # when the first request began that was refused
    shut_at: float | None = None  # when the last one began that was refused after a rest


@dataclass(slots=True)
class _Trial:
    """Whether fewer requests at once are taken although they go faster. Where nothing was to do it begins anew."""

    rate: int  # so many were taken in the second before the refusal
    otherwise: Course  # to be run where that is not shown
    began: float
    accepted: int = 0


class Pace:
    """Moments and durations in seconds, on whatever clock the caller has.

    Every request that `take` lets begin is told of once: `accepted`, `refused` or `lost`.
    """

    def __init__(self) -> None:
        self._limit = Limit()
        self._at_once = AtOnce()
        self._stretch = _Running()
        self._starts: deque[float] = deque()  # when the accepted requests of the last seconds began
        self._trial: _Trial | None = None
        self._awaited = False  # whether a request waits for its turn
        self._requests = 0
        self._refused = 0
        self._cost = 1  # refusals of the stretch before: what a search costs
        self._rest_until = float("-inf")
        self._next = float("-inf")  # when the next request may begin by the course
        self._first: float | None = None  # when the one request after a rest began, until it is answered
        self._in_vain = 0  # so many of them were refused one after the other

    def take(self, moment: float) -> float:
        """Zero: the request begins now. Otherwise seconds until asking again; infinite: until another is answered."""
        pause = self._pause(moment)
        self._awaited = pause > 0
        if pause == 0:
            self._at_once.begin(moment)
            self._requests += 1
        return pause

    def _pause(self, moment: float) -> float:
        if moment < self._rest_until:
            return self._rest_until - moment
        if self._stretch.refused_at is not None:
            if self._first is not None:
                return float("inf")
            self._first = moment
        elif self._at_once.is_full:
            return float("inf")
        elif moment < self._next:
            return self._next - moment
        else:
            self._step(moment)
        return 0.0

    def accepted(self, started: float) -> None:
        """The request that began then was answered, by whatever but 429."""
        self._at_once.accepted(started)
        self._starts.append(started)
        if started == self._first:
            self._conclude(started)
        self._stretch.accepted += 1
        self._judge_trial(started)
        if self._stretch.refused_at is None:
            while self._starts[0] < started - MEASURED - LONGEST_UNSAID_PAUSE:
                self._starts.popleft()

    def refused(self, started: float, moment: float, pause: float | None) -> None:
        """The request that began then was answered by 429 now; `pause` is what ASP asks for, if anything."""
        self._refused += 1
        stretch = self._stretch
        if stretch.began is not None and started < stretch.began:  # of the one before: it says nothing new
            self._at_once.lost(started)
            self.rest(moment + (pause or 0.0))
            return
        self._at_once.refused(started)
        stretch.refused += 1
        if stretch.refused_at is None:
            stretch.refused_at = started
            self._in_vain = 0
        elif started == self._first:
            self._first = None
            self._in_vain += 1
            stretch.shut_at = started
        if pause is None or self._in_vain:
            pause = max(self._own_pause(), pause or 0.0)
        self.rest(moment + pause)

    def _own_pause(self) -> float:
        """Seconds to rest where ASP says nothing, or has said too little."""
        briefly = self._stretch.course is not None and not self._limit.refuses_for_long
        shortest = UNSAID_PAUSE_AT_PACE if briefly else UNSAID_PAUSE
        return min(LONGEST_UNSAID_PAUSE, shortest * 2**self._in_vain)

    def lost(self, started: float) -> None:
        """The request that began then has got no answer."""
        self._at_once.lost(started)
        if started == self._first:
            self._first = None

    def rest(self, until: float) -> None:
        """No request begins before."""
        self._rest_until = max(self._rest_until, until)

    def _step(self, moment: float) -> None:
        """One step on the course; it only counts as run while requests wait for it."""
        stretch = self._stretch
        if stretch.began is None:
            stretch.began = moment
        if self._trial is not None:
            spacing = 1 / (TRIAL_SPEED * self._trial.rate)
            if not self._awaited and moment > self._next + spacing:
                self._trial.began, self._trial.accepted = moment, 0
        elif stretch.course is not None:
            if not stretch.paced:  # who waited for the answer to the one after the rest is not late
                self._next = moment
            spacing = 1 / stretch.course.at(stretch.paced)
            held = stretch.paced < stretch.course.hold
            if moment - self._next < spacing and (held or self._may_search(moment - stretch.began)):
                stretch.paced += spacing
        else:
            return
        self._next = max(self._next, moment - spacing) + spacing  # who is a little late is caught up with

    def _may_search(self, unrefused: float) -> bool:
        if unrefused > LONG_UNREFUSED and not self._limit.refuses_for_long:
            return True
        return self._refused + self._cost <= REFUSED_BESIDES + REFUSED_SHARE * self._requests

    def _judge_trial(self, started: float) -> None:
        """Whether more came through than a limit of the rate would have let pass."""
        trial = self._trial
        if trial is None:
            return
        seconds = started - trial.began
        trial.accepted += 1
        is_over = seconds > LONGEST_TRIAL
        surely_more = trial.accepted > SURELY_MORE * trial.rate * (1 + max(MEASURED, seconds)) + 1
        if surely_more or (is_over and trial.accepted >= AS_MUCH * trial.rate * seconds):
            self._at_once.confirm(started)
            self._trial = None
        elif is_over:
            self._at_once.give_up()
            self._trial, self._stretch.course = None, trial.otherwise

    def _conclude(self, resumed: float) -> None:
        """The first request after a rest was taken: the stretch is over, and the next one began with this request."""
        over, self._first = self._stretch, None
        began, refused_at = over.began or 0.0, over.refused_at or 0.0
        self._next, self._trial = resumed, None
        refusal = Refusal.RATE
        if over.course is None:
            refusal = self._at_once.conclude(
                resumed, sum(refused_at < each < resumed for each in self._starts)
            )
        if refusal is Refusal.AT_ONCE:
            self._stretch = _Running(None, resumed)
            return
        last_second = sum(refused_at - MEASURED < each <= refused_at for each in self._starts)
        lately = sum(refused_at - MEASURED < each < resumed for each in self._starts)
        course = self._limit.conclude(
            Stretch(
                course=over.course,
                seconds=resumed - began,
                unrefused=refused_at - began,
                paced=over.paced,
                accepted=over.accepted,
                last_second=last_second,
                shut=(over.shut_at or resumed) - began,
            )
        )
        if over.course is not None:
            self._cost = over.refused
        if course is None:  # nothing was taken at all: that tells nothing
            self._at_once.give_up()
        elif refusal is Refusal.PERHAPS_AT_ONCE:
            self._trial, course = _Trial(lately, course, resumed), None
        self._stretch = _Running(course, resumed)
        if course:
            self._next += 1 / course.at(0)
