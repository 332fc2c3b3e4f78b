"""Who belongs to an organisation: members, their roles, invitations."""

from flask import Blueprint, Response, flash, render_template, request, session, url_for
from flask_login import current_user

from portal.config import current_settings
from portal.errors import NotFound, Refused
from portal.forms.refusals import show_refusal
from portal.forms.team import ROLES, InvitationForm
from portal.htmx import go_on, leave_for, render_either
from portal.mail import MailNotSent, can_mail, send_mail
from portal.models import Invitation, Membership, Organisation
from portal.operations.accounts.invitations import (
    invite,
    open_invitation,
    open_invitations,
    withdraw_invitation,
)
from portal.operations.accounts.resets import make_reset
from portal.operations.accounts.team import LAST_ADMIN, change_role, remove_member
from portal.operations.accounts.users import normal_email
from portal.operations.queries.organisation import list_members
from portal.views.access import for_admins, for_members
from portal.views.front import mailed_address

TEAM = "/orgs/<org>/settings/team"
MEMBER = f"{TEAM}/members/<int(max=2147483647):member_id>"
MADE = "invitation_made"  # in the browser's session until the next look at the page: the link is shown once
RESET_MADE = "password_link_made"

blueprint = Blueprint("team", __name__)


@blueprint.get(TEAM)
@for_members
def member_list(organisation: Organisation) -> Response:
    return show_team(organisation)


@blueprint.post(f"{TEAM}/invitations")
@for_admins
def invitation_add(organisation: Organisation) -> Response:
    form = InvitationForm()
    if not form.validate_on_submit():
        return show_team(organisation, 422, form)
    try:
        token = invite(organisation, form.email.data, form.role.data, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_team(organisation, 422, form)
    deliver_invitation(organisation, form, token)
    return go_on(team_address(organisation))


def deliver_invitation(organisation: Organisation, form: InvitationForm, token: str) -> None:
    """By mail where there is a server; else, and where it does not take the mail, the admin is shown the link."""
    settings = current_settings()
    email = normal_email(form.email.data)  # whose the link is, however that was typed
    if can_mail(settings):
        text = render_template(
            "invitations/mail.txt",
            actor=current_user.email,
            organisation=organisation,
            role=form.role.data,
            address=mailed_address(url_for("invitations.invitation_show", token=token)),
        )
        try:
            send_mail(settings, email, f"Invitation to {organisation.name}", text)
            flash(f"The invitation went to {email} by mail.", "success")
            return
        except MailNotSent as problem:
            flash(f"{problem} Send the link yourself.", "warning")
    session[MADE] = [organisation.id, token]


@blueprint.post(f"{TEAM}/invitations/<int(max=2147483647):invitation_id>/withdraw")
@for_admins
def invitation_withdraw(organisation: Organisation, invitation: Invitation) -> Response:
    try:
        withdraw_invitation(invitation, current_user.email)
        flash(f"The invitation of {invitation.email} is withdrawn; its link no longer works.", "success")
    except Refused as refusal:
        flash(str(refusal), "warning")
    return go_on(team_address(organisation))


@blueprint.post(f"{MEMBER}/role")
@for_admins
def member_change(organisation: Organisation, member: Membership) -> Response:
    role = request.form.get("role", "")
    try:
        ended = change_role(member, role, current_user.email)
    except Refused as refusal:
        return show_team(organisation, 422, refused={member.id: (str(refusal), role)})
    flash(f"{member.user.email} is {role} now.{ended}", "success")
    # Who has become a viewer sees another frame.
    follow = leave_for if member.user_id == current_user.id else go_on
    return follow(team_address(organisation))


@blueprint.post(f"{MEMBER}/password")
@for_admins
def member_password(organisation: Organisation, member: Membership) -> Response:
    """A link for another password, which the admin hands over where the portal sends no mail (G1b)."""
    if can_mail(current_settings()):
        flash(
            f"{member.user.email} gets a link by mail: “Forgotten your password?” on the log-in page.",
            "warning",
        )
        return go_on(team_address(organisation))
    try:
        token = make_reset(member, current_user.email)
    except Refused as refusal:
        flash(str(refusal), "warning")
        return go_on(team_address(organisation))
    session[RESET_MADE] = [organisation.id, member.user.email, token]
    return go_on(team_address(organisation))


@blueprint.post(f"{MEMBER}/remove")
@for_admins
def member_remove(organisation: Organisation, member: Membership) -> Response:
    email, oneself = member.user.email, member.user_id == current_user.id
    try:
        ended = remove_member(member, current_user.email)
    except Refused as refusal:
        return show_team(organisation, 422, refused={member.id: (str(refusal), member.role)})
    if oneself:
        flash(f"You no longer belong to {organisation.name}.", "success")
        return leave_for(url_for("login.home_show"))
    flash(f"{email} no longer belongs to {organisation.name}.{ended}", "success")
    return go_on(team_address(organisation))


def show_team(
    organisation: Organisation,
    status: int = 200,
    form: InvitationForm | None = None,
    refused: dict[int, tuple[str, str]] | None = None,
) -> Response:
    """The page; `refused` has the reason and the wanted role of a member who must stay as they are."""
    made, link = take_made(organisation)
    reset_of, reset_link = take_reset(organisation)
    return render_either(
        "team/team.html",
        "team/_team.html",
        status,
        members=list_members(organisation),
        invitations=open_invitations(organisation),
        form=form or InvitationForm(formdata=None),
        roles=ROLES,
        last_admin=LAST_ADMIN,
        refused=refused or {},
        removing=request.args.get("remove", ""),
        made=made,
        link=link,
        reset_of=reset_of,
        reset_link=reset_link,
        mails=can_mail(current_settings()),
        address=team_address(organisation),
    )


def take_made(organisation: Organisation) -> tuple[Invitation | None, str]:
    """The invitation that this browser has just made, with its link; afterwards nobody can see the link again."""
    if session.get(MADE, [None])[0] != organisation.id:
        return None, ""
    token = session.pop(MADE)[1]
    try:
        made = open_invitation(token)
    except NotFound:  # withdrawn in the same moment
        return None, ""
    return made, url_for("invitations.invitation_show", token=token, _external=True)


def take_reset(organisation: Organisation) -> tuple[str, str]:
    """The member for whom this browser has just made a password link, and the link, which nobody sees again."""
    if session.get(RESET_MADE, [None])[0] != organisation.id:
        return "", ""
    _, email, token = session.pop(RESET_MADE)
    return email, url_for("passwords.password_choose", token=token, _external=True)


def team_address(organisation: Organisation) -> str:
    return url_for("team.member_list", org=organisation.slug)
