"""From Sessionboard to the website in a browser: what is planned over there shows without a click here (H1)."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select
from stack import SEMINAR, Stack

from portal.core import create_core
from portal.models import Event, Organisation, db
from portal.operations.connection.connecting import connect_asp
from portal.operations.mapping.adding import add_mapping
from portal.operations.mapping.destination import list_sites
from portal.operations.syncing.runs import perform_run, request_run
from sessionboard_local.server import DEMO_TOKEN

OpenPage = Callable[..., Page]
TITLE = "Documenter son projet avec Sphinx"
PATIENCE = 45.0  # seconds from the change over there to the website


def test_a_change_in_sessionboard_reaches_the_website_by_itself(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()

    # A token that is refused is said, then the events are offered
    page.goto(f"{stack.address}/orgs/afpy/settings/integrations")
    card = page.locator("#sources-card")
    card.get_by_role("link", name="Connect", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Access token").fill("wrong")
    dialog.get_by_role("button", name="Connect", exact=True).click()
    expect(dialog).to_contain_text("did not accept this access token")
    dialog.get_by_role("textbox", name="Access token").fill(DEMO_TOKEN)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    dialog.get_by_role("button", name="Take in").click()
    expect(dialog).to_contain_text("Taken in")
    expect(dialog.get_by_role("heading", name="Events from Sessionboard")).to_be_focused()
    dialog.get_by_role("link", name="Done").click()
    expect(card).to_contain_text("PyConFR 2025, up to date")

    # The webhook, set up on both sides
    card.get_by_label("More actions for Sessionboard").click()
    card.get_by_role("link", name="Webhook").click()
    dialog.get_by_role("button", name="Make the webhook").click()
    secret = dialog.locator("#sources-secret").inner_text()
    address, header = (dialog.locator("dd code").nth(place).inner_text() for place in (0, 1))
    there = open_page(login=False)
    there.goto(stack.sessionboard.url)
    there.get_by_label("Address").fill(address)
    there.get_by_label("Header").fill(header)
    there.get_by_label("Its value").fill(secret)
    there.get_by_role("button", name="Save").click()

    # Read-only here, with the way there
    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    expect(page.get_by_text("This event comes from Sessionboard.")).to_be_visible()
    expect(page.get_by_role("link", name="New session")).to_have_count(0)
    map_and_sync(stack)

    # Edit over there; nobody clicks here
    there.goto(f"{stack.sessionboard.url}/event/4630?search=Sphinx")
    there.get_by_role("link", name=TITLE).click()
    there.get_by_label("Title", exact=True).fill("Documenter avec Sphinx, nouvelle version")
    there.get_by_role("button", name="Save").click()

    website = open_page(login=False)
    wait_for_title(website, stack.asp.url, "Documenter avec Sphinx, nouvelle version")
    expect(website.get_by_text(TITLE, exact=True)).to_have_count(0)

    # The run that did it is among the others
    page.goto(f"{stack.address}/orgs/afpy/runs")
    expect(page.get_by_role("main")).to_contain_text("Sessionboard")


def test_refresh_brings_in_what_nobody_told(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    stack.sessionboard.sender.target = None
    session = next(iter(stack.sessionboard.event(4630).sessions))
    stack.sessionboard.event(4630).change("sessions", session, title="Nobody told of this title")

    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    page.get_by_role("button", name="Refresh").click()

    expect(page.get_by_text("0 new, 1 changed.").first).to_be_visible()
    expect(page.get_by_role("link", name="Nobody told of this title").first).to_be_visible()


def map_and_sync(stack: Stack) -> None:
    with create_core(stack.settings).app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        event = db.session.scalars(select(Event)).one()
        connect_asp(organisation, stack.api_key, stack.api_secret, False, "test")
        added = add_mapping(event, list_sites(organisation)[0].uuid, SEMINAR, "test")
        perform_run(request_run(added.mapping, "test").id)


def wait_for_title(page: Page, address: str, title: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.goto(address)
        if page.get_by_text(title).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"“{title}” did not reach the website")
