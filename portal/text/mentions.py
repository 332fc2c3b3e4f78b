"""Whether a text names something, as a whole and not as a part of another word."""

from collections import defaultdict
from collections.abc import Iterable

from portal.text.matching import fold


def not_named(names: Iterable[str], text: str) -> list[str]:
    """Those of the names that do not stand in the text; one that is given twice must be named twice.

    Letters are compared in any case (D2c), white space as one space; a name of nothing counts as there.
    """
    said, missing = _folded(text), list[str]()
    from_where: defaultdict[str, int] = defaultdict(int)
    for name in names:
        key = _folded(name)
        from_where[key] = _end_of(key, said, from_where[key])
        if from_where[key] < 0:
            missing.append(name)
    return missing


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _end_of(name: str, said: str, start: int) -> int:
    """Where the name ends that stands there next; below 0 where it does not, or did not before."""
    while start >= 0 and (start := said.find(name, start)) >= 0:
        end = start + len(name)
        if not (_joined(said[start - 1 : start], name[:1]) or _joined(name[-1:], said[end : end + 1])):
            return end
        start = end
    return -1


def _joined(before: str, after: str) -> bool:
    """Whether two neighbours belong to one word."""
    return before.isalnum() and after.isalnum()
