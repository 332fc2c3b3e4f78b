"""The cookie that carries messages to the next page. Browsers drop one that is too long, without a word."""

from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin

LONGEST = 3_800  # of the 4,096 bytes that browsers take, its name and what it is for beside it
FLASHES = "_flashes"
CUT_TO = (1_000, 400, 150, 50)  # characters of each message, as far as needed


class FittingSessions(SecureCookieSessionInterface):
    """Cuts messages short that would not fit, so that each is told."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified and FLASHES in session:
            for characters in CUT_TO:
                if self._fits(app, session):
                    break
                session[FLASHES] = [(category, _cut(told, characters)) for category, told in session[FLASHES]]
        super().save_session(app, session, response)

    def _fits(self, app: Flask, session: SessionMixin) -> bool:
        serializer = self.get_signing_serializer(app)
        return serializer is not None and len(serializer.dumps(dict(session))) <= LONGEST


def _cut(told: Any, characters: int) -> Any:
    """The message, cut short; one that can be undone says so beside its text."""
    if isinstance(told, dict):
        return told | {"text": _cut(told["text"], characters)}
    return told if len(told) <= characters else told[: characters - 1].rstrip() + "…"


def register(app: Flask) -> None:
    app.session_interface = FittingSessions()
