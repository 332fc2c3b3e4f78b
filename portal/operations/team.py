"""Who belongs to an organisation: invitations, roles, removal (G1)."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.errors import NotFound, Refused
from portal.models import Invitation, Membership, Organisation, Role, User, db, now
from portal.operations.accounts import hash_password, normal_email
from portal.operations.history import record
from portal.operations.logins import end_logins

INVITATION_LASTS = timedelta(days=7)
LAST_ADMIN = "An organisation needs at least one admin. Make somebody else an admin first."


def invite(organisation: Organisation, email: str, role: str, actor: str) -> str:
    """Make an invitation; returns the token of its link, which is kept nowhere and so can be shown only now.

    Raises Refused with the field that is wrong.
    """
    address = normal_email(email)
    if role not in set(Role):
        raise Refused("Choose a role.", "role")
    if _membership(organisation, address) is not None:
        raise Refused(f"{address} belongs to {organisation.name} already.", "email")
    db.session.execute(  # an earlier link for the same person ends
        update(Invitation)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.email == address,
            Invitation.used_at.is_(None),
        )
        .values(expires_at=now())
    )
    token = secrets.token_urlsafe(32)
    db.session.add(
        Invitation(
            organisation_id=organisation.id,
            email=address,
            role=role,
            token_hash=_hash(token),
            expires_at=now() + INVITATION_LASTS,
        )
    )
    record(organisation.id, actor, "user invited", f"Invited {address} as {role}.")
    db.session.commit()
    return token


def open_invitations(organisation: Organisation) -> list[Invitation]:
    """The invitations that can still be used, newest first."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(
                Invitation.organisation_id == organisation.id,
                Invitation.used_at.is_(None),
                Invitation.expires_at > now(),
            )
            .order_by(Invitation.id.desc())
        )
    )


def withdraw_invitation(invitation: Invitation, actor: str) -> None:
    """End an invitation. Raises Refused when it has been used or has ended meanwhile."""
    ended = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.expires_at > now())
        .values(expires_at=now())
        .returning(Invitation.id)
    ).first()
    if ended is None:
        db.session.rollback()
        raise Refused(f"The invitation of {invitation.email} has been used or has ended meanwhile.")
    text = f"Withdrew the invitation of {invitation.email}."
    record(invitation.organisation_id, actor, "invitation withdrawn", text)
    db.session.commit()


def find_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises NotFound when it was used, is too old, or never was."""
    invitation = db.session.scalar(select(Invitation).where(Invitation.token_hash == _hash(token)))
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now():
        raise NotFound("This invitation has been used, has expired or was withdrawn. Ask for a new one.")
    return invitation


def needs_password(invitation: Invitation) -> bool:
    """Whether the invited person has no account yet."""
    return db.session.scalar(select(User).where(User.email == invitation.email)) is None


def accept_invitation(token: str, password: str) -> User:
    """Join: with a new password, or, for somebody who has an account, as the user they are.

    Raises NotFound for a link that is no longer good, Refused for a password that is too short.
    """
    invitation = find_invitation(token)
    user = db.session.scalar(select(User).where(User.email == invitation.email))
    password_hash = hash_password(password) if user is None else ""  # takes its time: before anything is held
    _take(invitation)
    if user is None:
        user = _account(invitation.email, password_hash)
    organisation = db.session.get_one(Organisation, invitation.organisation_id)
    if _membership(organisation, user.email) is None:
        db.session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=invitation.role))
    record(
        organisation.id,
        user.email,
        "user added",
        f"{user.email} joined as {invitation.role}.",
        user_id=user.id,
    )
    db.session.commit()
    return user


def _take(invitation: Invitation) -> None:
    """Use the invitation up, so that of several who press at once one goes on. Raises NotFound for the others."""
    taken = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.expires_at > now())
        .values(used_at=now())
        .returning(Invitation.id)
    ).first()
    if taken is None:
        db.session.rollback()
        raise NotFound("This invitation has been used. Ask for a new one.")


def _account(email: str, password_hash: str) -> User:
    """A new account. Raises Refused when one has come up meanwhile, by an invitation of another organisation."""
    user = User(email=email, password_hash=password_hash)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise Refused("You have an account by now. Open the link again and enter its password.") from None
    return user


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
    # Writing first makes others wait: two admins may not end each other's role in the same moment.
    db.session.execute(
        update(Organisation)
        .where(Organisation.id == membership.organisation_id)
        .values(name=Organisation.name)
        .execution_options(synchronize_session=False)
    )
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


def _membership(organisation: Organisation, email: str) -> Membership | None:
    return db.session.scalar(
        select(Membership)
        .join(User)
        .where(Membership.organisation_id == organisation.id, User.email == email)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
