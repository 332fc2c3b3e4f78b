"""Who may log in: users, their memberships, their passwords."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from sqlalchemy import func, select

from portal.errors import NotFound, Refused
from portal.models import Invitation, Membership, Organisation, Role, User, db
from portal.operations.history import record
from portal.operations.logins import end_logins

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000  # hashing takes time with length; nobody types more

SPECIAL_USE_DOMAIN_NAMES.clear()  # by syntax alone: an intranet may well end in .local

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Compared with when the e-mail is unknown, so that the answer takes as long as for a wrong password."""
    return _hasher.hash("nobody has this password")


def slug_of(name: str) -> str:
    """A name as it stands in addresses: lower case, words joined by hyphens, letters of any script kept.

    Raises Refused when nothing is left.
    """
    kept = "".join(
        letter if unicodedata.category(letter)[0] in "LMN" else " "
        for letter in unicodedata.normalize("NFC", name).lower()
    )
    slug = "-".join(unicodedata.normalize("NFC", kept).split())
    if not slug:
        raise Refused(f"“{name}” has no letter or digit to make an address of.", field="organisation")
    return slug


def normal_email(email: str) -> str:
    """The e-mail as it is stored. Raises Refused when it is none."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as exc:
        raise Refused(f"“{email}” is not an e-mail address: {exc}", field="email") from exc
    return checked.normalized.lower()


def add_user(email: str, organisation_name: str, role: str, password: str, actor: str) -> User:
    """Give somebody a membership, making the user and the organisation where they are new.

    For an account that exists the password must be its own (G1b): whoever else made it, with a link that went
    astray, may not get the rights. Raises Refused with the field that is wrong.
    """
    address = normal_email(email)
    if role not in set(Role):
        raise Refused(f"“{role}” is no role; it must be admin or viewer.", field="role")
    user = db.session.scalar(select(User).where(User.email == address))
    if user is not None and not _fits(user.password_hash, password):
        raise Refused(_not_theirs(address), field="password")
    organisation = _organisation_named(organisation_name)
    if user is None:
        user = User(email=address, password_hash=hash_password(password))
        db.session.add(user)
    db.session.flush()
    membership = db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.organisation_id == organisation.id)
    )
    if membership is not None and membership.role == role:
        return user  # nothing to do
    if membership is not None:
        db.session.rollback()
        raise Refused(f"{address} already belongs to {organisation_name}.", field="email")
    db.session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=role))
    record(organisation.id, actor, "user added", f"{address} was added as {role}.", user_id=user.id)
    db.session.commit()
    return user


def _not_theirs(address: str) -> str:
    """Why an account gets no right with this password, and where it came from, as far as that is known."""
    host = db.session.scalar(
        select(Organisation.name)
        .join(Invitation, Invitation.organisation_id == Organisation.id)
        .where(Invitation.email == address, Invitation.used_at.is_not(None))
        .order_by(Invitation.used_at)
    )
    origin = f", made by an invitation of {host}" if host else ""
    return (
        f"{address} has an account already{origin}, and this is not its password. Nothing was changed. "
        "Invite them under Settings → Team, or give the password that they have."
    )


def check_login(email: str, password: str) -> User | None:
    """The user with this e-mail and password; an unknown e-mail takes as long as a wrong password."""
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    if not _fits(user.password_hash if user else _nobody(), password):
        return None
    if user is not None and _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
        db.session.commit()
    return user


def change_password(email: str, password: str, actor: str) -> User:
    """Give a user another password and end their log-ins. Raises NotFound and Refused."""
    user = db.session.scalar(select(User).where(User.email == normal_email(email)))
    if user is None:
        raise NotFound(f"Nobody has the e-mail {email}.")
    user.password_hash = hash_password(password)
    end_logins(user.id)
    memberships = db.session.scalars(select(Membership).where(Membership.user_id == user.id))
    for membership in memberships:
        text = f"The password of {user.email} was changed."
        record(membership.organisation_id, actor, "password changed", text, user_id=user.id)
    db.session.commit()
    return user


def check_own_password(user: User, current: str) -> None:
    """Raises Refused when the current password is not theirs."""
    if not _fits(user.password_hash, current):
        raise Refused("This is not your current password.", field="current")


def _organisation_named(name: str) -> Organisation:
    slug = slug_of(name)
    # Its address counts, or, for one that was renamed, its name as it is now.
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        same = select(Organisation).where(func.lower(Organisation.name) == name.strip().lower())
        organisation = db.session.scalars(same.order_by(Organisation.id)).first()
    if organisation is None:
        organisation = Organisation(name=unicodedata.normalize("NFC", name).strip(), slug=slug)
        db.session.add(organisation)
    return organisation


def hash_password(password: str) -> str:
    """The password as it is stored. Raises Refused when it is too short or far too long."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"The password needs at least {SHORTEST_PASSWORD} characters.", field="password")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"The password has more than {LONGEST_PASSWORD} characters.", field="password")
    return _hasher.hash(password)


def _fits(password_hash: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
