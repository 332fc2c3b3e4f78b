"""Where a mutant is not as the original: in which statement of which file, as mutmut has written both."""

import ast
import textwrap
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from mutmut.mutation.data import MutantLineSpans


@dataclass(frozen=True, slots=True)
class Place:
    """The lines of the original's one statement that the mutant changes; none where it changes the signature."""

    path: Path  # the file that mutmut has written
    lines: frozenset[int]


def find_place(mutant: str, source: Path) -> Place:
    """Compare the mutant with its original, both of which stand in what mutmut wrote of `source`."""
    name = mutant.rpartition(".")[2]
    original = f"{name.partition('__mutmut_')[0]}__mutmut_orig"
    spans = MutantLineSpans.load(source)
    if spans is None:
        raise FileNotFoundError(f"mutmut has written no mutants of {source}")
    before, after = spans.read_function_sources([original, name])
    lines = zip_longest(before.splitlines(), after.replace(name, original).splitlines())
    differing = next(number for number, (one, other) in enumerate(lines, start=1) if one != other)
    first = spans.span_by_function_name[original].start
    found = _statement_at(before, differing)
    return Place(spans.mutants_path.absolute(), frozenset(first + number - 1 for number in found))


def _statement_at(function: str, line: int) -> range:
    """The lines of the innermost statement, without the statements within it; none for the function's own head."""
    tree = ast.parse(textwrap.dedent(function))
    inside = [each for each in ast.walk(tree.body[0]) if isinstance(each, ast.stmt)][1:]
    around = [each for each in inside if each.lineno <= line <= (each.end_lineno or each.lineno)]
    if not around:
        return range(0)
    innermost = max(around, key=lambda each: each.lineno)
    within = [
        each.lineno for each in ast.walk(innermost) if isinstance(each, ast.stmt) and each is not innermost
    ]
    end = min(within, default=(innermost.end_lineno or innermost.lineno) + 1)
    return range(innermost.lineno, max(end, innermost.lineno + 1))
