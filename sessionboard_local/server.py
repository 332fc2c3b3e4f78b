"""`LocalSessionboard`, which starts and stops the whole server."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from local_partner.background import InBackground
from local_partner.settings import BadSetting
from sessionboard_local.api import make_api
from sessionboard_local.faults import Clock, Controls
from sessionboard_local.gate import Gate
from sessionboard_local.pages import Editor, make_pages
from sessionboard_local.records import EventRecords, Record, Records, load_programme
from sessionboard_local.webhooks import Sender, Target

DEMO_TOKEN = "demo-token"  # noqa: S105


class LocalSessionboard(InBackground):
    """A local Sessionboard that can be started once and stopped once; a context manager does both.

    `programmes` are programmes or files of them; `tokens` maps a token to whether it hides personal data; `keep` is a
    file that keeps what is changed; `webhook` is where changes made on its pages are told; `controls` are the
    settings of `sessionboard_local.faults.Controls`.
    Raises BadProgramme or BadSetting.
    """

    def __init__(
        self,
        programmes: Iterable[Record | Path],
        *,
        tokens: Mapping[str, bool] | None = None,
        keep: Path | None = None,
        webhook: Target | None = None,
        address: tuple[str, int] = ("127.0.0.1", 0),
        clock: Clock = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        **controls: Any,
    ) -> None:
        super().__init__("sessionboard-local")
        self._address = address
        read = (load_programme(each) if isinstance(each, Path) else each for each in programmes)
        self.records = Records(read, keep, now)
        self.gate = Gate(tokens or {DEMO_TOKEN: False}, Controls().changed(controls), clock, self._stopping)
        self.sender = Sender(self._stopping, webhook)
        self.app = _make_app(Editor(self.records, self.sender), self.gate)

    def start(self) -> str:
        url = super().start()
        self.sender.start()
        return url

    def _listen(self) -> BaseWSGIServer:
        host, port = self._address
        return make_server(host, port, self.app, threaded=True, request_handler=_Handler)

    def _end(self) -> None:
        self.sender.stop()

    def event(self, event_id: int | str) -> EventRecords:
        """An event's records."""
        return self.records.events[str(event_id)]

    def control(self, **settings: Any) -> dict[str, Any]:
        """Change some settings; the answer is all of them. Raises BadSetting."""
        return self.gate.control(settings).as_dict()

    def requests(self) -> int:
        """How many requests to the API have arrived."""
        return int(self.gate.statistics()["requests"])


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body leave as two packets: 40 ms for every answer otherwise

    def log_request(self, *_: Any) -> None:
        """Quiet; `GET /_stats` counts."""


def _make_app(editor: Editor, gate: Gate) -> Flask:
    app = Flask("sessionboard_local")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(make_api(editor.records, gate))
    app.register_blueprint(make_pages(editor, [token for token, hides in gate.tokens.items() if not hides]))

    @app.errorhandler(HTTPException)
    def say(problem: HTTPException) -> tuple[Response, int]:
        return jsonify({"error": problem.name, "message": problem.description}), problem.code or 500

    @app.get("/_control")
    def show_controls() -> Response:
        return jsonify(gate.controls.as_dict())

    @app.put("/_control")
    def change_controls() -> Response:
        settings = request.get_json(silent=True)
        if not isinstance(settings, dict):
            abort(400, "The body must be a JSON object.")
        try:
            return jsonify(gate.control(settings).as_dict())
        except BadSetting as problem:
            abort(400, str(problem))

    @app.get("/_stats")
    def show_statistics() -> Response:
        return jsonify(gate.statistics())

    @app.post("/_stats/reset")
    def reset_statistics() -> Response:
        gate.reset_statistics()
        return jsonify(gate.statistics())

    return app
