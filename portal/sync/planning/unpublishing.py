"""The guard of D12: a broken source must not empty a website."""

from dataclasses import replace

from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.snapshot import Rules


def guard_unpublishing(plan: Plan, rules: Rules, synced: int) -> Plan:
    """The plan, stopped when it would unpublish too much of the `synced` records without an admin's word."""
    count = sum(is_unpublished(each) for each in (*plan.speakers, *plan.sessions))
    if count == 0:
        return plan
    counted = replace(plan, unpublishes=count)
    too_many = count > rules.unpublish_limit or count > rules.unpublish_share * synced
    if not too_many or count <= rules.unpublish_approved:
        return counted
    return replace(
        counted,
        stop=(
            f"This sync would unpublish {count} of {synced} synced records in ASP. If the programme is complete and "
            f"that is what you want, approve it on this run's page; otherwise mend the programme first."
        ),
    )


def is_unpublished(intended: Intended) -> bool:
    """Whether this change takes a record off the website."""
    return intended.action is Action.UPDATE and intended.publish is False
