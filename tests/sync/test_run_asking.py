"""What is asked of ASP before a plan is made: what the seminar offers, and which records are there (E10, E11, I4)."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from plan_samples import (
    CONTRACT,
    make_link,
    make_links,
    make_rules,
    programme_snapshot,
    session_id,
    session_snapshot,
)
from push_samples import SEMINAR, SITE, intend

from portal.asp.client import AspClient, everything
from portal.asp.errors import NotThere, SeminarGone, SiteUnseen
from portal.asp.records import AspChoice, AspRecord, Seminar, Site
from portal.sync.planning.drift import DriftState
from portal.sync.planning.intent import Action, Plan
from portal.sync.planning.snapshot import Links, Offer
from portal.sync.pushing.links import Place
from portal.sync.pushing.pool import Pool
from portal.sync.running.asking import ask_offer, existing_sessions, existing_speakers, people_to_make
from portal.sync.running.drifting import read_drift
from portal.sync.running.material import Material

PLACE = Place(1, 2, SITE, SEMINAR)
FIELDS = {"sessionboard_id": "text"}


class Offering:
    """An ASP with one site and one seminar; what is `missing` answers that it is not there."""

    contract = CONTRACT

    def __init__(self, missing: str = "", site: str = SITE, timezone: str | None = "Europe/Paris") -> None:
        self._missing, self._site, self._timezone = missing, site, timezone
        self.records: list[AspRecord] = []
        self.asked: list[tuple[str, str]] = []

    @property
    def client(self) -> AspClient:
        return cast(AspClient, self)

    def _give(self, what: str, where: str, value: Any) -> Any:
        self.asked.append((what, where))
        if what in self._missing.split():
            raise NotThere("No such thing")
        return value

    def seminar(self, uuid: str) -> Seminar:
        return cast(Seminar, self._give("seminar", uuid, Seminar(uuid, "71", "Seminar", self._site, FIELDS)))

    def sites(self) -> list[Site]:
        sites = [Site("another", "Another", "UTC"), Site(SITE, "Ours", self._timezone)]
        return cast(list[Site], self._give("ASP events", "", sites))

    def session_types(self, seminar: str) -> list[str]:
        return cast(list[str], self._give("session types", seminar, ["Session", "Keynote"]))

    def streams(self, seminar: str) -> list[AspChoice]:
        return cast(list[AspChoice], self._give("streams", seminar, [AspChoice("S1", "Web", "#112233")]))

    def locations(self, seminar: str) -> list[AspChoice]:
        return cast(list[AspChoice], self._give("locations", seminar, [AspChoice("L1", "Hall", "#445566")]))

    def sessions(self, seminar: str, wanted: Callable[[AspRecord], bool] = everything) -> list[AspRecord]:
        return cast(list[AspRecord], self._give("sessions", seminar, list(filter(wanted, self.records))))

    def speakers(self, site: str, wanted: Callable[[AspRecord], bool] = everything) -> list[AspRecord]:
        return cast(list[AspRecord], self._give("speakers", site, list(filter(wanted, self.records))))


class Straight:
    """Asks at once, in the caller's thread."""

    @property
    def pool(self) -> Pool:
        return cast(Pool, self)

    def ask(self, work: Callable[[], Any]) -> Any:
        return work()

    def ask_all(self, works: list[Callable[[], Any]]) -> list[Any]:
        return [work() for work in works]


def offer_of(asp: Offering) -> Offer:
    return ask_offer(PLACE, asp.client, Straight().pool)


def material(*sessions: int, links: Links | None = None) -> Material:
    programme = programme_snapshot(*(session_snapshot(number) for number in sessions))
    return Material(programme, make_rules(), links or Links(), PLACE, mapping_id=1)


def record(uuid: str, **values: Any) -> AspRecord:
    return AspRecord(uuid, values, f"made {uuid}")


def test_what_the_seminar_offers_is_asked_of_that_seminar() -> None:
    asp = Offering()

    assert offer_of(asp) == Offer(
        FIELDS,
        ("Session", "Keynote"),
        (AspChoice("S1", "Web", "#112233"),),
        (AspChoice("L1", "Hall"),),
        "Europe/Paris",
    )
    assert set(asp.asked) == {
        ("seminar", SEMINAR),
        ("ASP events", ""),
        ("session types", SEMINAR),
        ("streams", SEMINAR),
        ("locations", SEMINAR),
    }


