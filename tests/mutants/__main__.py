"""`make mutants`: breaks the sync a little, one place at a time, and counts how often its quick tests notice.

mutmut makes the mutants of portal/sync and portal/asp (its settings stand in pyproject.toml). There are thousands, of
which a sample is tried that a seed picks; SAMPLE=0 tries all of them.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from mutmut.stats import status_by_exit_code

sys.path.insert(0, str(Path(__file__).parents[1]))

from reliability_page import write_part

FOLDER = Path("mutants")
ANY_FEW = "portal.sync.planning.keys.*"  # makes mutmut write all mutants and time all tests
NOTICED = ("killed", "timeout")


def main() -> int:
    number, seed = int(os.environ.get("SAMPLE", "300")), int(os.environ.get("SEED", "1"))
    begun = datetime.now(UTC)
    if not _run(ANY_FEW):
        return 1
    names = sorted(_results())
    chosen = random.Random(seed).sample(names, min(number, len(names))) if number else names
    if not _run(*chosen):
        return 1
    results = _results()
    found = Counter(status_by_exit_code[results[name]] for name in chosen)
    noticed = sum(found[status] for status in NOTICED)
    minutes = (datetime.now(UTC) - begun).total_seconds() / 60
    which = f"{len(chosen):,} of {len(names):,} mutants, picked by seed {seed}" if number else "all mutants"
    told = ", ".join(f"{status} {count:,}" for status, count in found.most_common())
    line = f"{begun:%-d %B %Y}: **{noticed / len(chosen):.1%}** noticed ({which}; {told}; {minutes:.0f} minutes)."
    print(line)
    for name in sorted(chosen):
        if status_by_exit_code[results[name]] not in NOTICED:
            print(f"  {status_by_exit_code[results[name]]}: mutmut show {name}")
    write_part("mutants", line)
    return 0


def _run(*names: str) -> bool:
    return subprocess.run([sys.executable, "-m", "mutmut", "run", *names], check=False).returncode == 0


def _results() -> dict[str, int | None]:
    """How mutmut's processes ended, by mutant; None for one that was not tried."""
    found: dict[str, int | None] = {}
    for path in FOLDER.rglob("*.meta"):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


if __name__ == "__main__":
    sys.exit(main())
