"""Whether two texts say the same, however a server has written down what it was sent."""

import re
import unicodedata
from html import unescape

from portal.text.html import LONGEST, pieces_of

# Between these, white space says nothing.
BLOCKS = frozenset(
    """address article aside blockquote br caption center col colgroup dd details div dl dt figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr li ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_QUOTES = "\"'"
_SPACE = re.compile(r"\s+")
_ATTRIBUTE = re.compile(r"""([^\s/>=]+)(?:\s*+=\s*+("[^"]*"|'[^']*'|[^\s>]*))?""")

Token = tuple[str, ...]


def says_the_same(one: str, other: str) -> bool:
    """Whether a reader sees the same in both: line ends, white space, entities and the way tags are written aside.

    Takes time that grows with the texts' length alone.
    """
    return one == other or _tokens(one) == _tokens(other)


def _tokens(text: str) -> list[Token]:
    composed = unicodedata.normalize("NFC", text)
    if len(composed) > LONGEST:
        return [("text", composed)]
    tokens: list[Token] = []
    words, after_block = "", True
    for piece, name in (*pieces_of(composed), ("", "p")):  # the end of a text is one of a block
        if name is None:
            words += piece
            continue
        tokens += _words(words, after_block, name in BLOCKS)
        if piece:
            tokens.append(_tag(piece, name))
        words, after_block = "", name in BLOCKS
    return _without_frame(tokens)


def _words(text: str, after_block: bool, before_block: bool) -> list[Token]:
    told = _SPACE.sub(" ", unescape(text))
    if after_block:
        told = told.lstrip()
    if before_block:
        told = told.rstrip()
    return [("text", told)] if told else []


def _tag(piece: str, name: str) -> Token:
    """A tag with its attributes in the order of the alphabet."""
    if piece.startswith("</"):
        return (f"/{name}",)
    found = _ATTRIBUTE.findall(piece, len(name) + 1)
    told = (f"{each.lower()}={unescape(value).strip(_QUOTES)}" for each, value in found)
    return name, *sorted(told)


def _without_frame(tokens: list[Token]) -> list[Token]:
    """A text by itself and the same text in a paragraph are one to an editor."""
    begins, ends = ("p",), ("/p",)
    if tokens[:1] == [begins] and tokens[-1:] == [ends] and tokens.count(ends) == 1:
        return tokens[1:-1]
    return tokens
