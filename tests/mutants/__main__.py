"""`make mutants`: breaks the sync a little, one place at a time, and counts how often its tests notice.

mutmut makes the mutants of portal/sync and portal/asp (its settings stand in pyproject.toml). trying.py tries them in
an order that a seed picks, so that those tried are a fair sample wherever it ends (Ctrl-C); the next call goes on
there. Settings, in the environment:

    ONLY     names of mutants with *, as "portal.asp.* portal.sync.planning.*"; all
    SAMPLE   how many of these; all
    SEED     of the order; 1
    BUDGET   seconds of tests that a mutant is worth, the quickest first; 10
    AGAIN    anything: try again those that no test noticed
    TESTS    other tests than pyproject.toml names
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from fnmatch import fnmatch
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

from reliability_page import write_part
from trying import NOTICED, Outcome, Trials

FOLDER = Path("mutants").absolute()
PARTS = ("portal.asp", "portal.sync.planning", "portal.sync.pushing", "portal.sync.running")
HEAD = """| Package | Mutants | Tried | Noticed | Not noticed | No test |
| --- | --- | --- | --- | --- | --- |"""


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
    only, seed = os.environ.get("ONLY", "*").split(), int(os.environ.get("SEED", "1"))
    every = _make_mutants()
    outcomes = Outcomes(FOLDER / "outcomes.json", every)
    matching = [name for name in sorted(every) if any(fnmatch(name, each) for each in only)]
    number = min(int(os.environ.get("SAMPLE", "0")) or len(matching), len(matching))
    chosen = random.Random(seed).sample(matching, number)
    again = [Outcome.NOT_NOTICED, Outcome.NO_TEST] if os.environ.get("AGAIN") else []
    to_try = [name for name in chosen if name not in outcomes.of or outcomes.of[name] in again]
    ended = _try(to_try, float(os.environ.get("BUDGET", "10")), outcomes)
    write_part("mutants", f"{_table(every, outcomes.of)}\n\nMeasured on {datetime.now(UTC):%-d %B %Y}.")
    return int(ended)


def _make_mutants() -> dict[str, str]:
    """Copy the project to where it is broken, and write all mutants: their names, with a mark of their function."""
    set_mutant_under_test("mutant_generation")
    FOLDER.mkdir(exist_ok=True)
    shutil.rmtree(FOLDER / "tests", ignore_errors=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(os.cpu_count() or 1)
    set_mutant_under_test("")
    made: dict[str, str] = {}
    for path in walk_mutatable_files():
        mutants = SourceFileMutationData(path=path)
        mutants.load()
        for name in mutants.exit_code_by_key:
            function = name.rpartition(".")[2].partition("__mutmut_")[0]
            made[name] = mutants.hash_by_function_name[function]
    return made


def _try(mutants: list[str], budget: float, outcomes: Outcomes) -> int:
    settings = config()
    tests = os.environ.get("TESTS", "").split() or settings.pytest_add_cli_args_test_selection
    before = Path.cwd()
    os.chdir(FOLDER)
    try:
        quietly = ["--rootdir=.", "--assert=plain", "--tb=native", "-q", "-s", "-p", "no:warnings"]
        return pytest.main(
            [*quietly, *settings.pytest_add_cli_args, *tests],
            plugins=[Trials(mutants, budget, outcomes.add)],
        )
    finally:
        os.chdir(before)


def _table(every: Iterable[str], outcomes: dict[str, str]) -> str:
    """What was tried, package by package, as Markdown."""
    lines = [HEAD]
    for part in (*PARTS, ""):
        names = [name for name in every if name.startswith(part)]
        found = [outcomes[name] for name in names if name in outcomes]
        noticed = sum(each in NOTICED for each in found)
        share = f"**{noticed / len(found):.1%}**" if found else "–"
        unnoticed, untested = found.count(Outcome.NOT_NOTICED), found.count(Outcome.NO_TEST)
        name = f"`{part.replace('.', '/')}`" if part else "all"
        lines.append(f"| {name} | {len(names):,} | {len(found):,} | {share} | {unnoticed:,} | {untested:,} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
