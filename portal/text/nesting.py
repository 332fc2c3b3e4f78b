"""How deep the tags of an HTML text nest, told before any parser sees them, in one pass (D1).

A parser's time grows with the square of the depth, and with formatting that is closed out of order it repeats all of
it at every paragraph. What is counted here is never less than what a parser would hold open: it ends an element only
where every parser does, and each end tag out of order counts from then on.
"""

DEEPEST = 100
# Open elements, summed over all tags: some 10,000 tags, 25 deep. It bounds what a parser repeats.
MOST_WORK = 250_000

VOID = frozenset("br col hr img wbr".split())
BLOCKS = frozenset(
    """address article aside blockquote center details div dl figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup
    ol p pre section summary ul""".split()
)
_ITEMS = ("p", "li", "dt", "dd")
_CELLS = ("td", "th")
_GROUPS = ("tbody", "thead", "tfoot", "caption", "colgroup")
# Which elements may lack their end tag, and so end where one of these begins.
_ENDED_BY_START = {
    **dict.fromkeys(BLOCKS, ("p",)),
    "hr": ("p",),
    "li": ("p", "li"),
    **dict.fromkeys(("dt", "dd"), ("p", "dt", "dd")),
    **dict.fromkeys(_CELLS, _CELLS),
    "tr": (*_CELLS, "tr"),
    **dict.fromkeys(_GROUPS, (*_CELLS, "tr", *_GROUPS)),
}
# … or where one of these ends.
_ENDED_BY_END = {
    **dict.fromkeys(BLOCKS - {"p"}, _ITEMS),
    **dict.fromkeys(("li", "dt", "dd"), ("p",)),
    "ruby": ("rt", "rp"),
}
_ENDED_BY_END_IN_TABLE = {
    **dict.fromkeys(_CELLS, _ITEMS),
    "tr": (*_ITEMS, *_CELLS),
    **dict.fromkeys(_GROUPS, (*_ITEMS, *_CELLS, "tr")),
    "table": (*_ITEMS, *_CELLS, "tr", *_GROUPS),
}


class Nesting:
    """The elements that are open as the tags of a text come by."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._astray = 0
        self._work = 0
        self.too_deep = False

    def start(self, name: str) -> None:
        """A start tag."""
        ended = _ENDED_BY_START.get(name, ())
        if name in _ENDED_BY_END_IN_TABLE and name != "table" and "table" in self._open:
            ended = (*_ITEMS, *ended)
        self._end_last(ended)
        if name not in VOID:
            self._open.append(name)
        self._count()

    def end(self, name: str) -> None:
        """An end tag."""
        if name in self._open:
            self._end_last(_ENDED_BY_END.get(name, ()))
            if "table" in self._open:
                self._end_last(_ENDED_BY_END_IN_TABLE.get(name, ()))
            if self._open[-1] == name:
                self._open.pop()
            else:
                del self._open[len(self._open) - 1 - self._open[::-1].index(name)]
                self._astray += 1
        self._count()

    def _end_last(self, names: tuple[str, ...]) -> None:
        while self._open and self._open[-1] in names:
            self._open.pop()

    def _count(self) -> None:
        self._work += len(self._open) + self._astray
        self.too_deep = self.too_deep or len(self._open) > DEEPEST or self._work > MOST_WORK
