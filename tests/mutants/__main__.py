"""`make mutants`: breaks the sync a little, one place at a time, and counts how often its tests notice.

mutmut makes the mutants of portal/sync and portal/asp (its settings stand in pyproject.toml). trying.py tries them in
an order that a seed picks, so that those tried are a fair sample wherever it ends (Ctrl-C); the next call goes on
there. What was found is the row of docs/reliability.md about the same packages; the others stay. Settings, in the
environment:

    ONLY     packages or modules, as "portal.asp portal.sync.planning"; all
    SAMPLE   how many of their mutants; all
    SEED     of the order; 1
    BUDGET   seconds of a processor's work in tests that a mutant is worth; 10
    AGAIN    anything: try again those that no test noticed
    TESTS    other tests than pyproject.toml names
"""

import json
import os
import random
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    setup_source_paths,
    walk_mutatable_files,
)

sys.path.insert(0, str(Path(__file__).parents[1]))

from places import Place, find_place
from reliability_page import read_part, write_part
from trying import NOTICED, Outcome, Trials

FOLDER = Path("mutants").absolute()
EVERYTHING = "portal.asp portal.sync"


class Outcomes:
    """What became of each mutant; of a function that has changed since, nothing is known any more."""

    def __init__(self, path: Path, functions: dict[str, str]) -> None:
        self._path, self._functions = path, functions
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.of: dict[str, str] = {
            mutant: outcome for mutant, (of, outcome) in kept.items() if functions.get(mutant) == of
        }

    def add(self, mutant: str, outcome: Outcome) -> None:
        self.of[mutant] = outcome
        kept = {mutant: (self._functions[mutant], outcome) for mutant, outcome in self.of.items()}
        self._path.write_text(json.dumps(kept, indent=0), encoding="utf-8")
        print(f"{outcome}: {mutant}", flush=True)


def main() -> int:
    only = os.environ.get("ONLY", EVERYTHING).split()
    seed, budget = int(os.environ.get("SEED", "1")), os.environ.get("BUDGET", "10")
    every = _make_mutants()
    outcomes = Outcomes(FOLDER / "outcomes.json", {name: made.mark for name, made in every.items()})
    matching = [name for name in sorted(every) if any(name.startswith(f"{each}.") for each in only)]
    number = min(int(os.environ.get("SAMPLE", "0")) or len(matching), len(matching))
    chosen = random.Random(seed).sample(matching, number)
    again = [Outcome.NOT_NOTICED, Outcome.NO_TEST] if os.environ.get("AGAIN") else []
    to_try = [name for name in chosen if name not in outcomes.of or outcomes.of[name] in again]
    ended = _try({name: find_place(name, every[name].source) for name in to_try}, float(budget), outcomes)
    found = [outcomes.of[name] for name in chosen if name in outcomes.of]
    settings = f"SEED={seed} SAMPLE={number} BUDGET={budget}"
    write_part("mutants", _with_row(read_part("mutants"), only, len(matching), found, settings))
    return int(ended)


@dataclass(frozen=True, slots=True)
class Made:
    """Where a mutant was made, and a mark of its function as it was then."""

    source: Path
    mark: str


def _make_mutants() -> dict[str, Made]:
    """Copy the project to where it is broken, and write all mutants."""
    set_mutant_under_test("mutant_generation")
    FOLDER.mkdir(exist_ok=True)
    shutil.rmtree(FOLDER / "tests", ignore_errors=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(os.cpu_count() or 1)
    set_mutant_under_test("")
    made: dict[str, Made] = {}
    for path in walk_mutatable_files():
        mutants = SourceFileMutationData(path=path)
        mutants.load()
        for name in mutants.exit_code_by_key:
            function = name.rpartition(".")[2].partition("__mutmut_")[0]
            made[name] = Made(path, mutants.hash_by_function_name[function])
    return made


def _try(places: dict[str, Place], budget: float, outcomes: Outcomes) -> int:
    settings = config()
    tests = os.environ.get("TESTS", "").split() or settings.pytest_add_cli_args_test_selection
    before = Path.cwd()
    os.chdir(FOLDER)
    try:
        quietly = ["--rootdir=.", "--assert=plain", "--tb=native", "-q", "-s", "-p", "no:warnings"]
        return pytest.main(
            [*quietly, *settings.pytest_add_cli_args, *tests],
            plugins=[Trials(places, budget, outcomes.add)],
        )
    finally:
        os.chdir(before)


def _with_row(part: str, only: list[str], mutants: int, found: list[str], settings: str) -> str:
    """What stands in the documentation, with this call's row in the place of that of the same packages."""
    packages = ", ".join(f"`{each.replace('.', '/')}`" for each in only)
    noticed = sum(each in NOTICED for each in found)
    share = f"{noticed:,}, **{noticed / len(found):.0%}**" if found else "–"
    date = f"{datetime.now(UTC):%-d %B %Y}"
    row = f"| {packages} | {mutants:,} | {len(found):,} (`{settings}`) | {share} | {date} |"
    lines = part.splitlines()
    of_same = [number for number, line in enumerate(lines) if line.startswith(f"| {packages} |")]
    last = max(number for number, line in enumerate(lines) if line.startswith("|"))
    if of_same:
        lines[of_same[0]] = row
    else:
        lines.insert(last + 1, row)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
