"""What became of one record, and what is noted down while it is written."""

from dataclasses import dataclass, field
from typing import Any

from portal.models.runs import Outcome
from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.snapshot import LinkSnapshot

PUBLISHED = "published"  # stands among the slugs where a record is shown on the website or taken off it
# What is intended with a record → what becomes of it, where nothing goes wrong.
OUTCOMES = {
    Action.CREATE: Outcome.CREATED,
    Action.UPDATE: Outcome.UPDATED,
    Action.UNCHANGED: Outcome.UNCHANGED,
    Action.SKIP: Outcome.SKIPPED,
    Action.FAIL: Outcome.FAILED,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one record. `link` is what its link says from now on; None leaves the link as it is.

    `handed_on` is the link that the former owner of the record gets in exchange (D13).
    """

    kind: str
    id: str
    name: str
    outcome: Outcome
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    link: LinkSnapshot | None = None
    former_key: str | None = None  # whose record it was before, if another's (D13)
    handed_on: LinkSnapshot | None = None
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()  # Uuids of people whose records were deleted in ASP (E13)
    withheld: bool = False  # it would have been unpublished (D12)


@dataclass(slots=True)
class Notes:
    """What comes up while one record is written: warnings, what ASP refused, whose records are gone."""

    warnings: list[str] = field(default_factory=list)
    refused: dict[str, Any] = field(default_factory=dict)  # slug → {"value", "message"} (D16)
    gone: list[str] = field(default_factory=list)

    def conclude(
        self,
        intended: Intended,
        outcome: Outcome,
        link: LinkSnapshot,
        changed: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> Written:
        """The record as written, with its link."""
        before = intended.link
        taken = before is not None and before.key != intended.id
        return Written(
            intended.kind,
            intended.id,
            intended.name,
            outcome,
            reason,
            tuple(self.warnings),
            link,
            former_key=before.key if before is not None and taken else None,
            handed_on=intended.handed_on if taken else None,
            changed=changed,
            gone=tuple(self.gone),
        )

    def fail(self, intended: Intended, reason: str) -> Written:
        """The record as failed; its link stays as it is, and whose it was."""
        return Written(
            intended.kind,
            intended.id,
            intended.name,
            Outcome.FAILED,
            reason,
            tuple(self.warnings),
            gone=tuple(self.gone),
        )
