"""All that one run works with, read from the database once."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.config import Settings
from portal.models import ACTIVE, Connection, Mapping, Run, RunStatus, db
from portal.sync.planning.snapshot import Links, Programme, Rules
from portal.sync.pushing.links import Place
from portal.sync.running.loading import load_programme
from portal.sync.running.terms import load_links, load_rules


@dataclass(frozen=True, slots=True)
class Material:
    """All that one run works with, read once; no database object among it."""

    programme: Programme
    rules: Rules
    links: Links
    place: Place
    mapping_id: int
    after_a_loss: bool = (
        False  # the run before was not carried through: ASP may hold sessions without a link (E11)
    )


def load_material(
    mapping: Mapping, connection: Connection, settings: Settings, unpublish_approved: int = 0
) -> Material:
    """Read the programme, the mapping and the links; inside `one_moment`. `unpublish_approved`: see D12."""
    return Material(
        programme=load_programme(mapping.event),
        rules=load_rules(mapping, settings, unpublish_approved),
        links=load_links(mapping),
        place=Place(mapping.organisation_id, connection.id, mapping.site_uuid, mapping.seminar_uuid),
        mapping_id=mapping.id,
        after_a_loss=_ended_badly(mapping),
    )


def _ended_badly(mapping: Mapping) -> bool:
    last = db.session.scalar(
        select(Run.status)
        .where(Run.mapping_id == mapping.id, Run.status.not_in(ACTIVE))
        .order_by(Run.id.desc())
        .limit(1)
    )
    return last in (RunStatus.FAILED, RunStatus.INTERRUPTED)
