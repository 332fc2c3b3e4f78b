"""What tests of forms have in common: what a browser would send, and what is stored afterwards."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, session_id

from portal.models import Contact, HistoryEntry, Session, db

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])


def address(event: int, place: str = "new") -> str:
    return f"/orgs/one/events/{event}/sessions/{place}"


def edit_address(event: int, number: int = 0) -> str:
    return address(event, f"{session_id(number)}/edit")


def fields_of(page: str, form_id: str = "sessions-form") -> dict[str, Any]:
    """What a browser would send of the form as it stands in the page."""
    form = page[page.index(f'id="{form_id}"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}

    def send(name: str, value: str) -> None:
        """As a browser does: of a name that stands there more than once, all values in order."""
        before = sent.get(name)
        sent[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]

    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if name and not (kind in ("checkbox", "radio") and " checked" not in tag):
            send(name, unescape(attributes.get("value", "y")))
    for name, text in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        send(name, unescape(text).removeprefix("\r\n").removeprefix("\n"))
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        every = re.findall(r"<option[^>]*>", options)
        chosen = next((each for each in every if " selected" in each), every[0] if every else None)
        if chosen:
            send(name, unescape(re.search(r'value="([^"]*)"', chosen)[1]))
    return sent


def opened(client: FlaskClient, event: int, number: int = 0) -> dict[str, Any]:
    answer = client.get(edit_address(event, number))
    assert answer.status_code == 200
    return fields_of(answer.text)


def save(client: FlaskClient, event: int, fields: dict[str, Any], number: int = 0, headers=None):
    return client.post(edit_address(event, number), data=fields, headers=headers or {})


def stored(app: Flask, event: int, number: int = 0) -> Session:
    with app.app_context():
        found = db.session.scalars(
            select(Session).where(Session.event_id == event, Session.source_id == session_id(number))
        ).one()
        db.session.expunge(found)
        return found


def last_history(app: Flask) -> HistoryEntry:
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
        assert entry is not None
        db.session.expunge(entry)
        return entry


def notes(record: Session | Contact) -> dict[str, Any]:
    """What its file said of the fields edited by hand; its time of change is noted with every edit."""
    return {name: value for name, value in record.edited.items() if name != "updated_at"}
