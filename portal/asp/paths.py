"""Paths of ASP's API, filled with what somebody typed or ASP sent."""

from urllib.parse import quote

from portal.asp.errors import NotThere

DOTS = frozenset({".", ".."})


def filled_path(template: str, parts: dict[str, str]) -> str:
    """The path with its parts, each of which stays one. Raises NotThere for one that would lead to another path."""
    if not DOTS.isdisjoint(parts.values()):
        raise NotThere("ASP has no such record.")
    return template.format(**{key: quote(value, safe="") for key, value in parts.items()})
