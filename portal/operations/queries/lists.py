"""An event's lists of names as a page shows them: each name with its use, and whether it was synced."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from portal.models import ChoiceKind, Event
from portal.operations.queries.names_in_use import (
    ListedField,
    NamedList,
    is_locked,
    list_choices,
    list_custom_fields,
)
from portal.operations.queries.narrowing import ROWS_PER_PAGE, Facet, Page, cut, narrow
from portal.text.searching import searchable

# The title and the icon of each list, in the order of the page.
CHOICE_LISTS = {
    ChoiceKind.ROOM: ("Rooms", "door-open"),
    ChoiceKind.FORMAT: ("Formats", "easel2"),
    ChoiceKind.TAG: ("Tags", "tags"),
    ChoiceKind.LEVEL: ("Levels", "bar-chart-steps"),
    ChoiceKind.TRACK: ("Tracks", "signpost-split"),
    ChoiceKind.LANGUAGE: ("Languages", "translate"),
}
FIELD_LISTS = {
    "session": ("Custom fields of sessions", "input-cursor-text"),
    "speaker": ("Custom fields of people", "person-vcard"),
}


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name; `key` tells it apart on the page, `choice_id` is None for a custom field."""

    key: str
    name: str
    used: int
    locked: bool
    colour: str | None = None
    choice_id: int | None = None


@dataclass(frozen=True, slots=True)
class NamesOfKind:
    """One list of the page; `kind` is that of a choice, or whose custom fields they are."""

    kind: str
    title: str
    icon: str
    entries: list[ListedName]


LIST_FACETS = ("list", "use")
UNUSED, SYNCED = "unused", "synced"


@dataclass(frozen=True, slots=True)
class NamesPage:
    """One page of the names that fit, by their lists; how many there would be with each other choice, and are."""

    lists: list[NamesOfKind]
    page: Page[tuple[str, ListedName]]
    numbers: dict[str, Counter[str]]
    titles: dict[str, str]  # of every list that the event has
    total: int


def choice_key(choice_id: int) -> str:
    return f"choice-{choice_id}"


def field_key(kind: str, name: str) -> str:
    return f"{kind}-{name}"


def list_names(event: Event) -> list[NamesOfKind]:
    """The lists that have a name in them."""
    choices = {each.kind: each for each in list_choices(event)}
    fields = list_custom_fields(event)
    lists = [
        NamesOfKind(kind, title, icon, _choices_of(choices[kind]))
        for kind, (title, icon) in CHOICE_LISTS.items()
        if kind in choices
    ]
    for kind, (title, icon) in FIELD_LISTS.items():
        entries = [_field(each) for each in fields if each.kind == kind]
        if entries:
            lists.append(NamesOfKind(kind, title, icon, entries))
    return lists


def find_names(
    lists: list[NamesOfKind], chosen: Mapping[str, Collection[str]], search: str, page: int, at: str
) -> NamesPage:
    """The names that fit the search and the choices; where one is named by its key, the page that it stands on."""
    needle = searchable(search)
    rows = [(each.kind, entry) for each in lists for entry in each.entries]
    narrowed = narrow(rows, _facets(), chosen, lambda row: needle in searchable(row[1].name))
    place = next((place for place, row in enumerate(narrowed.rows) if at and row[1].key == at), None)
    shown = cut(narrowed.rows, page if place is None else place // ROWS_PER_PAGE + 1)
    by_list: dict[str, list[ListedName]] = {}
    for kind, entry in shown.rows:
        by_list.setdefault(kind, []).append(entry)
    return NamesPage(
        lists=[replace(each, entries=by_list[each.kind]) for each in lists if each.kind in by_list],
        page=shown,
        numbers=narrowed.numbers,
        titles={each.kind: each.title for each in lists},
        total=len(rows),
    )


def _facets() -> list[Facet[tuple[str, ListedName]]]:
    def use(row: tuple[str, ListedName]) -> list[str]:
        entry = row[1]
        return [word for word, is_so in ((UNUSED, not entry.used), (SYNCED, entry.locked)) if is_so]

    return [Facet("list", lambda row: (row[0],)), Facet("use", use)]


def _choices_of(listed: NamedList) -> list[ListedName]:
    return [
        ListedName(choice_key(choice.id), choice.name, used, is_locked(choice), choice.colour, choice.id)
        for choice, used in listed.entries
    ]


def _field(each: ListedField) -> ListedName:
    return ListedName(field_key(each.kind, each.name), each.name, each.used, each.locked)
