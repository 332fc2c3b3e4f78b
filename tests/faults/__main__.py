"""`make faults`: meets every fault of the matrix and writes the table in docs/reliability.md."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))


from catalogue import FAULTS, Fault
from reliability_page import write_part

HERE = Path(__file__).parent
HEAD = """| Fault | Duplicates | Lost | Wrong links | What the admin saw | In step after the next sync | In every run of the tests |
| --- | --- | --- | --- | --- | --- | --- |"""  # noqa: E501


def main() -> int:
    begun = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        status = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-k", "nothing_is_lost", str(HERE), *sys.argv[1:]],
            env={**os.environ, "PORTAL_FAULTS": str(results)},
            check=False,
        ).returncode
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    rows = {row["fault"]: row for row in map(json.loads, lines)}
    missing = [each.name for each in FAULTS if each.name not in rows]
    minutes = (datetime.now(UTC) - begun).total_seconds() / 60
    for name in missing:
        print(f"not measured: {name}")
    if not missing:
        table = "\n".join([HEAD, *(_line(each, rows[each.name]) for each in FAULTS)])
        write_part("faults", f"{table}\n\nMeasured on {begun:%-d %B %Y}, in {minutes:.0f} minutes.")
    return status or len(missing)


def _line(fault: Fault, row: dict[str, Any]) -> str:
    numbers = " | ".join(str(row[each]) for each in ("duplicates", "lost", "wrong_links"))
    in_step = "yes" if row["in_step"] else "**no**"
    met = "yes" if fault.quick else f"`{fault.met_by}`" if fault.met_by else "no"
    return f"| {fault.name} | {numbers} | {row['message']} | {in_step} | {met} |"


if __name__ == "__main__":
    sys.exit(main())
