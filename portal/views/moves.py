"""Giving a session another time or room, from the agenda's day, rooms and conflicts (H3)."""

from urllib.parse import parse_qsl

from flask import Blueprint, Response, flash, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from portal.errors import Refused
from portal.forms.moves import MOVED, DropForm, MoveForm
from portal.forms.refusals import show_refusal
from portal.htmx import go_on, leave_for, render_either
from portal.models import Event, KeptChange, Organisation, Session
from portal.operations.editing.many import move_session
from portal.operations.editing.saving import EditedMeanwhile
from portal.operations.queries.access import find_session
from portal.operations.queries.drafts import draft_of_session, list_offered, written
from portal.operations.queries.editable import why_not_edit
from portal.views.access import for_admins
from portal.views.agenda import AGENDA, read_wanted
from portal.views.undoing import tell_with_undo

MOVE = f"{AGENDA}/sessions/<session_id>/move"

blueprint = Blueprint("moves", __name__)
blueprint.add_app_template_filter(written, "written")


@blueprint.get(MOVE)
@for_admins
def move_show(organisation: Organisation, event: Event, session: Session) -> Response:
    return show_form(
        event, session, MoveForm.of(draft_of_session(session), event.timezone, list_offered(event))
    )


@blueprint.post(MOVE)
@for_admins
def move_save(organisation: Organisation, event: Event, session: Session) -> Response:
    form = MoveForm(event.timezone, list_offered(event))
    stored = draft_of_session(session)
    draft = form.read(stored)
    if draft is None:
        return show_form(event, session, form, 422)
    try:
        change = move_session(session, draft, form.marks, current_user.email)
    except EditedMeanwhile as error:
        form.mark({name: error.stored[name] for name in MOVED})
        now_at = form.time_in_words(error.stored["starts_at"])
        text = f"{error} It is at {now_at} now. Save again to move it all the same, or go back to leave it."
        form.form_errors = [*form.form_errors, text]
        return show_form(event, session, form, 422)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_form(event, session, form, 422)
    tell_of_move(change)
    return leave_for(back_address(event))


@blueprint.post(f"{AGENDA}/move")
@for_admins
def session_drop(organisation: Organisation, event: Event) -> Response:
    """A session was dragged, or carried by keyboard: the agenda comes again, with what became of it in a message."""
    form = DropForm()
    session = find_session(event, form.session.data or "")
    if session is None or not form.validate():
        flash("That is no place for it. Use Move to give it another time or room.", "warning")
        return go_on(back_address(event))
    try:
        draft, seen = form.read(draft_of_session(session), event.timezone, list_offered(event))
        tell_of_move(move_session(session, draft, seen, current_user.email))
    except EditedMeanwhile as error:
        flash(f"{error} Nothing was moved: it is shown where it is now.", "warning")
    except Refused as refusal:
        flash(str(refusal), "warning")
    return go_on(back_address(event))


def tell_of_move(change: KeptChange | None) -> None:
    if change is None:
        flash("Nothing was changed.", "info")
    else:
        tell_with_undo(f"Moved {change.text}.", change, request.values.get("back", ""))


def back_address(event: Event) -> str:
    """The agenda as it was left."""
    return read_wanted(event, MultiDict(parse_qsl(request.values.get("back", "")))).here


def show_form(event: Event, session: Session, form: MoveForm, status: int = 200) -> Response:
    return render_either(
        "moves/move.html",
        "moves/_form.html",
        status,
        form=form,
        session=session,
        back=back_address(event),
        query=request.values.get("back", ""),
        reason_not_edit=why_not_edit(event),
    )
