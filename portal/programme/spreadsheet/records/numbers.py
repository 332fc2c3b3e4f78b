"""Gives client session IDs by a pattern to the sessions of a file that have none (H2)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from portal.programme.content import SessionContent
from portal.programme.numbering import Pattern, numbered
from portal.text.numbers import count

NAME = "client_session_id"
LAST = datetime.max.replace(tzinfo=UTC)


def number_sessions(
    contents: list[SessionContent], stored: Iterable[SessionContent], pattern: Pattern
) -> tuple[list[SessionContent], list[str]]:
    """The sessions, those without an ID numbered in the order of the programme; and what was done, in words."""
    known = {each.source_id: each for each in stored}

    def told(content: SessionContent, name: str) -> str | datetime | None:
        former = known.get(content.source_id)
        found: str | datetime | None = getattr(former if name in content.absent and former else content, name)
        return found

    taken = {each.client_session_id for each in known.values() if each.client_session_id}
    taken |= {str(told(each, NAME)) for each in contents if told(each, NAME)}
    lacking = sorted(
        (each for each in contents if not told(each, NAME)),
        key=lambda each: (told(each, "starts_at") or LAST, str(told(each, "title") or "")),
    )
    ids = numbered(pattern, 1, len(lacking), taken)
    given = {each.source_id: identifier for each, identifier in zip(lacking, ids, strict=True)}
    if not given:
        return contents, []
    sessions = count(len(given), "session")
    return [
        replace(each, client_session_id=given[each.source_id], absent=each.absent - {NAME})
        if each.source_id in given
        else each
        for each in contents
    ], [f"{sessions} without a client session ID got one: {ids[0]} to {ids[-1]}."]
