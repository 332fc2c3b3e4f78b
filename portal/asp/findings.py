"""What a probe has found out about each entry of the contract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from portal.asp.contract import Contract

ONLY_A_WRITE = "Only a write shows it, and a probe does not write."
NOTHING_READ = "Nothing that could be read shows it."
UNSEEN = {
    "paths.back_office_sessions": "It is an address of ASP's back office: no request shows it.",
    "paths.stream": ONLY_A_WRITE,
    "transport.token_seconds": "It counts only where ASP tells no lifetime.",
    "transport.errors": ONLY_A_WRITE,
    "transport.error_field": ONLY_A_WRITE,
    "transport.error_message": ONLY_A_WRITE,
    "transport.duplicate_uuid": ONLY_A_WRITE,
    "values.cleared_text": ONLY_A_WRITE,
    "values.cleared_list": ONLY_A_WRITE,
    "values.cleared_location": ONLY_A_WRITE,
}
MOST_NAMES = 30  # that a note lists: all of a record as ASP is known to have them
# What no record can be without, whatever else ASP leaves out of one that has no value for it.
NEVER_EMPTY = {
    "site": ("uuid", "name"),
    "seminar": ("uuid", "number", "site", "name"),
    "choice": ("uuid", "name"),
    "session": ("uuid", "created", "published", "title", "starts_at", "ends_at"),
    "speaker": ("uuid", "site", "created", "active", "first_name", "last_name", "email"),
}


class State(StrEnum):
    """Whether ASP does what an entry says; open where reading cannot tell."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry of the contract (“session.title”), and what was found. No note holds a record's content."""

    name: str
    state: State
    note: str = ""


class Findings:
    """One finding per entry, in the contract's order; of several verdicts a contradiction stands."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._found: dict[str, Finding] = {}

    def confirm(self, name: str, note: str = "") -> None:
        self._note(name, State.CONFIRMED, note)

    def contradict(self, name: str, note: str) -> None:
        self._note(name, State.CONTRADICTED, note)

    def leave_open(self, name: str, note: str) -> None:
        self._note(name, State.OPEN, note)

    def judge(self, name: str, holds: bool, otherwise: str, note: str = "") -> None:
        """Confirmed where it `holds`, else contradicted with these words."""
        if holds:
            self.confirm(name, note)
        else:
            self.contradict(name, otherwise)

    def add_note(self, name: str, note: str) -> None:
        """Say more of an entry that was judged; its state stays."""
        known = self._found[name]
        self._found[name] = replace(known, note=f"{known.note} {note}".strip())

    def judge_keys(
        self, group: str, noun: str, records: Iterable[Mapping[str, Any]], leaving_out: Iterable[str] = ()
    ) -> None:
        """Whether ASP's records have the fields that a group of the contract names.

        Where records leave out empty fields, only a field that is never empty can be said to have another name.
        """
        seen = list(records)
        own = getattr(self._contract, group)
        names = {each.name: getattr(own, each.name) for each in fields(own) if each.name not in leaving_out}
        keys = [frozenset(record) for record in seen]
        everywhere = frozenset().union(*keys) if keys else frozenset()
        others = sorted(everywhere - set(names.values()))[:MOST_NAMES]
        for entry, key in names.items():
            name = f"{group}.{entry}"
            if not seen:
                self.leave_open(name, f"ASP has no {noun} to look at.")
            elif key in everywhere:
                self.confirm(name)
            else:
                note = f"No {noun} has “{key}”; other names there: {', '.join(others)}."
                may_be_empty = len(set(keys)) > 1 and entry not in NEVER_EMPTY[group]
                self._note(name, State.OPEN if may_be_empty else State.CONTRADICTED, note)

    def all(self, otherwise: str = "") -> list[Finding]:
        """A finding for every entry of the contract, in its order; `otherwise` is why nothing was looked at."""
        return [
            self._found.get(name) or Finding(name, State.OPEN, otherwise or UNSEEN.get(name, NOTHING_READ))
            for group in fields(self._contract)
            for name in (f"{group.name}.{each.name}" for each in fields(getattr(self._contract, group.name)))
        ]

    def _note(self, name: str, state: State, note: str) -> None:
        known = self._found.get(name)
        if known is None or known.state is State.OPEN or state is State.CONTRADICTED:
            self._found[name] = Finding(name, state, note)
