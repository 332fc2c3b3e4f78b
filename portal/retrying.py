"""When a request to somebody else's server is tried again: after which answers, and after how long (E12)."""

import email.utils
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

LONGEST_FACTOR = 8  # of the first pause
# With all from 500: by their meaning in HTTP (RFC 9110, 8470) the same request may succeed later.
TRANSIENT = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}


def may_succeed_later(status: int) -> bool:
    """Whether the answer says that the server could not answer now."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in TRANSIENT


def growing_pause(first: float, failed: int) -> float:
    """Seconds to wait after so many tries that failed: they double from the first to LONGEST_FACTOR times it."""
    return first * min(2 ** (failed - 1), LONGEST_FACTOR)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait; None where it names none that can be read."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", text):  # RFC 9110 has no fraction, some servers have
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # written with the offset “-0000”: UTC as well
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
