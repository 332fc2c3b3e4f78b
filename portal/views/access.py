"""Who may see a page: everything in an address is looked up through an organisation of the user's (G1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, flash, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from werkzeug.datastructures import MultiDict

from portal.errors import NotFound
from portal.extensions import login_manager
from portal.htmx import current_address, wants_partial
from portal.models import Membership, Organisation, Role
from portal.operations.queries import access
from portal.operations.syncing.queueing import settle_forgotten_runs
from portal.operations.syncing.runs import close_dead_runs
from portal.text.numbers import whole_number
from portal.views.crowd import join_crowd

View = Callable[..., ResponseReturnValue]
Found = tuple[str, Callable[[Any, Any], Any]]
# The address of an event's pages; no id is larger than what a database counts to.
EVENT = "/orgs/<org>/events/<int(max=2147483647):event_id>"
# Of the ids in an address: the view's argument, and who finds the record, in the organisation or in its event.
OF_ORGANISATION: dict[str, Found] = {
    "run_id": ("run", access.find_run),
    "mapping_id": ("mapping", access.find_mapping),
    "member_id": ("member", access.find_member),
    "invitation_id": ("invitation", access.find_invitation),
    "field_id": ("field", access.find_kept_field),
    "upload_id": ("upload", access.find_upload),
}
OF_EVENT: dict[str, Found] = {
    "choice_id": ("choice", access.find_choice),
    "change_id": ("change", access.find_change),
    "custom_field_id": ("field", access.find_custom_field),
    "session_id": ("session", access.find_session),
    "contact_id": ("contact", access.find_contact),
    "other_contact_id": ("other", access.find_contact),
}
# What is said in place of the common words where a window that was left open leads to what is gone.
GONE = {
    "mapping": "There is no such event mapping any more; somebody may have removed it. Nothing was changed."
}
LAST_SEEN = "organisation"  # in the cookie: whose pages were looked at last


def for_members(view: View) -> View:
    """Hands the view the organisation and the records that its address names; 404 for anybody else's."""

    @login_required
    @wraps(view)
    def wrapped(org: str, **values: Any) -> ResponseReturnValue:
        return view(_enter(org), **_load(g.organisation, values))

    return wrapped


def for_admins(view: View) -> View:
    """The same for those who may change things; 403 for a viewer."""

    @login_required
    @wraps(view)
    def wrapped(org: str, **values: Any) -> ResponseReturnValue:
        organisation = _enter(org)
        if not is_admin():
            abort(403)
        return view(organisation, **_load(organisation, values))

    return wrapped


def is_admin() -> bool:
    """Whether the user may change things in the organisation of this page."""
    return bool(g.membership.role == Role.ADMIN)


def _enter(slug: str) -> Organisation:
    close_dead_runs()  # E14: no page shows a run as running whose process died
    settle_forgotten_runs()
    membership = access.find_membership(current_user.id, slug)
    if membership is None:
        abort(404)
    join_crowd(membership.organisation_id)
    if session.get(LAST_SEEN) != slug:
        session[LAST_SEEN] = slug
    return _stand_in(membership)


def stand_where_they_were() -> None:
    """Put the navigation of the organisation that the user looked at last around a page that belongs to none."""
    seen = session.get(LAST_SEEN, "")
    membership = access.find_membership(current_user.id, seen) if seen else None
    memberships = [membership] if membership else access.list_memberships(current_user.id)
    if memberships:
        _stand_in(memberships[0])


def _stand_in(membership: Membership) -> Organisation:
    g.membership, g.organisation = membership, membership.organisation
    return membership.organisation


def _load(organisation: Organisation, values: dict[str, Any]) -> dict[str, Any]:
    """What a view is given for the values of its address; the event comes first, as others are looked up in it."""
    if "event_id" in values:
        g.event = _found(access.find_event(organisation, values["event_id"]))
    loaded: dict[str, Any] = {}
    for name, value in values.items():
        if name == "event_id":
            loaded["event"] = g.event
        elif name in OF_ORGANISATION:
            argument, find = OF_ORGANISATION[name]
            loaded[argument] = _found(find(organisation, value), GONE.get(argument))
        elif name in OF_EVENT:
            argument, find = OF_EVENT[name]
            loaded[argument] = _found(find(g.event, value))
        else:
            loaded[name] = value
    return loaded


def _found(record: Any, gone: str | None = None) -> Any:
    if record is None and gone:
        raise NotFound(gone)
    return record if record is not None else abort(404)


def number_in(values: MultiDict[str, str], name: str) -> int:
    """The number that a form or an address gives, such as a record's id; 0 for anything that no database has."""
    return whole_number(values.get(name, ""), 9, otherwise=0)


def page_number() -> int:
    """The page that a list is asked for; anything that is not a number counts as the first."""
    return whole_number(request.args.get("page", ""), 6, otherwise=1)


@login_manager.unauthorized_handler
def ask_for_login() -> Response:
    """Lead to the login and afterwards back; an HTMX request leads the whole page there."""
    if request.method == "POST":
        flash("You were logged out meanwhile. What you had entered was not saved.", "warning")
    if wants_partial():
        current = current_address()
        address = url_for("login.login_form", next=f"{current.path}?{current.query}".rstrip("?") or None)
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    back = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    return make_response(redirect(url_for("login.login_form", next=back)))
