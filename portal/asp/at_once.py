"""How many requests may be under way at the same time: found out where a server takes only a few (E12). Pure.

A refusal does not say whether it was one of too many in a second or of too many at once. But too many in a second are
too many for the requests that follow as well, while of too many at once only those are refused that there was no room
for. Where it looks like that, fewer go on trial, and faster than a limit of the rate would let pass; `Pace` judges.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import chain

# How many may be in flight at first, so that a run's first readings, just as many, do not wait for each other. After
# the first answers there may be more, soon: a limit of up to twenty requests per second is found before many run
# against it, and where there is none the few that were held back are caught up with after a second time as many.
AT_FIRST = 5
FIRST_ANSWERS = 22
FOR_ONE_MORE = 4  # answers

# Seconds, for each that is known, until one more is tried; twice as long after each time in vain. In vain it costs a
# rest, and what there is to gain is the less the more are known: a half by a third one, a quarter by a fifth.
BEFORE_ONE_MORE = 10.0
SURE = 20  # as many accepted while one more was in flight, and none refused: by chance that is hardly so
AFTER_ONE_MORE = 1.0  # seconds: where there was room for one more, what was known was wrong, and more may fit


class Refusal(Enum):
    """What the refusals of a stretch were about."""

    RATE = auto()
    PERHAPS_AT_ONCE = auto()  # as many as are allowed now go on trial
    AT_ONCE = auto()  # as many as are allowed now are known; it says nothing of the rate


@dataclass(slots=True)
class _Begun:
    at_once: int  # the most that were in flight with this one: they need not arrive in the order in which they began
    before_any_answer: bool


@dataclass(slots=True)
class _Refused:
    number: int = 0
    at_once: int = 0  # in flight, at most
    before_any_answer: bool = False


@dataclass(slots=True)
class AtOnce:
    """Every request that begins is told of once more, `accepted`, `refused` or `lost`, by the moment it began."""

    allowed: float = AT_FIRST
    in_flight: int = 0
    _on_trial: bool = False
    _known: int | None = None  # so many are taken at once, and one more was not
    _known_since: float = 0.0
    _before_one_more: float = 0.0
    _one_more_accepted: int = 0
    _any_answer: bool = False
    _first_answers: int = 0
    _refused: _Refused = field(default_factory=_Refused)  # since the last conclusion
    _begun: dict[float, list[_Begun]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_full(self) -> bool:
        return self.in_flight >= int(self.allowed)

    def begin(self, moment: float) -> None:
        self.in_flight += 1
        for each in chain.from_iterable(self._begun.values()):
            each.at_once = max(each.at_once, self.in_flight)
        self._begun[moment].append(_Begun(self.in_flight, not self._any_answer))

    def accepted(self, started: float) -> None:
        begun = self._end(started)
        self._any_answer = True
        if self._known is not None:
            self._try_one_more(started, begun.at_once > self._known)
        elif self._first_answers < FIRST_ANSWERS:
            self._first_answers += 1
        elif not self._on_trial:
            self.allowed += 1 / FOR_ONE_MORE

    def refused(self, started: float) -> None:
        begun, refused = self._end(started), self._refused
        self._any_answer = True
        refused.number += 1
        refused.at_once = max(refused.at_once, begun.at_once)
        refused.before_any_answer = refused.before_any_answer or begun.before_any_answer

    def lost(self, started: float) -> None:
        self._end(started)

    def conclude(self, resumed: float, taken_meanwhile: int) -> Refusal:
        """What was refused, now that a request is taken again that began at the moment `resumed`.

        `taken_meanwhile` are those that began after the first one that was refused, and were accepted.
        """
        refused, self._refused = self._refused, _Refused()
        if self._on_trial:
            self.give_up()
            return Refusal.RATE
        if self._known is not None and refused.at_once > self._known:  # in vain
            self.allowed, self._known_since, self._one_more_accepted = self._known, resumed, 0
            self._before_one_more = max(BEFORE_ONE_MORE * self._known, 2 * self._before_one_more)
            return Refusal.AT_ONCE
        if taken_meanwhile < refused.number and not refused.before_any_answer:
            return Refusal.RATE
        self.allowed = max(1, refused.at_once - refused.number)
        if self._known is not None:
            self.confirm(resumed)
            return Refusal.AT_ONCE
        self._on_trial = True
        return Refusal.PERHAPS_AT_ONCE

    def confirm(self, moment: float) -> None:
        """As many as are allowed are taken at once, however fast."""
        self._on_trial, self._known, self._known_since = False, int(self.allowed), moment
        self._before_one_more, self._one_more_accepted = BEFORE_ONE_MORE * self._known, 0

    def give_up(self) -> None:
        """The trial has not shown that it was too many at once."""
        self._on_trial, self.allowed = False, AT_FIRST

    def _try_one_more(self, started: float, was_one_more: bool) -> None:
        if self._known is None or started < self._known_since + self._before_one_more:
            return
        self.allowed = self._known + 1
        self._one_more_accepted += was_one_more
        if self._one_more_accepted >= SURE:
            self.confirm(started)
            self._before_one_more = AFTER_ONE_MORE

    def _end(self, started: float) -> _Begun:
        self.in_flight -= 1
        same = self._begun[started]
        begun = same.pop(0)
        if not same:
            del self._begun[started]
        return begun
