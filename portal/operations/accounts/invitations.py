"""Invitations into an organisation: a link that lets somebody join once (G1)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.errors import NotFound, Refused
from portal.models import Invitation, Membership, Organisation, Role, User, await_turn, db, now
from portal.operations.accounts.passwords import hash_password
from portal.operations.accounts.users import check_login, end_resets, normal_email
from portal.operations.history import record
from portal.operations.hourly import count_lately
from portal.secrets import new_token, token_hash
from portal.text.numbers import count

INVITATION_LASTS = timedelta(days=7)
MOST_WITHIN_AN_HOUR = 50  # of an organisation: no team grows faster
WHICH = (
    "If you have an account, this is not its password. If you are new here, choose a password and enter it in both "
    "fields."
)


def invite(organisation: Organisation, email: str, role: str, actor: str) -> str:
    """Make an invitation; returns the token of its link, which is kept nowhere and so can be shown only now.

    Raises Refused with the field that is wrong, and when the organisation has invited very many within an hour.
    """
    address = normal_email(email)
    if role not in set(Role):
        raise Refused("Choose a role.", "role")
    await_turn(Organisation, organisation.id)  # of several who invite the same person the last link counts
    if _membership(organisation, address) is not None:
        db.session.rollback()
        raise Refused(f"{address} belongs to {organisation.name} already.", "email")
    is_last = _await_pace(organisation)
    db.session.execute(  # an earlier link for the same person ends
        update(Invitation)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.email == address,
            Invitation.used_at.is_(None),
        )
        .values(expires_at=now())
    )
    token = new_token()
    db.session.add(
        Invitation(
            organisation_id=organisation.id,
            email=address,
            role=role,
            token_hash=token_hash(token),
            expires_at=now() + INVITATION_LASTS,
            made_by=actor,
        )
    )
    text = f"Invited {address} as {role}."
    if is_last:
        text += f" That was the last of {MOST_WITHIN_AN_HOUR} within an hour; the next has to wait."
    record(organisation.id, actor, "user invited", text)
    db.session.commit()
    return token


def _await_pace(organisation: Organisation) -> bool:
    """Whether the invitation that is being made is the last one for now. Raises Refused after that."""
    number, minutes = count_lately(Invitation.created_at, Invitation.organisation_id == organisation.id)
    if number < MOST_WITHIN_AN_HOUR:
        return number + 1 == MOST_WITHIN_AN_HOUR
    db.session.rollback()
    raise Refused(
        f"{organisation.name} has invited {MOST_WITHIN_AN_HOUR} people within an hour, and the portal sends no more "
        f"at once. Invite the next in {count(minutes, 'minute')}.",
        "email",
    )


def open_invitations(organisation: Organisation) -> list[Invitation]:
    """The invitations that can still be used, newest first."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.organisation_id == organisation.id, *_is_open(now()))
            .order_by(Invitation.id.desc())
        )
    )


def withdraw_invitation(invitation: Invitation, actor: str) -> None:
    """End an invitation. Raises Refused when it has been used or has ended meanwhile."""
    moment = now()
    if not _close(invitation, moment, expires_at=moment):
        raise Refused(f"The invitation of {invitation.email} has been used or has ended meanwhile.")
    text = f"Withdrew the invitation of {invitation.email}."
    record(invitation.organisation_id, actor, "invitation withdrawn", text)
    db.session.commit()


def end_invitations_of(membership: Membership) -> int:
    """End what could give back what a member loses, in the caller's transaction; returns how many there were.

    Those are the invitations that they made, whose links they may hold, and an older one of their own.
    """
    email = membership.user.email
    ended = db.session.execute(
        update(Invitation)
        .where(
            Invitation.organisation_id == membership.organisation_id,
            or_(Invitation.made_by == email, Invitation.email == email),
            *_is_open(now()),
        )
        .values(expires_at=now())
        .returning(Invitation.id)
    )
    return len(ended.all())


def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises NotFound when it was used, is too old, or never was."""
    invitation = db.session.scalar(
        select(Invitation).where(Invitation.token_hash == token_hash(token), *_is_open(now()))
    )
    if invitation is None:
        raise NotFound("This invitation has been used, has expired or was withdrawn. Ask for a new one.")
    return invitation


def accept_as_guest(token: str, password: str, repeat: str) -> Membership:
    """Join with the password of one's account, or, with `repeat`, with a new one.

    Whoever neither knows the account's password nor makes a new one does not learn whether there is an account.
    Raises NotFound for a link that is no longer good, Refused at the field that is wrong.
    """
    invitation = open_invitation(token)
    user = check_login(invitation.email, password)
    if user is not None:
        _take(invitation)
        return _welcome(invitation, user)
    if not repeat:
        raise Refused(WHICH, "password")
    if repeat != password:
        raise Refused("The two passwords differ.", "repeat")
    password_hash = hash_password(password, invitation.email)
    _take(invitation)
    return _welcome(invitation, _account(invitation.email, password_hash))


def accept_as_user(token: str, user: User) -> Membership:
    """Join as the user who is logged in. Raises NotFound for a link that is no longer good, or is somebody else's."""
    invitation = open_invitation(token)
    if invitation.email != user.email:
        raise NotFound("This invitation is for somebody else.")
    _take(invitation)
    return _welcome(invitation, user)


def _welcome(invitation: Invitation, user: User) -> Membership:
    """The membership of the one who joined; somebody who belonged there already keeps their role."""
    organisation = db.session.get_one(Organisation, invitation.organisation_id)
    membership = _membership(organisation, user.email)
    if membership is None:
        end_resets(user.id)  # whoever else made one gets no right by it
        membership = Membership(user_id=user.id, organisation_id=organisation.id, role=invitation.role)
        db.session.add(membership)
        text = f"{user.email} joined as {invitation.role}."
        record(organisation.id, user.email, "user added", text)
    db.session.commit()
    return membership


def _take(invitation: Invitation) -> None:
    """Use the invitation up, so that of several who press at once one goes on. Raises NotFound for the others."""
    moment = now()
    if not _close(invitation, moment, used_at=moment):
        raise NotFound("This invitation has been used. Ask for a new one.")


def _close(invitation: Invitation, moment: datetime, **values: datetime) -> bool:
    """End an invitation that is still open, by these values; where it is not, roll back and return False."""
    closed = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, *_is_open(moment))
        .values(**values)
        .returning(Invitation.id)
    ).first()
    if closed is None:
        db.session.rollback()
    return closed is not None


def _is_open(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.used_at.is_(None), Invitation.expires_at > moment


def _account(email: str, password_hash: str) -> User:
    """A new account. Raises Refused when there is one already, perhaps made a moment ago."""
    user = User(email=email, password_hash=password_hash)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise Refused(f"{email} has an account already, and this is not its password.", "password") from None
    return user


def _membership(organisation: Organisation, email: str) -> Membership | None:
    return db.session.scalar(
        select(Membership)
        .join(User)
        .where(Membership.organisation_id == organisation.id, User.email == email)
    )
