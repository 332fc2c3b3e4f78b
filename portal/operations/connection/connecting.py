"""Connect an organisation to ASP Events, and disconnect it (A, F)."""

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.asp.errors import AspError, CredentialsRejected
from portal.errors import PortalError, Refused
from portal.models import (
    Connection,
    Event,
    FrozenSession,
    Link,
    LinkKind,
    Mapping,
    Organisation,
    Run,
    UnpublishedSpeaker,
    await_turn,
    db,
    now,
)
from portal.operations.connection.clients import make_client, require_connection
from portal.operations.connection.secrets import erase_traces
from portal.operations.history import record
from portal.operations.queries.organisation import find_connection, list_mappings_in_force
from portal.operations.syncing.runs import end_runs
from portal.secrets import current_vault
from portal.sync.running.terms import UNSEEN_MARK
from portal.text.numbers import count


def connect_asp(
    organisation: Organisation, api_key: str, secret: str, continuous: bool | None, actor: str
) -> Connection:
    """Store the pair after ASP has accepted it (A2); a blank secret keeps the stored one (A3).

    `continuous` None leaves the switch as it is, which is off at first (A6).
    Raises Refused for what is missing and AspError for what ASP says; nothing is stored then.
    """
    api_key = api_key.strip()
    connection = find_connection(organisation.id)
    if not api_key:
        raise Refused("Enter the API key.", "api_key")
    if not secret and connection is None:
        raise Refused("Enter the API secret.", "api_secret")
    tried = secret or _stored_secret(connection)
    organisation_id, mapped = organisation.id, list_mappings_in_force(organisation)
    db.session.rollback()  # no transaction stays open while ASP is asked
    client = make_client(organisation_id, api_key, tried)
    try:
        client.check_credentials()
        seen = {site.uuid for site in client.sites()} if mapped else set()
    except AspError as problem:
        raise _refuse_unstored(problem) from problem
    finally:
        client.close()
    try:
        return _store(organisation, api_key, tried, continuous, actor, seen)
    except IntegrityError:  # somebody else connected in the same moment: this changes what they stored
        db.session.rollback()
        return _store(
            db.session.get_one(Organisation, organisation_id), api_key, tried, continuous, actor, seen
        )


def _stored_secret(connection: Connection | None) -> str:
    """Raises Refused when no key reads it: then the secret has to be entered again (A3b)."""
    try:
        return current_vault().decrypt(connection.secret_encrypted if connection else b"")
    except PortalError as unreadable:
        raise Refused(str(unreadable), "api_secret") from unreadable


def _refuse_unstored(problem: AspError) -> Refused:
    """ASP's answer as a refusal that says that nothing was stored (A2); only a rejected key is the key's fault."""
    field = "api_key" if isinstance(problem, CredentialsRejected) else None
    return Refused(f"{problem} Nothing was saved.", field)


def _store(
    organisation: Organisation, api_key: str, secret: str, continuous: bool | None, actor: str, seen: set[str]
) -> Connection:
    connection = find_connection(organisation.id)
    if connection is None:
        connection = Connection(organisation_id=organisation.id, connected_by=actor, connected_at=now())
        db.session.add(connection)
        words = f"Connected ASP Events with the API key {api_key}."
    else:
        words = f"Changed the ASP Events connection to the API key {api_key}."
    connection.secret_encrypted = current_vault().encrypt(secret)  # A3b: always under the newest key
    connection.api_key = api_key
    if continuous is None:
        continuous = bool(connection.continuous)
    connection.continuous = continuous
    connection.rejected_at = None
    for mapping in list_mappings_in_force(organisation):  # A7: said at once, not by the next sync
        known = {name: value for name, value in mapping.offer.items() if name != UNSEEN_MARK}
        mapping.offer = known if mapping.site_uuid in seen else {**known, UNSEEN_MARK: True}
    record(
        organisation.id, actor, "connected", f"{words} Continuous sync is {'on' if continuous else 'off'}."
    )
    db.session.commit()
    erase_traces()  # of the secret that stood there before
    return connection


def set_continuous(organisation: Organisation, continuous: bool, actor: str) -> None:
    """Switch continuous sync on or off (A6). Raises Refused when ASP is not connected."""
    connection = require_connection(organisation)
    if connection.continuous == continuous:
        return
    connection.continuous = continuous
    record(organisation.id, actor, "changed", f"Switched continuous sync {'on' if continuous else 'off'}.")
    db.session.commit()


