"""What a preview says, by groups and reasons, page by page (E8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.models import PreviewGroup, StoredPreview, StoredPreviewRecord, db
from portal.operations.queries.narrowing import nearest_page
from portal.text.searching import searchable

RECORDS_PER_PAGE = 100  # of one group
TOGETHER = {PreviewGroup.UNPUBLISH: 100, PreviewGroup.UNCHANGED: 5}  # where all groups stand on one page
TOGETHER_OF_OTHERS = 20
PER_REASON = 5  # of the records that share one, there
BY_REASON = (PreviewGroup.FAIL, PreviewGroup.SKIP)  # their records are told by their reasons

Record = StoredPreviewRecord


@dataclass(frozen=True, slots=True)
class Part:
    """Records of a group that share a reason: how many there are, and those of them that are shown."""

    reason: str | None
    number: int
    rows: list[Row]


@dataclass(slots=True)
class Group:
    """What a sync would do alike with these records."""

    name: PreviewGroup
    sessions: int = 0
    people: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.sessions + self.people

    @property
    def shown(self) -> int:
        return sum(len(part.rows) for part in self.parts)


@dataclass(slots=True)
class ToldWarning:
    """What a sync would warn of, and of how many records."""

    warning: str
    sessions: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a preview is to be shown: a group, a kind, words, those with the reason of one record."""

    group: str = ""
    kind: str = ""
    search: str = ""
    like: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One page of a preview. `totals` are of everything, `groups` of what fits, `kinds` of what fits in any kind."""

    totals: dict[PreviewGroup, Group]
    groups: list[Group]
    kinds: dict[str, int]
    new: int
    page: int = 1
    pages: int = 1


def list_preview(preview: StoredPreview, wanted: Wanted) -> PreviewPage:
    """All groups with their first records; of one group that is asked for, a page."""
    fitting = _fitting(preview, wanted)
    totals = _count([Record.preview_id == preview.id])
    counted = _count(fitting)
    kinds = {
        "session": sum(group.sessions for group in counted.values()),
        "speaker": sum(group.people for group in counted.values()),
    }
    if wanted.kind:
        fitting.append(Record.kind == wanted.kind)
        counted = _count(fitting)
    new = db.session.scalar(select(func.count()).where(Record.preview_id == preview.id, Record.is_new)) or 0
    if wanted.group in counted:
        group = counted[PreviewGroup(wanted.group)]
        page, pages = nearest_page(wanted.page, group.number, RECORDS_PER_PAGE)
        rows = db.session.execute(_page(fitting, group.name, page)).all()
        group.parts = _parts(rows)
        return PreviewPage(totals, [group], kinds, new, page, pages)
    rows = db.session.execute(_first_of_each(fitting)).all()
    for name, group in counted.items():
        limit = TOGETHER.get(name, TOGETHER_OF_OTHERS)
        group.parts = _parts([row for row in rows if row.group == name and row.place <= limit])
    return PreviewPage(totals, [group for group in counted.values() if group.number], kinds, new)


def _fitting(preview: StoredPreview, wanted: Wanted) -> list[ColumnElement[bool]]:
    fitting: list[ColumnElement[bool]] = [Record.preview_id == preview.id]
    if wanted.search:
        fitting.append(Record.words.contains(searchable(wanted.search), autoescape=True))
    if wanted.like:
        reason = select(Record.reason).where(Record.id == wanted.like, Record.preview_id == preview.id)
        fitting.append(Record.reason.is_not_distinct_from(reason.scalar_subquery()))
    return fitting


def _count(fitting: Sequence[ColumnElement[bool]]) -> dict[PreviewGroup, Group]:
    groups = {name: Group(name) for name in PreviewGroup}
    counted = db.session.execute(
        select(Record.group, Record.kind, func.count()).where(*fitting).group_by(Record.group, Record.kind)
    )
    for name, kind, number in counted:
        group = groups[PreviewGroup(name)]
        if kind == "session":
            group.sessions = number
        else:
            group.people = number
    return groups


def _ranked(fitting: Sequence[ColumnElement[bool]]) -> Select:
    """The records with how many share their reason (`alike`), and their `place` among those."""
    same = (Record.group, Record.reason)
    return select(
        *(column for column in Record.__table__.c if column.name != "words"),
        func.count().over(partition_by=same).label("alike"),
        func.row_number()
        .over(partition_by=same, order_by=(Record.kind, Record.words, Record.id))
        .label("nth"),
    ).where(*fitting)


def _page(fitting: Sequence[ColumnElement[bool]], group: PreviewGroup, page: int) -> Select:
    ranked = _ranked([*fitting, Record.group == group]).subquery().c
    return (
        select(*ranked)
        .order_by(ranked.alike.desc(), ranked.reason, ranked.nth)
        .limit(RECORDS_PER_PAGE)
        .offset((page - 1) * RECORDS_PER_PAGE)
    )


def _first_of_each(fitting: Sequence[ColumnElement[bool]]) -> Select:
    """The first records of each group; of those that share a reason a few, so that many reasons can be seen."""
    ranked = _ranked(fitting).subquery().c
    place = func.row_number().over(
        partition_by=ranked.group, order_by=(ranked.alike.desc(), ranked.reason, ranked.nth)
    )
    told = (ranked.nth <= PER_REASON) | ranked.group.not_in(BY_REASON)
    placed = select(*ranked, place.label("place")).where(told).subquery().c
    most = max(*TOGETHER.values(), TOGETHER_OF_OTHERS)
    return select(*placed).where(placed.place <= most).order_by(placed.group, placed.place)


def _parts(rows: Sequence[Row]) -> list[Part]:
    parts: list[Part] = []
    for row in rows:
        if not parts or parts[-1].reason != row.reason:
            parts.append(Part(row.reason, row.alike, []))
        parts[-1].rows.append(row)
    return parts


def list_warnings(preview: StoredPreview) -> list[ToldWarning]:
    """Each warning once, those of most records first."""
    told: dict[str, ToldWarning] = {}
    rows = db.session.execute(
        select(Record.kind, Record.warnings).where(
            Record.preview_id == preview.id, func.json_array_length(Record.warnings) > 0
        )
    )
    for kind, warnings in rows:
        for warning in warnings:
            one = told.setdefault(warning, ToldWarning(warning))
            if kind == "session":
                one.sessions += 1
            else:
                one.people += 1
    return sorted(told.values(), key=lambda one: -(one.sessions + one.people))


def count_changes(preview: StoredPreview) -> int:
    """How many records a sync would write; those that wait for an approval (D12) are not among them."""
    writes = (PreviewGroup.CREATE, PreviewGroup.UPDATE, PreviewGroup.UNPUBLISH)
    number = select(func.count()).where(Record.preview_id == preview.id, Record.group.in_(writes))
    return (db.session.scalar(number) or 0) - preview.withheld


def list_all_records(preview: StoredPreview) -> list[Row]:
    """Every record, in the order of the page, for a file."""
    order = {name: place for place, name in enumerate(PreviewGroup)}
    rows = db.session.execute(
        select(*(column for column in Record.__table__.c if column.name != "words"))
        .where(Record.preview_id == preview.id)
        .order_by(Record.kind, Record.words, Record.id)
    ).all()
    return sorted(rows, key=lambda row: order[PreviewGroup(row.group)])
