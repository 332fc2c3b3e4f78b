"""Who may log in: users, their memberships, their passwords."""

import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from sqlalchemy import delete, func, select

from portal.errors import NotFound, Refused
from portal.models import Invitation, Membership, Organisation, PasswordReset, Role, User, db
from portal.operations.accounts.logins import end_logins
from portal.operations.accounts.organisation import normal_name
from portal.operations.accounts.passwords import fits, hash_password, nobodys_hash, renewed_hash
from portal.operations.history import record
from portal.text.matching import fold

SPECIAL_USE_DOMAIN_NAMES.clear()  # by syntax alone: an intranet may well end in .local


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
    if user is not None and not fits(user.password_hash, password):
        raise Refused(_not_theirs(address), field="password")
    organisation = _organisation_named(organisation_name)
    if user is None:
        user = User(email=address, password_hash=hash_password(password, address))
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
    end_resets(user.id)  # whoever else made one gets no right by it
    db.session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=role))
    record(organisation.id, actor, "user added", f"{address} was added as {role}.")
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
    if not fits(user.password_hash if user else nobodys_hash(), password):
        return None
    if user is not None and (renewed := renewed_hash(user.password_hash, password)):
        user.password_hash = renewed
        db.session.commit()
    return user


def change_password(email: str, password: str, actor: str) -> User:
    """Give a user another password and end their log-ins. Raises NotFound and Refused."""
    user = db.session.scalar(select(User).where(User.email == normal_email(email)))
    if user is None:
        raise NotFound(f"Nobody has the e-mail {email}.")
    set_password(user, hash_password(password, user.email), actor)
    db.session.commit()
    return user


def set_password(user: User, password_hash: str, actor: str) -> None:
    """Store a user's other password in the caller's transaction; log-ins and links for another one end."""
    user.password_hash = password_hash
    end_logins(user.id)
    end_resets(user.id)
    memberships = db.session.scalars(select(Membership).where(Membership.user_id == user.id))
    for membership in memberships:
        text = f"The password of {user.email} was changed."
        record(membership.organisation_id, actor, "password changed", text)


def end_resets(user_id: int) -> None:
    """End the links for another password of a user, in the caller's transaction."""
    db.session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))


def check_own_password(user: User, current: str) -> None:
    """Raises Refused when the current password is not theirs."""
    if not fits(user.password_hash, current):
        raise Refused("This is not your current password.", field="current")


def _organisation_named(name: str) -> Organisation:
    """The organisation, made when it is new. Raises Refused when its address is another's already."""
    wanted, slug = normal_name(name, "organisation"), slug_of(name)
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:  # one that was renamed has another address than its name
        same = select(Organisation).where(func.lower(Organisation.name) == wanted.lower())
        organisation = db.session.scalars(same.order_by(Organisation.id)).first()
    if organisation is None:
        organisation = Organisation(name=wanted, slug=slug)
        db.session.add(organisation)
    elif organisation.slug == slug and wanted != slug and fold(wanted) != fold(organisation.name):
        raise Refused(
            f"“{wanted}” would have the address “{slug}”, which is that of “{organisation.name}”. If that is the one "
            f"you mean, name it “{slug}”; if not, choose a name that differs in a letter or digit.",
            field="organisation",
        )
    return organisation
