"""Change which field of the programme fills which field of ASP (C)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.asp.contract import Contract
from portal.errors import Refused
from portal.models import Contact, Event, FieldMapping, Mapping, Session, db
from portal.operations.connection.clients import contract
from portal.operations.history import record
from portal.operations.mapping.judging import SlugFit, judge_slug, misfit, slug_problem, unknown
from portal.operations.mapping.meanwhile import MergedRows, Rows, hold_mapping, merge_rows, who_changed
from portal.programme.definitions import list_defined_fields
from portal.sync.planning.fields import CUSTOM, Field, catalogue, current_slug, default_rows, find_field
from portal.sync.planning.snapshot import FieldRow
from portal.sync.running.terms import rows_of
from portal.text.matching import by_sight, plain, trimmed

KINDS = ("session", "speaker")
FIELDS_CHANGED = "fields changed"  # in History


class RefusedRows(Refused):
    """Some rows of a mapper cannot be saved; `errors` maps a row's number, from 0, to what is wrong (C4)."""

    def __init__(self, errors: dict[int, str], rows: list[tuple[str, str]]) -> None:
        super().__init__("Some rows cannot be saved. Nothing was changed.")
        self.errors = errors
        self.by_slug = [(rows[number][1], problem) for number, problem in sorted(errors.items())]


class ChangedMeanwhile(RefusedRows):
    """Somebody else has changed the same rows since the form was opened; nothing was saved (G3).

    `rows` are the form's with what only the other one changed, `stored` are those that stand now.
    """

    def __init__(self, merged: MergedRows, stored: Rows, by: str) -> None:
        super().__init__(merged.clashes, merged.rows)
        self.rows = merged.rows
        self.stored = stored
        self.by = by


@dataclass(frozen=True, slots=True)
class MapperRow:
    """A row of a mapper as it is shown; `reason` says why a locked one cannot be changed."""

    field: Field
    slug: str
    locked: bool
    reason: str = ""
    fit: SlugFit | None = None  # None where ASP does not tell


def mapper_rows(mapping: Mapping, kind: str) -> list[MapperRow]:
    """A mapping's rows of one kind, the required ones first (C2)."""
    known = contract()
    shown = [_shown(known, kind, row) for row in rows_of(mapping, kind)]
    shown = [replace(row, fit=judge_slug(mapping, kind, row.field.key, row.slug)) for row in shown]
    return sorted(shown, key=lambda row: not row.locked)


def default_mapper_rows(kind: str) -> list[MapperRow]:
    """The rows that a mapper starts with."""
    known = contract()
    return [_shown(known, kind, row) for row in default_rows(known, kind)]


def _shown(known: Contract, kind: str, row: FieldRow) -> MapperRow:
    field = find_field(kind, row.field)
    reason = "Required by ASP Events: it can’t be removed or changed." if field.required else ""
    return MapperRow(field, current_slug(known, kind, row), field.required, reason)


def mappable_fields(event: Event, kind: str) -> list[Field]:
    """Every field that a row can choose, custom ones of the programme after the standard ones (C5)."""
    types = {each.name: each.type for each in list_defined_fields(event.id, kind)}
    once = {plain(name): name for name in (*_names_in_use(event, kind), *types)}  # D2c
    names = sorted(once.values(), key=str.casefold)
    custom = [find_field(kind, CUSTOM + name) for name in names]
    return [*catalogue(kind), *(replace(field, type=types.get(field.label, field.type)) for field in custom)]


def as_offered(key: str, fields: Iterable[Field]) -> str:
    """The key by which `fields` hold the field that this one means (D2c); the same key where none of them does."""
    return by_sight(key, [field.key for field in fields]) or key


def _names_in_use(event: Event, kind: str) -> list[str]:
    table = Session if kind == "session" else Contact
    rows = db.session.scalars(select(table.custom_fields).where(table.event_id == event.id))
    return sorted({name for row in rows for name in row})


def changeable_rows(mapping: Mapping, kind: str) -> Rows:
    """A mapping's rows that are not locked, as they are stored."""
    return [(row.field.key, row.slug) for row in mapper_rows(mapping, kind) if not row.locked]


def is_changed(rows: Rows, seen: Rows) -> bool:
    """Whether these rows differ from those that their form was opened with."""
    return [(key.strip(), trimmed(slug)) for key, slug in rows] != seen


def save_field_mappings(
    mapping: Mapping, kind: str, rows: Iterable[tuple[str, str]], actor: str, seen: Rows | None = None
) -> list[str]:
    """Replace a mapping's rows that are not locked. Raises RefusedRows with every error at its row (C4).

    `seen` are the rows that the form was opened with: what somebody else has changed since then stays, and the
    slugs of it are returned. Raises ChangedMeanwhile where both have changed a row.
    """
    known = contract()
    hold_mapping(mapping)
    locked = [row for row in mapper_rows(mapping, kind) if row.locked] or [
        row for row in default_mapper_rows(kind) if row.locked
    ]
    fields = {field.key: field for field in mappable_fields(mapping.event, kind)}
    wanted = [(as_offered(key.strip(), fields.values()), trimmed(slug)) for key, slug in rows]
    kept = {row.field for row in mapping.field_mappings if row.kind == kind}
    errors = _errors(known, kind, wanted, fields, kept, {row.slug for row in locked})
    if errors:
        db.session.rollback()
        raise RefusedRows(errors, wanted)
    taken: list[str] = []
    if seen is not None:
        merged = _merged(mapping, kind, wanted, seen, list(fields.values()))
        wanted, taken = merged.rows, merged.taken
    before = {(row.field, row.slug) for row in mapping.field_mappings if row.kind == kind}
    complete = [*((row.field.key, row.slug) for row in locked), *wanted]
    _replace(mapping, kind, complete)
    record(
        mapping.organisation_id,
        actor,
        FIELDS_CHANGED,
        _describe(mapping, kind, before, set(complete)),
        event_id=mapping.event_id,
    )
    db.session.commit()
    return taken


