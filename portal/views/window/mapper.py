"""What a field mapper shows: locked rows, rows that can be changed, and what they can be changed to."""

from dataclasses import dataclass, replace

from portal.models import Mapping
from portal.operations.mapping.field_mappings import (
    MapperRow,
    as_offered,
    changeable_rows,
    mappable_fields,
    mapper_rows,
)
from portal.operations.mapping.judging import SlugFit, judge_row, known_slugs
from portal.operations.mapping.meanwhile import Rows
from portal.sync.planning.fields import Field


@dataclass(frozen=True, slots=True)
class EditedRow:
    """A row that can be changed: the key of its field, its slug, and what is wrong with it."""

    field: str
    slug: str
    problem: str = ""
    fit: SlugFit | None = None


@dataclass(frozen=True, slots=True)
class Mapper:
    """All that the form of one mapper shows."""

    kind: str
    fields: list[Field]
    locked: list[MapperRow]
    rows: list[EditedRow]
    slugs: list[tuple[str, str]]
    seen: Rows  # what the form was opened with
    changed: bool = False
    problems: int = 0
    by: str = ""  # who has changed some of these rows meanwhile
    focus: str = ""  # the id of what gets the focus


def make_mapper(mapping: Mapping, kind: str) -> Mapper:
    """The mapper as it is stored."""
    return fill_mapper(mapping, kind, [EditedRow(*row) for row in changeable_rows(mapping, kind)])


def fill_mapper(
    mapping: Mapping,
    kind: str,
    rows: list[EditedRow],
    *,
    seen: Rows | None = None,
    changed: bool = False,
    problems: int = 0,
    by: str = "",
    focus: str = "",
) -> Mapper:
    """The mapper with these rows; without `seen` its form is opened with those that are stored."""
    fields = [each for each in mappable_fields(mapping.event, kind) if not each.required]
    offered = {each.key for each in fields}
    shown = mapper_rows(mapping, kind)
    stored = [(as_offered(row.field.key, fields), row.slug) for row in shown if not row.locked]
    rows = [replace(each, field=as_offered(each.field, fields)) for each in rows]
    return Mapper(
        kind=kind,
        fields=fields,
        locked=[row for row in shown if row.locked],
        rows=[
            each
            if each.problem
            else replace(each, fit=judge_row(mapping, kind, each.field, each.slug, offered))
            for each in rows
        ],
        slugs=known_slugs(mapping, kind),
        seen=stored if seen is None else seen,
        changed=changed,
        problems=problems,
        by=by,
        focus=focus,
    )
