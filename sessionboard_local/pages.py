"""The pages on which sessions and people are planned, and the door for scripts that plan them (`/_records`)."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from sessionboard_local.records import CHOICES, EventRecords, Record, Records, new_id, timestamp
from sessionboard_local.webhooks import Sender, Target, make_message

STATUSES = ("accepted", "accept_queue", "pending", "decline_queue", "declined")
ROLES = ("speaker", "moderator", "chairperson")
SINGULAR = {"sessions": "session", "contacts": "contact"}
SESSION_FIELDS = ("title", "status", "client_session_id", "description")
CONTACT_FIELDS = ("first_name", "last_name", "email", "title", "company_name", "photo_url", "about")
SHOWN = 200


class Editor:
    """Changes records, keeps them, and tells the webhook."""

    def __init__(self, records: Records, sender: Sender) -> None:
        self.records = records
        self.sender = sender

    def event(self, event_id: str) -> EventRecords:
        found = self.records.events.get(event_id)
        if found is None:
            abort(404, "There is no such event.")
        return found

    def change(self, event: EventRecords, kind: str, record_id: str, values: Record) -> None:
        """Change a session or contact, or make it."""
        known = event.sessions if kind == "sessions" else event.contacts
        verb = "updated" if record_id in known else "created"
        event.change(kind, record_id, **values)
        self._told(event, f"{SINGULAR[kind]}.{verb}", record_id)

    def remove(self, event: EventRecords, kind: str, record_id: str) -> None:
        event.remove(kind, record_id)
        self._told(event, f"{SINGULAR[kind]}.deleted", record_id)

    def _told(self, event: EventRecords, action: str, record_id: str) -> None:
        self.records.save()
        self.sender.send(make_message(event, action, record_id))


def make_pages(editor: Editor, tokens: list[str]) -> Blueprint:
    """The blueprint of everything beside the API and the controls."""
    pages = Blueprint("pages", __name__)
    _add_lists(pages, editor, tokens)
    _add_sessions(pages, editor)
    _add_contacts(pages, editor)
    _add_both(pages, editor)
    _add_scripts(pages, editor)
    return pages


def _add_lists(pages: Blueprint, editor: Editor, tokens: list[str]) -> None:
    @pages.get("/")
    def home() -> str:
        events = list(editor.records.events.values())
        return render_template("home.html", events=events, tokens=tokens, sender=editor.sender)

    @pages.get("/event/<event_id>")
    def sessions(event_id: str) -> str:
        event = editor.event(event_id)
        found = [each for each in event.sessions.values() if _matches(each, "title")]
        found.sort(key=lambda each: (each.get("starts_at") or "9", each.get("title") or ""))
        zone = ZoneInfo(event.event["timezone"])
        rows = [(each, _local(each.get("starts_at"), zone)) for each in found[:SHOWN]]
        return render_template("sessions.html", event=event, rows=rows, number=len(found), statuses=STATUSES)

    @pages.get("/event/<event_id>/contacts")
    def contacts(event_id: str) -> str:
        event = editor.event(event_id)
        found = [
            each for each in event.contacts.values() if _matches(each, "first_name", "last_name", "email")
        ]
        found.sort(key=lambda each: (each.get("last_name") or "", each.get("first_name") or ""))
        return render_template("contacts.html", event=event, rows=found[:SHOWN], number=len(found))

    @pages.post("/webhook")
    def webhook() -> Redirection:
        url, header = request.form.get("url", "").strip(), request.form.get("header", "").strip()
        value = request.form.get("value", "").strip()
        editor.sender.target = Target(url, {header: value} if header else {}) if url else None
        return redirect(url_for("pages.home"))


def _add_sessions(pages: Blueprint, editor: Editor) -> None:
    @pages.get("/event/<event_id>/sessions/<record_id>")
    def session(event_id: str, record_id: str) -> str:
        event = editor.event(event_id)
        found = (
            event.session(record_id) if record_id in event.sessions else {"id": record_id, "participants": []}
        )
        zone = ZoneInfo(event.event["timezone"])
        times = {name: _local(found.get(name), zone) for name in ("starts_at", "ends_at")}
        return render_template(
            "session.html",
            event=event,
            session=found,
            times=times,
            choices=CHOICES,
            statuses=STATUSES,
            roles=ROLES,
        )

    @pages.post("/event/<event_id>/sessions/<record_id>")
    def session_save(event_id: str, record_id: str) -> Redirection:
        event = editor.event(event_id)
        with editor.records.lock:
            editor.change(event, "sessions", record_id, _session_values(event, record_id))
        return redirect(url_for("pages.session", event_id=event_id, record_id=record_id))

    @pages.post("/event/<event_id>/sessions/<record_id>/status")
    def session_status(event_id: str, record_id: str) -> Redirection:
        event = editor.event(event_id)
        with editor.records.lock:
            editor.change(event, "sessions", record_id, {"status": request.form.get("status", "pending")})
        return redirect(url_for("pages.sessions", event_id=event_id, search=request.form.get("search", "")))


def _add_contacts(pages: Blueprint, editor: Editor) -> None:
    @pages.get("/event/<event_id>/contacts/<record_id>")
    def contact(event_id: str, record_id: str) -> str:
        event = editor.event(event_id)
        found = event.contacts.get(record_id, {"id": record_id})
        return render_template("contact.html", event=event, contact=found, fields=CONTACT_FIELDS)

    @pages.post("/event/<event_id>/contacts/<record_id>")
    def contact_save(event_id: str, record_id: str) -> Redirection:
        values: Record = {name: request.form.get(name, "").strip() or None for name in CONTACT_FIELDS}
        with editor.records.lock:
            editor.change(editor.event(event_id), "contacts", record_id, values)
        return redirect(url_for("pages.contact", event_id=event_id, record_id=record_id))


def _add_both(pages: Blueprint, editor: Editor) -> None:
    @pages.get("/event/<event_id>/<any(sessions, contacts):kind>/new")
    def new(event_id: str, kind: str) -> Redirection:
        return redirect(url_for(f"pages.{SINGULAR[kind]}", event_id=event_id, record_id=new_id()))

    @pages.post("/event/<event_id>/<any(sessions, contacts):kind>/<record_id>/delete")
    def delete(event_id: str, kind: str, record_id: str) -> Redirection:
        with editor.records.lock:
            editor.remove(editor.event(event_id), kind, record_id)
        return redirect(url_for(f"pages.{kind}", event_id=event_id))


def _add_scripts(pages: Blueprint, editor: Editor) -> None:
    @pages.put("/_records/<event_id>/<any(sessions, contacts):kind>/<record_id>")
    def script_change(event_id: str, kind: str, record_id: str) -> Response:
        values = request.get_json(silent=True)
        if not isinstance(values, dict):
            abort(400, "The body must be a JSON object.")
        event = editor.event(event_id)
        with editor.records.lock:
            editor.change(event, kind, record_id, values)
            return jsonify(event.session(record_id) if kind == "sessions" else event.contact(record_id))

    @pages.delete("/_records/<event_id>/<any(sessions, contacts):kind>/<record_id>")
    def script_remove(event_id: str, kind: str, record_id: str) -> Response:
        with editor.records.lock:
            editor.remove(editor.event(event_id), kind, record_id)
        return jsonify({"id": record_id})


def _matches(record: Record, *names: str) -> bool:
    search = request.args.get("search", "").strip().casefold()
    return not search or any(search in str(record.get(name) or "").casefold() for name in names)


def _local(text: Any, zone: ZoneInfo) -> str:
    """A moment as a field of the page shows it; "" where there is none."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _session_values(event: EventRecords, record_id: str) -> Record:
    zone = ZoneInfo(event.event["timezone"])
    values: Record = {name: request.form.get(name, "").strip() or None for name in SESSION_FIELDS}
    values["is_public"] = "is_public" in request.form
    for name in ("starts_at", "ends_at"):
        text = request.form.get(name, "")
        values[name] = (
            timestamp(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)) if text else None
        )
    for name, lookup in CHOICES.items():
        values[name] = _chosen(event, lookup, request.form.get(name, "").strip())
    values["participants"] = _participants(event, record_id)
    return values


def _chosen(event: EventRecords, lookup: str, name: str) -> Record | None:
    """The entry with this name, which is made where it is missing."""
    if not name:
        return None
    known = next((each for each in event.lookups[lookup].values() if each["name"] == name), None)
    return known or {"id": new_id(), "name": name}


def _participants(event: EventRecords, record_id: str) -> list[Record]:
    former = event.sessions.get(record_id, {}).get("participants", [])
    kept = [
        {**each, "status": request.form.get(f"status-{place}", each.get("status"))}
        for place, each in enumerate(former)
        if f"remove-{place}" not in request.form
    ]
    email = request.form.get("add", "").strip().casefold()
    added = next(
        (each for each in event.contacts.values() if (each.get("email") or "").casefold() == email), None
    )
    if email and added:
        role = request.form.get("role", ROLES[0])
        kept.append(
            {
                "id": new_id(),
                "contact_id": added["id"],
                "status": "accepted",
                "sort_order": len(kept),
                "participant_role": {"slug": role, "name": role.title(), "core_role": role},
            }
        )
    return kept