def describe_disconnect(organisation: Organisation) -> str:
    """The confirmation's words, with the real numbers (F1)."""
    names = db.session.scalars(
        select(Event.name)
        .join(Mapping, Mapping.event_id == Event.id)
        .where(Mapping.organisation_id == organisation.id, Mapping.removed_at.is_(None))
        .order_by(Event.name)
    ).all()
    linked = select(Link.site_uuid, Link.key).where(*_session_links(organisation)).distinct().subquery()
    sessions = db.session.scalars(select(func.count()).select_from(linked)).one()
    mapped = count(len(names), "event mapping")
    synced = count(sessions, "session that was synced", "sessions that were synced")
    return (
        f"This ends {mapped}. {synced} can’t be synced to the same ASP events again, even if you map them again. "
        f"Disconnect only if you mean to sync to a different organisation."
        + (f" Mapped now: {', '.join(names)}." if names else "")
    )


def disconnect_asp(organisation: Organisation, actor: str, confirmed: str | None = None) -> None:
    """End the connection and all its mappings; erase the secret; freeze what was synced (F2–F4).

    `confirmed` is the question that was answered, where one was: raises Refused when it would be another by now,
    and when ASP is not connected.
    """
    connection = require_connection(organisation)
    if confirmed is not None and confirmed != describe_disconnect(organisation):
        raise Refused(
            "What would be lost has changed meanwhile. Read the question again; nothing was changed."
        )
    if not await_turn(Connection, connection.id):  # somebody else did it in the same moment
        db.session.rollback()
        return
    # First, so that a run that is about to store a link waits for this, or sees that it has happened.
    db.session.execute(delete(Connection).where(Connection.id == connection.id))
    end_runs(Run.organisation_id == organisation.id)
    frozen = _freeze_sessions(organisation)
    _mark_unpublished(organisation)
    db.session.execute(delete(Link).where(Link.organisation_id == organisation.id))
    mappings = db.session.scalars(select(Mapping).where(Mapping.organisation_id == organisation.id)).all()
    db.session.execute(update(Run).where(Run.organisation_id == organisation.id).values(mapping_id=None))
    for mapping in mappings:
        db.session.delete(mapping)
    ended = sum(mapping.removed_at is None for mapping in mappings)
    record(
        organisation.id,
        actor,
        "disconnected",
        f"Disconnected ASP Events: {count(ended, 'mapping')} ended, {count(frozen, 'synced session')} frozen.",
    )
    db.session.commit()
    erase_traces()


def _freeze_sessions(organisation: Organisation) -> int:
    """Turn the links of sessions into the mark of F3; returns how many."""
    linked = db.session.execute(
        select(Link.site_uuid, Link.key).where(*_session_links(organisation)).distinct()
    ).all()
    frozen = select(FrozenSession.site_uuid, FrozenSession.source_id)
    marked = {
        (site, key)
        for site, key in db.session.execute(frozen.where(FrozenSession.organisation_id == organisation.id))
    }
    rows = [
        {"organisation_id": organisation.id, "site_uuid": site, "source_id": key, "frozen_at": now()}
        for site, key in linked
        if (site, key) not in marked
    ]
    if rows:
        db.session.execute(insert(FrozenSession), rows)
    return len(linked)


def _mark_unpublished(organisation: Organisation) -> None:
    """Keep which people the portal has unpublished, so that it publishes those who come back (F4, D9).

    A link outranks an older mark: people who have a link and are published by now lose their mark.
    """
    ours = (Link.organisation_id == organisation.id, Link.kind == LinkKind.SPEAKER)
    linked = db.session.execute(select(Link.site_uuid, Link.asp_uuid, Link.unpublished).where(*ours)).all()
    db.session.execute(
        delete(UnpublishedSpeaker).where(
            UnpublishedSpeaker.organisation_id == organisation.id,
            UnpublishedSpeaker.asp_uuid.in_(select(Link.asp_uuid).where(*ours)),
        )
    )
    rows = [
        {"organisation_id": organisation.id, "site_uuid": site, "asp_uuid": asp_uuid, "unpublished_at": now()}
        for site, asp_uuid in dict.fromkeys((site, uuid) for site, uuid, unpublished in linked if unpublished)
    ]
    if rows:
        db.session.execute(insert(UnpublishedSpeaker), rows)


def _session_links(organisation: Organisation) -> tuple[ColumnElement[bool], ...]:
    return (Link.organisation_id == organisation.id, Link.kind == LinkKind.SESSION)
