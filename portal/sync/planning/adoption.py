"""Which of ASP's existing records are ours: by `sessionboard_id` and e-mail alone (E11, I4)."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from portal.asp.contract import Contract
from portal.asp.records import AspRecord
from portal.sync.planning import reasons
from portal.sync.planning.keys import carried_id, email_of
from portal.sync.planning.payload import is_empty
from portal.sync.planning.snapshot import ContactSnapshot, Links, LinkSnapshot, SessionSnapshot
from portal.text.matching import fold, plain, trimmed


class ExistingSessions:
    """ASP's sessions by the id of the portal's that they carry."""

    def __init__(
        self, records: tuple[AspRecord, ...] | None, links: dict[str, LinkSnapshot], contract: Contract
    ) -> None:
        self._owner = {link.asp_uuid: key for key, link in links.items()}
        self._title = contract.session.title
        self._shown = contract.shown_slug("session")
        self._by_id: dict[str, list[AspRecord]] = defaultdict(list)
        for record in sorted(records or (), key=lambda each: (each.created, each.uuid)):
            carried = carried_id(record.values, contract)
            if carried:
                self._by_id[carried].append(record)

    def adopt(self, session: SessionSnapshot, values: dict[str, Any]) -> LinkSnapshot | None:
        """The oldest record that carries this session's id and is no other session's."""
        mine = [each for each in self._by_id.get(session.id.lower(), []) if each.uuid not in self._owner]
        return adopted(mine[0], session.id, values, self._shown) if mine else None

    def duplicates(self, session_id: str, link: LinkSnapshot | None) -> list[str]:
        """A warning that names the other records with the same id, if there are any (I4)."""
        used = link.asp_uuid if link else ""
        others = [
            each
            for each in self._by_id.get(session_id.lower(), [])
            if each.uuid != used and each.uuid not in self._owner
        ]
        if not used or not others:
            return []
        named = "; ".join(
            f"“{each.values.get(self._title) or 'without a title'}” ({each.uuid})" for each in others
        )
        return [reasons.TWICE_THERE.words(used=used, others=named)]


class ExistingSpeakers:
    """ASP's speakers by e-mail."""

    def __init__(self, records: tuple[AspRecord, ...] | None, links: Links, contract: Contract) -> None:
        self._unpublished = links.unpublished
        self._in_making = links.in_making
        self._shown = contract.shown_slug("speaker")
        self._names = (contract.speaker.first_name, contract.speaker.last_name)
        taken = {link.asp_uuid for link in links.speakers.values()}
        self._by_email = {
            email_of(record.values, contract): record for record in records or () if record.uuid not in taken
        }

    def adopt(self, contact: ContactSnapshot, values: dict[str, Any]) -> LinkSnapshot | None:
        """The record with this person's e-mail that is nobody else's, with the mark of F4 if the portal has left one.

        Failing that, the record that a run which died may have made under an earlier e-mail of theirs (E11).
        """
        record = self._by_email.get(fold(contact.email or "")) or self._made_before(contact)
        if record is None:
            return None
        link = adopted(record, contact.id, values, self._shown)
        return replace(link, unpublished=record.uuid in self._unpublished)

    def _made_before(self, contact: ContactSnapshot) -> AspRecord | None:
        emails = self._in_making.get(contact.id, ())
        found = next((email for email in emails if email in self._by_email), None)
        return self._by_email.pop(found) if found is not None else None  # nobody else's from now on

    def under_another_name(self, contact: ContactSnapshot, link: LinkSnapshot | None) -> list[str]:
        """D13: a warning if the record found bears another name: its other fields may be about somebody else."""
        if link is None or not link.adopted:
            return []
        named = " ".join(trimmed(str(link.pushed.get(slug) or "")) for slug in self._names).strip()
        if not named or " ".join(fold(named).split()) == " ".join(fold(contact.name).split()):
            return []
        return [reasons.OTHER_NAME_THERE.words(name=named, uuid=link.asp_uuid, whose=contact.name)]


def adopted(record: AspRecord, key: str, values: dict[str, Any], shown: str) -> LinkSnapshot:
    """A link to a record that was found: what ASP has in the fields that would be sent counts as pushed.

    `shown` is the slug that says whether it is on the website.
    """
    pushed = {
        slug: as_sent(record.values.get(slug), value) for slug, value in values.items() if not is_empty(value)
    }
    return LinkSnapshot(key, record.uuid, pushed, hidden=record.values.get(shown) is False, adopted=True)


def as_sent(there: Any, value: Any) -> Any:
    """ASP's value, or ours if both say the same (D2c): ASP may answer 100, or [100], for “100” (E11)."""
    if isinstance(there, list) and isinstance(value, list) and len(there) == len(value):
        return [as_sent(*pair) for pair in zip(there, value, strict=True)]
    if isinstance(there, str) and isinstance(value, str):
        return value if plain(there) == plain(value) else there
    scalars = isinstance(there, int | float | str) and isinstance(value, int | float | str)
    if scalars and type(there) is not type(value) and str(there).casefold() == str(value).casefold():
        return value
    return there
