"""HTML as it is typed, stored, compared and sent: what is passive, and nothing else (D1: Description, Biography).

docs/security.md says why each thing is on the list or not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape, unescape

import nh3

from portal.text.matching import trimmed
from portal.text.nesting import DEEPEST, Nesting

LONGEST = 100_000
TAGS = frozenset(
    """a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del
    details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li mark ol
    p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr
    tt u ul var wbr""".split()
)
ATTRIBUTES = {
    "*": {"dir", "lang", "style", "title"},
    "a": {"href", "hreflang", "rel"},
    "img": {"alt", "height", "src", "width"},
    "blockquote": {"cite"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "ins": {"cite", "datetime"},
    "li": {"type", "value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "table": {"align", "border", "cellpadding", "cellspacing", "summary", "width"},
    "time": {"datetime"},
    "ul": {"type"},
    **{name: {"align", "span", "valign", "width"} for name in ("col", "colgroup")},
    **{name: {"abbr", "align", "colspan", "headers", "rowspan", "scope", "valign"} for name in ("td", "th")},
    **{name: {"align", "valign"} for name in ("tbody", "tfoot", "thead", "tr")},
    **{name: {"align"} for name in ("caption", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p")},
}
STYLES = {"background-color", "color", "font-style", "font-weight", "text-align", "text-decoration"}
SCHEMES = {"http", "https", "mailto", "tel"}
SEEN = frozenset({"hr", "img"})  # without a word in them
WITH_CONTENT = frozenset({"script", "style"})  # their content is no text for a reader
# What a reader loses with an element whose text stays.
LOST = {
    **dict.fromkeys(("frame", "frameset", "iframe"), "a frame"),
    **dict.fromkeys(("applet", "embed", "object"), "an embedded object"),
    "math": "a formula",
    **dict.fromkeys(("canvas", "svg"), "a drawing"),
    **dict.fromkeys(("button", "form", "input", "select", "textarea"), "a form"),
    "audio": "a recording",
    "video": "a video",
    **dict.fromkeys(("area", "map"), "a map of links"),
}
EMBEDDED_PICTURE = "a picture that is stored in the text itself"

# The tokens of the HTML standard. ASCII alone: “K” (the Kelvin sign) is no k to a parser.
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|</>|<(?:[!?]|/[^a-zA-Z>])[^>]*>?", re.DOTALL)
_NAME = re.compile(r"<(/?)([a-zA-Z][^\t\n\f\r />]*)")
_REST_OF_TAG = re.compile(
    r"""(?:[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]*+
    (?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*+|(?=>)|\Z))?+)*+
    [\t\n\f\r /]*+(>?)""",
    re.VERBOSE,
)
_DATA_PICTURE = re.compile(r"src[\t\n\f\r ]*=[\t\n\f\r \"']*data:", re.IGNORECASE)
_TAG_OR_ENTITY = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(WITH_CONTENT),
    attributes=ATTRIBUTES,
    tag_attribute_values={"a": {"target": {"_blank"}}},
    filter_style_properties=STYLES,
    url_schemes=SCHEMES,
    link_rel=None,
)


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML in which nothing is active, and what its reader loses; None for a text that was left out whole."""

    text: str | None
    lost: tuple[str, ...] = ()

    def warning(self, label: str) -> str | None:
        """What an admin is told of the field with that label."""
        if self.text is None:
            return f"{label} is left out: it {self.lost[0]}. Shorten it where it is written."
        if not self.lost:
            return None
        things = " and ".join([", ".join(self.lost[:-1]), self.lost[-1]] if len(self.lost) > 1 else self.lost)
        return f"{label} is sent without {things}, which cannot be sent to ASP; the words of it stay."


def clean_html(html: str) -> CleanHtml:
    """The HTML without what is active. Takes time that grows with the text's length alone.

    Cleaning what is clean changes nothing. Script and style go with their content; of every other element that goes
    the text stays.
    """
    if len(html) > LONGEST:
        return CleanHtml(None, (f"has more than {LONGEST:,} characters",))
    if "<" not in html and "&" not in html:
        return CleanHtml(trimmed(html))
    nesting, lost, kept = Nesting(), dict[str, None](), list[str]()
    for piece, name in pieces_of(html):
        if name is None:
            kept.append(piece)
        elif name in TAGS:
            kept.append(piece)
            (nesting.end if piece.startswith("</") else nesting.start)(name)
            if nesting.too_deep:
                return CleanHtml(None, (f"is nested more than {DEEPEST} levels deep, or out of order",))
            if name == "img" and _DATA_PICTURE.search(piece):
                lost[EMBEDDED_PICTURE] = None
        elif thing := LOST.get(name):
            lost[thing] = None
    return CleanHtml(trimmed(_cleaner.clean("".join(kept))), tuple(lost))


def shows_something(html: str) -> bool:
    """Whether a reader sees anything of it: not of the empty paragraph that a text editor leaves behind (D2c)."""
    return any(trimmed(unescape(piece)) if name is None else name in SEEN for piece, name in pieces_of(html))


def is_html(text: str) -> bool:
    """Whether the text has a tag or an entity in it; otherwise it is read as it stands."""
    return _TAG_OR_ENTITY.search(text) is not None


def html_of(typed: str) -> CleanHtml:
    """The typed text as HTML in which nothing is active: blank lines end a paragraph, others are line breaks."""
    if is_html(typed):
        return clean_html(typed)
    paragraphs = [escape(each.strip(), quote=False) for each in re.split(r"\n\s*\n", typed) if each.strip()]
    if len(paragraphs) == 1 and "\n" not in paragraphs[0]:
        return clean_html(paragraphs[0])
    return clean_html("".join(f"<p>{each.replace(chr(10), '<br>')}</p>" for each in paragraphs))


def words_of(html: str) -> str:
    """What a page says to its reader, in one line. Takes time that grows with the page's length alone."""
    text = "".join(piece if name is None else " " for piece, name in pieces_of(html))
    return " ".join(unescape(text).split())


def pieces_of(html: str) -> Iterator[tuple[str, str | None]]:
    """The text's pieces in order: tags with their name, and text (no name) in which no tag can begin.

    Comments, what is broken off at the end, and script and style with their content are no pieces.
    """
    position = 0
    while (start := html.find("<", position)) >= 0:
        if start > position:
            yield html[position:start], None
        opening = _NAME.match(html, start)
        if opening is None:
            comment = _COMMENT.match(html, start)
            position = comment.end() if comment else start + 1
            if comment is None:
                yield "&lt;", None
            continue
        rest = _REST_OF_TAG.match(html, opening.end())
        if rest is None or not rest[1]:  # the text ends within the tag
            return
        position, name = rest.end(), opening[2].translate(_LOWER)
        yield html[start:position], name
        if name in WITH_CONTENT and not opening[1]:
            closing = _end_tag(name).search(html, position)
            position = closing.start() if closing else len(html)
    if position < len(html):
        yield html[position:], None


@cache
def _end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII)
