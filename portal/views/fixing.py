"""From a reason to the field that mends it, and on to the next one that fails (H3)."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, request, url_for

from portal.forms.drafts import DraftForm
from portal.htmx import leave_for, render_either
from portal.models import Event, Organisation, Session
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.fixing import READINESS, FixList, ToFix, find_left_out, list_to_fix
from portal.sync.planning.mending import field_to_mend, is_of_person, is_of_settings
from portal.text.numbers import whole_number
from portal.views.access import EVENT, for_members
from portal.views.window.steps import EVENT_SETTINGS

blueprint = Blueprint("fixing", __name__)

# Where a field's name is not the id of what can be typed into.
PLACES = {"people": "person_search", "files": "file-add", "tags": "tag_new"}


@blueprint.get(f"{EVENT}/fix")
@for_members
def fix_list(organisation: Organisation, event: Event) -> Response:
    fixes = asked_list(event, READINESS)
    if fixes is None:
        abort(404)
    reasons: dict[str, list[ToFix]] = {}
    for each in fixes.left:
        reasons.setdefault(each.reason, []).append(each)
    return render_either(
        "fixing/list.html",
        "fixing/_list.html",
        fixes=fixes,
        reasons=reasons,
        reason_not_edit=why_not_edit(event),
    )


@blueprint.get(f"{EVENT}/fix/sessions/<session_id>/left-out")
@for_members
def left_out_show(organisation: Organisation, event: Event, session: Session) -> Response:
    """To what keeps a person from a session that was synced without them; else to the session's people."""
    person = find_left_out(session, request.args.get("reason", ""))
    if person is None:
        return leave_for(_form_address(event, "session", session.source_id, "people"))
    return leave_for(mend_address(event, person.kind, person.source_id, person.reason))


@dataclass(frozen=True, slots=True)
class Fixing:
    """The list that somebody is going through, with the record that they have open."""

    fixes: FixList
    open: ToFix | None  # None once it is fixed
    following: ToFix | None


def asked_list(event: Event, name: str = "") -> FixList | None:
    """The list that the address names, or the one given; None for none."""
    name = request.args.get("of", name)
    return list_to_fix(event, name, _number("total"), _number("fixed")) if name else None


def _number(name: str) -> int:
    return whole_number(request.args.get(name, ""), 6, otherwise=0)


def current_fixing(event: Event, kind: str, source_id: str) -> Fixing | None:
    """What the address says of it; None when the record is edited for itself."""
    fixes = asked_list(event)
    if fixes is None:
        return None
    return Fixing(fixes, fixes.find(kind, source_id), fixes.after(kind, source_id))


def lead_to_field(form: DraftForm, event: Event, kind: str, source_id: str) -> None:
    """Give the focus to the field that the address names, and say there why it has to be filled."""
    name = request.args.get("field", "")
    place = PLACES.get(name, name)
    if place in form._fields:
        form[place].render_kw = {**(form[place].render_kw or {}), "autofocus": True}
    form.focus = place
    fixing = current_fixing(event, kind, source_id)
    if name in form._fields and fixing and fixing.open and fixing.open.field == name:
        form.refuse(name, fixing.open.reason)


def go_on_fixing(event: Event, kind: str, source_id: str) -> Response | None:
    """After saving: to the next one that fails, or back to the list; None when the record was edited for itself."""
    fixing = current_fixing(event, kind, source_id)
    if fixing is None:
        return None
    fixes = fixing.fixes
    if fixing.open is None:
        fixes = fixes.with_fixed(_number("fixed") + 1)
    flash(f"{fixes.fixed:,} of {fixes.total:,} fixed.", "success" if fixing.open is None else "info")
    if fixing.following and request.form.get("action") == "next":
        return leave_for(fix_address(event, fixing.following, fixes))
    return leave_for(list_address(event, fixes))


def list_address(event: Event, fixes: FixList) -> str:
    return url_for(
        "fixing.fix_list",
        org=event.organisation.slug,
        event_id=event.id,
        of=fixes.name,
        total=fixes.total,
        fixed=fixes.fixed,
    )


@blueprint.app_template_global()
def fix_address(event: Event, each: ToFix, fixes: FixList | None = None) -> str:
    """The record's form with the field that mends it in focus; going through a list, where there is one."""
    return _form_address(event, each.kind, each.source_id, each.field, fixes)


@blueprint.app_template_global()
def mend_address(event: Event, kind: str, source_id: str, reason: str | None) -> str:
    """The record's form, with the field that this reason is about in focus; or the settings that mend it."""
    org = event.organisation.slug
    if is_of_settings(reason or ""):
        return url_for("window.window_show", org=org, event=event.id, step=EVENT_SETTINGS)
    if kind == "session" and is_of_person(reason or ""):
        return url_for(
            "fixing.left_out_show", org=org, event_id=event.id, session_id=source_id, reason=reason
        )
    return _form_address(event, kind, source_id, field_to_mend(kind, reason or ""))


@blueprint.app_template_test("mendable")
def can_be_mended(reason: str | None, kind: str) -> bool:
    """Whether `mend_address` leads to what mends it."""
    return is_of_settings(reason or "") or field_to_mend(kind, reason or "") is not None


def _form_address(
    event: Event, kind: str, source_id: str, field: str | None, fixes: FixList | None = None
) -> str:
    is_session = kind == "session"
    return url_for(
        "sessions.session_edit" if is_session else "people.person_edit",
        org=event.organisation.slug,
        event_id=event.id,
        session_id=source_id if is_session else None,
        contact_id=None if is_session else source_id,
        field=field,
        of=fixes.name if fixes else None,
        total=fixes.total if fixes else None,
        fixed=fixes.fixed if fixes else None,
        _anchor=PLACES.get(field, field) if field else None,
    )
