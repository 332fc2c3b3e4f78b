"""The parts of docs/reliability.md that commands write: each between two marks that name it."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"


def write_part(name: str, text: str) -> None:
    """Put the text between the marks of that name."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, after = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL).split(_page())
    PAGE.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", encoding="utf-8")


def read_part(name: str) -> str:
    """What stands between the marks of that name."""
    return _page().partition(f"<!-- {name} -->")[2].partition(f"<!-- end of {name} -->")[0].strip()


def _page() -> str:
    return PAGE.read_text(encoding="utf-8")
