"""Removes what is active from HTML and leaves everything else as it is (D1: Description, Biography)."""

import re
import string
from dataclasses import dataclass
from html import unescape

import nh3

# Elements that run, load or replace something. Their content is not text for a reader.
ACTIVE_ELEMENTS = frozenset(
    "script style iframe object embed applet frame frameset noscript template base meta link svg math".split()
)
WITH_CONTENT = ACTIVE_ELEMENTS - frozenset("embed base meta link frame".split())
FOREIGN = frozenset({"svg", "math"})  # the only ones that a slash closes
PLAIN_CONTENT = frozenset(  # no tag counts inside them but their own end
    "script style iframe textarea title xmp noembed noframes plaintext".split()
)
ELEMENTS = frozenset(
    """a abbr acronym address area article aside audio b bdi bdo big blockquote br button caption center cite code
    col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label legend li main map mark menu meter nav ol
    optgroup option output p picture pre progress q rp rt ruby s samp search section select small source span
    strike strong sub summary sup table tbody td textarea tfoot th thead time tr track tt u ul var video
    wbr""".split()
)
SCHEMES = frozenset(
    """http https mailto tel sms ftp ftps sftp webcal geo xmpp irc ircs matrix skype zoommtg msteams whatsapp tg
    facetime callto news magnet bitcoin cid data""".split()
)
ACTIVE_SCHEMES = frozenset({"javascript", "vbscript"})
# Attributes that hold words and never an address: “JavaScript: The Good Parts” may stand there.
WORDS = frozenset("title alt label placeholder summary abbr aria-label aria-description".split())
MEDIA = frozenset("src srcset poster background".split())
ROUNDS = 5  # what is cut away may bring together what was apart
# What could be active at all, in a text without its white space: a text without any of these is not parsed.
_NO_SPACE = dict.fromkeys((*range(33), 127))
_NAMED = re.compile(rf"</?(?:{'|'.join(sorted(ACTIVE_ELEMENTS))})")
_SUSPICIOUS = re.compile(r"on[a-z]+=|script:|srcdoc|formaction|&#|&colon|&tab|&newline|data:")

# The tokens of the HTML standard.
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|</>|<(?:[!?]|/[^a-zA-Z>])[^>]*>?", re.DOTALL)
_NAME = re.compile(r"<(/?)([a-zA-Z][^\t\n\f\r />]*)")
_BETWEEN = re.compile(r"[\t\n\f\r /]*")
_ATTRIBUTE = re.compile(
    r"""([^\t\n\f\r />][^\t\n\f\r />=]*)
    (?:[\t\n\f\r ]*=[\t\n\f\r ]*("[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*|))?""",
    re.VERBOSE,
)


def _is_active(element: str, attribute: str, value: str) -> bool:
    if attribute.startswith("on") or attribute == "srcdoc":
        return True
    if attribute in WORDS:
        return False
    address = value.translate(_NO_SPACE).lower()
    if address.startswith(("javascript:", "vbscript:")):
        return True
    if attribute == "style":
        return "javascript:" in address
    if address.startswith("data:"):
        picture = address.startswith(("data:image/", "data:audio/", "data:video/"))
        return not (picture and attribute in MEDIA and element in ELEMENTS)
    return False


def _passive_value(element: str, attribute: str, value: str) -> str | None:
    return None if _is_active(element, attribute, value) else value


_EVERY_ATTRIBUTE = set(string.ascii_lowercase)  # prefixes: an attribute's name begins with a letter

_passive = nh3.Cleaner(
    tags=set(ELEMENTS),
    clean_content_tags=set(ACTIVE_ELEMENTS),
    attributes={},
    generic_attribute_prefixes=_EVERY_ATTRIBUTE,
    attribute_filter=_passive_value,
    url_schemes=set(SCHEMES),
    strip_comments=False,
    link_rel=None,
)
_everything = nh3.Cleaner(
    tags=set(ELEMENTS | ACTIVE_ELEMENTS),
    clean_content_tags=set(),
    attributes={},
    generic_attribute_prefixes=_EVERY_ATTRIBUTE,
    url_schemes=set(SCHEMES | ACTIVE_SCHEMES),
    strip_comments=False,
    link_rel=None,
)


