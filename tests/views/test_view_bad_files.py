"""G5: a file that cannot be read does nothing: no page fails, nothing is stored, neither time nor memory goes."""

import io
import time
from pathlib import Path

import pytest
from bad_files import bad_files
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete, func, select

from portal.models import Contact, Event, Session, Upload, db

LONGEST = 10.0  # seconds of the processor, so that nobody else on the machine counts
MOST_MEMORY = 180 * 1024  # KiB that a file takes beside the portal itself, which has about 110 MiB
FEW, MANY = 30, 5_000
PROCESS = Path("/proc/self")
SETTINGS = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],  # a file of megabytes is as good as a small one
    print_blob=False,
)


@settings(SETTINGS, max_examples=FEW)
@given(file=bad_files())
def test_a_bad_file_does_nothing(app: Flask, admin: FlaskClient, file: tuple[str, bytes]) -> None:
    bring_in_and_see(app, admin, *file)


@pytest.mark.large
@settings(SETTINGS, max_examples=MANY)
@given(file=bad_files())
def test_thousands_of_bad_files_do_nothing(app: Flask, admin: FlaskClient, file: tuple[str, bytes]) -> None:
    bring_in_and_see(app, admin, *file)


def bring_in_and_see(app: Flask, admin: FlaskClient, name: str, content: bytes) -> None:
    (PROCESS / "clear_refs").write_text("5")  # forgets the most memory that there was
    before, begun = memory("VmRSS"), time.process_time()
    pages = _bring_in(admin, name, content)
    seconds, taken = time.process_time() - begun, memory("VmHWM") - before
    with app.app_context():
        kept = [
            db.session.scalar(select(func.count()).select_from(each)) for each in (Event, Session, Contact)
        ]
        db.session.execute(delete(Upload))
        db.session.commit()

    assert set(pages) <= {200, 303, 422}
    assert kept == [0, 0, 0]
    assert seconds < LONGEST
    assert taken < MOST_MEMORY


def memory(name: str) -> int:
    """What the process has of it, in KiB."""
    lines = (PROCESS / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _bring_in(admin: FlaskClient, name: str, content: bytes) -> list[int]:
    """Go the whole road up to the button that would import the file; returns how each page answered."""
    answer = admin.post(
        "/orgs/one/import",
        data={"file": (io.BytesIO(content), name), "name": "Forum", "timezone": "Europe/Paris"},
    )
    if answer.status_code != 303:
        return [answer.status_code]
    columns = answer.location
    pages = [admin.get(address) for address in (columns, columns.removesuffix("/columns"))]
    return [answer.status_code, *(page.status_code for page in pages)]
