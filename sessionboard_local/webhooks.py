"""Sends the webhook's messages, one after the other, again with growing delays where nobody takes them."""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import requests

from sessionboard_local.records import EventRecords, Record, timestamp

DELAYS_S = (1.0, 5.0, 30.0, 120.0)
LONGEST_ANSWER_S = 10.0
ORGANISATION_ID = 1


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go, and the headers that the admin has set."""

    url: str
    headers: Mapping[str, str]


def make_message(event: EventRecords, action: str, record_id: str) -> Record:
    """The message that tells what happened to a session or contact."""
    kind = action.partition(".")[0]
    there = event.sessions if kind == "session" else event.contacts
    show = event.session if kind == "session" else event.contact
    return {
        "data": show(record_id) if record_id in there else {"id": record_id},
        "metadata": {
            "action": action,
            "event_id": event.event["id"],
            "org_id": ORGANISATION_ID,
            "version": 1,
            "datetime": timestamp(),
        },
    }


class Sender:
    """Sends in a thread of its own; without a target nothing is sent."""

    def __init__(self, stopping: threading.Event, target: Target | None = None) -> None:
        self.target = target
        self.last_answer = "nothing sent yet"
        self._stopping = stopping
        self._waiting: queue.Queue[Record | None] = queue.Queue()
        self._thread = threading.Thread(target=self._send_all, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """After `stopping` is set: wait for the thread's end."""
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=LONGEST_ANSWER_S)

    def send(self, message: Record) -> None:
        """Put a message at the end of those that wait."""
        if self.target is not None:
            self._waiting.put(message)

    def _send_all(self) -> None:
        while (message := self._waiting.get()) is not None:
            for delay in (*DELAYS_S, None):
                if self._try(message) or delay is None or self._stopping.wait(delay):
                    break
            if self._stopping.is_set():
                return

    def _try(self, message: Record) -> bool:
        target = self.target
        if target is None:
            return True
        try:
            answer = requests.post(
                target.url, json=message, headers=dict(target.headers), timeout=LONGEST_ANSWER_S
            )
        except requests.RequestException as problem:
            self.last_answer = f"not delivered: {type(problem).__name__}"
            return False
        self.last_answer = f"answered {answer.status_code}"
        return answer.ok