def without_active_content(html: str) -> str:
    """The same HTML without scripts, styles, frames, event attributes and `javascript:` addresses.

    What is active is cut out of the text, so that the rest stays byte for byte. A real parser judges the result;
    where it still sees something active, or misses something passive, the text is written anew by that parser.
    """
    compact = html.translate(_NO_SPACE).lower()
    if not _NAMED.search(compact) and not _SUSPICIOUS.search(compact):
        return html
    rest = _cut(html)
    for _ in range(ROUNDS):
        if (shorter := _cut(rest)) == rest:
            break
        rest = shorter
    wanted = _passive.clean(html)
    if _passive.clean(rest) == wanted and _everything.clean(rest) == wanted:
        return rest
    return wanted


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag of the text: where it ends, and from where to where its active attributes reach."""

    name: str
    closing: bool
    empty: bool  # closed by a slash
    end: int
    active: tuple[tuple[int, int], ...]


def _cut(html: str) -> str:
    """The text without its active elements and attributes."""
    kept: list[str] = []
    copied = position = 0
    while (start := html.find("<", position)) >= 0:
        tag = _read_tag(html, start)
        if tag is None:
            comment = _COMMENT.match(html, start)
            position = comment.end() if comment else start + 1
            continue
        if tag.name in ACTIVE_ELEMENTS or "<" in tag.name:
            position = _end_of_element(html, tag)
            cuts: tuple[tuple[int, int], ...] = ((start, position),)
        else:
            position = _end_of_plain_content(html, tag)
            cuts = tag.active
        for begin, end in cuts:
            kept.append(html[copied:begin])
            copied = end
    return "".join([*kept, html[copied:]])


def _read_tag(html: str, start: int) -> _Tag | None:
    """The tag that begins here; one that the text breaks off reaches to its end."""
    opening = _NAME.match(html, start)
    if opening is None:
        return None
    name, active = opening[2].lower(), []
    position = opening.end()
    while True:
        between = _between(html, position)
        position = between.end()
        attribute = _ATTRIBUTE.match(html, position)
        if attribute is None:  # ">" or the end of the text
            break
        position = attribute.end()
        if _is_active(name, attribute[1].lower(), _value(attribute[2] or "")):
            alone = html[position : position + 1] in ("", ">", *"\t\n\f\r ")
            active.append((between.start() if alone else attribute.start(), position))
    return _Tag(name, bool(opening[1]), between[0].endswith("/"), min(position + 1, len(html)), tuple(active))


def _between(html: str, position: int) -> re.Match[str]:
    found = _BETWEEN.match(html, position)
    if found is None:
        raise AssertionError("the pattern matches the empty text")
    return found


def _value(written: str) -> str:
    quote = written[:1]
    return unescape(written.strip(quote) if quote in ('"', "'") else written)


def _end_of_element(html: str, tag: _Tag) -> int:
    """Where an active element ends, with its content; at the end of the text when it is never closed."""
    if tag.closing or tag.name not in WITH_CONTENT or (tag.empty and tag.name in FOREIGN):
        return tag.end
    position, depth = _end_of_plain_content(html, tag), 1
    while (start := html.find("<", position)) >= 0:
        inner = _read_tag(html, start)
        if inner is None:
            comment = _COMMENT.match(html, start)
            position = comment.end() if comment else start + 1
            continue
        position = _end_of_plain_content(html, inner)
        if inner.name == tag.name and not (inner.empty and inner.name in FOREIGN):
            depth += -1 if inner.closing else 1
        if depth == 0:
            return position
    return len(html)


def _end_of_plain_content(html: str, tag: _Tag) -> int:
    """The end of the tag, or of its content where that is plain text: there its end tag begins."""
    if tag.closing or tag.name not in PLAIN_CONTENT:
        return tag.end
    found = re.compile(rf"</{tag.name}(?=[\t\n\f\r />])", re.IGNORECASE).search(html, tag.end)
    return found.start() if found else len(html)
