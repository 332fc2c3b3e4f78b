"""What a list's address asks for, and the addresses of the lists that its links lead to."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.datastructures import MultiDict

from portal.htmx import wants_partial
from portal.text.numbers import whole_number

MOST_VALUES = 50  # of one parameter
LONGEST = 400  # characters of one value, as long as a name may be
MOST_OPTIONS = 200  # that are offered of one thing (G5)

Option = tuple[str, str, int]  # value, what is read, number


@dataclass(frozen=True, slots=True)
class ListAddress:
    """The parameters of an address that a list knows, each with its values; `path` is the address without them."""

    path: str
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str, arguments: MultiDict[str, str], names: Iterable[str]) -> "ListAddress":
        """Those of the names that the address gives a value; what is empty counts as not given."""
        given = {name: _values(arguments.getlist(name)) for name in names}
        return cls(path, {name: values for name, values in given.items() if values})

    def all(self, name: str) -> tuple[str, ...]:
        """The values that were given."""
        return self.values.get(name, ())

    def first(self, name: str, otherwise: str = "") -> str:
        """The value of a parameter that has but one."""
        return self.values.get(name, (otherwise,))[0]

    @property
    def page(self) -> int:
        """The page's number; anything that is no number counts as the first."""
        return whole_number(self.first("page"), 6, otherwise=1)

    def to(self, **changes: str | int | Iterable[str] | None) -> str:
        """The address with these values in place of the ones it has; at the first page unless told otherwise."""
        values = {name: each for name, each in self.values.items() if name != "page"}
        for name, change in changes.items():
            given = (str(change),) if isinstance(change, str | int) else tuple(change or ())
            values[name] = tuple(each for each in given if each)
        query = urlencode([(name, value) for name, each in values.items() for value in each])
        return f"{self.path}?{query}" if query else self.path

    @property
    def here(self) -> str:
        """The address as it was asked for."""
        return self.to(page=self.first("page"))

    @property
    def query(self) -> str:
        """What stands after the question mark of the address as it was asked for."""
        return self.here.partition("?")[2]

    def but(self, *names: str) -> list[tuple[str, str]]:
        """All other parameters, as a form sends them along."""
        return [
            (name, value)
            for name, each in self.values.items()
            if name not in (*names, "page")
            for value in each
        ]

    def has(self, *names: str) -> bool:
        """Whether any of these was given."""
        return any(name in self.values for name in names)


def _values(given: list[str]) -> tuple[str, ...]:
    """Each value once, without those that no list has."""
    trimmed = (value.strip() for value in given[:MOST_VALUES])
    return tuple(dict.fromkeys(value for value in trimmed if value and len(value) <= LONGEST))


def make_options(
    numbers: Counter[str],
    chosen: Iterable[str],
    label: Callable[[str], str],
    rank: Callable[[str], Any] | None = None,
) -> list[Option]:
    """The values that a list can be narrowed to, the most frequent first unless they have a rank.

    What is chosen is offered too where nothing has it, so that it can be taken back.
    """
    values = dict.fromkeys([*numbers, *chosen])
    in_order = sorted(values, key=rank or (lambda value: (-numbers[value], value.casefold())))
    return [(value, label(value), numbers[value]) for value in in_order[:MOST_OPTIONS]]


def rank_in(order: Iterable[str]) -> Callable[[str], int]:
    """The rank of values that have an order of their own; others come before them."""
    places = {value: place for place, value in enumerate(order)}
    return lambda value: places.get(value, -1)


def push_clean(response: Response, wanted: ListAddress) -> Response:
    """Show the list's own address in the browser: a form that HTMX sends has its empty fields in it as well."""
    if wants_partial() and request.full_path.rstrip("?") != wanted.here:
        response.headers["HX-Push-Url"] = wanted.here
    return response
