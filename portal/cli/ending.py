"""Ctrl-C and SIGTERM while a command syncs: the run ends after the records in hand, and says what it did (E15)."""

import signal
import threading
from types import FrameType
from typing import Any

import click
from flask import Flask

from portal.cli.group import ACTOR
from portal.models import Run, db
from portal.operations.syncing.runs import request_cancel

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class EndedBySignal:
    """The first signal asks the run to end; a second one ends the process as it always would."""

    def __init__(self, app: Flask, run_id: int) -> None:
        self._app = app
        self._run_id = run_id
        self._former: dict[int, Any] = {}
        self._asking: threading.Thread | None = None

    def __enter__(self) -> None:
        self._former = {number: signal.signal(number, self._ask) for number in SIGNALS}

    def __exit__(self, *_: object) -> None:
        self._restore()
        if self._asking is not None:
            self._asking.join()

    def _restore(self) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._restore()
        self._asking = threading.Thread(target=self._cancel)  # the run's own thread may be using the database
        self._asking.start()

    def _cancel(self) -> None:
        click.echo("Ending after the records in hand; once more ends it at once.", err=True)
        with self._app.app_context():
            request_cancel(db.session.get_one(Run, self._run_id), ACTOR)
