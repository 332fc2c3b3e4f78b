"""Asks ASP what a plan is made from: what the seminar offers, and which of its records are there already."""

from dataclasses import replace
from datetime import datetime

from portal.asp.client import AspClient
from portal.asp.contract import Contract
from portal.asp.errors import NotThere, SeminarGone, SiteUnseen
from portal.asp.records import AspRecord, Seminar, Site
from portal.sync.planning.context import Context
from portal.sync.planning.intent import Action, Plan
from portal.sync.planning.keys import carried_id, email_of
from portal.sync.planning.plan import Planner
from portal.sync.planning.snapshot import Existing, Offer
from portal.sync.pushing.links import Place
from portal.sync.pushing.pool import Pool
from portal.sync.running.material import Material
from portal.sync.running.terms import make_offer


def ask_offer(place: Place, client: AspClient, pool: Pool) -> Offer:
    """Read what the seminar offers. Raises AspError, SeminarGone and SiteUnseen among them."""

    def site() -> Site:  # first: of an ASP event that the key does not see ASP hides the seminars as well
        found = next((each for each in client.sites() if each.uuid == place.site_uuid), None)
        if found is None:
            raise SiteUnseen
        return found

    def seminar() -> Seminar:
        try:
            found = client.seminar(place.seminar_uuid)
        except NotThere:
            raise SeminarGone from None
        if found.site_uuid != place.site_uuid:
            raise SeminarGone
        return found

    event, found, session_types, streams, locations = pool.ask_all(
        [
            site,
            seminar,
            lambda: client.session_types(place.seminar_uuid),
            lambda: client.streams(place.seminar_uuid),
            lambda: client.locations(place.seminar_uuid),
        ]
    )
    return make_offer(event, found, session_types, streams, locations)


def existing_sessions(material: Material, client: AspClient, pool: Pool) -> tuple[AspRecord, ...]:
    """ASP's sessions that carry an id of this programme; others are no business of the portal's."""
    ours = {session.id for session in material.programme.sessions}

    def is_ours(record: AspRecord) -> bool:
        return carried_id(record.values, client.contract) in ours

    return tuple(pool.ask(lambda: client.sessions(material.place.seminar_uuid, is_ours)))


def people_to_make(plan: Plan, contract: Contract) -> dict[str, str]:
    """Who is to be created, with the e-mail by which ASP knows them."""
    return {
        each.id: email_of(each.values, contract) for each in plan.speakers if each.action is Action.CREATE
    }


def existing_speakers(plan: Plan, material: Material, client: AspClient, pool: Pool) -> tuple[AspRecord, ...]:
    """ASP's speakers with an e-mail of somebody who is to be created, or whom a run that died may have created."""
    wanted = set(people_to_make(plan, client.contract).values()).union(*material.links.in_making.values())

    def is_wanted(record: AspRecord) -> bool:
        return email_of(record.values, client.contract) in wanted

    return tuple(pool.ask(lambda: client.speakers(material.place.site_uuid, is_wanted)))


def make_plan(material: Material, offer: Offer, client: AspClient, pool: Pool, moment: datetime) -> Plan:
    """Plan; where something without a link is to be created, or a run that ended badly may have made some whose links
    were lost, look through ASP's records first (E11).
    """
    planner = Planner(
        Context(material.programme, material.rules, material.links, offer, client.contract, moment)
    )
    plan = planner.plan(Existing())
    if plan.stop:
        return plan
    existing = Existing()
    if plan.creates("speaker") or material.links.in_making:
        existing = replace(existing, speakers=existing_speakers(plan, material, client, pool))
    if plan.creates("session") or material.after_a_loss:
        existing = replace(existing, sessions=existing_sessions(material, client, pool))
    return planner.plan(existing) if existing != Existing() else plan
