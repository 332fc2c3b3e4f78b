"""Moves a programme file into the future, so that it can always be synced (D5)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)
LEAD = timedelta(weeks=2)  # so far ahead its first session lies at least


def shift_file(source: Path, target: Path, moment: datetime) -> None:
    """Write `source` to `target`, all its sessions moved by whole weeks so that they lie after `moment`."""
    programme = json.loads(source.read_text(encoding="utf-8"))
    target.write_text(json.dumps(shift(programme, moment), ensure_ascii=False), encoding="utf-8")


def shift(programme: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """The programme with every start and end moved by the same whole weeks of its own wall clock.

    Ten in the morning stays ten in the morning, whatever summer time does meanwhile.
    """
    zone = ZoneInfo(programme["event"]["timezone"])
    starts = [_read(session["starts_at"]) for session in programme["sessions"] if session["starts_at"]]
    weeks = max(0, -((min(starts) - moment - LEAD) // WEEK)) if starts else 0
    for session in programme["sessions"]:
        for name in ("starts_at", "ends_at"):
            if session[name]:
                session[name] = _moved(_read(session[name]), zone, weeks * WEEK)
    return programme


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moved(moment: datetime, zone: ZoneInfo, by: timedelta) -> str:
    local = moment.astimezone(zone).replace(tzinfo=None) + by
    return local.replace(tzinfo=zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
