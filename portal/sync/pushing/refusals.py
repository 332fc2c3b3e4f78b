"""What is done when ASP does not take a record as it is: what it refuses is left out (D16, E13)."""

from collections.abc import Callable
from typing import Any

from portal.asp.client import AspClient
from portal.asp.errors import NotThere, RecordRefused
from portal.sync.pushing.written import Notes

REQUIRED = {
    "session": ("title", "starts_at", "ends_at", "client_session_id", "sessionboard_id"),
    "speaker": ("first_name", "last_name", "email"),
}


class Refusals:
    """Sends a record again without what ASP refused. `people` are the names of linked people by their Uuids."""

    def __init__(self, client: AspClient, people: dict[str, str]) -> None:
        self._client = client
        self._people = people
        groups = {"session": client.contract.session, "speaker": client.contract.speaker}
        self._required = {
            kind: {getattr(groups[kind], name) for name in names} for kind, names in REQUIRED.items()
        }

    def leave_out(
        self, kind: str, notes: Notes, values: dict[str, Any], send: Callable[[dict[str, Any]], str]
    ) -> tuple[str, dict[str, Any]]:
        """D16: refused optional fields are left out until ASP takes the rest or refuses a required one.

        Some servers name one wrong field per answer, so every round leaves out at least one or mends a list.
        Returns the record's Uuid and what ASP took. Raises AspError.
        """
        for slug in values:
            notes.refused.pop(slug, None)
        left, refusals = dict(values), dict[str, str]()
        while True:
            try:
                asp_uuid = send(left)
                break
            except RecordRefused as refusal:
                refused = {slug: words for slug, words in refusal.problems.items() if slug in left}
                if not refused or refused.keys() & self._required[kind]:
                    raise
                left |= self._without_gone_people(notes, left, refused)
                for slug, words in refused.items():
                    notes.refused[slug] = {"value": left.pop(slug), "message": words}
                refusals |= refused
        rest = " The rest was sent." if left else ""
        notes.warnings += [
            f"ASP refused {slug}: {words.removesuffix('.')}.{rest} Correct it, then sync again."
            for slug, words in refusals.items()
        ]
        return asp_uuid, left

    def _without_gone_people(
        self, notes: Notes, values: dict[str, Any], refused: dict[str, str]
    ) -> dict[str, Any]:
        """E13: a list of people is refused because somebody's record was deleted in ASP. The others stay on it.

        Takes what can be sent after all out of `refused`.
        """
        mended: dict[str, Any] = {}
        for slug in [slug for slug in refused if isinstance(values[slug], list)]:
            known = [uuid for uuid in values[slug] if uuid in self._people]
            gone = {uuid for uuid in known if self._is_gone(uuid)}
            if not gone:
                continue
            del refused[slug]
            mended[slug] = [uuid for uuid in values[slug] if uuid not in gone]
            for uuid in sorted(gone - set(notes.gone)):
                notes.gone.append(uuid)
                notes.warnings.append(
                    f"Synced without {self._people[uuid]}, whose record was deleted in ASP by hand."
                )
        return mended

    def _is_gone(self, uuid: str) -> bool:
        try:
            self._client.speaker(uuid)
        except NotThere:
            return True
        return False
