"""Compare ASP with what was last pushed, and decide field by field whose words stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from portal.errors import Refused
from portal.models import KeptField, Link, LinkKind, Mapping, db
from portal.operations.connection.clients import asking, require_connection
from portal.operations.history import record
from portal.operations.queries.record_names import Names, names_as_written, names_of_records
from portal.sync.planning.drift import Drifted, DriftState
from portal.sync.planning.snapshot import Links
from portal.sync.pushing.links import Place, seminar_of
from portal.sync.running.drifting import read_drift
from portal.sync.running.intended_changes import in_names
from portal.sync.running.moment import one_moment
from portal.sync.running.terms import find_link, load_links, of_place
from portal.text.numbers import count

FieldKey = tuple[str, str, str]  # a record's kind and key, and the slug


@dataclass(frozen=True, slots=True)
class DriftedRecord:
    """A record that differs in ASP, with its name here; people and lists of ASP by their names where known."""

    kind: str
    id: str
    name: str
    state: DriftState
    fields: dict[str, tuple[Any, Any]]  # slug → (pushed, there)

    def as_json(self) -> dict[str, Any]:
        fields = {slug: list(both) for slug, both in self.fields.items()}
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "state": str(self.state),
            "fields": fields,
        }


@dataclass(frozen=True, slots=True)
class DriftReport:
    """How many linked records were compared, and those that differ."""

    checked: int
    records: list[DriftedRecord]
    names: Names  # of all records of the event that are still here

    def as_json(self) -> dict[str, Any]:
        return {
            "checked": self.checked,
            "drift": len(self.records),
            "records": [each.as_json() for each in self.records],
        }


def compare_with_asp(mapping: Mapping) -> DriftReport:
    """Read ASP's sessions and speakers and compare them with the links; nothing is written. Raises PortalError."""
    checked, found, links = _read(mapping)
    names = names_of_records(mapping.event_id)
    words = _words_of_uuids(names, names_as_written(mapping.event_id), links)
    records = [
        DriftedRecord(
            each.kind,
            each.key,
            names.get((each.kind, each.key)) or each.key,
            each.state,
            {
                slug: (in_names(ours, words), in_names(theirs, words))
                for slug, (ours, theirs) in each.fields.items()
            },
        )
        for each in found
    ]
    return DriftReport(checked, sorted(records, key=_by_kind_and_name), names)


def _by_kind_and_name(differing: DriftedRecord) -> tuple[str, str, str]:
    """Where a record stands in the report: neither a database's order nor that of a list of ASP says anything."""
    return differing.kind, differing.name.casefold(), differing.id


def put_ours_back(mapping: Mapping, wanted: Collection[FieldKey] | None, actor: str) -> int:
    """Let the next sync send these fields again, or all that differ; returns how many. Raises PortalError."""
    _, found, _ = _read(mapping)
    put_back = 0
    for each in found:
        theirs = {
            slug: there
            for slug, (_, there) in each.fields.items()
            if wanted is None or (each.kind, each.key, slug) in wanted
        }
        if theirs:
            _remember_what_is_there(mapping, each, theirs)
            put_back += len(theirs)
    if not put_back:
        db.session.rollback()
        raise Refused("ASP has nothing else there any more. Nothing was changed.")
    told = count(put_back, "field that was", "fields that were")
    verb = "is" if put_back == 1 else "are"
    _tell(mapping, "fields put back", f"{told} changed in ASP {verb} sent again", actor)
    db.session.commit()
    return put_back


def keep_theirs(mapping: Mapping, wanted: Iterable[FieldKey], actor: str) -> None:
    """Leave these fields of these records to ASP's editors: no sync writes them until they are released."""
    kept = {(each.kind, each.key, each.slug) for each in list_kept_fields(mapping)}
    names = names_of_records(mapping.event_id)
    for kind, key, slug in wanted:
        if (kind, key, slug) in kept:
            continue
        if find_link(mapping, kind, key) is None:
            raise Refused("This record is not in ASP by the portal’s doing. Nothing was changed.")
        db.session.add(KeptField(**_place(mapping, kind), kind=kind, key=key, slug=slug))
        _tell(
            mapping, "field left to ASP", f"{slug} of {names.get((kind, key)) or key} is left to ASP", actor
        )
    db.session.commit()


def release_field(mapping: Mapping, field: KeptField, actor: str) -> None:
    """Let syncs write a field again; one that was released meanwhile changes nothing."""
    gone = db.session.execute(
        delete(KeptField).where(KeptField.id == field.id).returning(KeptField.id)
    ).first()
    if gone is not None:
        name = names_of_records(mapping.event_id).get((field.kind, field.key)) or field.key
        _tell(mapping, "field released", f"{field.slug} of {name} is synced again", actor)
    db.session.commit()


def list_kept_fields(mapping: Mapping) -> list[KeptField]:
    """The fields of this mapping's records that are left to ASP's editors, oldest first."""
    return list(
        db.session.scalars(select(KeptField).where(*of_place(KeptField, mapping)).order_by(KeptField.id))
    )


def _read(mapping: Mapping) -> tuple[int, list[Drifted], Links]:
    connection = require_connection(mapping.event.organisation)
    place = Place(mapping.organisation_id, connection.id, mapping.site_uuid, mapping.seminar_uuid)
    with one_moment():
        links = load_links(mapping)
    with asking(mapping.event.organisation) as client:
        found = read_drift(place, links, client)
    return len(links.sessions) + len(links.speakers), found, links


def _remember_what_is_there(mapping: Mapping, drifted: Drifted, theirs: dict[str, Any]) -> None:
    """What ASP has counts as pushed, so that the next sync finds the difference (E5)."""
    link = find_link(mapping, drifted.kind, drifted.key)
    if link is not None:
        db.session.execute(update(Link).where(Link.id == link.id).values(pushed={**link.pushed, **theirs}))


def _place(mapping: Mapping, kind: str) -> dict[str, Any]:
    return {
        "organisation_id": mapping.organisation_id,
        "site_uuid": mapping.site_uuid,
        "seminar_uuid": seminar_of(kind, mapping.seminar_uuid),
    }


def _words_of_uuids(names: Names, of_choices: dict[str, str], links: Links) -> dict[str, str]:
    """Names for the Uuids of people, streams and locations that stand in other records' fields."""
    people = {
        link.asp_uuid: names.get((str(LinkKind.SPEAKER), key)) or key for key, link in links.speakers.items()
    }
    choices = {
        link.asp_uuid: of_choices.get(key, key)
        for group in (links.streams, links.locations)
        for key, link in group.items()
    }
    return people | choices


def _tell(mapping: Mapping, kind: str, text: str, actor: str) -> None:
    record(mapping.organisation_id, actor, kind, f"{mapping.event.name}: {text}.", event_id=mapping.event_id)
