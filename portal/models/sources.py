"""Where an organisation's programmes come from when they are planned elsewhere (H1)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, now


class Source(Base):
    """An organisation's token for Sessionboard; there is at most one."""

    __tablename__ = "source"
    __table_args__ = ({"sqlite_autoincrement": True},)  # a pull in hand knows its source by the id

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    region: Mapped[str]  # "us" or "eu"
    token_encrypted: Mapped[bytes]
    connected_at: Mapped[datetime] = mapped_column(default=now)
    connected_by: Mapped[str]
    rejected_at: Mapped[datetime | None]  # since when the token is not accepted (A6)
    hook_address: Mapped[str | None] = mapped_column(unique=True)  # the end of the webhook's path
    hook_secret_hash: Mapped[str | None]

    def __repr__(self) -> str:
        return f"<Source {self.id} of organisation {self.organisation_id}>"


class PulledEvent(Base):
    """What is remembered of an event's last pull, so that the next one asks only for what has changed since."""

    __tablename__ = "pulled_event"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    pulled_at: Mapped[datetime]  # when the pull began whose answers are stored
    read_whole_at: Mapped[datetime]  # when everything was read last
    sessions_after: Mapped[datetime]  # what changed later than this has not been read yet
    contacts_after: Mapped[datetime]
    # How many more are stored than the source counts, as of the last reading of everything; another number later says
    # that something is gone over there.
    more_sessions: Mapped[int]
    more_contacts: Mapped[int]
    sync_wanted_at: Mapped[datetime | None]  # since when a message of the webhook waits for a sync
    pull_wanted: Mapped[bool] = mapped_column(default=False)  # one of them could not be taken in by itself


class NotedMessage(Base):
    """A message of the webhook that was answered and is not taken in yet; its id says which came first."""

    __tablename__ = "noted_message"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    body: Mapped[str] = mapped_column(Text)  # as it came
