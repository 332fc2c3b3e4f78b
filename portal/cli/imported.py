"""What an import says in words, whatever the programme came from."""

from portal.programme.tallying import Tally


def tell_import(name: str, event: int | str | None, *, is_stored: bool) -> str:
    """The first line: what was imported, or what was only looked at."""
    if is_stored:
        return f"Imported {name} (event {event})."
    return f"Looked at only; nothing was stored. For {name} it would be:"


def tell_counts(sessions: Tally, contacts: Tally, *, is_pull: bool = False) -> list[str]:
    """A line for the sessions and one for the people; a pull also knows what is gone over there."""
    return [
        f"{kind}: {tally.created} created, {tally.updated} updated, {tally.unchanged} unchanged, "
        + (f"{tally.removed} gone in Sessionboard." if is_pull else f"{tally.missing} missing from the file.")
        for kind, tally in (("Sessions", sessions), ("People", contacts))
    ]
