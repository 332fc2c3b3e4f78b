"""Which field of a record a reason is about, so that the reason leads there (H3)."""

import re

from portal.sync.planning import reasons
from portal.sync.planning.fields import PEOPLE_ROLES, catalogue
from portal.sync.planning.reasons import Reason, find_reason

_FIELDS = {
    reasons.NOT_ACCEPTED: "status",
    reasons.ENDED: "ends_at",
    reasons.ENDS_BEFORE_START: "ends_at",
    reasons.CLOCKS_GO_BACK: "starts_at",
    reasons.STARTS_AT_MIDNIGHT: "starts_at",
    reasons.SEVERAL_DATES: "ends_at",
    reasons.NO_SUCH_TYPE: "format",
    reasons.NO_TYPE: "format",
    reasons.SHARED_ID: "client_session_id",
    reasons.WITHOUT_PERSON: "people",
    reasons.SAME_PERSON: "email",
    reasons.SHARED_EMAIL: "email",
    reasons.EMAIL_TAKEN: "email",
}
# What a switch among the mapping's settings mends (D6, E13).
_OF_SETTINGS = (reasons.DELETED_THERE, reasons.ROLE_NOT_SENT)
# Every plan gives these anew as long as they are true; of others only ASP can say whether they still are.
_PLANNED = (
    reasons.MISSING,
    reasons.ENDS_BEFORE_START,
    reasons.CLOCKS_GO_BACK,
    reasons.STARTS_AT_MIDNIGHT,
    reasons.SHARED_EMAIL,
    reasons.DELETED_THERE,
)
_LISTS = {"format": "format", "room": "room", "level": "level", "tag": "tags"}
_OF_PERSON = reasons.WITHOUT_PERSON.sentence.partition("{")[0]
_QUOTED = re.compile(r"“[^”]*”")


def field_to_mend(kind: str, reason: str) -> str | None:
    """The field of a "session" or a "speaker" that mends it, by its key; None where no field does.

    The people of a session and its content are `people` and `files`.
    """
    found = _reason_of(reason)
    if found in _FIELDS:
        return _FIELDS[found]
    if found is reasons.RENAMED:
        return _LISTS.get(reason.split()[1])
    told = _QUOTED.sub("", reason)
    named = sorted((told.find(each.label), each.key) for each in catalogue(kind) if each.label in told)
    return _own_name(named[0][1]) if named else None


def is_of_settings(reason: str) -> bool:
    """Whether no field of a record mends it, but the mapping's settings."""
    return _reason_of(reason) in _OF_SETTINGS


def told_of_person(reason: str, name: str) -> str | None:
    """Why the person of this name is missing on a session, where its reason is about them."""
    before = _OF_PERSON + name
    after = reason.removeprefix(before)
    return after.lstrip(":, ") if reason.startswith(before) and after.startswith((":", ",")) else None


def is_of_person(reason: str) -> bool:
    """Whether a session's reason is about one of its people, whose own field mends it."""
    return reason.startswith(_OF_PERSON)


def is_planned(reason: str) -> bool:
    """Whether a plan would still give this reason if it were still true."""
    return _reason_of(reason) in _PLANNED


def _reason_of(text: str) -> Reason | None:
    """The entry of the catalogue; what is told of a person in a session's warning is the session's."""
    return reasons.WITHOUT_PERSON if is_of_person(text) else find_reason(text)


def _own_name(key: str) -> str:
    return {"content": "files", **dict.fromkeys(PEOPLE_ROLES, "people")}.get(key, key)
