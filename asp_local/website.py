"""The event's website as an attendee would see it, made from the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from asp_local.answers import Refusal
from asp_local.kinds import SEMINARS, SESSIONS, SITES, Record
from asp_local.programme import Card, list_cards, list_days, list_people
from asp_local.store import Store
from asp_local.wire import HTML, PLAIN, Answer, Request

STYLE_PATH = "/website.css"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# No script at all, and nothing but pictures from elsewhere: what the records say is not ours.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src http: https: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The site and seminar that a page is about; either may be missing."""

    site: Record | None
    seminar: Record | None


class Website:
    """Answers everything that is neither the API nor a control."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._style = (resources.files("asp_local") / "static" / "website.css").read_bytes()
        self._templates = Environment(
            loader=PackageLoader("asp_local"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.filters["full_date"] = full_date
        self._templates.filters["short_date"] = short_date

    def answer(self, request: Request) -> Answer:
        """A page, the style sheet, or a plain 404."""
        if request.method not in ("GET", "HEAD"):
            return Answer(405, b"Only GET is allowed here.\n", PLAIN, {"Allow": "GET, HEAD"})
        try:
            if request.path == "/":
                return self._show_programme(request.query)
            if request.path == "/speakers":
                return self._show_speakers(request.query)
            if request.path == STYLE_PATH:
                return Answer(200, self._style, "text/css; charset=utf-8", {"Cache-Control": "no-cache"})
        except Refusal as refusal:
            return refusal.answer
        return _no_page().answer

    def _show_programme(self, query: Mapping[str, str]) -> Answer:
        choice = self._choose(query)
        cards: list[Card] = []
        if choice.site and choice.seminar:
            people = list_people(self._store, choice.site["Uuid"])
            cards = list_cards(self._store, choice.seminar, people)
        everyone = {person.uuid for card in cards for person in card.people()}
        return self._page(
            "programme", choice, days=list_days(cards), session_count=len(cards), speaker_count=len(everyone)
        )

    def _show_speakers(self, query: Mapping[str, str]) -> Answer:
        choice = self._choose(query)
        people = list_people(self._store, choice.site["Uuid"]) if choice.site else {}
        sessions: dict[str, list[tuple[Card, Record]]] = {uuid: [] for uuid in people}
        for seminar in self._seminars():
            if choice.site and seminar["SiteUuid"] == choice.site["Uuid"]:
                for card in list_cards(self._store, seminar, people):
                    for person in card.people():
                        sessions[person.uuid].append((card, seminar))
        return self._page("speakers", choice, people=list(people.values()), sessions=sessions)

    def _page(self, name: str, choice: Choice, **values: Any) -> Answer:
        text = self._templates.get_template(f"{name}.html").render(
            page=name, site=choice.site, seminar=choice.seminar, menu=self._menu(), style=STYLE_PATH, **values
        )
        return Answer(200, text.encode(), HTML, HEADERS)

    def _menu(self) -> list[tuple[Record, list[Record]]]:
        seminars = self._seminars()
        sites = [each.record for each in self._store.every(SITES) if each.record["isActive"]]
        return [(site, [each for each in seminars if each["SiteUuid"] == site["Uuid"]]) for site in sites]

    def _seminars(self) -> list[Record]:
        return [each.record for each in self._store.every(SEMINARS) if each.record["isPublished"]]

    def _choose(self, query: Mapping[str, str]) -> Choice:
        menu = self._menu()
        pairs = [Choice(site, seminar) for site, seminars in menu for seminar in seminars]
        wanted_site, wanted_seminar = query.get("site"), query.get("seminar")
        if wanted_seminar:
            pairs = [each for each in pairs if each.seminar and each.seminar["Uuid"] == wanted_seminar]
        if wanted_site:
            pairs = [each for each in pairs if each.site and each.site["Uuid"] == wanted_site]
        if pairs:
            return next((each for each in pairs if self._has_sessions(each)), pairs[0])
        if wanted_site or wanted_seminar:
            sites = [site for site, _ in menu if site["Uuid"] == wanted_site and not wanted_seminar]
            if not sites:
                raise _no_page()
            return Choice(sites[0], None)
        return Choice(menu[0][0] if menu else None, None)

    def _has_sessions(self, choice: Choice) -> bool:
        uuid = choice.seminar["Uuid"] if choice.seminar else ""
        return any(each.record["isPublished"] for each in self._store.inside(SESSIONS, uuid))


def full_date(day: date) -> str:
    """A date as it stands over a day's sessions."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """A date as it stands in the row of days."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day}"


def _no_page() -> Refusal:
    return Refusal(Answer(404, b"There is no such page.\n", PLAIN))