def _merged(mapping: Mapping, kind: str, wanted: Rows, seen: Rows, fields: list[Field]) -> MergedRows:
    """The wanted rows with what somebody else has saved since `seen`. Raises ChangedMeanwhile."""
    opened, stored = (
        [(as_offered(key, fields), slug) for key, slug in rows]
        for rows in (seen, changeable_rows(mapping, kind))
    )
    merged = merge_rows(opened, wanted, stored)
    if merged.clashes:
        by = who_changed(mapping, FIELDS_CHANGED)
        db.session.rollback()
        raise ChangedMeanwhile(merged, stored, by)
    return merged


def change_field_mappings(
    mapping: Mapping,
    kind: str,
    wanted: list[tuple[str, str]],
    removed: Iterable[str],
    restore: bool,
    actor: str,
) -> None:
    """Change single rows of a mapper: those `removed` by slug go, then each (slug, field) of `wanted` is set.

    With `restore` the default rows are what is changed. All or nothing: raises RefusedRows for rows that cannot be
    saved, Refused for a slug that has no row or one that is required.
    """
    seen = changeable_rows(mapping, kind)
    shown = default_mapper_rows(kind) if restore else mapper_rows(mapping, kind)
    locked = {row.slug: row.field for row in shown if row.locked}
    rows = [(row.slug, row.field.key) for row in shown if not row.locked]
    for slug in map(trimmed, removed):
        if slug in locked:
            raise Refused(f"“{slug}” is required by ASP Events and cannot be removed.")
        if slug not in dict(rows):
            raise Refused(f"No row fills “{slug}”. Nothing was changed.")
        rows = [row for row in rows if row[0] != slug]
    given: set[str] = set()
    for slug, key in ((trimmed(slug), key.strip()) for slug, key in wanted):
        if slug in locked and locked[slug].key == key:
            continue
        if slug in dict(rows) and slug not in given:
            rows = [(slug, key) if row[0] == slug else row for row in rows]
        else:  # new; or given twice, which is refused like any slug that stands twice (C4)
            rows.append((slug, key))
        given.add(slug)
    save_field_mappings(mapping, kind, [(key, slug) for slug, key in rows], actor, seen)


def _replace(mapping: Mapping, kind: str, rows: list[tuple[str, str]]) -> None:
    for row in [row for row in mapping.field_mappings if row.kind == kind]:
        mapping.field_mappings.remove(row)
    db.session.flush()  # the old rows go before the new ones come: a slug is there once
    for position, (key, slug) in enumerate(rows):
        mapping.field_mappings.append(FieldMapping(kind=kind, position=position, field=key, slug=slug))


def _errors(
    known: Contract,
    kind: str,
    rows: list[tuple[str, str]],
    fields: dict[str, Field],
    kept: set[str],
    locked_slugs: set[str],
) -> dict[int, str]:
    errors: dict[int, str] = {}
    taken = dict.fromkeys(locked_slugs, "a required row")
    for number, (key, slug) in enumerate(rows):
        problem = _field_problem(kind, key, fields, kept) or slug_problem(known, kind, slug)
        if problem is None and slug in taken:
            problem = f"“{slug}” is filled by {taken[slug]} already. Each ASP field can be filled once."
        if problem is None:
            problem = misfit(known, kind, find_field(kind, key), slug)
        if problem is not None:
            errors[number] = problem
        taken.setdefault(slug, fields[key].label if key in fields else "another row")
    return errors


def _field_problem(kind: str, key: str, fields: dict[str, Field], kept: set[str]) -> str | None:
    if not key:
        return "Choose a field."
    if key in fields:
        return "This field is required and has its own locked row." if fields[key].required else None
    if key in kept:  # a custom field that the programme no longer has stays until it is removed
        return None
    return (
        unknown(kind, key)
        or f"The programme has no custom field “{key.removeprefix(CUSTOM)}”. Choose one from the list."
    )


def _describe(mapping: Mapping, kind: str, before: set[tuple[str, str]], after: set[tuple[str, str]]) -> str:
    added = ", ".join(f"{_label(kind, key)} → {slug}" for key, slug in sorted(after - before))
    gone = ", ".join(f"{_label(kind, key)} → {slug}" for key, slug in sorted(before - after))
    changes = "; ".join(
        part for part in (f"added {added}" if added else "", f"removed {gone}" if gone else "") if part
    )
    return f"Saved the {kind} fields of {mapping.event.name}: {changes or 'nothing changed'}."


def _label(kind: str, key: str) -> str:
    return find_field(kind, key).label
