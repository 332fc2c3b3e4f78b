"""Which field of a record a reason is about, so that the reason leads there (H3)."""

import re

from portal.sync.planning.fields import PEOPLE_ROLES, catalogue

# What reasons say without the name of a field; the first that fits counts.
_WORDS = {
    "session": (
        ("(status:", "status"),
        ("client session id", "client_session_id"),
        ("synced without", "people"),
        ("clocks go back", "starts_at"),
        ("starts at 23:59", "starts_at"),
        ("its end", "ends_at"),
        ("has ended", "ends_at"),
        ("it lasts until", "ends_at"),
        ("session type", "format"),
        ("the format", "format"),
        ("the room", "room"),
        ("the tag", "tags"),
        ("the level", "level"),
    ),
    "speaker": (("e-mail", "email"),),
}
# The reasons that every plan gives anew as long as they are true; of others only ASP can say whether they still are.
_PLANNED = re.compile(
    r"(is|are) missing\. Add |^Its end is not|^The clocks go back|^It starts at 23:59|^Has the same e-mail"
    r"|^It was deleted in ASP"
)
_QUOTED = re.compile(r"“[^”]*”")


def field_to_mend(kind: str, reason: str) -> str | None:
    """The field of a "session" or a "speaker" that mends it, by its key; None where no field does.

    The people of a session and its content are `people` and `files`.
    """
    told = _QUOTED.sub("", reason)
    labels = [(told.find(each.label), each.key) for each in catalogue(kind)]
    found = sorted((place, key) for place, key in labels if place >= 0)
    if found and found[0][0] == 0:
        return _own_name(found[0][1])
    lowered = told.lower()
    by_words = next((key for words, key in _WORDS[kind] if words in lowered), None)
    return by_words or (_own_name(found[0][1]) if found else None)


def is_planned(reason: str) -> bool:
    """Whether a plan would still give this reason if it were still true."""
    return _PLANNED.search(reason) is not None


def _own_name(key: str) -> str:
    return {"content": "files", **dict.fromkeys(PEOPLE_ROLES, "people")}.get(key, key)
