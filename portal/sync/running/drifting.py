"""Reads ASP's records and compares them with what was last pushed; writes nothing."""

from collections.abc import Iterable

from portal.asp.client import AspClient, AspRecord
from portal.asp.errors import NotThere, SeminarGone
from portal.models import LinkKind
from portal.sync.planning.drift import Drifted, find_drift
from portal.sync.planning.snapshot import ExistingRecord, Links
from portal.sync.pushing.links import Place


def read_drift(place: Place, links: Links, client: AspClient) -> list[Drifted]:
    """The linked sessions and speakers that ASP has otherwise, or no longer. Raises AspError."""
    try:
        sessions = _existing(client.sessions(place.seminar_uuid))
    except NotThere:
        _check_seminar(place, client)
        raise
    speakers = _existing(client.speakers(place.site_uuid))
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


def _existing(records: Iterable[AspRecord]) -> list[ExistingRecord]:
    return [ExistingRecord(each.uuid, each.values, each.created) for each in records]
