"""Which mappings need a person: the badge in the navigation and the card say so by the same words (A6, E9, G4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.config import current_settings
from portal.models import Connection, Mapping
from portal.operations.notices.troubles import Told, find_facts, judge
from portal.operations.syncing.approving import find_withholding
from portal.operations.syncing.obstacles import find_obstacles_of


def find_troubles_of(
    mappings: Iterable[Mapping], connection: Connection | None, moment: datetime
) -> dict[int, Told | None]:
    """What an organisation is told of each mapping, by its id; None where all is well."""
    interval = timedelta(seconds=current_settings().sync_interval)
    found = find_facts([(each, connection) for each in mappings], moment)
    return {mapping.id: judge(facts, interval, moment) for mapping, facts in found}


def find_needing(
    mappings: Iterable[Mapping], connection: Connection | None, moment: datetime
) -> list[Mapping]:
    """Those that cannot sync, are in trouble, or have changes that wait for somebody to send or approve them."""
    mappings = list(mappings)
    obstacles = find_obstacles_of(mappings, connection)
    troubles = find_troubles_of(mappings, connection, moment)
    withholding = find_withholding(mappings)
    return [
        each
        for each in mappings
        if obstacles[each.id] or troubles[each.id] or each.changes_waiting or each.id in withholding
    ]
