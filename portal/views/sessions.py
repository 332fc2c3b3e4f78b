"""Making and editing a session by hand (H3)."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.forms.refusals import show_refusal
from portal.forms.sessions import SessionForm
from portal.htmx import leave_for, render_either
from portal.models import Event, Organisation, Session
from portal.operations.editing import EditedMeanwhile, Saved
from portal.operations.queries.drafts import (
    draft_of_session,
    empty_session_draft,
    list_offered,
    why_not_edit,
)
from portal.operations.sessions import LABELS, create_session, save_session
from portal.programme.drafts import Draft
from portal.views.access import for_admins

EVENT = "/orgs/<org>/events/<int(max=2147483647):event_id>"

blueprint = Blueprint("sessions", __name__)


@blueprint.get(f"{EVENT}/sessions/new")
@for_admins
def session_new(organisation: Organisation, event: Event) -> Response:
    return show_form(event, SessionForm.of(empty_session_draft(), event.timezone, list_offered(event)))


@blueprint.post(f"{EVENT}/sessions/new")
@for_admins
def session_create(organisation: Organisation, event: Event) -> Response:
    form = SessionForm(event.timezone, list_offered(event))
    if edit_further(form):
        return show_form(event, form)
    draft = form.read()
    if draft is None:
        return show_form(event, form, status=422)
    try:
        session, saved = create_session(event, draft, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_form(event, form, status=422)
    flash(f"“{session.title}” is made.", "success")
    tell_of(saved)
    return leave_for(address_of(event, session))


@blueprint.get(f"{EVENT}/sessions/<session_id>/edit")
@for_admins
def session_edit(organisation: Organisation, event: Event, session: Session) -> Response:
    return show_form(
        event, SessionForm.of(draft_of_session(session), event.timezone, list_offered(event)), session
    )


@blueprint.post(f"{EVENT}/sessions/<session_id>/edit")
@for_admins
def session_save(organisation: Organisation, event: Event, session: Session) -> Response:
    form = SessionForm(event.timezone, list_offered(event))
    if edit_further(form):
        return show_form(event, form, session)
    draft = form.read()
    if draft is None:
        return show_form(event, form, session, 422)
    try:
        saved = save_session(session, draft, form.marks, current_user.email, read_choices())
    except EditedMeanwhile as meanwhile:
        return show_both(event, form, session, draft, meanwhile)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_form(event, form, session, 422)
    flash("Saved." if saved.changed else "Nothing was changed.", "success")
    tell_of(saved)
    return leave_for(address_of(event, session))


def edit_further(form: SessionForm) -> bool:
    """Whether a button was pressed that changes what stands in the form and stores nothing yet."""
    if request.form.get("action") == "tag":
        form.add_tag()
        return True
    return False


def address_of(event: Event, session: Session) -> str:
    return url_for(
        "records.session_show",
        org=event.organisation.slug,
        event_id=event.id,
        session_id=session.source_id,
    )


def tell_of(saved: Saved) -> None:
    """Say what somebody else had changed, and what to look at."""
    if saved.taken:
        flash(f"Changed by somebody else meanwhile, and kept: {', '.join(saved.taken)}.", "info")
    for warning in saved.warnings:
        flash(warning, "warning")


def read_choices() -> list[str]:
    """The fields that both have changed and of which the other one's value was chosen."""
    return [name for name in LABELS if request.form.get(f"keep_{name}") == "theirs"]


def show_both(
    event: Event, form: SessionForm, session: Session, draft: Draft, meanwhile: EditedMeanwhile
) -> Response:
    """The form once more: what only the other one changed is taken over, what both changed is asked about."""
    stored, merged = meanwhile.stored, meanwhile.merged
    form.fill({name: stored[name] for name in merged.taken})
    form.mark(stored)
    both = {
        name: (form.in_words(name, draft), form.in_words(name, stored))
        for name in LABELS
        if name in merged.both
    }
    return show_form(event, form, session, 422, both=both, taken=merged.taken, by=meanwhile.by)


def show_form(
    event: Event,
    form: SessionForm,
    session: Session | None = None,
    status: int = 200,
    both: dict[str, tuple[str, str]] | None = None,
    taken: frozenset[str] = frozenset(),
    by: str | None = None,
) -> Response:
    return render_either(
        "sessions/edit.html" if session else "sessions/new.html",
        "sessions/_form.html",
        status,
        form=form,
        session=session,
        labels=LABELS,
        both=both or {},
        taken=taken,
        by=by or "an import",
        reason=why_not_edit(event),
    )
