"""When two texts are the same to ASP, and what of a text is nothing (D2c)."""

import re
import unicodedata
from collections.abc import Collection

# What nobody sees: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt: soft hyphen, zero width, word
# joiner, marks of direction, BOM, fillers, …), the marks of annotations, controls, and the empty Braille cell.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u2800"
)
# Belong to the character before them and change how it looks: the picture of a heart (“❤️” is a heart and FE0F), a
# letter in its joined form (Persian “ه‍”), the letters of a flag. At the end of a text they are no stray.
_SHAPING = "\u180b-\u180d\u180f\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
_OUTER_OF_ASCII = "".join(map(chr, (*range(33), 127)))
_OUTER = re.compile(rf"[\s{_INVISIBLE}]")
_LEADING = re.compile(rf"[\s{_INVISIBLE}]*")
_FOLLOWING = re.compile(rf"[{_SHAPING}]*")
# The flag of a region (England, Scotland …) is a black flag and invisible letters: they are what is seen of it.
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
_NOTHING = re.compile(rf"({_FLAG})|[{_INVISIBLE}]+")


def trimmed(text: str) -> str:
    """The text without what is invisible at its edges: white space, zero width, BOM … Its inside stays (D16).

    A text of invisible characters alone is empty (D2c).
    """
    if text.isascii():
        return text.strip(_OUTER_OF_ASCII)
    start, end = _end_of(_LEADING, text, 0), len(text)
    while end > start and _OUTER.match(text, end - 1):
        end -= 1
    if start < end and not text[end - 1].isascii():
        end = _end_of(_FOLLOWING, text, end)
    return text[start:end]


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def plain(text: str) -> str:
    """What of a text counts when it is compared: without invisible characters, composed (NFC), trimmed (D2c)."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _NOTHING.sub(r"\1", text)).strip()


def composed(text: str) -> str:
    """The text with each accent in its letter (NFC): two that are the same then are the same text (D2c)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def by_sight(name: str, names: Collection[str]) -> str | None:
    """The one of the names that is seen as this one, itself first (D2c)."""
    if name in names:
        return name
    wanted = plain(name)
    return next((each for each in names if plain(each) == wanted), None)


def fold(text: str) -> str:
    """What names and addresses are matched by: `plain`, and simple lower case, so that “ß” is not “ss” (D2c)."""
    # Nearly all texts are, and this is asked for each cell of a file.
    if text.isascii() and text.isprintable():
        return text.strip().lower()
    return unicodedata.normalize("NFC", plain(text).lower())
