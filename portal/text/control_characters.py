"""Signs that no reader sees and that a terminal or a log obeys: names and titles from outside may hold them."""

import re

# Of what begins with ESC colours alone pass: they hide and move nothing.
_STEERING = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


def made_visible(text: str) -> str:
    """The text with an escape (“\\x1b”) in the place of each such sign; tabs and lines' ends stay."""
    return _STEERING.sub(lambda sign: f"\\x{ord(sign[0]):02x}", text)


def as_one_entry(text: str) -> str:
    """The same for a log, whose further lines are moved in, so that none looks like an entry of its own."""
    return "\n    ".join(made_visible(text).splitlines())
