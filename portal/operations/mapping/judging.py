"""What one row of a field mapper is worth: what is wrong with it, and what the seminar makes of it (C4, C8)."""

import re
from collections.abc import Container
from dataclasses import dataclass
from difflib import get_close_matches

from portal.asp.contract import Contract
from portal.errors import PortalError
from portal.models import Mapping
from portal.operations.connection.clients import contract
from portal.sync.planning.columns import unfit
from portal.sync.planning.fields import CUSTOM, Field, find_field
from portal.text.matching import by_sight

SLUG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
MOST_NAMED = 12  # of a seminar's own fields, in one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class SlugFit:
    """Whether the seminar has a row's slug with a type that fits (C8), in words."""

    fits: bool
    words: str


def judge_slug(mapping: Mapping, kind: str, key: str, slug: str) -> SlugFit | None:
    """How a slug fits, by what was last read of the seminar; None where ASP does not tell its custom fields."""
    known = contract()
    if slug in known.native_slugs(kind):
        return SlugFit(fits=True, words="ASP Events has this field.")
    if kind == "speaker" or not slug or not key:
        return None
    type_in_asp = mapping.offer.get("custom_fields", {}).get(slug)
    if problem := unfit(find_field(kind, key), slug, type_in_asp, known):
        return SlugFit(
            fits=False, words=problem if type_in_asp else f"{problem}{_instead(mapping, kind, slug)}"
        )
    return SlugFit(fits=True, words=f"The seminar has this field, of type {type_in_asp}.")


def _instead(mapping: Mapping, kind: str, slug: str) -> str:
    """What may have been meant by a slug that the seminar does not have, else the fields that it has."""
    own = sorted(mapping.offer.get("custom_fields", {}))
    kept = {row.slug for row in mapping.field_mappings if find_field(row.kind, row.field).required}
    near = get_close_matches(slug, [known for known, _ in known_slugs(mapping, kind) if known not in kept], 1)
    if near:
        return f" Did you mean {near[0]}?"
    more = " and others" if len(own) > MOST_NAMED else ""
    return (
        f" Its custom fields are {', '.join(own[:MOST_NAMED])}{more}." if own else " It has no custom fields."
    )


def judge_row(mapping: Mapping, kind: str, key: str, slug: str, offered: Container[str]) -> SlugFit | None:
    """The same for a row that is being edited, with what is wrong with the row by itself, even before it is saved.

    Its field may no longer be among those that are `offered`.
    """
    if key.startswith(CUSTOM) and key not in offered:
        name = key.removeprefix(CUSTOM)
        return SlugFit(
            fits=False,
            words=f"The programme has no field “{name}” any more, so nothing fills this: it may be called otherwise "
            f"now. Choose it again, or remove the row.",
        )
    problem = (unknown(kind, key) or _left_by_files(mapping, kind, key)) if key else None
    if problem is None and slug:
        problem = slug_problem(contract(), kind, slug)
    if problem is None and key:
        problem = misfit(contract(), kind, find_field(kind, key), slug)
    return SlugFit(fits=False, words=problem) if problem else judge_slug(mapping, kind, key, slug)


def _left_by_files(mapping: Mapping, kind: str, key: str) -> str | None:
    """What is to be said of a custom field that files brought and the last one has no more (C5, H2)."""
    noted = mapping.event.file_fields.get(kind, {})
    name = key.removeprefix(CUSTOM)
    if key == name or noted.get(by_sight(name, noted) or "", True):
        return None
    return (
        f"The last file that was imported has no field “{name}” any more, so this is filled from an older one: it "
        f"may be called otherwise now. Choose it again, or remove the row."
    )


def known_slugs(mapping: Mapping, kind: str) -> list[tuple[str, str]]:
    """The slugs that ASP is known to have, with their types, to be suggested while typing (C5)."""
    known = contract()
    own = sorted(_writable_slugs(known, kind))
    custom = mapping.offer.get("custom_fields", {}) if kind == "session" else {}
    return [*((slug, "standard") for slug in own), *sorted(custom.items())]


def unknown(kind: str, key: str) -> str | None:
    """What is wrong with a row's field, where it is none that the portal knows (C4)."""
    try:
        find_field(kind, key)
    except PortalError:
        return f"There is no field “{key}”. Choose one from the list."
    return None


def slug_problem(known: Contract, kind: str, slug: str) -> str | None:
    """What is wrong with a row's slug by itself, whatever the seminar has (C4)."""
    if not slug:
        return "Enter the ASP field slug."
    if not SLUG.fullmatch(slug):
        better = re.sub(r"[^A-Za-z0-9_.-]+", "-", slug).strip("-.")
        advice = f" Did you mean {better}?" if SLUG.fullmatch(better) else ""
        return f"A slug has only letters, digits, hyphens and underscores, and no spaces.{advice}"
    if slug in known.native_slugs(kind) - _writable_slugs(known, kind):
        return f"“{slug}” is kept by ASP itself and cannot be mapped."
    return None


def _writable_slugs(known: Contract, kind: str) -> set[str]:
    """ASP's own fields that a row may fill."""
    group = known.session if kind == "session" else known.speaker
    kept_by_asp = {"uuid", "site", "created", "published", "active", "custom_fields"}
    reserved = {getattr(group, name, "") for name in kept_by_asp} | {known.site.uuid}
    return set(known.native_slugs(kind)) - reserved


def misfit(known: Contract, kind: str, field: Field, slug: str) -> str | None:
    """ASP's list of speakers takes people alone, and nothing else of ASP's own fields takes people."""
    if kind != "session" or slug not in known.native_slugs("session"):
        return None
    if (field.type == "people") == (slug == known.session.speakers):
        return None
    if field.type == "people":
        return f"{field.label} can only fill {known.session.speakers} or a custom field of type speakerlist."
    return f"{slug} can only be filled by people."
