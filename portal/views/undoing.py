"""Taking back what was changed by hand, for a while (H3)."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.htmx import leave_for
from portal.models import Event, KeptChange, Organisation
from portal.operations.editing.changes import MERGE, last_change
from portal.operations.editing.undoing import undo_change
from portal.text.numbers import count
from portal.views.access import EVENT, for_admins
from portal.views.agenda import wanted_by
from portal.views.records import person_address, session_address

WORDS = {"session": ("session", "sessions"), "speaker": ("person", "people")}
RECORD = "record"  # where somebody goes back to: the record itself, or the list with its query

blueprint = Blueprint("undoing", __name__)


@blueprint.post(f"{EVENT}/changes/<int(max=2147483647):change_id>/undo")
@for_admins
def change_undo(organisation: Organisation, event: Event, change: KeptChange) -> Response:
    try:
        back, kept = undo_change(change, current_user.email)
    except Refused as refusal:
        _tell_refusal(event, change, str(refusal))
        return leave_for(address_after(event, change))
    words = WORDS.get(change.kind, ("record", "records"))
    others = f" {count(kept, *words)} changed since then stayed as they are." if kept else ""
    done = "they are two entries again" if change.kind == MERGE else count(back, *words)
    flash(f"Undone: {done}.{others}", "success")
    return leave_for(address_after(event, change))


def _tell_refusal(event: Event, change: KeptChange, refusal: str) -> None:
    """Say why not; where there is a newer change than the one whose button was pressed, offer to undo that."""
    kinds = ("speaker", MERGE) if change.kind in ("speaker", MERGE) else (change.kind,)
    newest = last_change(event, kinds, current_user.email)
    if newest is None or newest.id == change.id:
        flash(refusal, "warning")
        return
    text = f"{refusal} Your last change that can be undone is: {newest.text}."
    tell_with_undo(text, newest, request.args.get("query", ""), request.args.get("back"), "warning")


def address_after(event: Event, change: KeptChange) -> str:
    """Where the change was undone: its record, or the list as it was."""
    if change.kind == MERGE:
        (stays,) = change.fields["speaker"]
        return person_address(event, stays)
    is_session = change.kind == "session"
    if request.args.get("back") != RECORD or len(change.fields) != 1:
        if is_session:
            return wanted_by(event, request.args.get("query", "")).here
        return url_for("records.person_list", org=event.organisation.slug, event_id=event.id)
    source_id = next(iter(change.fields))
    if not is_session:
        return person_address(event, source_id)
    return session_address(event, source_id)


@blueprint.app_template_global()
def undo_address(change: KeptChange, query: str = "", back: str | None = None) -> str:
    """Where a change is undone; `query` is that of the agenda to go back to, `back` leads to the record instead."""
    return url_for(
        "undoing.change_undo",
        org=g.organisation.slug,
        event_id=change.event_id,
        change_id=change.id,
        query=query or None,
        back=back,
    )


def tell_with_undo(
    text: str, change: KeptChange, query: str = "", back: str | None = None, category: str = "success"
) -> None:
    """A message with a button that undoes what it tells of."""
    flash({"text": text, "undo": undo_address(change, query, back)}, category)  # type: ignore[arg-type]
