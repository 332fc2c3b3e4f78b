"""A record is made once and only once, whatever becomes of ASP's answers (E11)."""

from typing import Any, cast

import pytest
from push_samples import RememberedAsp, Shown

from portal.asp.errors import AspError, NoAnswer, UnexpectedAnswer, Unnamed, Unreachable
from portal.asp.patience import WRITE_TRIES
from portal.asp.records import AspRecord
from portal.sync.pushing.creating import Creator

THERE = AspRecord("ASP-1", {}, "")
CUT = NoAnswer("cut", arrived=True)
REFUSED = NoAnswer("refused", arrived=False)
UNNAMED = Unnamed(UnexpectedAnswer("ASP Events sent a record without Uuid."))
TIMED_OUT = NoAnswer("timed out", arrived=True, timed_out=True)


class Making:
    """One create, whose tries are answered as told; each lasts a second."""

    def __init__(self, *answers: AspError | str, appears_at: float = float("inf")) -> None:
        self.asp, self._appears_at = RememberedAsp(), appears_at
        self.looked: list[tuple[str, float]] = []
        self.made_at: list[float] = []
        self._answers = list(answers)
        self.creator = Creator(self.asp.client, cast(Any, {"session": self, "stream": self}))
        self.doubles: list[str] = []

    def find(self, key: str, since: float) -> AspRecord | None:
        self.looked.append((key, since))
        self.asp.now += 1
        return THERE if self.asp.now >= self._appears_at else None

    def count(self, key: str) -> list[str]:
        return self.doubles

    def make(self) -> str:
        self.made_at.append(self.asp.now)
        self.asp.now += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, AspError):
            raise answer
        return answer

    def create(self, **more: Any) -> tuple[str, AspRecord | None]:
        return self.creator.create("session", "key", self.make, **more)


def test_a_record_that_is_answered_is_made_without_a_look() -> None:
    making = Making("ASP-9")

    assert making.create() == ("ASP-9", None)
    assert (making.looked, making.creator.repeated) == ([], [])


def test_e11_a_create_whose_answer_was_cut_is_looked_for_before_it_is_repeated() -> None:
    making = Making(CUT, "ASP-9")

    assert making.create() == ("ASP-9", None)
    assert making.looked == [("key", 1.0)]  # in a list that was asked for after the loss
    assert making.made_at == [0.0, 3.0]
    assert making.creator.repeated == []


def test_e11_a_create_that_arrived_is_not_repeated() -> None:
    making = Making(CUT, "ASP-9", appears_at=0)

    assert making.create() == ("ASP-1", THERE)
    assert making.made_at == [0.0]


def test_e11_a_create_whose_answer_does_not_name_the_record_is_looked_for() -> None:
    making = Making(UNNAMED, "ASP-9", appears_at=0)

    assert making.create() == ("ASP-1", THERE)
    assert (making.looked, making.made_at) == ([("key", 1.0)], [0.0])


def test_e11_a_create_that_was_taken_and_is_not_there_yet_is_never_repeated() -> None:
    making = Making(UNNAMED, "ASP-9")

    with pytest.raises(Unnamed, match="it is looked for before it is sent again"):
        making.create()

    assert making.made_at == [0.0]


def test_a_create_that_never_arrived_is_repeated_without_a_look() -> None:
    making = Making(REFUSED, "ASP-9")

    assert making.create() == ("ASP-9", None)
    assert making.looked == []


def test_e13_what_somebody_may_have_made_meanwhile_is_looked_for_first() -> None:
    making = Making("ASP-9", appears_at=0)

    assert making.create(look_first=True) == ("ASP-1", THERE)
    assert (making.looked, making.made_at) == ([("key", 0.0)], [])


def test_e11_a_create_that_timed_out_is_looked_for_until_it_can_hardly_come_any_more() -> None:
    making = Making(TIMED_OUT, "ASP-9")

    assert making.create() == ("ASP-9", None)
    # It may come until twice the time-out after 1.0; the looks wait for 1, 2, 4, … and no longer than that.
    assert making.looked == [("key", 1.0), ("key", 3.0), ("key", 5.0), ("key", 8.0), ("key", 13.0)]
    assert making.made_at == [0.0, 22.0]
    assert making.creator.repeated == [("session", "key")]


def test_e11_what_comes_late_is_found() -> None:
    making = Making(TIMED_OUT, "ASP-9", appears_at=8)

    assert making.create() == ("ASP-1", THERE)
    assert (making.made_at, making.creator.repeated) == ([0.0], [])


def test_e11_what_asp_has_twice_after_all_is_told() -> None:
    making = Making(TIMED_OUT, "ASP-9")
    making.create()
    making.creator.repeated += [("session", "key"), ("speaker", "ada")]
    making.doubles = ["ASP-1", "ASP-9"]

    told = making.creator.find_doubles()

    assert told == [
        "ASP has the session “key” 2 times (ASP-1, ASP-9): it carried out a request long after it had timed out. "
        "Delete in ASP all but the one that the website shows."
    ]
    assert making.asp.now == 22.0 + 2 * making.asp.timeout  # until then the first may still arrive
    making.doubles = ["ASP-9"]
    assert making.creator.find_doubles() == []


def test_e12_who_never_answers_is_given_up_and_said_how() -> None:
    making = Making(NoAnswer("busy", arrived=True, status=503))
    making.asp.first_pause = 0.0

    with pytest.raises(Unreachable) as given_up:
        making.create()

    assert len(making.made_at) == WRITE_TRIES
    assert (given_up.value.arrived, given_up.value.status) == (True, 503)
    assert str(given_up.value) == "ASP Events could not be reached. Try again in a few minutes."


def test_what_asp_refuses_is_not_repeated() -> None:
    asp = RememberedAsp(create_stream=[AspError("no")])
    creator = Creator(asp.client, cast(Any, {"stream": Shown()}))

    with pytest.raises(AspError, match=r"^no$"):
        creator.create("stream", "web", lambda: asp.create_stream("71", {}))

    assert len(asp.calls) == 1
