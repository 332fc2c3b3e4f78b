"""An event's lists of names as a page shows them: each name with its use, and whether it was synced."""

from dataclasses import dataclass

from portal.models import ChoiceKind, Event
from portal.operations.queries.names import (
    CustomField,
    NamedList,
    is_locked,
    list_choices,
    list_custom_fields,
)

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
class Entry:
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
    entries: list[Entry]


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


def _choices_of(listed: NamedList) -> list[Entry]:
    return [
        Entry(choice_key(choice.id), choice.name, used, is_locked(choice), choice.colour, choice.id)
        for choice, used in listed.entries
    ]


def _field(each: CustomField) -> Entry:
    return Entry(field_key(each.kind, each.name), each.name, each.used, each.locked)
