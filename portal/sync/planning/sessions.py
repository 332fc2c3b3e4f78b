"""The sessions of a plan: what is sent of each, with which records of ASP it is joined, and its warnings."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from portal.sync.planning import reasons
from portal.sync.planning.adoption import ExistingSessions
from portal.sync.planning.columns import Columns
from portal.sync.planning.context import Context
from portal.sync.planning.deciding import Known, decide, leave_out
from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.payload import Reference, Shaper
from portal.sync.planning.selection import Chosen, NotChosen, has_ended
from portal.sync.planning.snapshot import Existing, RenamedChoice, SessionSnapshot
from portal.text.matching import fold, trimmed


class Sessions:
    """Plans the sessions of a programme; the values are shaped once, however often it is planned."""

    def __init__(self, context: Context, decisions: list[Chosen | NotChosen], columns: Columns) -> None:
        self._context = context
        self._decisions = decisions
        self.chosen = [each for each in decisions if isinstance(each, Chosen)]
        shaper = Shaper(columns, context.offer, context.contract, context.programme.timezone)
        self.shaped: dict[str, tuple[dict[str, Any], list[str]]] = {
            each.session.id: shaper.values(each.session, {"ends_at": each.ends_at}) for each in self.chosen
        }
        self.names = shaper.names
        self._shared_ids = _shared_client_session_ids(self.chosen)

    def plan(
        self, existing: Existing, known: Known, pending: frozenset[Reference], absent: Mapping[str, str]
    ) -> tuple[Intended, ...]:
        """All sessions in their order; `absent` says of people why they come to no session."""
        found = ExistingSessions(existing.sessions, self._context.links.sessions, self._context.contract)
        return tuple(
            self._plan_not_chosen(each, found)
            if isinstance(each, NotChosen)
            else self._plan_chosen(each, found, known, pending, absent)
            for each in self._decisions
        )

    def _plan_chosen(
        self,
        chosen: Chosen,
        found: ExistingSessions,
        known: Known,
        pending: frozenset[Reference],
        absent: Mapping[str, str],
    ) -> Intended:
        session = chosen.session
        values, warnings = self.shaped[session.id]
        link = self._context.links.sessions.get(session.id)
        if link is None or (link.gone and self._context.rules.recreate_deleted):
            link = found.adopt(session, values) or link
        intended = Intended(
            "session",
            session.id,
            _title(session),
            Action.UNCHANGED,
            warnings=(
                *chosen.warnings,
                *warnings,
                *found.duplicates(session.id, link),
                *self._shared_id(session),
                *self._without_people(values, known, pending, absent),
            ),
            values=values,
            link=link,
            public=session.is_public,
        )
        return decide(intended, self._context.rules.recreate_deleted, known, pending)

    def _plan_not_chosen(self, each: NotChosen, found: ExistingSessions) -> Intended:
        session, links = each.session, self._context.links
        action = Action.FAIL if each.failed else Action.SKIP
        link = links.sessions.get(session.id)
        is_accepted = self._context.programme.is_accepted(session.status)
        withdrawn = not is_accepted and not has_ended(session, self._context.moment)  # D9, D5
        if link is None and withdrawn and session.id not in links.frozen:  # E11: a run that died had made it
            link = found.adopt(session, {})
        intended = Intended("session", session.id, _title(session), action, each.reason, link=link)
        if each.failed:
            return intended
        return leave_out(intended, withdrawn and self._context.rules.unpublish_sessions)

    def _shared_id(self, session: SessionSnapshot) -> list[str]:  # D17
        number = self._shared_ids[_client_session_id(session)] - 1
        if not number:
            return []
        return [
            reasons.SHARED_ID.words(
                others=f"{number} other session{'s have' if number > 1 else ' has'}",
                id=_client_session_id(session),
            )
        ]

    def _without_people(
        self, values: dict[str, Any], known: Known, pending: frozenset[Reference], absent: Mapping[str, str]
    ) -> list[str]:
        """D7: the people who fail and are not in ASP yet, as warnings of their session."""
        contacts = self._context.programme.contacts
        referred = dict.fromkeys(
            each
            for value in values.values()
            if isinstance(value, tuple)
            for each in value
            if each.kind == "speaker"
        )
        return [
            reasons.WITHOUT_PERSON.words(
                name=contacts[each.key].name, why=absent.get(each.key, "not synced.")
            )
            for each in referred
            if each not in known and each not in pending
        ]


def _title(session: SessionSnapshot) -> str:
    return session.title or session.id


def _client_session_id(session: SessionSnapshot) -> str:
    return trimmed(session.client_session_id or "")


def _shared_client_session_ids(chosen: list[Chosen]) -> Counter[str]:
    return Counter(_client_session_id(each.session) for each in chosen)


def _names_of_choices(session: SessionSnapshot) -> list[tuple[str, str, str]]:
    """The kind, the field and the name of each format, room, level and tag of a session (C6)."""
    named = [
        ("format", "format", session.format),
        ("room", "room", session.room),
        ("level", "level", session.level),
        *(("tag", "tags", tag) for tag in session.tags),
    ]
    return [(kind, key, name) for kind, key, name in named if name]


def renamed_words(renamed: tuple[RenamedChoice, ...], chosen: list[Chosen], columns: Columns) -> list[str]:
    """C6: a warning for each new name that sessions of this run really move to, in a field that is sent."""
    used = {
        (kind, fold(name))
        for each in chosen
        for kind, key, name in _names_of_choices(each.session)
        if columns.has(key)
    }
    return [
        reasons.RENAMED.words(kind=each.kind, before=each.synced_name, after=each.name)
        for each in renamed
        if (each.kind, fold(each.name)) in used
    ]