@pytest.mark.parametrize("told", [None, "Mars/Olympus", "../etc"])
def test_d10_a_timezone_that_nobody_knows_counts_as_not_told(told: str | None) -> None:
    assert offer_of(Offering(timezone=told)).site_timezone is None


@pytest.mark.parametrize("asp", [Offering("seminar"), Offering(site="another")], ids=["deleted", "moved"])
def test_e10_a_seminar_that_is_deleted_or_in_another_site_is_gone(asp: Offering) -> None:
    with pytest.raises(SeminarGone):
        offer_of(asp)


def test_e10_a_site_that_the_key_does_not_see_any_more_is_told() -> None:
    asp, place = Offering(site="hidden"), Place(1, 2, "hidden", SEMINAR)

    with pytest.raises(SiteUnseen):
        ask_offer(place, asp.client, Straight().pool)


def test_i4_sessions_that_carry_no_id_of_the_programme_are_no_business_of_ours() -> None:
    asp = Offering()
    asp.records = [
        record("A", sessionboard_id=session_id(1).upper()),
        record("B", sessionboard_id=session_id(3)),
        record("C"),
    ]

    found = existing_sessions(material(1, 2), asp.client, Straight().pool)

    assert found == (AspRecord("A", {"sessionboard_id": session_id(1).upper()}, "made A"),)
    assert asp.asked == [("sessions", SEMINAR)]


def test_e11_people_are_looked_for_who_are_to_be_made_or_may_have_been() -> None:
    asp = Offering()
    asp.records = [record(name, Email=f"{name}@Example.org") for name in ("new", "died", "linked", "skipped")]
    asp.records.append(record("nobody"))
    plan = Plan(
        (
            intend("speaker", "1", values={"Email": "NEW@example.org"}),
            intend("speaker", "2", values={"Email": "linked@example.org"}, action=Action.UPDATE),
            intend("speaker", "3", values={"Email": "skipped@example.org"}, action=Action.SKIP),
        )
    )
    links = make_links(in_making={"4": ("died@example.org", "other@example.org")})

    found = existing_speakers(plan, material(links=links), asp.client, Straight().pool)

    assert people_to_make(plan, CONTRACT) == {"1": "new@example.org"}
    assert [each.uuid for each in found] == ["new", "died"]
    assert found[0] == AspRecord("new", {"Email": "new@Example.org"}, "made new")
    assert asp.asked == [("speakers", SITE)]


@pytest.mark.parametrize(("gone", "told"), [("sessions", NotThere), ("sessions seminar", SeminarGone)])
def test_drift_of_sessions_that_are_not_there_is_not_that_all_was_deleted(
    gone: str, told: type[Exception]
) -> None:
    with pytest.raises(NotThere) as problem:
        read_drift(PLACE, Links(), Offering(gone).client)

    assert type(problem.value) is told


def test_drift_is_found_in_sessions_and_people_and_not_in_the_order_of_tags_and_boxes() -> None:
    asp = Offering()
    asp.records = [
        record("S", Streams=["B", "A"], **{"levels-checkbox": ["2", "1"]}, Speakers=["P", "Q"]),
        record("P", Email="other@example.org"),
    ]
    same = {"Streams": ["A", "B"], "levels-checkbox": ["1", "2"]}
    links = make_links(
        [
            make_link("1", "S", pushed=same),
            make_link("2", "T"),
            make_link("3", "S", pushed={"Speakers": ["Q", "P"]}),
        ],
        [make_link("4", "P", pushed={"Email": "ours@example.org"})],
    )

    drifted = read_drift(PLACE, links, asp.client)

    assert [(each.kind, each.key, each.asp_uuid, each.state, each.fields) for each in drifted] == [
        ("session", "2", "T", DriftState.DELETED, {}),
        ("session", "3", "S", DriftState.CHANGED, {"Speakers": (["Q", "P"], ["P", "Q"])}),
        ("speaker", "4", "P", DriftState.CHANGED, {"Email": ("ours@example.org", "other@example.org")}),
    ]
    assert asp.asked == [("sessions", SEMINAR), ("speakers", SITE)]
