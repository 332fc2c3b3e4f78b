"""Which runs wait for an admin to approve that very much is unpublished (D12); the preview's page asks for that."""

from collections.abc import Iterable

from portal.models import Mapping, Run, RunStatus
from portal.operations.queries.runs import newest_by_mapping

PLANNED = (RunStatus.SUCCEEDED, RunStatus.PARTIAL)


def find_withholding(mappings: Iterable[Mapping]) -> dict[int, Run]:
    """The last run of each mapping that went through, where it withheld records; by the mapping's id."""
    own = Run.mapping_id.in_([each.id for each in mappings])
    last = newest_by_mapping(own, Run.status.in_(PLANNED))
    return {mapping_id: run for mapping_id, run in last.items() if run.withheld}


def asks_for_approval(run: Run) -> bool:
    """Whether the run withheld records and no later run of its mapping has planned anew."""
    if not run.withheld or run.mapping is None or run.mapping.removed_at is not None:
        return False
    asking = find_withholding([run.mapping]).get(run.mapping.id)
    return asking is not None and asking.id == run.id
