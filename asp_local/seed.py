"""Reads the accounts, sites and seminars that the server starts with."""

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from asp_local.kinds import SEMINARS, SITES, Record
from asp_local.store import Store

CUSTOM_FIELD_TYPES = ("text", "checkbox", "speakerlist", "url")
ACCOUNT_SHAPE = {"api_key": str, "api_secret": str, "sites": list}
SITE_SHAPE = {"Uuid": str, "Name": str, "Slug": str, "TimeZone": str, "isActive": bool}
SEMINAR_SHAPE = {
    "Uuid": str,
    "Id": int,
    "SiteUuid": str,
    "Name": str,
    "Slug": str,
    "isPublished": bool,
    "custom_fields": list,
    "session_types": list,
}
OPTIONAL = frozenset({"TimeZone", "isActive", "isPublished", "custom_fields", "session_types"})


class SeedError(Exception):
    """The seed cannot be used; the message says where."""


@dataclass(frozen=True, slots=True)
class Account:
    """A key and secret, and the sites that they open."""

    api_key: str
    api_secret: str
    sites: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seed:
    """What a seed holds, checked."""

    accounts: tuple[Account, ...]
    sites: tuple[Record, ...]
    seminars: tuple[Record, ...]


def load_seed(source: Mapping[str, Any] | Path | str | None = None) -> Seed:
    """Read a seed from a mapping or a TOML file, or the demo's when there is none; raises SeedError."""
    if isinstance(source, Mapping):
        return _check_seed(source)
    try:
        text = (
            (resources.files("asp_local") / "demo.toml").read_text(encoding="utf-8")
            if source is None
            else Path(source).read_text(encoding="utf-8")
        )
        return _check_seed(tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise SeedError(f"The seed {source} cannot be read: {exc}") from exc


def plant(seed: Seed, store: Store) -> None:
    """Put the seed's sites and seminars into the store; all other records stay as they are."""
    for site in seed.sites:
        store.put(SITES, site)
    for seminar in seed.seminars:
        store.put(SEMINARS, seminar)


def session_type_uuid(seminar: str, name: str) -> str:
    """The same Uuid at every start, so that a restart changes nothing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"asp-local:{seminar}:{name}")).upper()


def _check_seed(data: Mapping[str, Any]) -> Seed:
    unknown = set(data) - {"accounts", "sites", "seminars"}
    if unknown:
        raise SeedError(f"The seed has an unknown section: {', '.join(sorted(unknown))}.")
    accounts = tuple(_account(entry) for entry in _entries(data, "accounts", ACCOUNT_SHAPE))
    sites = tuple({"isActive": True} | entry for entry in _entries(data, "sites", SITE_SHAPE))
    seminars = tuple(_seminar(entry) for entry in _entries(data, "seminars", SEMINAR_SHAPE))
    _refuse_repeats("accounts", [account.api_key for account in accounts])
    _refuse_repeats("sites", [site["Uuid"] for site in sites])
    _refuse_repeats("seminars", [seminar["Uuid"] for seminar in seminars])
    _refuse_repeats("seminars", [seminar["Id"] for seminar in seminars])
    known = {site["Uuid"] for site in sites}
    for seminar in seminars:
        if seminar["SiteUuid"] not in known:
            raise SeedError(f"Seminar {seminar['Id']} belongs to a site that the seed does not have.")
    return Seed(accounts, sites, seminars)


def _entries(data: Mapping[str, Any], section: str, shape: Mapping[str, type]) -> list[Record]:
    entries = data.get(section, [])
    if not isinstance(entries, list):
        raise SeedError(f"{section} must be a list.")
    for position, entry in enumerate(entries):
        place = f"{section}[{position}]"
        if not isinstance(entry, Mapping):
            raise SeedError(f"{place} must be a table.")
        for name in entry:
            if name not in shape:
                raise SeedError(f"{place}.{name} is not known.")
            if type(entry[name]) is not shape[name]:
                raise SeedError(f"{place}.{name} must be {shape[name].__name__}.")
        missing = [name for name in shape if name not in entry and name not in OPTIONAL]
        if missing:
            raise SeedError(f"{place}.{missing[0]} is missing.")
    return [dict(entry) for entry in entries]


def _account(entry: Record) -> Account:
    sites = _texts(entry["sites"], f"The sites of account {entry['api_key']}")
    return Account(entry["api_key"], entry["api_secret"], frozenset(sites))


def _seminar(entry: Record) -> Record:
    custom_fields = []
    for each in entry.pop("custom_fields", []):
        if (
            not isinstance(each, Mapping)
            or set(each) != {"slug", "type"}
            or each["type"] not in CUSTOM_FIELD_TYPES
        ):
            raise SeedError(f"Seminar {entry['Id']}: {each} is not a custom field (slug and type).")
        custom_fields.append({"Slug": each["slug"], "Type": each["type"]})
    names = _texts(entry.pop("session_types", []), f"The session types of seminar {entry['Id']}")
    session_types = [{"Uuid": session_type_uuid(entry["Uuid"], name), "Name": name} for name in names]
    return {"isPublished": True} | entry | {"CustomFields": custom_fields, "SessionTypes": session_types}


def _texts(values: list[Any], place: str) -> list[str]:
    if not all(isinstance(value, str) for value in values):
        raise SeedError(f"{place} must be texts.")
    return values


def _refuse_repeats(section: str, values: list[Any]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise SeedError(f"{section}: {value} is there twice.")
