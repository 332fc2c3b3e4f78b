"""Markup in cells whose texts are plain: “<p>Ada Moor</p>”, “R&amp;D”, “[Ada](https://example.org)”, “["AI"]”."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from portal.text.matching import trimmed

BREAK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|tr|h[1-6]))(?:\s[^<>]*)?/?>", re.IGNORECASE)
TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|small|sup|sub|mark)(?:\s[^<>]*)?>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
LINK = re.compile(r"\[([^\[\]]{1,400})\]\((?:https?://|mailto:)[^()\s]*\)")
BOLD = re.compile(r"\*\*([^*]{1,400})\*\*")
QUOTED = re.compile(r""" "([^"]*)" | '([^']*)' """, re.VERBOSE)
# As programs write a list of texts, in JSON or in Python: ["AI", "Data"], [].
LIST = re.compile(r"""\[\s*(?: (?:"[^"]*"|'[^']*') \s* (?:,\s*(?:"[^"]*"|'[^']*')\s*)* )?\]""", re.VERBOSE)


def plain_texts(cells: Iterable[object]) -> Iterator[str]:
    """The texts among the cells, each without its markup."""
    return (without_markup(cell) for cell in cells if isinstance(cell, str))


def without_markup(text: str) -> str:
    """The text as a page would show it, a line for each of its blocks. What is no markup stays: “Vector<T>”."""
    if text.startswith("[") and LIST.fullmatch(text):
        text = "\n".join(double or single for double, single in QUOTED.findall(text))
    if "<" not in text and "&" not in text and "**" not in text and "](" not in text:
        return text
    text = TAG.sub("", BREAK.sub("\n", BOLD.sub(r"\1", LINK.sub(r"\1", text))))
    text = ENTITY.sub(lambda found: unescape(found[0]), text)
    return "\n".join(line for line in map(trimmed, text.split("\n")) if line)
