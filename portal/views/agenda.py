"""An event's agenda: as a list, by day, by room, its conflicts; with its way to a sync."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from portal.htmx import current_query, go_on, render_either, render_part, wants_partial
from portal.models import Event, Organisation, now
from portal.operations.editing.changes import last_change
from portal.operations.queries.agenda import AgendaRow, load_agenda
from portal.operations.queries.agenda_list import FACETS, SORTS, AgendaList, list_agenda, pages_of_hours
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.events import summarise_event
from portal.operations.queries.narrowing import PROBLEM, WITHOUT, cut
from portal.operations.queries.organisation import find_connection
from portal.operations.queries.problems import group_by_reason
from portal.operations.queries.timetable import lay_out
from portal.operations.syncing.approving import find_withholding
from portal.operations.syncing.obstacles import find_obstacles
from portal.operations.syncing.runs import active_run, refusal
from portal.operations.syncing.website import find_look
from portal.sync.planning.standing import Standing
from portal.sync.running.readiness import Readiness, assess, count_standings
from portal.sync.running.terms import mapping_of
from portal.text.clock import describe_change
from portal.views.access import EVENT, for_members
from portal.views.columns import COLUMNS, chosen_columns, remember_columns
from portal.views.display import short_day, standing_state, words
from portal.views.list_address import ListAddress, make_options, push_clean, rank_in

AGENDA = f"{EVENT}/agenda"
VIEWS = {"list": "List", "day": "Day", "rooms": "Rooms", "conflicts": "Conflicts"}
MENUS = {"room": "Room", "track": "Track", "tag": "Tag", "format": "Format"}
RANKS = {"state": rank_in(Standing), "day": lambda value: (value == WITHOUT, value)}

blueprint = Blueprint("agenda", __name__)


@blueprint.get(AGENDA)
@for_members
def agenda_show(organisation: Organisation, event: Event) -> Response:
    wanted = read_wanted(event, request.args)
    if "columns" in request.args:
        response = go_on(wanted.here)
        remember_columns(response, request.args.getlist("column"))
        return response
    readiness = assess(event)
    context = describe_list(event, readiness, wanted)
    if not wants_partial():
        context |= describe_head(event, readiness)
    response = render_either("agenda/agenda.html", "agenda/swapped.html", **context)
    return push_clean(response, wanted)


@blueprint.get(f"{AGENDA}/head")
@for_members
def agenda_head(organisation: Organisation, event: Event) -> ResponseReturnValue:
    wanted = wanted_by(event, current_query())
    return render_part("agenda/_head.html", wanted=wanted, **describe_head(event, assess(event)))


def describe_head(event: Event, readiness: Readiness) -> dict[str, Any]:
    """What the part above the list needs: it is fetched again when a run starts or ends."""
    connection, mapping = find_connection(event.organisation_id), mapping_of(event)
    run = active_run(event)
    return {
        "summary": summarise_event(event),
        "readiness": readiness,
        "frozen": dict(count_standings(readiness)).get(Standing.FROZEN, 0),
        "problem_groups": group_by_reason(readiness),
        "mapping": mapping,
        "obstacles": find_obstacles(event, mapping, connection),
        "withholding": find_withholding([mapping] if mapping else []),
        "run": run,
        "reason_not_sync": refusal(connection, mapping, run),
        "reason_not_edit": why_not_edit(event),
        "last_change": last_change(event, ("session",), current_user.email),
        "look": find_look(mapping),
    }


def describe_list(event: Event, readiness: Readiness, wanted: ListAddress) -> dict[str, Any]:
    """What the views of the agenda share, and what the one that is asked for needs besides."""
    agenda = load_agenda(event)
    view = wanted.first("view")
    shared = {
        "wanted": wanted,
        "view": view if view in VIEWS else "list",
        "views": VIEWS,
        "agenda": agenda,
        "address": wanted.path,
        "reason_not_edit": why_not_edit(event),
    }
    if view == "conflicts":
        return {**shared, "conflicts": cut(agenda.conflicts, wanted.page)}
    chosen = {name: wanted.all(name) for name in FACETS}
    listed = list_agenda(
        agenda, readiness.states, chosen, wanted.first("search"), wanted.first("sort"), wanted.page
    )
    return {
        **shared,
        **(
            describe_day(event, listed.fitting, wanted)
            if view in ("day", "rooms")
            else {"hours": hours_of_list(listed, chosen["day"])}
        ),
        "listed": listed,
        "states": readiness.states,
        "options": {
            name: make_options(listed.numbers[name], chosen[name], partial(label_of, name), RANKS.get(name))
            for name in FACETS
        },
        "menus": MENUS,
        "problems": listed.numbers["problem"][PROBLEM],
        "sorts": SORTS,
        "columns": chosen_columns(),
        "all_columns": COLUMNS,
    }


def fitting_sessions(event: Event, query: str) -> list[str]:
    """The UUIDs of all sessions that fit the list with this query, whatever its page."""
    wanted = wanted_by(event, query)
    chosen = {name: wanted.all(name) for name in FACETS}
    listed = list_agenda(load_agenda(event), assess(event).states, chosen, wanted.first("search"))
    return [row.source_id for row in listed.fitting]


def wanted_by(event: Event, query: str) -> ListAddress:
    return read_wanted(event, MultiDict(parse_qsl(query)))


def describe_day(event: Event, rows: list[AgendaRow], wanted: ListAddress) -> dict[str, Any]:
    """The day to show, what the clocks do on it, its sessions, and its timetable by room."""
    zone = ZoneInfo(event.timezone)
    days = sorted({row.day for row in rows if row.day})
    day = choose_day(days, wanted.first("day"), now().astimezone(zone).date())
    ours = [row for row in rows if row.day == day]
    shared = {"day": day, "change_of_clocks": describe_change(day, zone) if day else None}
    if wanted.first("view") == "rooms":
        timetable = lay_out(day or date.min, ours, wanted.page)
        roomless = sum(row.room is None for row in ours)
        hours = dict.fromkeys((line.time.hour for line in timetable.lines if line.time), wanted.page)
        return {**shared, "timetable": timetable, "roomless": roomless, "hours": hours}
    return {**shared, "page": cut(ours, wanted.page), "hours": pages_of_hours(ours)}


def hours_of_list(listed: AgendaList, days: Sequence[str]) -> dict[int, int]:
    """Where each hour begins in the list of one day, as long as it is in the order of time."""
    return pages_of_hours(listed.fitting) if listed.days and len(days) == 1 else {}


def choose_day(days: list[date], wanted: str, today: date) -> date | None:
    """The day that was asked for, else the next one with sessions, else the last; None when there is none."""
    asked = next((day for day in days if day.isoformat() == wanted), None)
    return asked or next((day for day in days if day >= today), days[-1] if days else None)


def read_wanted(event: Event, arguments: MultiDict[str, str]) -> ListAddress:
    path = url_for("agenda.agenda_show", org=event.organisation.slug, event_id=event.id)
    return ListAddress.read(path, arguments, ("search", "sort", "view", *FACETS, "page"))


def label_of(name: str, value: str) -> str:
    """What is read for a value in an address; one that nobody offered is shown as it is."""
    if value == WITHOUT:
        return "Without a date" if name == "day" else f"Without a {name}"
    if name == "status":
        return words(value)
    if name == "state" and value in list(Standing):
        return standing_state(value)[0]
    if name == "day":
        try:
            return short_day(date.fromisoformat(value))
        except ValueError:
            return value
    return value
