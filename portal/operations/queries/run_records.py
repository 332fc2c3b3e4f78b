"""What a run did with each record, once, with its warnings; equal reasons told once, with their number (E2b, E7)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from portal.models import DismissedProblem, Outcome, Run, RunRecord, db
from portal.operations.queries.narrowing import nearest_page
from portal.text.searching import searchable

RECORDS_PER_PAGE = 200
MOST_REASONS = 30
RUN = "run"  # the kind of what concerns the whole run: a notice, no record
DISMISSED = "dismissed"  # asked for like an outcome: whose problem somebody has dismissed (E7)
WITHHELD = "withheld"  # asked for like an outcome: what waits for an approval (D12)
# What needs somebody's attention comes first.
ORDER = (Outcome.FAILED, Outcome.CREATED, Outcome.UPDATED, Outcome.SKIPPED, Outcome.UNCHANGED)
TOLD = (Outcome.FAILED, Outcome.WARNING, Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a run."""

    id: int
    kind: str
    source_id: str
    name: str
    outcome: str
    reason: str | None
    changed: list[str]
    fields: dict[str, list[str]]
    asp_uuid: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """A reason, and how many sessions and people have it; `like` is one of its rows."""

    outcome: str
    reason: str
    sessions: int
    people: int
    like: int

    @property
    def number(self) -> int:
        return self.sessions + self.people


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a run is to be shown; `like` names a row whose reason the records share."""

    outcome: str = ""
    search: str = ""
    like: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """One page of the records that fit. `counts` are of all of the run's: by outcome, and those with a warning."""

    rows: list[Record]
    counts: dict[str, int]
    total: int
    found: int
    page: int
    pages: int
    notices: list[str] = field(default_factory=list)
    reasons: list[ReasonGroup] = field(default_factory=list)


def list_records(run: Run, wanted: Wanted) -> RecordsPage:
    """In a number of queries that does not depend on how many records there are."""
    counts = _count(run)
    total = sum(counts[each] for each in ORDER if each in counts)
    fitting = _fitting(run, wanted)
    if wanted.search:
        ids = _searched(run, fitting, wanted.search)
        found = len(ids)
    else:
        ids = None
        found = db.session.scalar(select(func.count()).select_from(RunRecord).where(*fitting)) or 0
    page, pages = nearest_page(wanted.page, found, RECORDS_PER_PAGE)
    first = (page - 1) * RECORDS_PER_PAGE
    if ids is None:
        chosen = _ordered(fitting).offset(first).limit(RECORDS_PER_PAGE)
    else:
        chosen = _ordered([RunRecord.id.in_(ids[first : first + RECORDS_PER_PAGE])])
    rows = _with_warnings(run, [_record(row) for row in db.session.scalars(chosen)])
    return RecordsPage(rows, counts, total, found, page, pages, _notices(run), _reasons(run, wanted))


def _count(run: Run) -> dict[str, int]:
    """By outcome, what needs somebody first; a record with several warnings counts once among those with one."""
    numbers = dict(
        db.session.execute(
            select(RunRecord.outcome, func.count())
            .where(RunRecord.run_id == run.id, RunRecord.kind != RUN)
            .group_by(RunRecord.outcome)
        ).all()
    )
    warned = select(RunRecord.kind, RunRecord.source_id).where(*_warnings(run)).distinct().subquery()
    numbers[Outcome.WARNING] = db.session.scalar(select(func.count()).select_from(warned)) or 0
    order = (Outcome.FAILED, Outcome.WARNING, *ORDER[1:])
    of_all = select(RunRecord.kind, RunRecord.source_id).where(RunRecord.run_id == run.id, is_dismissed(run))
    dismissed = db.session.scalar(select(func.count()).select_from(of_all.distinct().subquery())) or 0
    counts = {str(each): numbers[each] for each in order if numbers.get(each)}
    others = {WITHHELD: run.withheld, DISMISSED: dismissed}
    return counts | {name: number for name, number in others.items() if number}


def is_dismissed(run: Run) -> ColumnElement[bool]:
    """Of the run's rows: those whose reason somebody has dismissed for that record."""
    ours = select(DismissedProblem.kind, DismissedProblem.source_id, DismissedProblem.reason)
    return tuple_(RunRecord.kind, RunRecord.source_id, RunRecord.reason).in_(
        ours.where(DismissedProblem.event_id == run.event_id)
    )


def _warnings(run: Run) -> list[ColumnElement[bool]]:
    return [RunRecord.run_id == run.id, RunRecord.outcome == Outcome.WARNING, RunRecord.kind != RUN]


def _fitting(run: Run, wanted: Wanted) -> list[ColumnElement[bool]]:
    fitting: list[ColumnElement[bool]] = [
        RunRecord.run_id == run.id,
        RunRecord.kind != RUN,
        RunRecord.outcome != Outcome.WARNING,
    ]
    identity = tuple_(RunRecord.kind, RunRecord.source_id)
    if wanted.outcome == Outcome.WARNING:
        fitting.append(identity.in_(select(RunRecord.kind, RunRecord.source_id).where(*_warnings(run))))
    elif wanted.outcome == DISMISSED:
        dismissed = select(RunRecord.kind, RunRecord.source_id).where(
            RunRecord.run_id == run.id, is_dismissed(run)
        )
        fitting.append(identity.in_(dismissed))
    elif wanted.outcome == WITHHELD:
        fitting.append(RunRecord.withheld.is_(True))
    elif wanted.outcome:
        fitting.append(RunRecord.outcome == wanted.outcome)
    if wanted.like:
        row = db.session.get(RunRecord, wanted.like)
        reason = row.reason if row is not None and row.run_id == run.id else None
        alike = select(RunRecord.kind, RunRecord.source_id).where(
            RunRecord.run_id == run.id, RunRecord.reason == reason
        )
        fitting.append(identity.in_(alike))
    return fitting


