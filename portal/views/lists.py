"""What an event's programme chooses from: its names (C6), and what its statuses mean (D6)."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from portal.errors import Refused
from portal.forms.lists import NewNameForm, StatusesForm
from portal.forms.names import NameForm
from portal.forms.refusals import show_refusal
from portal.htmx import go_on, leave_for, render_either, wants_partial
from portal.models import Choice, ChoiceKind, Event, Organisation
from portal.operations.editing.naming import (
    add_choice,
    checked_colour,
    colour_tag,
    rename_choice,
    rename_custom_field,
)
from portal.operations.editing.statuses import set_categories
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.lists import (
    LIST_FACETS,
    SYNCED,
    UNUSED,
    choice_key,
    field_key,
    find_names,
    list_names,
)
from portal.operations.queries.statuses import list_statuses
from portal.text.matching import trimmed
from portal.views.access import EVENT, for_admins, for_members
from portal.views.list_address import ListAddress, make_options, push_clean, rank_in

LISTS = f"{EVENT}/lists"

USES = {UNUSED: "Used by nothing", SYNCED: "Synced"}

blueprint = Blueprint("lists", __name__)


@blueprint.get(LISTS)
@for_members
def list_show(organisation: Organisation, event: Event) -> Response:
    return show_lists(event, NameForm(formdata=None), request.args.get("rename", ""))


@blueprint.get(f"{LISTS}/new")
@for_admins
def choice_new(organisation: Organisation, event: Event) -> Response:
    return show_new(event, NewNameForm(formdata=None, kind=request.args.get("kind", "room")))


@blueprint.post(f"{LISTS}/new")
@for_admins
def choice_add(organisation: Organisation, event: Event) -> Response:
    form = NewNameForm()
    if not form.validate():
        return show_new(event, form, 422)
    try:
        choice = add_choice(
            event, form.kind.data, form.name.data or "", form.colour.data or "", current_user.email
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_new(event, form, 422)
    flash(f"“{choice.name}” is on the list now.", "success")
    return leave_for(
        url_for("lists.list_show", org=organisation.slug, event_id=event.id, at=choice_key(choice.id))
    )


def show_new(event: Event, form: NewNameForm, status: int = 200) -> Response:
    return render_either(
        "lists/new.html", "lists/_new.html", status, form=form, reason_not_edit=why_not_edit(event)
    )


@blueprint.post(f"{LISTS}/choices/<int(max=2147483647):choice_id>")
@for_admins
def choice_rename(organisation: Organisation, event: Event, choice: Choice) -> Response:
    """Another name; of a tag a colour too, which is all that a synced one can be given (C6)."""
    form, key = NameForm(), choice_key(choice.id)
    colour = form.colour.data if choice.kind == ChoiceKind.TAG else None
    is_coloured = False
    try:
        checked_colour(colour or "")  # before anything is changed
        if form.name.data is not None:
            rename_choice(choice, form.name.data, current_user.email)
        if colour is not None:
            is_coloured = colour_tag(choice, colour, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_lists(event, form, key, 422)
    if is_coloured or form.name.data is None:
        colour = choice.colour or "of no choice"
        told = f"“{choice.name}” has the colour {colour} now." if is_coloured else "Nothing was changed."
        flash(told, "success")
        return go_on(read_wanted(event).to(at=key))
    return tell_renamed(event, choice.name, key)


@blueprint.post(f"{LISTS}/fields/<any(session, speaker):kind>")
@for_admins
def field_rename(organisation: Organisation, event: Event, kind: str) -> Response:
    form = NameForm()
    before, name = form.before.data or "", trimmed(form.name.data or "")
    try:
        rename_custom_field(event, kind, before, name, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_lists(event, form, field_key(kind, before), 422)
    return tell_renamed(event, name, field_key(kind, name))


@blueprint.post(f"{LISTS}/statuses")
@for_admins
def statuses_sort(organisation: Organisation, event: Event) -> Response:
    form = StatusesForm()
    if not form.validate_on_submit():
        return show_statuses(event, form, 422)
    try:
        changed = set_categories(event, form.wanted, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_statuses(event, form, 422)
    flash(
        "The statuses are saved. They count from the next sync." if changed else "Nothing was changed.",
        "success",
    )
    if wants_partial():  # the page's own part is its names
        return show_statuses(event)
    return go_on(
        url_for("lists.list_show", org=organisation.slug, event_id=event.id, _anchor="lists-statuses")
    )


def value_in_words(words: Mapping[str, str], value: str) -> str:
    """What is read for a value in an address; one that nobody offered is shown as it is."""
    return words.get(value, value)


def tell_renamed(event: Event, name: str, key: str) -> Response:
    flash(f"The name is “{name}” now.", "success")
    return go_on(read_wanted(event).to(at=key))


def read_wanted(event: Event) -> ListAddress:
    """Which names are asked for; a form that renames one says where it was opened."""
    path = url_for("lists.list_show", org=event.organisation.slug, event_id=event.id)
    back = MultiDict(parse_qsl(request.form.get("back", "")))
    given = request.args if request.method == "GET" else back
    return ListAddress.read(path, given, ("search", *LIST_FACETS, "page"))


def show_statuses(event: Event, form: StatusesForm | None = None, status: int = 200) -> Response:
    names = NameForm(formdata=None)
    return render_either(
        "lists/lists.html", "lists/_statuses.html", status, **describe_lists(event, names, sorting=form)
    )


def show_lists(event: Event, form: NameForm, renaming: str, status: int = 200) -> Response:
    context = describe_lists(event, form, renaming)
    response = render_either("lists/lists.html", "lists/_lists.html", status, **context)
    return push_clean(response, context["wanted"]) if request.args.get("search") == "" else response


def describe_lists(
    event: Event, form: NameForm, renaming: str = "", sorting: StatusesForm | None = None
) -> dict[str, Any]:
    """What the page shows; `renaming` is the key of the name that is being changed."""
    statuses = list_statuses(event)
    wanted, at = read_wanted(event), request.args.get("at", "")
    chosen = {name: wanted.all(name) for name in LIST_FACETS}
    names = find_names(list_names(event), chosen, wanted.first("search"), wanted.page, renaming or at)
    return {
        "statuses": statuses,
        "sorting": sorting or StatusesForm.of(statuses),
        "names": names,
        "options": {
            "list": make_options(
                names.numbers["list"],
                chosen["list"],
                partial(value_in_words, names.titles),
                rank_in(names.titles),
            ),
            "use": make_options(names.numbers["use"], chosen["use"], partial(value_in_words, USES)),
        },
        "wanted": wanted,
        "form": form,
        "renaming": renaming,
        "at": at,
    }
