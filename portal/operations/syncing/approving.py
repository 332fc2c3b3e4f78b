"""Which runs wait for an admin's word that very much may be unpublished (D12); the preview's page takes it."""

from collections.abc import Iterable

from sqlalchemy import func, select

from portal.models import Mapping, Run, RunStatus, db

PLANNED = (RunStatus.SUCCEEDED, RunStatus.PARTIAL)


def find_withholding(mappings: Iterable[Mapping]) -> dict[int, Run]:
    """The last run of each mapping that went through, where it withheld records; by the mapping's id.

    One from before the mapping was removed and made again may have been for another seminar.
    """
    last = (
        select(func.max(Run.id))
        .join(Run.mapping)
        .where(
            Mapping.id.in_([each.id for each in mappings]),
            Run.queued_at >= Mapping.created_at,
            Run.status.in_(PLANNED),
        )
        .group_by(Run.mapping_id)
    )
    found = db.session.scalars(select(Run).where(Run.id.in_(last), Run.withheld > 0))
    return {run.mapping_id: run for run in found if run.mapping_id is not None}


def asks_for_approval(run: Run) -> bool:
    """Whether the run withheld records and no later run of its mapping has planned anew."""
    if not run.withheld or run.mapping is None or run.mapping.removed_at is not None:
        return False
    asking = find_withholding([run.mapping]).get(run.mapping.id)
    return asking is not None and asking.id == run.id
