"""The settings that make the server slow, strict or faulty, and the decisions that follow from them."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from local_partner.settings import Range, Settings

Clock = Callable[[], float]

SHARES = frozenset(
    {"fail_rate", "drop_before_commit_rate", "drop_after_commit_rate", "garble_rate", "truncate_rate"}
)
WORDS = {"rate_kind": ("bucket", "sliding", "fixed")}
RANGES = {
    **dict.fromkeys(SHARES, Range(0, 1)),
    "firewall_status": Range(400, 499),
    "fail_status": Range(400, 599, never_off=True),
    "rate_window_s": Range(0.001, never_off=True),
}


@dataclass(frozen=True, slots=True)
class Controls(Settings):
    """All settings; 0 turns a limit or a fault off."""

    words: ClassVar = WORDS
    ranges: ClassVar = RANGES

    latency_ms: float = 0
    rate_per_s: float = 0
    # How rate_per_s is counted: by a bucket of rate_window_s, a sliding window, or one that begins anew each time.
    rate_kind: str = "bucket"
    rate_window_s: float = 1
    retry_after: bool = True  # whether a 429 says when to come back
    max_in_flight: int = 0
    token_ttl_s: float = 3600
    fail_rate: float = 0
    fail_status: int = 500
    drop_before_commit_rate: float = 0
    drop_after_commit_rate: float = 0
    garble_rate: float = 0  # answers that are a page of something in between, though all was done
    truncate_rate: float = 0  # answers that break off in the middle
    hang_s: float = 0
    # A write is carried out as much later as this, and answered only then: its sender has long timed out.
    late_commit_ms: float = 0
    # A firewall before it answers writes that look like an attack with this status and a page of its own.
    firewall_status: int = 0
    utf8mb3: bool = False  # writes with characters of four bytes end in a 500: the database keeps none
    one_problem: bool = False  # a 422 names the first wrong field alone
    # So many later pages of lists are answered as if one record before them had gone, or come in, meanwhile.
    pages_with_a_gap: int = 0
    pages_that_overlap: int = 0
    # Limits fail_rate and the faults below it to those requests whose "METHOD /path" contains it.
    fail_paths: str = ""
    down: bool = False


class Dice:
    """Decides by chance; the same seed throws the same numbers."""

    def __init__(self, random_seed: int | None) -> None:
        self._random = random.Random(random_seed)  # noqa: S311 (faults to order, not secrets)
        self._lock = threading.Lock()

    def hit(self, share: float) -> bool:
        """True for that share of the throws. A share of 0 does not throw, so the row of numbers stays."""
        if share <= 0:
            return False
        with self._lock:
            return self._random.random() < share
