"""What a status's word means (D6), in the languages that programmes come in."""

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from portal.models import Category
from portal.programme.statuses import STANDARD
from portal.text.matching import fold

SHOWN = frozenset(
    "public visible listed everyone öffentlich sichtbar público pubblico visibile openbaar zichtbaar".split()
)
NOT_SHOWN = frozenset(
    "private hidden unlisted unpublished internal invisible privat versteckt verborgen intern unveröffentlicht"
    " privé caché privado oculto interno privato nascosto verborgen".split()
)

CANCELLED = (
    r"(?:cancell?ed|withdrawn|abgesagt|entfällt|fällt aus|gestrichen|annulée?|cancelad[oa]|suspendid[oa]|annullat[oa]"
    r"|geannuleerd|vervallen|inställd|aflyst|avlyst|peruttu|odwołan[ey])"
)
IN_TITLE = re.compile(
    rf"[(\[]\s*{CANCELLED}\s*[)\]]|^{CANCELLED}\s*[:!–—-]|[:–—-]\s*{CANCELLED}$", re.IGNORECASE
)
SIGNS_BEFORE = re.compile(r"^[^\w?]+")


@cache
def _words() -> dict[str, Category]:
    text = (
        files("portal.programme.spreadsheet.cells").joinpath("status_words.toml").read_text(encoding="utf-8")
    )
    return {
        fold(word): Category(category)
        for category, words in tomllib.loads(text).items()
        for word in words.split(" | ")
    }


def meant_category(status: str) -> Category | None:
    """The category that the word has everywhere, as “✅ Confirmed” too; None for one that is an event's own."""
    return _words().get(fold(status)) or _words().get(fold(SIGNS_BEFORE.sub("", status)))


def is_cancelled_by(title: str) -> bool:
    """Whether the title says that the session does not take place: “CANCELLED: Opening”, “Opening (abgesagt)”."""
    return IN_TITLE.search(title) is not None


def is_shown(word: str) -> bool | None:
    """Whether a session of that visibility is public, whatever its column asks; None: the word does not say."""
    word = fold(word)
    if word in SHOWN or word in NOT_SHOWN:
        return word in SHOWN
    category = meant_category(word)
    return None if category is None else category is Category.ACCEPTED


def known_status(word: str, statuses: Collection[str]) -> str:
    """The status that the event, or every event, has of that name; else the word in lower case."""
    plain = fold(word)
    joined = plain.replace(" ", "_").replace("-", "_")
    if plain not in statuses and (joined in statuses or joined in STANDARD):
        return joined
    return plain
