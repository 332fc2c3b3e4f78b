"""G5: a file that cannot be read does nothing: no page fails, nothing is stored, neither time nor memory goes.

`make bad-files` brings in 5,000 of them; the suite brings in a few.
"""

import io
import os
import resource
import time

from bad_files import bad_files
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, func, select

from portal.models import Contact, Event, Session, Upload, db

EXAMPLES = int(os.environ.get("PORTAL_BAD_FILES", "40"))
LONGEST = 10.0  # seconds
MOST_MEMORY = 300  # MiB of the whole process


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(file=bad_files())
def test_a_bad_file_does_nothing(app: Flask, admin: FlaskClient, file: tuple[str, bytes]) -> None:
    name, content = file
    begun = time.monotonic()
    _bring_in(admin, name, content)
    seconds = time.monotonic() - begun

    with app.app_context():
        kept = [
            db.session.scalar(select(func.count()).select_from(each)) for each in (Event, Session, Contact)
        ]
        db.session.execute(delete(Upload))
        db.session.commit()

    assert kept == [0, 0, 0]
    assert seconds < LONGEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 < MOST_MEMORY


def _bring_in(admin: FlaskClient, name: str, content: bytes) -> None:
    """Go the whole road up to the button that would import the file."""
    answer = admin.post(
        "/orgs/one/import",
        data={"file": (io.BytesIO(content), name), "name": "Forum", "timezone": "Europe/Paris"},
    )
    assert answer.status_code in (303, 422), answer.text
    if answer.status_code == 303:
        columns = answer.location
        assert admin.get(columns).status_code in (200, 422)
        assert admin.get(columns.removesuffix("/columns")).status_code in (200, 422)
