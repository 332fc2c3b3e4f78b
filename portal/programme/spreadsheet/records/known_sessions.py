"""Recognises the sessions of a spreadsheet: by UUID, by client session ID, else by title, start and room (H2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from portal.programme.content import SessionContent
from portal.programme.spreadsheet.rows.drafts import CellProblem, SessionDraft
from portal.text.matching import fold
from portal.text.numbers import count


class KnownSessions:
    """The event's sessions, and which of them each draft is."""

    def __init__(self, stored: Iterable[SessionContent]) -> None:
        self.problems: list[CellProblem] = []
        self.notes: list[str] = []
        self._stored = list(stored)
        self.by_uuid = {each.source_id: each for each in self._stored}
        self._found: dict[int, SessionContent] = {}  # by the draft's identity
        self._taken: dict[str, SessionDraft] = {}

    def record_of(self, draft: SessionDraft) -> SessionContent | None:
        """The stored session that the draft is; None for a new one."""
        return self._found.get(id(draft))

    def match(self, drafts: list[SessionDraft]) -> None:
        """Find the session of each draft."""
        by_client_id = defaultdict(list)
        for each in self._stored:
            if each.client_session_id:
                by_client_id[fold(each.client_session_id)].append(each)
        unknown = []
        for draft in drafts:
            client_id = draft.values.get("client_session_id")
            if draft.uuid:
                if draft.uuid in self.by_uuid:
                    self._take(draft, self.by_uuid[draft.uuid])
            elif client_id and (same := by_client_id.get(fold(client_id))):
                if len(same) > 1:
                    self._refuse(draft, f"has the ID of {len(same)} sessions of the event, {client_id}")
                else:
                    self._take(draft, same[0])
            else:
                unknown.append(draft)
        self._match_by_title(unknown)

    def _match_by_title(self, drafts: list[SessionDraft]) -> None:
        """Those that bring no id known here: by title, start and room; else by the title, where one has it."""
        places, titles = defaultdict(list), defaultdict(list)
        for each in self._stored:
            if each.source_id not in self._taken and each.title:
                places[_place(each.title, each.starts_at, each.room.name if each.room else None)].append(each)
                titles[fold(each.title)].append(each)
        by_place, by_title = 0, 0
        left = []
        for draft in drafts:
            fits = self._fitting(
                draft, places[_place(draft.title, draft.starts_at, draft.values.get("room"))]
            )
            if len(fits) > 1:
                text = (
                    f"fits {len(fits)} sessions of the event with this title, start and room: add their IDs"
                )
                self._refuse(draft, text)
            elif fits:
                by_place += 1
                self._take(draft, fits[0])
            else:
                left.append(draft)
        wanted = Counter(fold(draft.title or "") for draft in left)
        for draft in left:
            fits = self._fitting(draft, titles[fold(draft.title or "")])
            if len(fits) == 1 and wanted[fold(draft.title or "")] == 1:
                by_title += 1
                self._take(draft, fits[0])
        if by_place:
            self.notes.append(f"Recognised by title, start and room: {count(by_place, 'session')}.")
        if by_title:
            self.notes.append(
                f"Recognised by the title alone, with another start or room: {count(by_title, 'session')}."
            )

    def _fitting(self, draft: SessionDraft, candidates: list[SessionContent]) -> list[SessionContent]:
        """Those of the candidates that nobody has taken; one with an id of its own is no session of another id."""
        has_id = bool(draft.values.get("client_session_id"))
        return [
            each
            for each in candidates
            if each.source_id not in self._taken and not (has_id and each.client_session_id)
        ]

    def _take(self, draft: SessionDraft, session: SessionContent) -> None:
        before = self._taken.get(session.source_id)
        if before:
            text = f"is the same session as row {before.place.row:,}, “{before.title}”"
            self._refuse(draft, text)
            return
        self._taken[session.source_id] = draft
        self._found[id(draft)] = session

    def _refuse(self, draft: SessionDraft, message: str) -> None:
        self.problems.append(CellProblem(draft.place, message, True, draft.title, draft.title))


def _place(title: str | None, starts_at: object, room: str | None) -> tuple[str, object, str]:
    return fold(title or ""), starts_at, fold(room or "")
