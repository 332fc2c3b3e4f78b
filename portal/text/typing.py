"""What somebody types as a description or a biography: HTML, or plain text with its paragraphs (D1)."""

import re
from html import escape

from portal.text.html import CleanHtml, clean_html

_TAG = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")


def is_html(text: str) -> bool:
    """Whether the text has a tag or an entity in it; otherwise it is read as it stands."""
    return _TAG.search(text) is not None


def html_of(typed: str) -> CleanHtml:
    """The typed text as HTML in which nothing is active: blank lines end a paragraph, others are line breaks."""
    if is_html(typed):
        return clean_html(typed)
    paragraphs = [escape(each.strip(), quote=False) for each in re.split(r"\n\s*\n", typed) if each.strip()]
    if len(paragraphs) == 1 and "\n" not in paragraphs[0]:
        return clean_html(paragraphs[0])
    return clean_html("".join(f"<p>{each.replace(chr(10), '<br>')}</p>" for each in paragraphs))
