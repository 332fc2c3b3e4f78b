"""From a session or a contact to the values that ASP shall hold: pure, and the same input gives the same output.

A value may be a `Reference` to a record whose Uuid is not known yet, or a tuple of them; `resolve` puts the Uuids in.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.asp.contract import Contract
from portal.sync.planning import reasons
from portal.sync.planning.columns import Column, Columns
from portal.sync.planning.snapshot import Offer
from portal.text.addresses import web_address
from portal.text.html import clean_html, shows_something
from portal.text.matching import composed, fold, trimmed

MISSING = object()
LONGEST_SHOWN = 60  # characters of a value that a warning quotes
NOT_SENT = object()  # this field is left out of this record
TOLD_BY = ("name", "label", "title", "value", "url")  # which entry of an object says what it is (C5)


@dataclass(frozen=True, slots=True)
class Reference:
    """Stands for the Uuid of a "speaker", "stream" or "location" until it is known."""

    kind: str
    key: str


class Shaper:
    """Turns the fields of one kind of record into the values of one seminar.

    `names` holds the first spelling of every stream and location that the values refer to.
    """

    def __init__(self, columns: Columns, offer: Offer, contract: Contract, timezone: str) -> None:
        self._columns = columns.columns
        self._contract = contract
        self._zone = ZoneInfo(timezone)
        self._session_types = {fold(name): name for name in reversed(offer.session_types)}
        self._types: dict[str | None, tuple[Any, str | None]] = {}
        self.names: dict[Reference, str] = {}

    def values(
        self, record: Any, overrides: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        """Slug → value for one record, and its warnings. `overrides` replaces fields by key (D3's end)."""
        values: dict[str, Any] = {}
        warnings: list[str] = []
        for column in self._columns:
            raw = column.field.value(record)
            if overrides and column.field.key in overrides:
                raw = overrides[column.field.key]
            value, warning = self._shaped(column, raw)
            if value is not NOT_SENT:
                values[column.slug] = value
            if warning:
                warnings.append(warning)
        return values, warnings

    def _shaped(self, column: Column, raw: Any) -> tuple[Any, str | None]:
        session, values = self._contract.session, self._contract.values
        if column.field.type == "people":
            return tuple(Reference("speaker", contact_id) for contact_id in raw), None
        if column.type == "native" and column.slug == session.session_type:
            return self._session_type(_plain(raw))
        if column.type == "native" and column.slug == session.location:
            name = _plain(raw)
            return (self._reference("location", name) if name else values.cleared_location), None
        if column.type == "native" and column.slug == session.streams:
            return tuple(dict.fromkeys(self._reference("stream", name) for name in _names(raw))), None
        if column.type == values.checkbox_type:
            return list(_names(raw)) or list(values.cleared_list), None
        if isinstance(raw, datetime):
            return raw.astimezone(self._zone).strftime(values.time), None
        text = _plain(raw)
        if text and column.holds("URL"):  # before HTML: an address alone is no markup
            return _address(column.field.label, text)
        if text and column.holds("HTML"):
            clean = clean_html(text)  # D1
            warning = clean.warning(column.field.label)
            if clean.text is None:
                return NOT_SENT, warning
            return (clean.text if shows_something(clean.text) else values.cleared_text), warning
        return text or values.cleared_text, None

    def _reference(self, kind: str, name: str) -> Reference:
        reference = Reference(kind, fold(name))
        self.names.setdefault(reference, name)
        return reference

    def _session_type(self, name: str) -> tuple[Any, str | None]:  # D4
        found = self._types.get(name)
        if found is None:
            found = self._types[name] = self._matched_type(name)
        return found

    def _matched_type(self, name: str) -> tuple[Any, str | None]:
        if name and fold(name) in self._session_types:
            return self._session_types[fold(name)], None
        default = self._contract.values.default_session_type
        fallback = self._session_types.get(fold(default))
        if fallback is None:
            other = name and fold(name) != fold(default)
            wanted = f"neither “{name}” nor “{default}”" if other else f"no “{default}”"
            return NOT_SENT, reasons.NO_TYPE.words(wanted=wanted)
        if not name:
            return fallback, None
        return fallback, reasons.NO_SUCH_TYPE.words(format=name, used=fallback)


def _address(label: str, text: str) -> tuple[Any, str | None]:  # D2b
    address = web_address(text)
    if address is not None:
        return address, None
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return NOT_SENT, reasons.NO_ADDRESS.words(field=label, value=shown)


def _plain(raw: Any) -> str:
    """Any value as text, without what is invisible at its edges (D16, D2c)."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return trimmed(raw)
    if isinstance(raw, bool):
        return "Yes" if raw else "No"
    if isinstance(raw, list | tuple):
        return ", ".join(text for text in map(_plain, raw) if text)
    if isinstance(raw, dict):
        told = next((text for key in TOLD_BY if (text := _plain(raw.get(key)))), "")
        return told or (json.dumps(raw, ensure_ascii=False) if raw else "")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def _names(raw: Any) -> tuple[str, ...]:
    each = raw if isinstance(raw, list | tuple) else (raw,)
    return tuple(dict.fromkeys(name for name in map(_plain, each) if name))


def resolve(
    values: Mapping[str, Any], uuids: Mapping[Reference, str]
) -> tuple[dict[str, Any], list[tuple[str, Reference]]]:
    """Put Uuids in place of references.

    Returns the payload, and (slug, reference) for each that is unknown: a person is left off their list,
    a session whose location or any stream is unknown keeps what ASP has there.
    """
    payload: dict[str, Any] = {}
    unknown: list[tuple[str, Reference]] = []
    for slug, value in values.items():
        if isinstance(value, Reference):
            if value in uuids:
                payload[slug] = uuids[value]
            else:
                unknown.append((slug, value))
        elif isinstance(value, tuple):
            absent = [each for each in value if each not in uuids]
            unknown += [(slug, each) for each in absent]
            if not any(each.kind == "stream" for each in absent):
                payload[slug] = list(dict.fromkeys(uuids[each] for each in value if each in uuids))
        else:
            payload[slug] = value
    return payload, unknown


def is_empty(value: Any) -> bool:
    """Whether a value stands for “nothing there”."""
    return value is None or value == "" or value == [] or value == ()


def payload_hash(payload: Mapping[str, Any]) -> str:
    """The same for payloads that say the same; empty values say nothing."""
    told = {slug: value for slug, value in payload.items() if not is_empty(value)}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def difference(
    payload: Mapping[str, Any], pushed: Mapping[str, Any], refused: Mapping[str, Any]
) -> dict[str, Any]:
    """What has to be sent so that ASP holds the payload (E5).

    A field that was never filled is not sent; one that was filled and is empty now is cleared (D11). A value that
    ASP refused is not sent again until it changes (D16).
    """
    changed: dict[str, Any] = {}
    for slug, value in payload.items():
        before = pushed.get(slug, MISSING)
        if is_empty(value):
            if before is MISSING or is_empty(before):
                continue
        elif _composed(before) == _composed(value):
            continue
        if slug in refused and refused[slug].get("value") == value:
            continue
        changed[slug] = value
    return changed


def _composed(value: Any) -> Any:
    """What of a value counts when it is compared with what was sent: how its accents are encoded does not (D2c)."""
    if isinstance(value, list):
        return [_composed(each) for each in value]
    return composed(value) if isinstance(value, str) else value


def filled(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something: what a new record is created with."""
    return {slug: value for slug, value in payload.items() if not is_empty(value)}
