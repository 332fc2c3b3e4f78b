"""What an admin calls the fields that stand behind ASP's slugs."""

from collections import defaultdict

from portal.errors import PortalError
from portal.models import Mapping
from portal.sync.planning.fields import find_field
from portal.sync.pushing.written import PUBLISHED

Labels = dict[str, dict[str, str]]


def label_slugs(mapping: Mapping | None) -> Labels:
    """Kind → slug → label, for what the mapping sends; of a slug that it no longer sends there is none."""
    labels: Labels = defaultdict(dict)
    for kind in ("session", "speaker"):
        labels[kind][PUBLISHED] = "On the website"
    for row in mapping.field_mappings if mapping else ():
        try:
            labels[row.kind][row.slug] = find_field(row.kind, row.field).label
        except PortalError:  # a row that an earlier version knew; its slug says enough
            labels[row.kind][row.slug] = row.slug
    return labels
