"""names by simple lower case: what they are matched by no longer makes “ß” into “ss” (D2c)

Streams and locations are linked by their name as it is matched. A link whose key is made otherwise now would not be
found, and one that was renamed in ASP would be made a second time.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.text.matching import fold

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LINK = sa.table(
    "link",
    sa.column("id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("site_uuid", sa.String),
    sa.column("seminar_uuid", sa.String),
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("pushed", sa.JSON),
)
CHOICE = sa.table(
    "choice",
    sa.column("id", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("source_id", sa.String),
    sa.column("name", sa.String),
    sa.column("synced_name", sa.String),
)
MAPPING = sa.table(
    "mapping",
    sa.column("organisation_id", sa.Integer),
    sa.column("site_uuid", sa.String),
    sa.column("event_id", sa.Integer),
)
Place = tuple[int, str]


def upgrade() -> None:
    connection = op.get_bind()
    _rekey_links(connection)
    _rekey_choices(connection)


def former_key(name: str) -> str:
    """What streams and locations were matched by."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def _rekey_links(connection: sa.Connection) -> None:
    names = _names(connection)
    links = connection.execute(
        sa.select(LINK).where(LINK.c.kind.in_(("stream", "location"))).order_by(LINK.c.id)
    ).all()
    taken = {_row_key(link, link.key) for link in links}
    for link in links:
        found = _keys(link, names[link.organisation_id, link.site_uuid])
        if not found or found == {link.key}:
            continue
        (key, *others) = sorted(found)
        here = LINK.c.id == link.id
        if others or _row_key(link, key) in taken:
            # Two names of now were one then, or the other way round: each is found again by its name in ASP.
            connection.execute(sa.delete(LINK).where(here))
        else:
            connection.execute(sa.update(LINK).where(here).values(key=key))
            taken.add(_row_key(link, key))


def _keys(link: Any, names: Iterable[str]) -> set[str]:
    """What the link's name is matched by now: the one that was pushed, else every one that it may be."""
    pushed = [value for value in link.pushed.values() if isinstance(value, str)]
    for candidates in (pushed, names):
        if found := {fold(name) for name in candidates if former_key(name) == link.key}:
            return found
    return set()


def _row_key(link: Any, key: str) -> tuple[Any, ...]:
    return (link.organisation_id, link.site_uuid, link.seminar_uuid, link.kind, key)


def _names(connection: sa.Connection) -> dict[Place, set[str]]:
    """Every name of an event's lists by the place that the event is mapped to."""
    rows = connection.execute(
        sa.select(
            MAPPING.c.organisation_id, MAPPING.c.site_uuid, CHOICE.c.name, CHOICE.c.synced_name
        ).join_from(MAPPING, CHOICE, CHOICE.c.event_id == MAPPING.c.event_id)
    )
    names: dict[Place, set[str]] = defaultdict(set)
    for organisation_id, site_uuid, *both in rows:
        names[organisation_id, site_uuid].update(name for name in both if name)
    return names


def _rekey_choices(connection: sa.Connection) -> None:
    """Entries of lists that came without an id are known by their name."""
    choices = connection.execute(sa.select(CHOICE).order_by(CHOICE.c.id)).all()
    taken = {(row.event_id, row.kind, row.source_id) for row in choices}
    for row in choices:
        key = fold(row.name)
        if row.source_id in (key, "") or row.source_id != row.name.strip().casefold():
            continue
        if (row.event_id, row.kind, key) not in taken:
            connection.execute(sa.update(CHOICE).where(CHOICE.c.id == row.id).values(source_id=key))
            taken.add((row.event_id, row.kind, key))
