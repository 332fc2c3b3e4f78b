"""Chooses the tests that a mutant is tried with, as far as the work goes that it is worth."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from places import Place


@dataclass(frozen=True, slots=True)
class Measured:
    """What one test takes without a mutant, and where it comes through."""

    seconds: float  # by the clock: how long may be waited for it
    work: float  # of a processor: the same on a machine that is busy with something else
    functions: list[str]
    lines: dict[str, list[int]]  # by file


class Choice:
    """Those that come by the statement that a mutant changes, the likeliest to notice it first.

    The likeliest are those that noticed others in its function, then in its file, then those of the least work. A
    signature is no statement that is come by: there it is the tests that come through the function.
    """

    def __init__(self, places: Mapping[str, Place], measured: Mapping[str, Measured], budget: float) -> None:
        self._places = places
        self._measured = measured
        self._budget = budget
        self._through: defaultdict[str, list[str]] = defaultdict(list)  # function → tests
        self._past: defaultdict[tuple[str, int], set[str]] = defaultdict(set)  # file and line → tests
        for test, each in measured.items():
            for function in each.functions:
                self._through[function].append(test)
            for path, numbers in each.lines.items():
                for number in numbers:
                    self._past[path, number].add(test)
        self._noticed_by: defaultdict[str, Counter[str]] = defaultdict(Counter)  # function or file → tests

    def for_mutant(self, mutant: str) -> Iterator[str]:
        """The tests, until together they take more work than the mutant is worth."""
        place, function = self._places[mutant], function_of(mutant)
        past = {test for number in place.lines for test in self._past[str(place.path), number]}
        tests = sorted(past or self._through[function], key=self._work)
        twins: Counter[str] = Counter()  # tests that differ in their parameters alone notice the same
        cost: dict[str, float] = {}
        for test in tests:
            name = test.partition("[")[0]
            twins[name] += 1
            cost[test] = self._work(test) * twins[name]
        in_function, in_file = self._noticed_by[function], self._noticed_by[str(place.path)]
        spent = 0.0
        for test in sorted(tests, key=lambda test: (-in_function[test], -in_file[test], cost[test])):
            yield test
            spent += self._work(test)
            if spent > self._budget:
                return

    def learn(self, mutant: str, noticed_by: str) -> None:
        """That test noticed the mutant."""
        for where in (function_of(mutant), str(self._places[mutant].path)):
            self._noticed_by[where][noticed_by] += 1

    def _work(self, test: str) -> float:
        return self._measured[test].work


def function_of(mutant: str) -> str:
    """The name of the changed function, as mutmut writes it."""
    return mutant.partition("__mutmut_")[0]
