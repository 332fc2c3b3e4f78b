"""Who may see a page: everything in an address is looked up through an organisation of the user's (G1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from werkzeug.datastructures import MultiDict

from portal.extensions import login_manager
from portal.htmx import current_address, wants_partial
from portal.models import Event, Membership, Organisation, Role
from portal.operations.queries import access
from portal.operations.syncing.queueing import settle_forgotten_runs
from portal.operations.syncing.runs import close_dead_runs
from portal.text.numbers import whole_number
from portal.views.crowd import join_crowd

View = Callable[..., ResponseReturnValue]
# The address of an event's pages; no id is larger than what a database counts to.
EVENT = "/orgs/<org>/events/<int(max=2147483647):event_id>"
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
    loaded: dict[str, Any] = {name: value for name, value in values.items() if not name.endswith("_id")}
    if "event_id" in values:
        g.event = loaded["event"] = _found(access.find_event(organisation, values["event_id"]))
    if "run_id" in values:
        loaded["run"] = _found(access.find_run(organisation, values["run_id"]))
    if "mapping_id" in values:
        loaded["mapping"] = _found(access.find_mapping(organisation, values["mapping_id"]))
    if "member_id" in values:
        loaded["member"] = _found(access.find_member(organisation, values["member_id"]))
    if "invitation_id" in values:
        loaded["invitation"] = _found(access.find_invitation(organisation, values["invitation_id"]))
    if "choice_id" in values:
        loaded["choice"] = _found(access.find_choice(_event(), values["choice_id"]))
    if "field_id" in values:
        loaded["field"] = _found(access.find_kept_field(organisation, values["field_id"]))
    if "change_id" in values:
        loaded["change"] = _found(access.find_change(_event(), values["change_id"]))
    if "upload_id" in values:
        loaded["upload"] = _found(access.find_upload(organisation, values["upload_id"]))
    if "custom_field_id" in values:
        loaded["field"] = _found(access.find_custom_field(_event(), values["custom_field_id"]))
    if "session_id" in values:
        loaded["session"] = _found(access.find_session(_event(), values["session_id"]))
    if "contact_id" in values:
        loaded["contact"] = _found(access.find_contact(_event(), values["contact_id"]))
    if "other_contact_id" in values:
        loaded["other"] = _found(access.find_contact(_event(), values["other_contact_id"]))
    return loaded


def _event() -> Event:
    event: Event = g.event
    return event


def _found(record: Any) -> Any:
    return record if record is not None else abort(404)


def number_in(values: MultiDict[str, str], name: str) -> int:
    """The number that a form or an address gives, as of a record; 0 for anything that no database has."""
    return whole_number(values.get(name, ""), 9, otherwise=0)


def page_number() -> int:
    """The page that a list is asked for; anything that is no number counts as the first."""
    return whole_number(request.args.get("page", ""), 6, otherwise=1)


@login_manager.unauthorized_handler
def ask_for_login() -> Response:
    """Lead to the login and afterwards back; an HTMX request leads the whole page there."""
    if wants_partial():
        current = current_address()
        address = url_for("login.login_form", next=f"{current.path}?{current.query}".rstrip("?") or None)
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    back = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    return make_response(redirect(url_for("login.login_form", next=back)))
