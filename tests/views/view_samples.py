"""What tests of the pages are made of: rows of each kind, browsers, and a look at the HTML."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import (
    Choice,
    Connection,
    Contact,
    Event,
    Flash,
    Invitation,
    Mapping,
    Membership,
    Organisation,
    Participant,
    Run,
    RunRecord,
    Session,
    SessionTag,
    Source,
    User,
    db,
)
from portal.operations.accounts.invitations import invite
from portal.operations.accounts.users import add_user
from portal.operations.connection.clients import contract
from portal.sync.planning.fields import default_rows

PASSWORD = "a long password"
HTMX = {"HX-Request": "true"}
START = datetime(datetime.now(UTC).year + 1, 6, 15, 8, tzinfo=UTC)


def make_user(app: Flask, email: str, organisation: str, role: str = "admin") -> int:
    with app.app_context():
        return add_user(email, organisation, role, PASSWORD, "test").id


def log_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def make_event(app: Flask, slug: str = "one", sessions: int = 3, **overrides: Any) -> int:
    """An event whose sessions have a room, a format, two tags and two people each."""
    with app.app_context():
        organisation = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
        values = {"source": "file", "source_id": None, "name": "Small Conf", "timezone": "Europe/Paris"}
        event = Event(organisation_id=organisation.id, **(values | overrides))
        db.session.add(event)
        db.session.flush()
        for number in range(sessions):
            _add_session(event, number)
        db.session.commit()
        return event.id


def _add_session(event: Event, number: int) -> None:
    choices = [
        Choice(
            event_id=event.id,
            kind=kind,
            source_id=f"{kind}{number}",
            name=f"{kind} {number}",
            colour="#aa3300",
        )
        for kind in ("room", "format", "tag", "track")
    ]
    people = [
        Contact(
            event_id=event.id,
            source_id=contact_id(number, each),
            first_name=f"First{number}",
            last_name=f"Lást{each}",
            email=f"person{number}-{each}@example.org",
            biography="One line\nand another",
            custom_fields={},
        )
        for each in range(2)
    ]
    db.session.add_all([*choices, *people])
    db.session.flush()
    session = Session(
        event_id=event.id,
        source_id=session_id(number),
        title=f"Session {number}",
        description="<p>Hello <script>alert(1)</script></p>",
        status="accepted",
        starts_at=START + timedelta(hours=number),
        ends_at=START + timedelta(hours=number, minutes=45),
        client_session_id=f"C{number}",
        room_id=choices[0].id,
        format_id=choices[1].id,
        custom_fields={"Wish": ["tea", "coffee"]},
    )
    db.session.add(session)
    db.session.flush()
    db.session.add(SessionTag(session_id=session.id, choice_id=choices[2].id, position=0))
    for position, contact in enumerate(people):
        db.session.add(
            Participant(
                session_id=session.id,
                contact_id=contact.id,
                role="speaker",
                status="accepted",
                position=position,
            )
        )


def make_people(app: Flask, slug: str) -> dict[str, int]:
    """The ids of a member of the organisation and of an open invitation."""
    with app.app_context():
        organisation = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
        invite(organisation, "guest@example.org", "viewer", "test")
        member = db.session.scalars(
            select(Membership.id).where(Membership.organisation_id == organisation.id)
        ).first()
        invitation = db.session.scalars(
            select(Invitation.id).where(Invitation.organisation_id == organisation.id)
        ).first()
        return {"member_id": member, "invitation_id": invitation}


def first_choice(app: Flask, event_id: int, kind: str = "room") -> int | None:
    """The id of the event's first room, format or tag."""
    with app.app_context():
        return db.session.scalars(
            select(Choice.id).where(Choice.event_id == event_id, Choice.kind == kind).order_by(Choice.id)
        ).first()


def session_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def contact_id(number: int, each: int = 0) -> str:
    return f"00000000-0000-4000-900{each}-{number:012d}"


def change_session(app: Flask, event_id: int, number: int, **values: Any) -> None:
    with app.app_context():
        session = db.session.scalars(
            select(Session).where(Session.event_id == event_id, Session.source_id == session_id(number))
        ).one()
        for name, value in values.items():
            setattr(session, name, value)
        db.session.commit()


