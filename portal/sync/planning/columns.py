"""Which rows of a field mapper this seminar can take, and what is left out and why (D8, C8)."""

from dataclasses import dataclass

from portal.asp.contract import Contract
from portal.sync.planning import reasons
from portal.sync.planning.fields import Field, catalogue, current_slug, default_slug, find_field
from portal.sync.planning.snapshot import Offer, Rules


@dataclass(frozen=True, slots=True)
class Column:
    """A row of a field mapper that this seminar can take: a field, its slug, and the slug's type in ASP.

    `usual` is the type of the field that fills the slug by default: what another puts there is shown the same way.
    """

    field: Field
    slug: str
    type: str  # a custom field's type, or "native"
    usual: str | None = None

    def holds(self, type: str) -> bool:
        """Whether the field, or the slug that it fills, is of this type of the portal's."""
        return type in (self.field.type, self.usual)


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
    usual = _usual_types(contract, "session")
    columns: list[Column] = []
    warnings: list[str] = []
    missing: list[str] = []
    for row in rules.session_fields:
        field = find_field("session", row.field)
        if not _wanted(field, rules):
            continue
        slug = current_slug(contract, "session", row)
        if slug in native:
            columns.append(Column(field, slug, "native", usual.get(slug)))
            continue
        problem = unfit(field, slug, offer.custom_fields.get(slug), contract)
        if problem is None:
            type_in_asp = offer.custom_fields[slug]
            is_address = type_in_asp == contract.values.url_type
            columns.append(Column(field, slug, type_in_asp, "URL" if is_address else usual.get(slug)))
        elif field.required:
            missing.append(f"Nothing can be synced to {rules.seminar}, as {problem}")
        else:
            warnings.append(problem)
    return Columns(tuple(columns), tuple(warnings), tuple(missing))


def speaker_columns(rules: Rules, contract: Contract) -> Columns:
    """The speaker fields that this mapping sends: all are text; ASP does not tell which custom ones there are."""
    usual = _usual_types(contract, "speaker")
    rows = [
        (find_field("speaker", row.field), current_slug(contract, "speaker", row))
        for row in rules.speaker_fields
    ]
    text = contract.values.text_type
    return Columns(tuple(Column(field, slug, text, usual.get(slug)) for field, slug in rows))


def _usual_types(contract: Contract, kind: str) -> dict[str, str]:
    """By slug: the type of the portal's field that fills it by default."""
    return {slug: each.type for each in catalogue(kind) if (slug := default_slug(contract, kind, each))}


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
