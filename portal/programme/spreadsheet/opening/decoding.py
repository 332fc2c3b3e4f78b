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
# Told apart here: their letters lie elsewhere, their bytes are the same. The last is Excel's “CSV (MS-DOS)”.
WESTERN = ("cp1252", "mac_roman", "cp850")
CENTRAL_EUROPEAN = "cp1250"
JAPANESE = "cp932"
NOT_LATIN = [
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1255",
    "cp1256",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
    JAPANESE,
]
OTHERS = [CENTRAL_EUROPEAN, "cp1254", *NOT_LATIN]
OLDER_NAMES = {  # as spreadsheet programs call them
    "cp1250": "windows-1250 (Central European)",
    "cp1251": "windows-1251 (Cyrillic)",
    "cp1252": "windows-1252 (Western)",
    "cp1253": "windows-1253 (Greek)",
    "cp1254": "windows-1254 (Turkish)",
    "cp1255": "windows-1255 (Hebrew)",
    "cp1256": "windows-1256 (Arabic)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "mac_roman": "Mac Roman",
    "cp850": "MS-DOS (850)",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
}
LOOKED_AT = 200_000  # bytes that an encoding is guessed from
TYPOGRAPHY = "„“”‚‘’«»–—…€°§£·•½¼¾×®©™¿¡ªº\N{NO-BREAK SPACE}"
MOST_WORDS = 6
WORDS = re.compile(rb"[^\s,;|\"()]{0,30}[\x80-\xff][^\s,;|\"()]{0,30}")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
HIGH = re.compile(rb"[\x80-\xff]+")
WORD_OF_OTHERS = 3  # letters that are not ASCII, one after the other: no Latin script has so many
KANA_AND_KANJI = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々]+")
COMMON_IN_CP932 = (b"\x81\x40", b"\x98\x72")  # signs, kana, and the kanji that everybody learns


def decode(content: bytes, told: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding, which is the one that was told where the file does not say it.

    Raises InvalidFile when it is no text.
    """
    encoding = _encoding_of(content, told)
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


def encoding_named(name: str) -> str | None:
    """One of the older encodings, by any of its names: “windows-1250”; None when it is none of them."""
    try:
        wanted = codecs.lookup(name).name
    except LookupError:
        return None
    return next((each for each in OLDER_NAMES if codecs.lookup(each).name == wanted), None)


def readings(content: bytes) -> dict[str, str]:
    """Encoding → how the file's first words of other letters than ASCII's read in it; those that they fit."""
    words = list(dict.fromkeys(found[0] for found in WORDS.finditer(content[:LOOKED_AT])))[:MOST_WORDS]
    found = {}
    for encoding in OLDER_NAMES:
        try:
            found[encoding] = " · ".join(word.decode(encoding).strip() for word in words)
        except UnicodeDecodeError:
            continue
    return {encoding: text for encoding, text in found.items() if text.replace("·", "").isprintable()}


def _encoding_of(content: bytes, told: str | None) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    if told:
        return told
    start = content[:LOOKED_AT]
    if b"\0" in start:
        odd, even = start[1::2].count(0), start[::2].count(0)
        return "utf-16-le" if odd >= even else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _older_encoding(_from_first_letter(content))
    return "utf-8"


def _from_first_letter(content: bytes) -> bytes:
    """What an older encoding is guessed from: the lines from the first one on that is not ASCII."""
    found = HIGH.search(content)
    begin = content.rfind(b"\n", 0, found.start()) + 1 if found else 0
    return content[begin : begin + LOOKED_AT]


def _older_encoding(start: bytes) -> str:
    if _is_japanese(start):
        return JAPANESE
    if _is_not_latin(start) and (other := from_bytes(start, cp_isolation=NOT_LATIN).best()):
        return other.encoding
    scores = {encoding: _plausibility(start, encoding) for encoding in WESTERN}
    if b"\r" in start and b"\n" not in start:  # only the old Mac ends its lines so
        scores["mac_roman"] += 0.2
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= 0.5:
        return best
    if _plausibility(start, CENTRAL_EUROPEAN) > 0.9:
        return CENTRAL_EUROPEAN
    other = from_bytes(start, cp_isolation=[*OTHERS, *WESTERN]).best()
    return other.encoding if other else best


def _is_not_latin(start: bytes) -> bool:
    """Whether most of what is not ASCII stands in whole words of it, as in Cyrillic or Chinese."""
    lengths = [len(found[0]) for found in HIGH.finditer(start)]
    return sum(each for each in lengths if each >= WORD_OF_OTHERS) > sum(lengths) / 2


def _is_japanese(start: bytes) -> bool:
    """Whether it reads as Shift-JIS: second bytes are often ASCII there, so that its words are cut into pieces."""
    try:
        text = codecs.getincrementaldecoder(JAPANESE)().decode(start)  # its end may be cut within a letter
    except UnicodeDecodeError:
        return False
    words = list(KANA_AND_KANJI.finditer(text))
    letters = "".join(found[0] for found in words)
    if not letters or len(letters) < 0.8 * len(NOT_ASCII.findall(text)):
        return False
    common = sum(COMMON_IN_CP932[0] <= each.encode(JAPANESE) <= COMMON_IN_CP932[1] for each in letters)
    within = sum(
        text[found.start() - 1 : found.start()].islower() or text[found.end() : found.end() + 1].islower()
        for found in words
    )
    return common >= 0.9 * len(letters) and within <= 0.1 * len(words)


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
