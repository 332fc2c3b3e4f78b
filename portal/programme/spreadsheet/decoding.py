"""Finds out in which encoding a text file was written."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from portal.errors import InvalidFile

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = ("cp1252", "mac_roman")  # told apart here: their letters lie elsewhere, their bytes are the same
OTHERS = ["cp1250", "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "big5", "euc_kr", "koi8_r"]
LOOKED_AT = 200_000  # bytes that an encoding is guessed from
TYPOGRAPHY = "„“”‚‘’«»–—…€°§£·•½¼¾×®©™¿¡ªº\N{NO-BREAK SPACE}"
NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises InvalidFile when it is no text."""
    encoding = _encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidFile(
            f"The file is not text in {encoding}: see its byte {error.start:,}. Save it as CSV in UTF-8."
        ) from None
    if "\0" in text:
        raise InvalidFile(
            "The file is no text: it has a NUL character in it. Save it as CSV in UTF-8, or as XLSX."
        )
    return text.removeprefix("\ufeff"), encoding


def _encoding_of(content: bytes) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    start = content[:LOOKED_AT]
    if b"\0" in start:
        odd, even = start[1::2].count(0), start[::2].count(0)
        return "utf-16-le" if odd >= even else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _older_encoding(start)
    return "utf-8"


def _older_encoding(start: bytes) -> str:
    scores = {encoding: _plausibility(start, encoding) for encoding in WESTERN}
    if b"\r" in start and b"\n" not in start:  # only the old Mac ends its lines so
        scores["mac_roman"] += 0.2
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= 0.5:
        return best
    other = from_bytes(start, cp_isolation=[*OTHERS, *WESTERN]).best()
    return other.encoding if other else best


def _plausibility(content: bytes, encoding: str) -> float:
    """How much of what is not ASCII reads like words and typography: 1 all of it, below 0 hardly anything."""
    text = content.decode(encoding, "replace")
    points = [_points(text, found.start()) for found in NOT_ASCII.finditer(text)]
    return sum(points) / len(points) if points else 0.0


def _points(text: str, place: int) -> float:
    character = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if character in TYPOGRAPHY:
        return -1.0 if before.isalpha() and after.isalpha() and character not in "’·" else 0.5
    if not unicodedata.category(character).startswith("L"):
        return -1.0
    if character.isupper() and before.islower():
        return -1.0
    return 1.0 if before.isalpha() or after.isalpha() else 0.0
