"""Removes what is active from HTML and leaves everything else as it is (D1: Description, Biography)."""

import re
import string

import nh3

# Elements that run, load or replace something. Their content is not text for a reader.
ACTIVE_ELEMENTS = frozenset(
    "script style iframe object embed applet frame frameset noscript template base meta link svg math".split()
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
# What could be active at all, in a text without its white space: a text without any of these is not parsed.
_NO_SPACE = dict.fromkeys((*range(33), 127))
_NAMED = re.compile(rf"</?(?:{'|'.join(sorted(ACTIVE_ELEMENTS))})")
_SUSPICIOUS = re.compile(r"on[a-z]+=|script:|srcdoc|formaction|&#|&colon|&tab|&newline|data:")


def _passive_value(element: str, attribute: str, value: str) -> str | None:
    if attribute.startswith("on") or attribute == "srcdoc":
        return None
    address = value.translate(_NO_SPACE).lower()
    if address.startswith(("javascript:", "vbscript:")):
        return None
    if address.startswith("data:") and not (element == "img" and address.startswith("data:image/")):
        return None
    return value


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

    Parsing and writing HTML again changes its spelling (entities, line ends), so a text in which nothing active
    was found is returned exactly as it came.
    """
    compact = html.translate(_NO_SPACE).lower()
    if _NAMED.search(compact):
        return _passive.clean(html)
    if not _SUSPICIOUS.search(compact):
        return html
    cleaned = _passive.clean(html)
    return html if cleaned == _everything.clean(html) else cleaned
