"""Making and editing a session by hand (H3)."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import Refused
from portal.forms.custom_fields import with_custom
from portal.forms.refusals import show_refusal
from portal.forms.sessions.fields import SessionForm
from portal.forms.sessions.parts import new_names
from portal.htmx import leave_for, render_either
from portal.models import Event, Organisation, Session
from portal.operations.editing.labels import SESSION_LABELS as LABELS
from portal.operations.editing.saving import EditedMeanwhile
from portal.operations.editing.sessions import create_session, save_session
from portal.operations.queries.custom_fields import list_shown_fields
from portal.operations.queries.drafts import (
    NamedPerson,
    draft_of_session,
    empty_session_draft,
    list_offered,
    list_roles,
    name_people,
)
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.people_list import find_people
from portal.programme.drafts import Draft
from portal.text.naming import name_of
from portal.views.access import EVENT, for_admins
from portal.views.aside import describe_in_asp
from portal.views.editing import Meanwhile, ask_whose, labels_of, tell_of
from portal.views.fixing import current_fixing, go_on_fixing, lead_to_field
from portal.views.records import session_address

MOST_FOUND = 8  # people that a search offers

blueprint = Blueprint("sessions", __name__)


@blueprint.get(f"{EVENT}/sessions/new")
@for_admins
def session_new(organisation: Organisation, event: Event) -> Response:
    return show_form(
        event, form_class(event).of(empty_session_draft(event), event.timezone, list_offered(event))
    )


@blueprint.post(f"{EVENT}/sessions/new")
@for_admins
def session_create(organisation: Organisation, event: Event) -> Response:
    form = form_class(event)(event.timezone, list_offered(event))
    if form.press(request.form.get("action", "")):
        return show_form(event, form)
    draft = form.read()
    if draft is None:
        return show_form(event, form, status=422)
    try:
        session, saved = create_session(event, draft, current_user.email, form.new_id.data)
    except Refused as refusal:
        show_refusal(form, refusal)
        form.renew()
        return show_form(event, form, status=422)
    tell_of(saved)
    return leave_for(session_address(event, session.source_id))


@blueprint.get(f"{EVENT}/sessions/<session_id>/edit")
@for_admins
def session_edit(organisation: Organisation, event: Event, session: Session) -> Response:
    form = form_class(event, session).of(draft_of_session(session), event.timezone, list_offered(event))
    lead_to_field(form, event, "session", session.source_id)
    return show_form(event, form, session)


@blueprint.post(f"{EVENT}/sessions/<session_id>/edit")
@for_admins
def session_save(organisation: Organisation, event: Event, session: Session) -> Response:
    form = form_class(event, session)(event.timezone, list_offered(event))
    if form.press(request.form.get("action", "")):
        return show_form(event, form, session)
    draft = form.read()
    if draft is None:
        return show_form(event, form, session, 422)
    try:
        saved = save_session(session, draft, form.marks, current_user.email, form.theirs)
    except EditedMeanwhile as error:
        return show_both(event, form, session, draft, error)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_form(event, form, session, 422)
    tell_of(saved)
    return go_on_fixing(event, "session", session.source_id) or leave_for(
        session_address(event, session.source_id)
    )


@blueprint.get(f"{EVENT}/sessions/people")
@for_admins
def session_people(organisation: Organisation, event: Event) -> ResponseReturnValue:
    """Who can be put on a session, while somebody types; without JavaScript a button asks for the same."""
    search = request.args.get("person_search", "").strip()
    return render_template(
        "sessions/_found.html", found=find_people(event, search, MOST_FOUND), search=search
    )


def form_class(event: Event, session: Session | None = None) -> type[SessionForm]:
    """The form with the custom fields of the event, and those of the session."""
    values = session.custom_fields if session else {}
    return with_custom(SessionForm, list_shown_fields(event.id, "session", values))


def show_both(
    event: Event, form: SessionForm, session: Session, draft: Draft, error: EditedMeanwhile
) -> Response:
    """The form once more: what only the other one changed is taken over, what both changed is asked about."""
    stored = error.stored
    names = {key: each.name for key, each in names_on(event, draft["people"] + stored["people"]).items()}
    meanwhile = ask_whose(
        form,
        error,
        labels_of(form, LABELS),
        lambda name: form.in_words(name, draft, names),
        lambda name: form.in_words(name, stored, names),
    )
    return show_form(event, form, session, 422, meanwhile)


def names_on(event: Event, rows: list[list[str]]) -> dict[str, NamedPerson]:
    """How the people in a form's rows are named; some of them are yet to be made."""
    named = name_people(event, [row[0] for row in rows])
    made = {row[0]: names for row in rows if (names := new_names(row[0]))}
    return named | {key: NamedPerson(name_of(*names), names[2] or None) for key, names in made.items()}


def show_form(
    event: Event,
    form: SessionForm,
    session: Session | None = None,
    status: int = 200,
    meanwhile: Meanwhile | None = None,
) -> Response:
    search = (form.person_search.data or "").strip()
    return render_either(
        "sessions/edit.html" if session else "sessions/new.html",
        "sessions/_form.html",
        status,
        form=form,
        session=session,
        labels=labels_of(form, LABELS),
        meanwhile=meanwhile or Meanwhile(),
        reason_not_edit=why_not_edit(event),
        fixing=current_fixing(event, "session", session.source_id) if session else None,
        names=names_on(event, form.people_rows),
        roles=list_roles(event),
        search=search,
        found=find_people(event, search, MOST_FOUND),
        **(describe_in_asp(event, "session", session.source_id) if session else {}),
    )