def make_mapping(app: Flask, event_id: int, site: str = "site", **overrides: Any) -> int:
    """A mapping of the event, and the organisation's connection when it has none."""
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        organisation_id = event.organisation_id
        if not db.session.scalar(select(Connection).where(Connection.organisation_id == organisation_id)):
            secret = app.extensions["portal_vault"].encrypt("s3cret")
            db.session.add(
                Connection(
                    organisation_id=organisation_id,
                    api_key="key",
                    secret_encrypted=secret,
                    connected_by="test",
                )
            )
        values = {
            "site_uuid": site,
            "site_name": "The site",
            "seminar_uuid": "seminar",
            "seminar_number": "1111",
            "seminar_name": "Programme",
            "created_by": "admin@example.org",
        }
        mapping = Mapping(organisation_id=organisation_id, event_id=event_id, **(values | overrides))
        for kind in ("session", "speaker"):
            for position, row in enumerate(default_rows(contract(), kind)):
                mapping.field_mappings.append(_field_mapping(kind, position, row))
        db.session.add(mapping)
        db.session.commit()
        return mapping.id


def _field_mapping(kind: str, position: int, row: Any) -> Any:
    from portal.models import FieldMapping

    return FieldMapping(kind=kind, position=position, field=row.field, slug=row.slug)


def make_source(app: Flask, slug: str = "one", **overrides: Any) -> None:
    """The organisation's access to Sessionboard."""
    with app.app_context():
        organisation = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
        token = app.extensions["portal_vault"].encrypt("t0ken")
        values = {"region": "us", "token_encrypted": token, "connected_by": "test"}
        db.session.add(Source(organisation_id=organisation.id, **(values | overrides)))
        db.session.commit()


def make_run(app: Flask, event_id: int, **overrides: Any) -> int:
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        mapping = db.session.scalar(select(Mapping.id).where(Mapping.event_id == event_id))
        values = {
            "mapping_id": mapping,
            "actor": "admin@example.org",
            "destination": "The site › Programme (1111)",
            "status": "running",
            "heartbeat_at": datetime.now(UTC),
            "machine": "another",
        }
        run = Run(organisation_id=event.organisation_id, event_id=event_id, **(values | overrides))
        db.session.add(run)
        db.session.commit()
        return run.id


def make_record(app: Flask, run_id: int, number: int = 0, **overrides: Any) -> None:
    with app.app_context():
        values = {"kind": "session", "source_id": session_id(number), "name": f"Session {number}"}
        db.session.add(RunRecord(run_id=run_id, **(values | {"outcome": "created"} | overrides)))
        db.session.commit()


def end_run(
    app: Flask,
    run_id: int,
    status: str = "succeeded",
    message: str | None = "Sync complete.",
    failed: int = 0,
    withheld: int = 0,
) -> None:
    """End a run, as a worker does, with a message for whoever asked."""
    with app.app_context():
        run = db.session.get_one(Run, run_id)
        run.status, run.message, run.finished_at = status, message, datetime.now(UTC)
        run.withheld = withheld
        if failed:
            run.counts = {"sessions": {"failed": failed}}
        if run.user_id is not None and message:
            db.session.add(
                Flash(
                    user_id=run.user_id,
                    organisation_id=run.organisation_id,
                    run_id=run.id,
                    category="success" if status == "succeeded" else "error",
                    message=message,
                )
            )
        db.session.commit()


def user_id(app: Flask, email: str) -> int:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.email == email)).one()


@dataclass(slots=True)
class Look:
    """What a test looks at in a page: how often each id stands there, its headings, its title."""

    ids: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    title: str = ""


def look_at(html: str) -> Look:
    look = Look()

    class Reader(HTMLParser):
        inside = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            look.tags[tag] += 1
            look.ids.update(value or "" for name, value in attrs if name == "id")
            self.inside = tag

        def handle_data(self, data: str) -> None:
            if self.inside == "title":
                look.title += data

        def handle_endtag(self, tag: str) -> None:
            self.inside = ""

    Reader().feed(html)
    return look
