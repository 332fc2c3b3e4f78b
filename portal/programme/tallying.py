"""How many records an import has made, changed, left alone and missed."""

from dataclasses import dataclass, fields

from portal.programme.content import ProgrammeContent
from portal.programme.merging import Merged
from portal.text.numbers import count


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a kind were created, updated, unchanged, and missing from the new programme."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    missing: int = 0
    removed: int = 0  # gone in the source since the last time (H1)

    @property
    def received(self) -> int:
        """How many the new programme has."""
        return self.created + self.updated + self.unchanged

    def words(self, one: str, many: str = "") -> str:
        """How many the new programme has, and what of them is new: 75 sessions (3 new, 40 changed)."""
        news = [
            f"{self.created:,} new" if self.created else "",
            f"{self.updated:,} changed" if self.updated else "",
        ]
        return f"{count(self.received, one, many)} ({', '.join(filter(None, news)) or 'nothing new'})"

    def as_json(self) -> dict[str, int]:
        """The counts of an import, which removes nothing."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "removed"}


def count_stored(
    records: Merged, with_other_parts: set[str], removed: int, content: ProgrammeContent
) -> Tally:
    """The records of a kind after they were merged; `with_other_parts` are those whose parts alone were changed."""
    updated = (records.changed | with_other_parts) - records.created
    received = len(records.ids) - len(records.missing)
    return Tally(
        created=len(records.created),
        updated=len(updated),
        unchanged=received - len(records.created) - len(updated),
        missing=0 if content.whole else len(records.missing),
        removed=removed,
    )
