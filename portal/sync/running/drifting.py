"""Reads ASP's records and compares them with what was last pushed; writes nothing."""

from portal.asp.client import AspClient
from portal.asp.errors import NotThere, SeminarGone
from portal.models import LinkKind
from portal.sync.planning.drift import Drifted, find_drift
from portal.sync.planning.snapshot import Links
from portal.sync.pushing.links import Place


def read_drift(place: Place, links: Links, client: AspClient) -> list[Drifted]:
    """The linked sessions and speakers that ASP has otherwise, or no longer. Raises AspError."""
    try:
        sessions = client.sessions(place.seminar_uuid)
    except NotThere:
        _check_seminar(place, client)
        raise
    speakers = client.speakers(place.site_uuid)
    return [
        *find_drift(LinkKind.SESSION, links.sessions.values(), sessions, _unordered(client)),
        *find_drift(LinkKind.SPEAKER, links.speakers.values(), speakers),
    ]


def _check_seminar(place: Place, client: AspClient) -> None:
    """Raises SeminarGone when there are no sessions to read because the whole seminar is gone (E10)."""
    try:
        client.seminar(place.seminar_uuid)
    except NotThere:
        raise SeminarGone from None


def _unordered(client: AspClient) -> frozenset[str]:
    """The lists of sessions whose order says nothing: tags, and what boxes are ticked."""
    return frozenset({client.contract.session.streams, client.contract.session.level})
