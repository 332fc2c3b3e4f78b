"""What was edited by hand, while a later file is looked at and imported on the pages (H3)."""

import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import fields_of
from sqlalchemy import select
from test_view_uploads import look_of, seen_in
from view_samples import session_id

from portal.models import Event, Session, db


def programme(**session: Any) -> bytes:
    first = {"id": session_id(0), "title": "First", "status": "accepted", "description": "Old"} | session
    event = {"id": 1, "name": "Conf", "timezone": "Europe/Paris"}
    return json.dumps({"event": event, "sessions": [first], "contacts": []}).encode()


def upload(client: FlaskClient, content: bytes, name: str = "programme.json", **values: str) -> str:
    answer = client.post("/orgs/one/import", data={"file": (io.BytesIO(content), name), **values})
    assert answer.status_code == 303, answer.text
    return look_of(answer.location)


def bring_in(client: FlaskClient, look: str, **answers: str):
    """Import what the look shows; returns the look and the page that follows."""
    page = client.get(look).text
    done = client.post(f"{look}/import", data={"seen": seen_in(page)} | answers)
    assert done.status_code == 303
    return page, client.get(done.location).text


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """A programme from a file, whose session has another title by hand."""
    bring_in(admin, upload(admin, programme()))
    with app.app_context():
        event = db.session.scalars(select(Event.id)).one()
    address = f"/orgs/one/events/{event}/sessions/{session_id(0)}/edit"
    fields = fields_of(admin.get(address).text) | {"title": "By hand"}
    assert admin.post(address, data=fields).status_code == 303
    return event


def title(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalars(select(Session.title)).one()


def words(page: str) -> str:
    return " ".join(page.split())


def test_h3_the_same_file_would_change_nothing(app: Flask, admin: FlaskClient, event: int) -> None:
    page, _ = bring_in(admin, upload(admin, programme()))

    assert "Everything is as in the event already." in page
    assert title(app) == "By hand"


def test_h3_only_what_the_file_changed_itself_is_shown(app: Flask, admin: FlaskClient, event: int) -> None:
    page, _ = bring_in(admin, upload(admin, programme(description="New")))

    assert "Description" in page and "changed both here and in the file" not in page
    assert title(app) == "By hand"


def test_h3_what_both_changed_is_told_before_and_after(app: Flask, admin: FlaskClient, event: int) -> None:
    page, after = bring_in(admin, upload(admin, programme(title="In the file")))

    told = "1 field was changed both here and in the file, and stays as it is here"
    assert told in words(page) and told in words(after)
    assert title(app) == "By hand"


def test_h3_the_file_counts_where_somebody_says_so(app: Flask, admin: FlaskClient, event: int) -> None:
    page, after = bring_in(admin, upload(admin, programme(title="In the file")), file_counts="y")
    again, _ = bring_in(admin, upload(admin, programme(title="Later")))

    assert 'name="file_counts"' in page and "changed both here" not in after
    assert "changed both here" not in again and title(app) == "Later"


def test_h3_a_spreadsheet_leaves_the_edit_too(app: Flask, admin: FlaskClient, event: int) -> None:
    sheet = f"Session UUID,Title,Status\n{session_id(0)},First,accepted\n".encode()

    page, _ = bring_in(admin, upload(admin, sheet, "programme.csv", event=str(event)))

    assert title(app) == "By hand"
    assert "Everything is as in the event already." in page
