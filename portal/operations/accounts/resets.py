"""Another password for somebody who has forgotten theirs: a link that works once, for a while (G1b)."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from portal.errors import NotFound, Refused
from portal.models import Membership, PasswordReset, User, await_turn, db, now
from portal.operations.accounts.passwords import hash_password
from portal.operations.accounts.users import end_resets, set_password
from portal.operations.history import record
from portal.secrets import new_token, token_hash

MAILED_LASTS = timedelta(hours=1)
HANDED_OVER_LASTS = timedelta(hours=24)
MAILED_EVERY = timedelta(minutes=5)  # whoever asks more often does not fill a mailbox
GONE = "This link has been used, has expired, or a newer one has taken its place. Ask for another."


def ask_for_reset(email: str) -> str | None:
    """A token for the mail to somebody who says that they have forgotten their password.

    None where nobody has this e-mail, or a mail has just gone there: the caller tells nobody which.
    """
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        return None
    await_turn(User, user.id)
    lately = select(PasswordReset.id).where(
        PasswordReset.user_id == user.id, PasswordReset.created_at > now() - MAILED_EVERY
    )
    if db.session.scalar(lately.limit(1)) is not None:
        db.session.rollback()
        return None
    token = _make(user.id, MAILED_LASTS)
    db.session.commit()
    return token


def make_reset(member: Membership, actor: str) -> str:
    """A token for the link that an admin hands over to a member.

    Only for somebody who belongs to no other organisation: the link opens everything that the account may do. Raises
    Refused.
    """
    memberships = select(func.count(Membership.id)).where(Membership.user_id == member.user_id)
    await_turn(User, member.user_id)
    if db.session.scalar(memberships) != 1:
        db.session.rollback()
        raise Refused(
            f"{member.user.email} belongs to other organisations too. Only whoever runs the portal can give them "
            "another password (portal user reset-password)."
        )
    token = _make(member.user_id, HANDED_OVER_LASTS, actor)
    text = f"Made a link for another password of {member.user.email}."
    record(member.organisation_id, actor, "password link made", text)
    db.session.commit()
    return token


def find_reset(token: str) -> PasswordReset:
    """What a link leads to. Raises NotFound when it was used, is too old, or never was."""
    reset = db.session.scalar(
        select(PasswordReset).where(
            PasswordReset.token_hash == token_hash(token), PasswordReset.expires_at > now()
        )
    )
    if reset is None:
        raise NotFound(GONE)
    return reset


def use_reset(token: str, password: str) -> User:
    """Give the link's user this password, and end their log-ins. Raises NotFound, and Refused for the password."""
    user = find_reset(token).user
    password_hash = hash_password(password, user.email)
    await_turn(User, user.id)
    find_reset(token)  # of several who press at once one goes on
    set_password(user, password_hash, user.email)
    db.session.commit()
    return user


def end_resets_made_by(membership: Membership) -> None:
    """End the links that somebody made for members of an organisation and may hold, in the caller's transaction."""
    members = select(Membership.user_id).where(Membership.organisation_id == membership.organisation_id)
    ours = (PasswordReset.made_by == membership.user.email, PasswordReset.user_id.in_(members))
    db.session.execute(delete(PasswordReset).where(*ours).execution_options(synchronize_session=False))


def _make(user_id: int, lasts: timedelta, made_by: str | None = None) -> str:
    """One link of a user is good: the newest."""
    token, moment = new_token(), now()
    end_resets(user_id)
    db.session.add(
        PasswordReset(
            user_id=user_id,
            token_hash=token_hash(token),
            created_at=moment,
            expires_at=moment + lasts,
            made_by=made_by,
        )
    )
    return token
