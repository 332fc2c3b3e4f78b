"""The plan: programme + mapping + links + what the seminar offers → intended changes with reasons.

Pure: no database, no network, no clock of its own. Preview, readiness, sync and tests all use it.
"""

from portal.sync.planning.choices import plan_choices
from portal.sync.planning.columns import session_columns
from portal.sync.planning.context import Context
from portal.sync.planning.deciding import named_pending
from portal.sync.planning.intent import Plan
from portal.sync.planning.selection import choose, times_to_send
from portal.sync.planning.sessions import Sessions, renamed_words
from portal.sync.planning.snapshot import Existing
from portal.sync.planning.speakers import Speakers, known_people, why_absent
from portal.sync.planning.timezones import mismatch_of_timezones
from portal.sync.planning.unpublishing import count_found, count_published, guard_unpublishing


def plan_sync(context: Context, existing: Existing) -> Plan:
    """Plan a run against these records of ASP's."""
    return Planner(context).plan(existing)


class Planner:
    """Plans a run, twice where ASP's records are read in between (E11): what does not depend on them is done once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        columns = session_columns(context.rules, context.offer, context.contract)
        decisions = [choose(session, context) for session in context.programme.sessions]
        mismatch = mismatch_of_timezones(  # D10
            times_to_send(decisions), context.programme.timezone, context.offer, context.rules
        )
        self._stop = " ".join(columns.missing_required) or mismatch  # D8
        if self._stop:
            return
        self._speakers = Speakers(context, decisions, columns)
        self._sessions = Sessions(context, decisions, columns)
        chosen = self._sessions.chosen
        self._choices, self._known_choices = plan_choices(
            [values for values, _ in self._sessions.shaped.values()],
            self._sessions.names,
            [each.session for each in chosen],
            context.links,
            context.offer,
            context.contract,
        )
        self._warnings = (*columns.warnings, *renamed_words(context.programme.renamed, chosen, columns))

    def plan(self, existing: Existing) -> Plan:
        """The plan against these records of ASP's."""
        if self._stop:
            return Plan(stop=self._stop)
        context = self._context
        speakers = self._speakers.plan(existing)
        known = self._known_choices | known_people(speakers, context.links.speakers)
        pending = frozenset(named_pending(speakers, self._choices))
        plan = Plan(
            speakers=speakers,
            sessions=self._sessions.plan(existing, known, pending, why_absent(speakers)),
            choices=self._choices,
            known=known,
            warnings=self._warnings,
        )
        published = count_published(context.programme, context.links) + count_found(plan)
        return guard_unpublishing(plan, context.rules, published)  # D12
