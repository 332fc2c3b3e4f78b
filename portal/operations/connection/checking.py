"""Look again whether a mapping's seminar can take a sync, after it was put right in ASP (A7, E9)."""

from portal.asp.errors import CredentialsRejected, NotThere
from portal.models import Mapping, db, now
from portal.operations.connection.clients import client_for, require_connection
from portal.sync.running.marks import keep_offer, mark_rejected, mark_seminar_gone
from portal.sync.running.terms import make_offer


def check_seminar(mapping: Mapping) -> None:
    """Read the seminar anew, and remember what it offers or that it is gone.

    Raises Refused when ASP is not connected, and AspError when ASP does not answer; a key that it rejects is noted.
    """
    connection = require_connection(mapping.event.organisation)
    mapping_id, connection_id = mapping.id, connection.id
    site_uuid, seminar_uuid = mapping.site_uuid, mapping.seminar_uuid
    client = client_for(connection)
    db.session.rollback()  # no transaction stays open while ASP is asked
    try:
        site = next((each for each in client.sites() if each.uuid == site_uuid), None)
        seminar = client.seminar(seminar_uuid)
        if site is None or seminar.site_uuid != site_uuid:
            mark_seminar_gone(mapping_id)
            return
        offer = make_offer(site, seminar, client.session_types(seminar_uuid))
    except CredentialsRejected:
        mark_rejected(connection_id, now())
        raise
    except NotThere:
        mark_seminar_gone(mapping_id)
        return
    finally:
        client.close()
    keep_offer(mapping_id, connection_id, offer)
