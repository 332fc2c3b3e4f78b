"""Where Sessionboard's webhook sends its messages (H1). Nobody is logged in here: address and secret decide."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from portal.config import current_application
from portal.errors import Refused
from portal.extensions import csrf
from portal.operations.sources.hooks import HEADER, find_hook
from portal.operations.sources.noting import note_message, take_in_messages
from portal.wire import NoJson

LARGEST_MESSAGE = 1_000_000  # bytes: a session with all its people has some ten thousand

blueprint = Blueprint("hooks", __name__)


@blueprint.post("/hooks/sessionboard/<address>")
@csrf.exempt
def hook_receive(address: str) -> ResponseReturnValue:
    """Note a message. 404 for a wrong address or secret, 202 for everything that can be read, 503 for too many."""
    request.max_content_length = LARGEST_MESSAGE
    source = find_hook(address, request.headers.get(HEADER, ""))
    if source is None:
        return _say(404, "There is no such webhook.")
    answer = _say(202, "Received.")
    try:
        if note_message(source.organisation_id, request.get_data(cache=False)):
            answer.call_on_close(_afterwards(current_application(), source.organisation_id))
    except NoJson:
        return _say(400, "The body is no JSON.")
    except Refused as refusal:
        return _say(503, str(refusal))
    return answer


def _afterwards(app: Flask, organisation_id: int) -> Callable[[], None]:
    """Takes the messages in when the answer has been sent."""

    def take_in() -> None:
        with app.app_context():
            take_in_messages(organisation_id)

    return take_in


def _say(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
