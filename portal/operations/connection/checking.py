"""Look again whether a mapping's seminar can take a sync, after it was put right in ASP (A7, E9)."""

from portal.asp.errors import NotThere
from portal.models import Mapping
from portal.operations.connection.clients import asking, require_connection
from portal.sync.running.marks import keep_offer, mark_seminar_gone, mark_site_unseen
from portal.sync.running.terms import make_offer


def check_seminar(mapping: Mapping) -> None:
    """Read the seminar anew, and remember what it offers, or that it or its ASP event is gone.

    Raises Refused when ASP is not connected, and AspError when ASP does not answer; a key that it rejects is noted.
    """
    organisation = mapping.event.organisation
    mapping_id, connection_id = mapping.id, require_connection(organisation).id
    site_uuid, seminar_uuid = mapping.site_uuid, mapping.seminar_uuid
    try:
        with asking(organisation) as client:
            site = next((each for each in client.sites() if each.uuid == site_uuid), None)
            if site is None:
                mark_site_unseen(mapping_id)
                return
            seminar = client.seminar(seminar_uuid)
            if seminar.site_uuid != site_uuid:
                mark_seminar_gone(mapping_id)
                return
            offer = make_offer(site, seminar, client.session_types(seminar_uuid))
    except NotThere:
        mark_seminar_gone(mapping_id)
        return
    keep_offer(mapping_id, connection_id, offer)
