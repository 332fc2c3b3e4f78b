"""When the next request may begin: learns an unknown rate limit from the requests that are refused (E12).

Pure: it is told the time. Until the first refusal only the first handful is held back. Then requests begin one by one
at a pace. What lies between two refusals is a *stretch*; from each one `Limit` concludes the course of the next.
"""

from collections import deque
from dataclasses import dataclass

from portal.asp.limits import Course, Limit, Stretch

# How many requests may be in flight at first, and how many are answered for one more: a limit of a few requests per
# second is found before many run against it, and a run's first readings, just as many, do not wait for each other.
AT_FIRST = 5
FOR_ONE_MORE = 15

# So few requests before the first refusal, and within less than a second, may have been too many at once, and not too
# many per second. Then they go one by one for a second. Twice as many as before tell that it was so (a bucket lets no
# more pass): half as many at once are allowed then, and more are tried again slowly.
HARDLY_MANY = 60
SURELY_MORE = 2.0
FOR_ONE_MORE_LATER = 300

UNSAID_PAUSE = 1.0  # seconds to rest where ASP does not say how long; doubled while it goes on refusing
LONGEST_UNSAID_PAUSE = 16.0
MEASURED = 1.0  # seconds before a refusal in which the accepted requests are counted

# No search for a higher limit while more than this share of the requests, and two, were refused: E12 allows 2 %.
REFUSED_SHARE = 0.015
REFUSED_BESIDES = 2


@dataclass(slots=True)
class _Running:
    """The stretch under way."""

    course: Course | None = None
    began: float | None = None
    paced: float = 0.0
    accepted: int = 0
    refused: int = 0
    refused_at: float | None = None  # when the first request began that was refused


class Pace:
    """Moments and durations in seconds, on whatever clock the caller has.

    Every request that `take` lets begin is told of once: `accepted`, `refused` or `lost`.
    """

    def __init__(self) -> None:
        self._limit = Limit()
        self._stretch = _Running()
        self._starts: deque[float] = deque()  # when the accepted requests of the last seconds began
        self._allowed: float = AT_FIRST
        self._for_one_more = FOR_ONE_MORE
        self._suspected: Course | None = None  # to be run unless more than that comes through one by one
        self._suspicious = True  # whether the first refusal is still to come
        self._in_flight = 0
        self._requests = 0
        self._refused = 0
        self._cost = 1  # refusals of the stretch before: what a search costs
        self._rest_until = float("-inf")
        self._next = float("-inf")  # when the next request may begin by the course
        self._trial: float | None = None  # when the one request after a rest began, until it is answered
        self._trials = 0  # so many of them were refused one after the other

    def take(self, moment: float) -> float:
        """Zero: the request begins now. Otherwise seconds until asking again; infinite: until another is answered."""
        if moment < self._rest_until:
            return self._rest_until - moment
        if self._suspected is not None and moment >= (self._stretch.began or 0.0) + MEASURED:
            self._stretch.course, self._suspected, self._next = self._suspected, None, moment
        if self._stretch.refused_at is not None:
            if self._trial is not None:
                return float("inf")
            self._trial = moment
        elif self._in_flight >= (1 if self._suspected else int(self._allowed)):
            return float("inf")
        elif moment < self._next:
            return self._next - moment
        else:
            self._step(moment)
        self._in_flight += 1
        self._requests += 1
        return 0.0

    def accepted(self, started: float) -> None:
        """The request that began then was answered, by whatever but 429."""
        self._in_flight -= 1
        self._starts.append(started)
        if started == self._trial:
            self._conclude(started)
        self._stretch.accepted += 1
        self._allowed += 1 / self._for_one_more
        if self._suspected is not None and self._stretch.accepted > SURELY_MORE * self._suspected.aim + 1:
            self._suspected = None
            self._allowed = max(1, self._allowed // 2)
            self._for_one_more = FOR_ONE_MORE_LATER
        if self._stretch.refused_at is None:
            while self._starts[0] < started - MEASURED - LONGEST_UNSAID_PAUSE:
                self._starts.popleft()

    def refused(self, started: float, moment: float, pause: float | None) -> None:
        """The request that began then was answered by 429 now; `pause` is what ASP asks for, if anything."""
        self._in_flight -= 1
        self._refused += 1
        stretch = self._stretch
        if stretch.began is not None and started < stretch.began:  # of the one before: it says nothing new
            self.rest(moment + (pause or 0.0))
            return
        stretch.refused += 1
        if stretch.refused_at is None:
            stretch.refused_at = started
            self._trials = 0
        elif started == self._trial:
            self._trial = None
            self._trials += 1
        own = min(LONGEST_UNSAID_PAUSE, UNSAID_PAUSE * 2**self._trials)
        if pause is None or self._trials:
            pause = max(own, pause or 0.0)
        self.rest(moment + pause)

    def lost(self, started: float) -> None:
        """The request that began then has got no answer."""
        self._in_flight -= 1
        if started == self._trial:
            self._trial = None

    def rest(self, until: float) -> None:
        """No request begins before."""
        self._rest_until = max(self._rest_until, until)

    def _step(self, moment: float) -> None:
        """One step on the course; it only counts as run while requests wait for it."""
        stretch = self._stretch
        if stretch.began is None:
            stretch.began = moment
        if stretch.course is None:
            return
        spacing = 1 / stretch.course.at(stretch.paced)
        if moment - self._next < spacing and (stretch.paced < stretch.course.hold or self._may_search()):
            stretch.paced += spacing
        self._next = max(self._next, moment - spacing) + spacing  # who is a little late is caught up with

    def _may_search(self) -> bool:
        return self._refused + self._cost <= REFUSED_BESIDES + REFUSED_SHARE * self._requests

    def _conclude(self, resumed: float) -> None:
        """The first request after a rest was taken: the stretch is over, and the next one began with this request."""
        over, self._trial = self._stretch, None
        began, refused_at = over.began or 0.0, over.refused_at or 0.0
        course = self._limit.conclude(
            Stretch(
                course=over.course,
                seconds=resumed - began,
                unrefused=refused_at - began,
                paced=over.paced,
                accepted=over.accepted,
                last_second=sum(refused_at - MEASURED < each <= refused_at for each in self._starts),
            )
        )
        if over.course is not None:
            self._cost = over.refused
        hardly_many = over.accepted <= HARDLY_MANY and refused_at - began < MEASURED
        self._suspected = course if course and self._suspicious and hardly_many else None
        self._suspicious = self._suspicious and course is None
        self._stretch = _Running(None if self._suspected else course, began=resumed)
        self._next = resumed + 1 / course.at(0) if self._stretch.course and course else resumed
