"""The sample spreadsheets, and small ones made in a test."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

FOLDER = Path(__file__).parent / "spreadsheets"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".txt", ".xlsx"))


def sample(start: str) -> bytes:
    """The bytes of the sample whose name begins so."""
    return (FOLDER / next(name for name in NAMES if name.startswith(start))).read_bytes()


def expected(start: str) -> dict[str, Any]:
    """What a careful reader takes from it."""
    found: dict[str, Any] = json.loads(next(FOLDER.glob(f"{start}*.expected.json")).read_text("utf-8"))
    return found


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    """A workbook with these rows, and further sheets by name."""
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    for name, content in sheets.items():
        sheet = made.create_sheet(name)
        for row in content:
            sheet.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()
