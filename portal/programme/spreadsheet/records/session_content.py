"""Makes a session's content of what its row says and what is stored: what is the same stays as it is stored."""

import uuid
from dataclasses import fields
from functools import lru_cache
from typing import Any

from portal.models import ChoiceKind
from portal.programme.content import (
    SINGLE_CHOICES,
    ChoiceContent,
    FileContent,
    ParticipantContent,
    SessionContent,
)
from portal.programme.spreadsheet.cells.custom_values import CustomValues
from portal.programme.spreadsheet.records.equality import custom_text, same_moment, same_text
from portal.programme.spreadsheet.records.known_people import KnownPeople
from portal.programme.spreadsheet.rows.drafts import Options, SessionDraft
from portal.programme.statuses import ACCEPTED
from portal.text.matching import fold

TEXTS = ("title", "description", "client_session_id")
MOMENTS = ("starts_at", "ends_at")
OWN_COLUMNS = frozenset(("speaker", "moderator", "chairperson"))
SETTLED = frozenset(
    each.name
    for each in fields(SessionContent)
    if each.name not in ("source_id", "participants", "absent", "told_roles")
)


class Choices:
    """The event's formats, rooms, tags … by name; what is new gets its name for an id."""

    def __init__(self, stored: dict[str, list[ChoiceContent]]) -> None:
        self._known: dict[tuple[str, str], ChoiceContent] = {}
        for kind, choices in stored.items():
            for choice in choices:
                self._known.setdefault((kind, fold(choice.name)), choice)
        for kind, choices in stored.items():
            for choice in choices:
                if "name" in choice.edited:  # it was named here by hand, and the file calls it as before (H3)
                    self._known.setdefault((kind, fold(choice.edited["name"])), choice)
        self._ids = {(kind, each.source_id) for kind, choices in stored.items() for each in choices}

    def named(self, kind: str, name: str, now: ChoiceContent | None = None) -> ChoiceContent:
        """The choice of that name; the one that the session has `now` when it is called so."""
        if now and fold(now.name) == fold(name):
            return now
        key = (kind, fold(name))
        if key not in self._known:
            source_id = fold(name)
            if (kind, source_id) in self._ids:  # the id of a choice that has another name by now
                source_id = str(uuid.uuid4())
            self._ids.add((kind, source_id))
            self._known[key] = ChoiceContent(source_id=source_id, name=name)
        return self._known[key]


def session_content(
    draft: SessionDraft,
    record: SessionContent | None,
    people: KnownPeople,
    choices: Choices,
    custom_values: CustomValues,
    options: Options,
) -> SessionContent:
    """The session as it shall be; `absent` names all that the row leaves as it is."""
    before = record or SessionContent(source_id=draft.uuid or str(uuid.uuid4()), status="")
    values = _told_values(draft.values, before, choices, options.timezone)
    custom = {
        name: custom_values.value(name, text)
        for name, text in draft.custom_fields.items()
        if not same_text(custom_text(before.custom_fields.get(name)), text)
    }
    if custom:
        values["custom_fields"] = custom
    values["status"] = draft.values.get("status") or before.status or options.new_status or ACCEPTED
    participants, told_roles = _participants(draft, before, people)
    return SessionContent(
        source_id=before.source_id,
        **values,
        participants=participants,
        absent=_unsaid(tuple(values)),
        told_roles=told_roles,
    )


def _told_values(
    told: dict[str, Any], before: SessionContent, choices: Choices, timezone: str
) -> dict[str, Any]:
    """What the row says of the session's own fields, without texts and times that say what is stored."""
    values: dict[str, Any] = {}
    for name in TEXTS:
        if name in told and not same_text(getattr(before, name), told[name]):
            values[name] = told[name]
    for name in MOMENTS:
        if name in told and not same_moment(getattr(before, name), told[name], timezone):
            values[name] = told[name]
    for name in SINGLE_CHOICES:
        if name in told:
            now = getattr(before, name)
            values[name] = choices.named(name, told[name], now) if told[name] else None
    if "tags" in told:
        tags = {fold(each.name): each for each in before.tags}
        kind = ChoiceKind.TAG.value
        values["tags"] = tuple(choices.named(kind, name, tags.get(fold(name))) for name in told["tags"])
    if "content" in told:
        values["files"] = _files(told["content"], before)
    if "is_public" in told:
        values["is_public"] = told["is_public"]
    return values


@lru_cache(maxsize=1_000)
def _unsaid(said: tuple[str, ...]) -> frozenset[str]:
    """All other fields; one set for all sessions alike."""
    return SETTLED.difference(said)


def _files(urls: list[str], before: SessionContent) -> tuple[FileContent, ...]:
    known = {each.url: each for each in reversed(before.files)}
    if list(dict.fromkeys(each.url for each in before.files)) == urls:
        return before.files
    return tuple(known.get(url) or FileContent(url=url) for url in urls)


def _participants(
    draft: SessionDraft, before: SessionContent, people: KnownPeople
) -> tuple[tuple[ParticipantContent, ...], frozenset[str]]:
    """Those whom the row names, and the roles of which it says something.

    A sheet has a column per role: where every role holds whom it held, the order across roles stays too.
    """
    told = set(draft.told_roles)
    if "other" in told:
        told |= {each.role for each in before.participants} - OWN_COLUMNS
    found: dict[ParticipantContent, None] = {}
    for mention in draft.mentions:
        identifier = people.id_of(mention.person) if mention.person else None
        if identifier is None:
            continue
        status = mention.named.status or _status_now(identifier, mention.role, before, mention.tells_status)
        found.setdefault(ParticipantContent(contact_id=identifier, role=mention.role, status=status))
    told |= {each.role for each in found}
    if all(
        [each for each in found if each.role == role]
        == [each for each in before.participants if each.role == role]
        for role in told
    ):
        return (), frozenset()
    return tuple(found), frozenset(told)


def _status_now(contact_id: str, role: str, before: SessionContent, tells_status: bool) -> str:
    if tells_status:
        return ACCEPTED
    return next(
        (each.status for each in before.participants if (each.contact_id, each.role) == (contact_id, role)),
        ACCEPTED,
    )
