"""Making and editing a person by hand (H3)."""

from flask import Blueprint, Response
from flask_login import current_user

from portal.errors import Refused
from portal.forms.custom_fields import with_custom
from portal.forms.people import PersonForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.models import Contact, Event, Organisation
from portal.operations.editing.labels import PERSON_LABELS as LABELS
from portal.operations.editing.people import create_person, save_person
from portal.operations.editing.saving import EditedMeanwhile
from portal.operations.queries.custom_fields import list_shown_fields
from portal.operations.queries.drafts import draft_of_person
from portal.operations.queries.editable import why_not_edit
from portal.programme.drafts import Draft
from portal.views.access import EVENT, for_admins
from portal.views.aside import describe_in_asp
from portal.views.editing import Meanwhile, ask_whose, labels_of, tell_of
from portal.views.fixing import current_fixing, go_on_fixing, lead_to_field
from portal.views.records import person_address

blueprint = Blueprint("people", __name__)


@blueprint.get(f"{EVENT}/people/new")
@for_admins
def person_new(organisation: Organisation, event: Event) -> Response:
    return show_form(event, form_class(event).of(draft_of_person(Contact(event_id=event.id))))


@blueprint.post(f"{EVENT}/people/new")
@for_admins
def person_create(organisation: Organisation, event: Event) -> Response:
    form = form_class(event)()
    draft = form.read()
    if draft is None:
        return show_form(event, form, status=422)
    try:
        contact, saved = create_person(event, draft, current_user.email, form.new_id.data)
    except Refused as refusal:
        show_refusal(form, refusal)
        form.renew()
        return show_form(event, form, status=422)
    tell_of(saved)
    return leave_for(person_address(event, contact.source_id))


@blueprint.get(f"{EVENT}/people/<contact_id>/edit")
@for_admins
def person_edit(organisation: Organisation, event: Event, contact: Contact) -> Response:
    form = form_class(event, contact).of(draft_of_person(contact))
    lead_to_field(form, event, "speaker", contact.source_id)
    return show_form(event, form, contact)


@blueprint.post(f"{EVENT}/people/<contact_id>/edit")
@for_admins
def person_save(organisation: Organisation, event: Event, contact: Contact) -> Response:
    form = form_class(event, contact)()
    draft = form.read()
    if draft is None:
        return show_form(event, form, contact, 422)
    try:
        saved = save_person(contact, draft, form.marks, current_user.email, form.theirs)
    except EditedMeanwhile as error:
        return show_both(event, form, contact, draft, error)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_form(event, form, contact, 422)
    tell_of(saved)
    return go_on_fixing(event, "speaker", contact.source_id) or leave_for(
        person_address(event, contact.source_id)
    )


def form_class(event: Event, contact: Contact | None = None) -> type[PersonForm]:
    """The form with the custom fields of the event, and those of the person."""
    values = contact.custom_fields if contact else {}
    return with_custom(PersonForm, list_shown_fields(event.id, "speaker", values))


def show_both(
    event: Event, form: PersonForm, contact: Contact, draft: Draft, error: EditedMeanwhile
) -> Response:
    """The form once more: what only the other one changed is taken over, what both changed is asked about."""
    meanwhile = ask_whose(
        form,
        error,
        labels_of(form, LABELS),
        lambda name: form.in_words(name, draft),
        lambda name: form.in_words(name, error.stored),
    )
    return show_form(event, form, contact, 422, meanwhile)


def show_form(
    event: Event,
    form: PersonForm,
    contact: Contact | None = None,
    status: int = 200,
    meanwhile: Meanwhile | None = None,
) -> Response:
    return render_either(
        "people/edit.html" if contact else "people/new.html",
        "people/_form.html",
        status,
        form=form,
        contact=contact,
        labels=labels_of(form, LABELS),
        meanwhile=meanwhile or Meanwhile(),
        reason_not_edit=why_not_edit(event),
        fixing=current_fixing(event, "speaker", contact.source_id) if contact else None,
        **(describe_in_asp(event, "speaker", contact.source_id) if contact else {}),
    )
