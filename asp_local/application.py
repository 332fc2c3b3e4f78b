"""Sends each request to the part that answers it: the API, the controls, or the event's website."""

from asp_local.answers import Refusal, bad_request, error_answer, json_answer, not_found, read_object
from asp_local.api import method_not_allowed
from asp_local.editors import Editors
from asp_local.gate import Gate
from asp_local.website import Website
from asp_local.wire import PLAIN, Answer, Request
from local_partner.settings import BadSetting


class Application:
    """The whole server, but for the sockets."""

    def __init__(self, gate: Gate, editors: Editors, website: Website) -> None:
        self._gate = gate
        self._editors = editors
        self._website = website

    def answer(self, request: Request) -> Answer:
        """Answer any request; an error of the server's own is a 500 like any other server's."""
        segments = request.segments()
        if segments[0] == "public":
            return self._gate.answer(request)
        if not segments[0].startswith("_"):
            return self._website.answer(request)
        try:
            return self._answer_control(request, segments)
        except Refusal as refusal:
            return refusal.answer

    def _answer_control(self, request: Request, segments: list[str]) -> Answer:
        if segments[0] == "_records":
            return self._editors.answer(request, segments[1:])
        call = f"{request.method} /{'/'.join(segments)}"
        if call == "PUT /_control":
            try:
                return json_answer(self._gate.control(read_object(request)).as_dict())
            except BadSetting as exc:
                raise bad_request(str(exc)) from exc
        if call == "GET /_control":
            return json_answer(self._gate.controls.as_dict())
        if call == "GET /_stats":
            return json_answer(self._gate.statistics.as_dict())
        if call == "POST /_stats/reset":
            self._gate.statistics.reset()
            return json_answer(self._gate.statistics.as_dict())
        if segments in (["_control"], ["_stats"], ["_stats", "reset"]):
            return method_not_allowed(["POST"] if segments[1:] else ["GET", "PUT"])
        raise not_found("page")


def failed_answer() -> Answer:
    """What a request gets when answering it went wrong here; the cause is on the server's standard error."""
    return error_answer(500, "asp-local itself went wrong; see its standard error.")


def plain_answer(status: int, text: str) -> Answer:
    """A short text, for a browser or for a request that cannot be read."""
    return Answer(status, f"{text}\n".encode(), PLAIN)
