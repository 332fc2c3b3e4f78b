"""Where Sessionboard's webhook sends its messages (H1). Nobody is logged in here: address and secret decide."""

import json
import logging

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.extensions import csrf
from portal.operations.hooks import HEADER, find_hook
from portal.operations.queueing import start_wanted_syncs
from portal.operations.receiving import receive_message

LARGEST_MESSAGE = 1_000_000  # bytes: a session with all its people has some ten thousand

log = logging.getLogger(__name__)
blueprint = Blueprint("hooks", __name__)


@blueprint.post("/hooks/sessionboard/<address>")
@csrf.exempt
def hook_receive(address: str) -> ResponseReturnValue:
    """Take one message in. 404 for a wrong address or secret, 202 for everything that can be read."""
    request.max_content_length = LARGEST_MESSAGE
    source = find_hook(address, request.headers.get(HEADER, ""))
    if source is None:
        return _say(404, "There is no such webhook.")
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        return _say(400, "The body is no JSON.")
    if receive_message(source.organisation_id, body):
        start_wanted_syncs(source.organisation_id)
    return _say(202, "Received.")


def _say(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
