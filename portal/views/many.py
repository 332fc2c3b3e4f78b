"""Many sessions at once: accepted, declined, changed, given IDs (H3)."""

from flask import Blueprint, Response, flash, request
from flask_login import current_user

from portal.errors import Refused
from portal.forms.many import ManyForm, NumberingForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.models import Event, KeptChange, Organisation
from portal.operations.editing.many import change_many, give_client_ids
from portal.operations.queries.drafts import list_offered
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.numbering import Numbered, list_numbered, mark_of_numbering, suggest_pattern
from portal.programme.numbering import Pattern, parse_pattern
from portal.text.numbers import count
from portal.views.access import EVENT, for_admins
from portal.views.agenda import fitting_sessions, wanted_by
from portal.views.undoing import tell_with_undo

MOST = 50_000  # sessions of one event (G5)
AT_ONCE = {"accept": "accepted", "decline": "declined"}

blueprint = Blueprint("many", __name__)


def chosen_sessions(event: Event) -> list[str]:
    """The UUIDs that were ticked, or those of all that fit the list."""
    if request.form.get("all") == "1":
        return fitting_sessions(event, request.form.get("query", ""))[:MOST]
    return request.values.getlist("session")[:MOST]


def agenda_address(event: Event) -> str:
    """The agenda as it was when sessions were ticked."""
    return wanted_by(event, request.form.get("query", "")).here


@blueprint.post(f"{EVENT}/sessions/many")
@for_admins
def many_change(organisation: Organisation, event: Event) -> Response:
    """What was pressed below the agenda: done at once, or asked further."""
    chosen, action = chosen_sessions(event), request.form.get("action", "")
    if not chosen:
        flash("Tick sessions first.", "warning")
        return leave_for(agenda_address(event))
    if action == "ids":
        return show_suggested_ids(event)
    form = ManyForm(list_offered(event))
    if action != "change" and action not in AT_ONCE:
        return show_form(event, form, chosen)
    wanted = {"status": AT_ONCE[action]} if action in AT_ONCE else form.read()
    if wanted is None:
        return show_form(event, form, chosen, 422)
    try:
        change = change_many(event, chosen, wanted, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_form(event, form, chosen, 422)
    return done(event, change)


def done(event: Event, change: KeptChange | None) -> Response:
    if change is None:
        flash("Nothing had to be changed: they were so already.", "info")
    else:
        tell_with_undo(
            f"{count(len(change.fields), 'session')}: {change.text}.", change, request.form.get("query", "")
        )
    return leave_for(agenda_address(event))


def show_form(event: Event, form: ManyForm, chosen: list[str], status: int = 200) -> Response:
    return render_either(
        "many/change.html",
        "many/_change.html",
        status,
        form=form,
        chosen=chosen,
        is_all=request.form.get("all") == "1",
        query=request.form.get("query", ""),
        reason_not_edit=why_not_edit(event),
    )


@blueprint.get(f"{EVENT}/sessions/ids")
@for_admins
def ids_show(organisation: Organisation, event: Event) -> Response:
    return show_suggested_ids(event)


def show_suggested_ids(event: Event) -> Response:
    """The list by the pattern that the other IDs follow."""
    pattern, start = suggest_pattern(event)
    form = NumberingForm(None, pattern=str(pattern), start=start, accepted_only=True)
    return show_ids(event, form, pattern, start)


@blueprint.post(f"{EVENT}/sessions/ids")
@for_admins
def ids_give(organisation: Organisation, event: Event) -> Response:
    form = NumberingForm()
    if not form.validate():
        return show_ids(event, form, None, 0, 422)
    pattern = parse_pattern(form.pattern.data)
    if request.form.get("action") == "show":
        return show_ids(event, form, pattern, form.start.data)
    rows = numbered_rows(event, form, pattern, form.start.data)
    if mark_of_numbering(rows) != form.shown.data:
        form.form_errors = [
            "The programme has changed meanwhile. Look at the list once more, then give the IDs."
        ]
        return show_ids(event, form, pattern, form.start.data, 422)
    try:
        change = give_client_ids(event, {row.source_id: row.client_id for row in rows}, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_ids(event, form, pattern, form.start.data, 422)
    return done(event, change)


def numbered_rows(event: Event, form: NumberingForm, pattern: Pattern | None, start: int) -> list[Numbered]:
    if pattern is None:
        return []
    return list_numbered(event, pattern, start, bool(form.accepted_only.data), chosen_sessions(event))


def show_ids(
    event: Event, form: NumberingForm, pattern: Pattern | None, start: int, status: int = 200
) -> Response:
    rows = numbered_rows(event, form, pattern, start)
    return render_either(
        "many/ids.html",
        "many/_ids.html",
        status,
        form=form,
        rows=rows,
        mark=mark_of_numbering(rows),
        chosen=chosen_sessions(event),
        is_all=request.form.get("all") == "1",
        query=request.form.get("query", ""),
        reason_not_edit=why_not_edit(event),
    )
