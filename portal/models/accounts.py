"""Who uses the portal: organisations, users, their memberships, and what they did."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, now


class Role(StrEnum):
    """What a member may do (G1): an admin everything, a viewer only look."""

    ADMIN = "admin"
    VIEWER = "viewer"


class Organisation(Base):
    """The tenant; integrations belong to it, never to one event."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")


class User(UserMixin, Base):
    """Somebody who can log in."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    password_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")

    login_token = ""  # of the log-in that this browser has, while a request is answered; no column

    def get_id(self) -> str:
        """What the login cookie holds: the token of one log-in, which the server can end."""
        return self.login_token


class Login(Base):
    """One log-in of a user: it ends with its row, whatever cookies are left somewhere (G1b)."""

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)  # the token itself is the browser's alone
    browser: Mapped[str]  # in words
    remembered: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class Membership(Base):
    """A user's role in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class Invitation(Base):
    """A link that lets somebody join an organisation once, until it expires."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)  # the link itself is shown once and kept nowhere
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    made_by: Mapped[str | None]  # the e-mail of the admin, who may hold the link

    organisation: Mapped[Organisation] = relationship()


class PasswordReset(Base):
    """A link by which a user chooses another password once, until it expires."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)  # the link itself is kept nowhere
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    made_by: Mapped[str | None]  # the e-mail of the admin who hands it over; None for one that was mailed

    user: Mapped[User] = relationship()


class HistoryEntry(Base):
    """One change that somebody made (G2)."""

    __tablename__ = "history_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    actor: Mapped[str]  # the e-mail as it was, or "command line", "continuous sync"
    kind: Mapped[str]
    text: Mapped[str]
    words: Mapped[str]  # text and actor, as they are searched
    # what it tells of, where that is one thing; records by their source's ids, which outlive them
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    session_id: Mapped[str | None]
    contact_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
