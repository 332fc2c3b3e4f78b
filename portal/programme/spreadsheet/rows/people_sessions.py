"""Puts people on the sessions that a table of people names for them, where no column of the sessions names people."""

import re
from dataclasses import replace

from portal.programme.spreadsheet.rows.drafts import CellProblem, Mention, SessionDraft
from portal.text.matching import fold, trimmed

STATUS = re.compile(r"\s*\([^()]*\)$")  # some tools write it behind the title
BETWEEN = (re.compile(r"\n"), re.compile(r"[\n;|]"), re.compile(r"[\n;|,]"))


def add_to_named_sessions(sessions: list[SessionDraft], people: list[Mention]) -> list[CellProblem]:
    """Add everybody to their sessions, known by ID or title; returns what names no session of the file."""
    if not people or not sessions or any(session.told_roles for session in sessions):
        return []
    known: dict[str, SessionDraft] = {}
    for session in sessions:
        for name in (session.uuid, session.values.get("client_session_id"), session.title):
            if name:
                known.setdefault(fold(name), session)
    problems = []
    for session in sessions:
        session.told_roles = frozenset(mention.role for mention in people)
    for mention in people:
        for name in _names(mention.sessions or "", known):
            session_of_name = known.get(fold(name)) or known.get(fold(STATUS.sub("", name)))
            if session_of_name:
                session_of_name.mentions.append(replace(mention))
            else:
                text = "is no session of this file; they were not added to it"
                problems.append(CellProblem(mention.place, text, False, mention.named.name, name))
    return problems


def _names(text: str, known: dict[str, SessionDraft]) -> list[str]:
    """The sessions of a cell: a title may hold what separates others, so that the widest reading that fits counts."""
    parts = [text]
    for sign in BETWEEN:
        if all(fold(part) in known for part in parts):
            break
        parts = [part for part in map(trimmed, sign.split(text)) if part]
    return parts
