"""Who belongs to an organisation: roles and removal (G1)."""

from sqlalchemy import func, select

from portal.errors import Refused
from portal.models import Membership, Organisation, Role, await_turn, db
from portal.operations.accounts.logins import end_logins
from portal.operations.history import record

LAST_ADMIN = "An organisation needs at least one admin. Make somebody else an admin first."


def change_role(membership: Membership, role: str, actor: str) -> None:
    """Make a member an admin or a viewer. Raises Refused for the last admin."""
    if role not in set(Role):
        raise Refused("Choose a role.", "role")
    if membership.role == role:
        return
    if role != Role.ADMIN:
        _keep_an_admin(membership)
    membership.role = role
    record(membership.organisation_id, actor, "role changed", f"{membership.user.email} is {role} now.")
    db.session.commit()


def remove_member(membership: Membership, actor: str) -> None:
    """End a membership; the account stays for other organisations. Raises Refused for the last admin."""
    if membership.role == Role.ADMIN:
        _keep_an_admin(membership)
    text = f"Removed {membership.user.email}."
    record(membership.organisation_id, actor, "user removed", text)
    user_id = membership.user_id
    db.session.delete(membership)
    db.session.flush()
    if db.session.scalar(select(Membership.id).where(Membership.user_id == user_id).limit(1)) is None:
        end_logins(user_id)  # they belong nowhere any more (G1b)
    db.session.commit()


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
