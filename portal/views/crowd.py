"""No organisation takes all threads of a process: however slow its pages are, the others' are answered (G5)."""

import threading
from collections import Counter

from flask import Flask, current_app, g

from portal.config import current_settings
from portal.errors import PortalError

LEAST = 4  # pages at once, however few threads there are
RETRY_AFTER = 2  # seconds
CROWD = "portal_crowd"


class Crowded(PortalError):
    """Too many pages of one organisation are being made."""

    def __init__(self) -> None:
        super().__init__("Too many pages of your organisation are open at once. Wait a moment, then reload.")


class Crowd:
    """How many requests of each organisation this process is at work on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._at_work: Counter[int] = Counter()

    def join(self, organisation_id: int) -> None:
        """Raises Crowded."""
        with self._lock:
            if self._at_work[organisation_id] >= self._most:
                raise Crowded
            self._at_work[organisation_id] += 1

    def leave(self, organisation_id: int) -> None:
        with self._lock:
            self._at_work[organisation_id] -= 1


def join_crowd(organisation_id: int) -> None:
    """Count this request among its organisation's until it is over. Raises Crowded."""
    crowd: Crowd = current_app.extensions[CROWD]
    if "crowd" not in g:
        crowd.join(organisation_id)
        g.crowd = organisation_id


def leave_crowd(_problem: BaseException | None) -> None:
    organisation_id = g.pop("crowd", None)
    if organisation_id is not None:
        current_app.extensions[CROWD].leave(organisation_id)


def register(app: Flask) -> None:
    with app.app_context():
        app.extensions[CROWD] = Crowd(max(LEAST, current_settings().web_threads // 2))
    app.teardown_request(leave_crowd)
