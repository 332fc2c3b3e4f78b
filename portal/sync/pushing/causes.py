"""Why ASP itself may have failed on a record: said, and never mended by changing the record. Pure."""

from typing import Any

from portal.asp.errors import AspError, NoAnswer

LAST_OF_THREE_BYTES = "\uffff"  # a database of MySQL's older kind keeps nothing beyond, emoji above all
NAMED = 5  # characters, at most


def reason_for(error: AspError, values: dict[str, Any]) -> str:
    """What happened to the record with these values (slug → value), in an admin's words."""
    if not isinstance(error, NoAnswer) or error.status is None:
        return str(error)
    unusual = {slug: found for slug, value in values.items() if (found := _beyond(value))}
    if not unusual:
        return str(error)
    named = ", ".join(f"“{'”, “'.join(found[:NAMED])}” in {slug}" for slug, found in unusual.items())
    return (
        f"ASP failed each time this was sent (error {error.status}). The likely cause is a character that ASP’s "
        f"database cannot keep: {named}. Take it out, then sync again. The portal has changed nothing in the text."
    )


def _beyond(value: Any) -> list[str]:
    """The characters of four bytes in a text, each once."""
    return (
        list(dict.fromkeys(each for each in value if each > LAST_OF_THREE_BYTES))
        if isinstance(value, str)
        else []
    )
