"""The organisation's History: who changed what, and when (G2)."""

from portal.models import HistoryEntry, db


def record(
    organisation_id: int,
    actor: str,
    kind: str,
    text: str,
    *,
    user_id: int | None = None,
    event_id: int | None = None,
) -> None:
    """Add an entry to the caller's transaction; it never holds a secret."""
    db.session.add(
        HistoryEntry(
            organisation_id=organisation_id,
            actor=actor,
            kind=kind,
            text=text,
            user_id=user_id,
            event_id=event_id,
        )
    )
