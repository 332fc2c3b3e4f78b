"""What ASP has beside what was last pushed there: changed by hand, or deleted (I3)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.asp.records import AspRecord
from portal.sync.planning.adoption import as_sent
from portal.sync.planning.payload import is_empty
from portal.sync.planning.snapshot import LinkSnapshot
from portal.text.spelling import says_the_same


class DriftState(StrEnum):
    """What became of a record in ASP since the last push."""

    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Drifted:
    """A record that is not as it was pushed; `fields` holds slug → (pushed, there) of one that was changed."""

    kind: str
    key: str
    asp_uuid: str
    state: DriftState
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def find_drift(
    kind: str, links: Iterable[LinkSnapshot], records: Iterable[AspRecord], unordered: Collection[str] = ()
) -> Iterator[Drifted]:
    """The linked records of one kind that differ from ASP's. Fields that are left to ASP's editors do not count.

    Neither does how ASP writes down what it was sent: its own HTML for the same words, another order of what has none
    (the lists named by the slugs in `unordered`).
    """
    there = {record.uuid: record.values for record in records}
    for link in links:
        values = there.get(link.asp_uuid)
        if values is None:
            yield Drifted(kind, link.key, link.asp_uuid, DriftState.DELETED)
        elif fields := _differing(link, values, unordered):
            yield Drifted(kind, link.key, link.asp_uuid, DriftState.CHANGED, fields)


def _differing(
    link: LinkSnapshot, values: Mapping[str, Any], unordered: Collection[str]
) -> dict[str, tuple[Any, Any]]:
    """Slug → (pushed, there) of each field that says something else in ASP."""
    return {
        slug: (pushed, values.get(slug))
        for slug, pushed in link.pushed.items()
        if slug not in link.kept and not _is_same(pushed, values.get(slug), slug in unordered)
    }


def _is_same(pushed: Any, there: Any, is_unordered: bool) -> bool:
    if (is_empty(pushed) and is_empty(there)) or as_sent(there, pushed) == pushed:
        return True
    if is_unordered and isinstance(pushed, list) and isinstance(there, list):
        return sorted(map(str, pushed)) == sorted(map(str, there))
    return isinstance(pushed, str) and isinstance(there, str) and says_the_same(pushed, there)
