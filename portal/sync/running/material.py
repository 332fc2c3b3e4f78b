"""All that one run works with, read from the database once."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.config import Settings
from portal.models import Connection, Mapping
from portal.sync.planning.snapshot import Links, Programme, Rules
from portal.sync.pushing.links import Place
from portal.sync.running.loading import load_programme
from portal.sync.running.losses import last_loss, may_have_lost, people_in_making
from portal.sync.running.terms import load_links, load_rules


@dataclass(frozen=True, slots=True)
class Material:
    """All that one run works with, read once; no database object among it."""

    programme: Programme
    rules: Rules
    links: Links
    place: Place
    mapping_id: int
    support_contact: str = ""  # whom the closing words name where something failed
    after_a_loss: bool = False  # ASP may hold sessions of the run before that have no link (E11)
    lost_at: datetime | None = None  # since when ASP may be at work on what a run before had sent (E11)


def load_material(
    mapping: Mapping, connection: Connection, settings: Settings, unpublish_approved: int = 0
) -> Material:
    """Read the programme, the mapping and the links; inside `one_moment`. `unpublish_approved`: see D12."""
    programme, links = load_programme(mapping.event), load_links(mapping)
    return Material(
        programme=programme,
        rules=load_rules(mapping, settings, unpublish_approved),
        links=replace(
            links, in_making=people_in_making(mapping.event_id, programme.contacts, links.speakers)
        ),
        place=Place(mapping.organisation_id, connection.id, mapping.site_uuid, mapping.seminar_uuid),
        mapping_id=mapping.id,
        support_contact=settings.support_contact,
        after_a_loss=may_have_lost(mapping.event_id),
        lost_at=last_loss(mapping.event_id),
    )
