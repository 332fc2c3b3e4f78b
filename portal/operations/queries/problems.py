"""What a sync would fail or skip, told once for each reason (E9)."""

from dataclasses import dataclass, field

from portal.models import Outcome
from portal.sync.running.readiness import Readiness, ReadinessProblem


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """The records of one kind that share an outcome and its reason."""

    outcome: Outcome  # failed or skipped
    kind: str
    reason: str
    records: list[ReadinessProblem] = field(default_factory=list)


def group_by_reason(readiness: Readiness) -> list[ProblemGroup]:
    """What would fail first, then what would be skipped; of each the most frequent reasons first."""
    groups: dict[tuple[Outcome, str, str], ProblemGroup] = {}
    for each in readiness.problems:
        key = (each.outcome, each.kind, each.reason)
        groups.setdefault(key, ProblemGroup(*key)).records.append(each)
    return sorted(groups.values(), key=lambda group: (group.outcome != Outcome.FAILED, -len(group.records)))
