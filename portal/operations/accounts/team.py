"""Who belongs to an organisation: roles and removal (G1)."""

from sqlalchemy import func, select

from portal.errors import Refused
from portal.models import Membership, Organisation, Role, await_turn, db
from portal.operations.accounts.invitations import end_invitations_of
from portal.operations.accounts.logins import end_logins
from portal.operations.accounts.resets import end_resets_made_by
from portal.operations.history import record
from portal.text.numbers import count

LAST_ADMIN = "An organisation needs at least one admin. Make somebody else an admin first."


def change_role(membership: Membership, role: str, actor: str) -> str:
    """Make a member an admin or a viewer; returns in words what else ended. Raises Refused for the last admin."""
    if role not in set(Role):
        raise Refused("Choose a role.", "role")
    if membership.role == role:
        return ""
    if role != Role.ADMIN:
        _keep_an_admin(membership)
    membership.role = role
    ended = _end_links(membership) if role != Role.ADMIN else ""
    text = f"{membership.user.email} is {role} now.{ended}"
    record(membership.organisation_id, actor, "role changed", text)
    db.session.commit()
    return ended


def remove_member(membership: Membership, actor: str) -> str:
    """End a membership; the account stays for other organisations. Returns in words what else ended with it.

    Raises Refused for the last admin.
    """
    if membership.role == Role.ADMIN:
        _keep_an_admin(membership)
    if not await_turn(Membership, membership.id):  # somebody else did it in the same moment
        db.session.rollback()
        return ""
    ended = _end_links(membership)
    record(membership.organisation_id, actor, "user removed", f"Removed {membership.user.email}.{ended}")
    user_id = membership.user_id
    db.session.delete(membership)
    db.session.flush()
    if db.session.scalar(select(Membership.id).where(Membership.user_id == user_id).limit(1)) is None:
        end_logins(user_id)  # they belong nowhere any more (G1b)
    db.session.commit()
    return ended


def _end_links(membership: Membership) -> str:
    """End the links that somebody who loses their rights may hold; returns a sentence about those to be missed."""
    end_resets_made_by(membership)
    number = end_invitations_of(membership)
    return f" {count(number, 'open invitation')} of theirs ended as well." if number else ""


def _keep_an_admin(membership: Membership) -> None:
    # Two admins may not end each other's role in the same moment.
    await_turn(Organisation, membership.organisation_id)
    others = db.session.scalar(
        select(func.count(Membership.id)).where(
            Membership.organisation_id == membership.organisation_id,
            Membership.role == Role.ADMIN,
            Membership.id != membership.id,
        )
    )
    if not others:
        db.session.rollback()
        raise Refused(LAST_ADMIN, "role")
