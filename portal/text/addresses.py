"""What is a web address and what only looks like one (D2b), and the parts of it."""

import re
from urllib.parse import SplitResult, urlsplit

from portal.text.matching import trimmed

# A host with a dot and a last part of letters, perhaps a port, perhaps a path: what people type without its scheme.
_BARE = re.compile(
    r"[^\W_](?:[\w-]*\.)+(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


def web_address(text: str) -> str | None:
    """The address as http or https; a bare `example.org` gets https://. None for anything else."""
    text = trimmed(text)
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        return None
    if _BARE.fullmatch(text):
        return f"https://{text}"
    if not _SCHEME.match(text) or "\\" in text:
        return None
    parts = parts_of(text)
    return text if parts.hostname and (parts.port is None or parts.port) else None


def parts_of(text: str) -> SplitResult:
    """The parts of an address that anybody may have typed or sent; empty ones where it is none."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # a broken IPv6 address, a port that is none, a letter that stands for a slash
        return urlsplit("")
    return parts