def _ordered(fitting: Sequence[ColumnElement[bool]]) -> Select[RunRecord]:
    place = case({str(each): number for number, each in enumerate(ORDER)}, value=RunRecord.outcome, else_=9)
    return (
        select(RunRecord)
        .where(*fitting)
        .order_by(place, RunRecord.kind, func.lower(RunRecord.name), RunRecord.id)
    )


def _searched(run: Run, fitting: Sequence[ColumnElement[bool]], search: str) -> list[int]:
    """The ids of the records whose name, id, reason or warning has the words, in order: accents and case aside."""
    needle = searchable(search)
    warned: dict[tuple[str, str], str] = defaultdict(str)
    for kind, source_id, reason in db.session.execute(
        select(RunRecord.kind, RunRecord.source_id, RunRecord.reason).where(*_warnings(run))
    ):
        warned[kind, source_id] += f" {reason}"
    columns = (RunRecord.id, RunRecord.kind, RunRecord.source_id, RunRecord.name, RunRecord.reason)
    rows = db.session.execute(_ordered(fitting).with_only_columns(*columns))
    return [
        row.id
        for row in rows
        if needle
        in searchable(
            f"{row.name} {row.reason or ''} {row.source_id}{warned.get((row.kind, row.source_id), '')}"
        )
    ]


def _record(row: RunRecord) -> Record:
    return Record(
        id=row.id,
        kind=row.kind,
        source_id=row.source_id,
        name=row.name,
        outcome=row.outcome,
        reason=row.reason,
        changed=row.changed,
        fields=row.fields or {},
        asp_uuid=row.asp_uuid,
    )


def _with_warnings(run: Run, records: list[Record]) -> list[Record]:
    """The records, each with its warnings."""
    warned: dict[tuple[str, str], list[str]] = defaultdict(list)
    of_these = [*_warnings(run), RunRecord.source_id.in_([each.source_id for each in records])]
    for kind, source_id, reason in db.session.execute(
        select(RunRecord.kind, RunRecord.source_id, RunRecord.reason).where(*of_these).order_by(RunRecord.id)
    ):
        warned[kind, source_id].append(reason or "")
    return [replace(each, warnings=tuple(warned[each.kind, each.source_id])) for each in records]


def _notices(run: Run) -> list[str]:
    """What concerns the whole run; why it was stopped is its message already."""
    rows = select(RunRecord.reason).where(
        RunRecord.run_id == run.id, RunRecord.kind == RUN, RunRecord.outcome == Outcome.WARNING
    )
    return [reason for reason in db.session.scalars(rows.order_by(RunRecord.id)) if reason]


def _reasons(run: Run, wanted: Wanted) -> list[ReasonGroup]:
    """What failed first, then warnings, then what was skipped; the most frequent of each first.

    What was dismissed is told where it is asked for.
    """
    dismissed = is_dismissed(run)
    people = func.count().filter(RunRecord.kind == "speaker")
    place = case({str(each): number for number, each in enumerate(TOLD)}, value=RunRecord.outcome, else_=9)
    rows = db.session.execute(
        select(
            RunRecord.outcome,
            RunRecord.reason,
            func.count().label("number"),
            people.label("people"),
            func.min(RunRecord.id).label("like"),
        )
        .where(
            RunRecord.run_id == run.id,
            RunRecord.kind != RUN,
            RunRecord.outcome.in_(TOLD),
            RunRecord.reason.is_not(None),
            dismissed if wanted.outcome == DISMISSED else ~dismissed,
        )
        .group_by(RunRecord.outcome, RunRecord.reason)
        .order_by(place, func.count().desc(), RunRecord.reason)
        .limit(MOST_REASONS)
    )
    return [
        ReasonGroup(row.outcome, row.reason, row.number - row.people, row.people, row.like) for row in rows
    ]


HEADER = ("outcome", "kind", "id", "name", "reason", "changed")
IN_ONE_READ = 500


def rows_for_file(run: Run) -> Iterator[tuple[str, ...]]:
    """Every record of a run as a line of its CSV, in the order of the page; see `HEADER`."""
    records = [_record(row) for row in db.session.scalars(_ordered(_fitting(run, Wanted())))]
    for start in range(0, len(records), IN_ONE_READ):
        for each in _with_warnings(run, records[start : start + IN_ONE_READ]):
            reason = " ".join(filter(None, [each.reason, *each.warnings]))
            yield each.outcome, each.kind, each.source_id, each.name, reason, _changed_words(each)


def _changed_words(record: Record) -> str:
    return "; ".join(f"{slug}{_before_and_after(record.fields.get(slug))}" for slug in _slugs(record))


def _slugs(record: Record) -> list[Any]:
    return list(dict.fromkeys([*record.changed, *record.fields]))


def _before_and_after(pair: Sequence[str] | None) -> str:
    return f": {pair[0]} → {pair[1]}" if pair else ""
