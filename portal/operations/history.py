"""The organisation's History: who changed what, and when (G2)."""

from portal.models import HistoryEntry, db
from portal.text.searching import searchable


def record(
    organisation_id: int,
    actor: str,
    kind: str,
    text: str,
    *,
    event_id: int | None = None,
    run_id: int | None = None,
    session_id: str | None = None,
    contact_id: str | None = None,
) -> None:
    """Add an entry to the caller's transaction; it never holds a secret.

    The ids say what it tells of: a run, or by its source's id one session or one person of the event.
    """
    db.session.add(
        HistoryEntry(
            organisation_id=organisation_id,
            actor=actor,
            kind=kind,
            text=text,
            words=searchable(f"{text} {actor}"),
            event_id=event_id,
            run_id=run_id,
            session_id=session_id,
            contact_id=contact_id,
        )
    )
