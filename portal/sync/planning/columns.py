"""Which rows of a field mapper this seminar can take, and what is left out and why (D8, C8)."""

from dataclasses import dataclass

from portal.asp.contract import Contract
from portal.sync.planning import reasons
from portal.sync.planning.fields import Field, current_slug, find_field
from portal.sync.planning.snapshot import Offer, Rules


@dataclass(frozen=True, slots=True)
class Column:
    """A row of a field mapper that this seminar can take: a field, its slug, and the slug's type in ASP."""

    field: Field
    slug: str
    type: str  # a custom field's type, or "native"


@dataclass(frozen=True, slots=True)
class Columns:
    """The usable rows of a mapper, and what is left out and why (D8)."""

    columns: tuple[Column, ...]
    warnings: tuple[str, ...] = ()
    missing_required: tuple[str, ...] = ()

    def has(self, key: str) -> bool:
        return any(each.field.key == key for each in self.columns)


def session_columns(rules: Rules, offer: Offer, contract: Contract) -> Columns:
    """The session fields that this mapping sends to this seminar (D8, C8)."""
    native = contract.native_slugs("session")
    columns: list[Column] = []
    warnings: list[str] = []
    missing: list[str] = []
    for row in rules.session_fields:
        field = find_field("session", row.field)
        if not _wanted(field, rules):
            continue
        slug = current_slug(contract, "session", row)
        if slug in native:
            columns.append(Column(field, slug, "native"))
            continue
        problem = unfit(field, slug, offer.custom_fields.get(slug), contract)
        if problem is None:
            columns.append(Column(field, slug, offer.custom_fields[slug]))
        elif field.required:
            missing.append(f"Nothing can be synced to {rules.seminar}, as {problem}")
        else:
            warnings.append(problem)
    return Columns(tuple(columns), tuple(warnings), tuple(missing))


def speaker_columns(rules: Rules, contract: Contract) -> Columns:
    """The speaker fields that this mapping sends: all are text; ASP does not tell which custom ones there are."""
    return Columns(
        tuple(
            Column(
                find_field("speaker", row.field),
                current_slug(contract, "speaker", row),
                contract.values.text_type,
            )
            for row in rules.speaker_fields
        )
    )


def _wanted(field: Field, rules: Rules) -> bool:
    switches = {
        "moderators": rules.send_moderators,
        "chairpersons": rules.send_chairpersons,
        "content": rules.send_content,
    }
    return switches.get(field.key, True)


def unfit(field: Field, slug: str, type_in_asp: str | None, contract: Contract) -> str | None:
    """Why a custom field of the seminar cannot take this field; None when it can."""
    values = contract.values
    types = {
        "text": values.text_type,
        "checkbox": values.checkbox_type,
        "speakerlist": values.speaker_list_type,
    }
    needed = types.get(field.needs or "", "")
    kind = f"{needed} " if needed else ""
    if type_in_asp is None:
        return reasons.NO_CUSTOM_FIELD.words(field=field.label, slug=slug, type=kind)
    if needed and type_in_asp != needed:
        return reasons.WRONG_TYPE.words(field=field.label, slug=slug, found=type_in_asp, type=kind)
    if (field.type == "people") != (type_in_asp == values.speaker_list_type):
        return reasons.UNFIT_TYPE.words(field=field.label, slug=slug, found=type_in_asp)
    return None
