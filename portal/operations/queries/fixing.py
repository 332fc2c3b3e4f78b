"""What is to be fixed before a sync: the records that fail, one after the other, and how many are fixed (H3, E9)."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.models import Contact, Event, Outcome, Participant, Run, RunRecord, Session, db
from portal.sync.planning.mending import field_to_mend, is_planned, told_of_person
from portal.sync.running.failures import changed_since
from portal.sync.running.readiness import assess
from portal.text.numbers import whole_number

READINESS = "readiness"
OF_A_RUN = "run-"


@dataclass(frozen=True, slots=True)
class ToFix:
    """A record that fails, why, and the field that mends it, if one does."""

    kind: str  # "session" or "speaker"
    source_id: str
    name: str
    reason: str
    field: str | None


@dataclass(frozen=True, slots=True)
class FixList:
    """The records that were to be fixed when somebody began, as far as they are not fixed yet.

    A problem that only comes to light by a fix, such as a speaker's missing address, joins the list and undoes no
    progress.
    """

    name: str  # what the list is of: "readiness", or "run-17"
    total: int
    left: list[ToFix]

    @property
    def fixed(self) -> int:
        return self.total - len(self.left)

    def with_fixed(self, fixed: int) -> "FixList":
        """The same list where at least so many are fixed."""
        return replace(self, total=max(self.total, fixed + len(self.left)))

    def after(self, kind: str, source_id: str) -> ToFix | None:
        """The one that follows this record, from the beginning again after the last; None when no other is left."""
        places = {(each.kind, each.source_id): place for place, each in enumerate(self.left)}
        here = places.get((kind, source_id), -1)
        others = self.left[here + 1 :] + self.left[: max(here, 0)]
        return others[0] if others else None

    def find(self, kind: str, source_id: str) -> ToFix | None:
        return next((each for each in self.left if (each.kind, each.source_id) == (kind, source_id)), None)


def list_to_fix(event: Event, name: str, total: int, fixed: int) -> FixList | None:
    """The list of this name; `total` is how many there were, and `fixed` how many of them are fixed by now.

    None for a run that is not there.
    """
    failing = [
        ToFix(each.kind, each.source_id, each.name, each.reason, field_to_mend(each.kind, each.reason))
        for each in assess(event).problems
        if each.outcome == Outcome.FAILED
    ]
    if name != READINESS:
        run = _find_run(event, name)
        if run is None:
            return None
        records = _failed_in(run)
        failing = _left_of_run(event, run, records, failing)
        total = len(records)
    return FixList(name, max(total, len(failing)), failing).with_fixed(fixed if name == READINESS else 0)


def find_left_out(session: Session, reason: str) -> ToFix | None:
    """The person whom a session's reason is about, and why; None where nobody on it has that name any more."""
    people = db.session.scalars(select(Contact).join(Participant).where(Participant.session_id == session.id))
    for person in sorted(people, key=lambda each: len(each.name), reverse=True):
        why = told_of_person(reason, person.name)
        if why is not None:
            field = field_to_mend("speaker", why)
            return ToFix("speaker", person.source_id, person.name, why, field)
    return None


def _find_run(event: Event, name: str) -> Run | None:
    if not name.startswith(OF_A_RUN):
        return None
    number = whole_number(name.removeprefix(OF_A_RUN), 9, otherwise=0)
    return db.session.scalar(select(Run).where(Run.event_id == event.id, Run.id == number))


def _failed_in(run: Run) -> list[RunRecord]:
    query = select(RunRecord).where(
        RunRecord.run_id == run.id,
        RunRecord.outcome == Outcome.FAILED,
        RunRecord.kind.in_(("session", "speaker")),
    )
    return list(db.session.scalars(query.order_by(RunRecord.kind, RunRecord.id)))


def _left_of_run(event: Event, run: Run, records: list[RunRecord], failing: list[ToFix]) -> list[ToFix]:
    """Those that would fail again, and those that only ASP can judge and that nobody has changed since."""
    now_failing = {(each.kind, each.source_id): each for each in failing}
    changed = changed_since(event.id, run.finished_at or run.queued_at)
    left = []
    for each in records:
        key = (each.kind, each.source_id)
        if key in now_failing:
            left.append(now_failing[key])
        elif key not in changed and not is_planned(reason := each.reason or ""):
            left.append(ToFix(*key, each.name, reason, field_to_mend(each.kind, reason)))
    return left
