"""Reads a list of ASP's page by page, and notices when it changes meanwhile (E11).

Pages are cut by counting, so a record that is deleted between two of them lets another slip through unseen, and one
that comes in shows another twice. Each page is therefore asked for from the last record on that is known: when that
does not stand there any more, the list has changed and nothing of it can be trusted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from portal.asp.answers import Answer, next_page, told_total
from portal.asp.contract import TransportNames
from portal.asp.errors import ListChanged, NotThere, RecordRefused, UnexpectedAnswer

# Of a list: more than any site's records even one by one per page would need is a server that sends without end.
MOST_PAGES = 5_000

Taken = TypeVar("Taken")
Query = dict[str, Any]


def read_once(
    ask: Callable[[Query], tuple[Any, Answer]],
    query: Query,
    names: TransportNames,
    uuid: str,
    take: Callable[[Any], Taken | None],
) -> list[Taken]:
    """What `take` makes of each record of the list; None leaves it out. `uuid` is the key of a record's Uuid.

    Raises ListChanged, UnexpectedAnswer for what is no list, and what `ask` raises.
    """
    taken: list[Taken] = []
    uuids: set[str | int | None] = set()
    marks = {_mark(query)}
    count = most = 0
    last: str | int | None = None
    following: Query | None = query
    overlaps = False
    while following is not None:
        page, answer = ask(following)
        if not isinstance(page, list):
            raise UnexpectedAnswer("ASP Events answered with something else where a list was expected.")
        if overlaps:
            if not page or _uuid(page[0], uuid) != last:
                raise ListChanged
            page = page[1:]
        for record in page:
            last = _uuid(record, uuid)
            if last in uuids:
                raise ListChanged
            uuids |= {last} - {None}
            kept = take(record)
            if kept is not None:
                taken.append(kept)
        count += len(page)
        most = max(most, told_total(answer, names) or 0)
        following = next_page(query, answer, len(page), count, names)
        if following is None:
            break
        if _mark(following) in marks:
            raise UnexpectedAnswer("ASP Events sent a list whose pages go round in a circle.")
        marks.add(_mark(following))
        if len(marks) > MOST_PAGES:
            raise UnexpectedAnswer(f"ASP Events sent a list of more than {MOST_PAGES:,} pages.")
        # A server that pages in another way, by a mark of its own or one by one, is followed as it says.
        overlaps = len(page) > 1 and last is not None and str(following.get(names.offset)) == str(count)
        if overlaps:
            following = {**following, names.offset: count - 1}
    if count < most:
        raise ListChanged
    return taken


def _uuid(record: Any, key: str) -> str | int | None:
    """The record's Uuid; None where it has none, or something else in its place."""
    value = record.get(key) if isinstance(record, dict) else None
    return value if type(value) in (str, int) else None


def _mark(query: Query) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in query.items()))


@contextmanager
def list_of(what: str) -> Iterator[None]:
    """Name this list in the error where ASP refuses what is read within (E10).

    An outage or a firewall has nothing to do with the list.
    """
    try:
        yield
    except NotThere as problem:
        raise NotThere(
            f"ASP Events answered that there is no list of {what} here (404). If that stays so, ask "
            "ASP Events whether this API key may use it."
        ) from problem
    except ListChanged as problem:
        raise ListChanged(what) from problem
    except (RecordRefused, UnexpectedAnswer) as problem:
        raise UnexpectedAnswer(f"The list of {what} could not be read. {problem}") from problem
