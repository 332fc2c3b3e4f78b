"""Who changed what, and when (G2)."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for

from portal.htmx import render_either
from portal.models import Organisation
from portal.operations.queries.history import FACETS, HistoryList, Wanted, list_history
from portal.operations.queries.narrowing import WITHOUT
from portal.programme.values import parse_day, timezones
from portal.views.access import for_members
from portal.views.display import words
from portal.views.list_address import ListAddress, Option, make_options, push_clean

MENUS = {"kind": "Kind", "by": "Who", "event": "Event"}
DAYS = ("from", "to", "zone")  # the zone is that of the reader's clock, by which they read when it was

blueprint = Blueprint("history", __name__)


@blueprint.get("/orgs/<org>/history")
@for_members
def history_list(organisation: Organisation) -> Response:
    path = url_for("history.history_list", org=organisation.slug)
    days = DAYS if request.args.get("from") or request.args.get("to") else ()
    address = ListAddress.read(path, request.args, ("search", *FACETS, *days, "page"))
    zone = address.first("zone")
    wanted = Wanted(
        address.first("search"),
        {name: address.all(name) for name in FACETS},
        parse_day(address.first("from")),
        parse_day(address.first("to")),
        address.page,
    )
    history = list_history(organisation, wanted, ZoneInfo(zone if zone in timezones() else "UTC"))
    response = render_either(
        "history/list.html",
        "history/_list.html",
        history=history,
        wanted=address,
        menus=MENUS,
        options={name: _options(name, history, address) for name in MENUS},
    )
    return push_clean(response, address)


def _options(name: str, history: HistoryList, address: ListAddress) -> list[Option]:
    names = {str(key): event for key, event in history.events.items()} | {WITHOUT: "None"}
    labels: dict[str, Callable[[str], str]] = {
        "kind": words,
        "by": str,
        "event": lambda value: names.get(value, value),
    }
    return make_options(history.numbers[name], address.all(name), labels[name])
