"""The integration window by mouse: every step, an error in each, removal and disconnecting."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select
from stack import SEMINAR, Stack, choose_site, comes_anew
from sync_world import wait_until

from portal.core import create_core
from portal.models import ACTIVE, Event, Organisation, Run, db
from portal.operations.connection.connecting import connect_asp
from portal.operations.mapping.adding import add_mapping
from portal.operations.mapping.destination import list_sites

OpenPage = Callable[..., Page]


def test_the_window_by_mouse(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/settings/integrations")
    page.locator("#asp-open").click()
    dialog = page.get_by_role("dialog")

    connect_after_a_mistake(stack, dialog)
    map_an_event(page, dialog)
    change_a_setting(page, dialog)
    remove_a_row_and_restore_it(page, dialog)
    answer_whether_to_save(page, dialog)
    type_a_slug_that_does_not_fit(page, dialog)
    close_without_losing_a_word(page, dialog)
    go_on_to_the_end(page, dialog)
    remove_the_mapping(page, dialog)
    disconnect_while_the_cards_come_anew(page, dialog)


def connect_after_a_mistake(stack: Stack, dialog: Locator) -> None:
    """The secret can be looked at while it is typed, and stays when the answer is an error."""
    dialog.get_by_label("API Key").fill("mistyped")
    dialog.get_by_label("API Secret").fill(stack.api_secret)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    expect(dialog).to_contain_text("did not accept this API key and secret")
    expect(dialog.locator("#api_secret")).to_have_value(stack.api_secret)
    dialog.get_by_label("Show the secret while typing").click()
    expect(dialog.locator("#api_secret")).to_have_attribute("type", "text")
    dialog.get_by_label("API Key").fill(stack.api_key)
    dialog.get_by_label("Enable Continuous Sync").uncheck()
    dialog.get_by_role("button", name="Connect", exact=True).click()


def map_an_event(page: Page, dialog: Locator) -> None:
    """B2: the only event is chosen. B3: a seminar of another ASP event is refused."""
    add = dialog.get_by_role("button", name="Add Mapping")
    expect(dialog.get_by_role("combobox", name="ASP event")).to_be_visible()
    before = add.bounding_box()
    choose_site(page, "Demo Expo")
    assert add.bounding_box() == before  # what comes in moves nothing
    expect(dialog.get_by_role("combobox", name=re.compile("^Event"))).to_have_value("1")  # the only one
    dialog.get_by_label("Seminar ID").fill(SEMINAR)
    dialog.get_by_role("button", name="Add Mapping").click()
    expect(dialog).to_contain_text("belongs to another ASP event")
    late: list[Route] = []
    page.route("**/seminars?*", lambda route: late.append(route))
    dialog.get_by_role("combobox", name="ASP event").select_option(label="PyConFR 2025")
    dialog.get_by_role("button", name="Add Mapping").click()  # before its seminars are there
    expect(dialog).to_contain_text("Mapping created on")
    expect(dialog).to_contain_text("Every event of AFPy is mapped.")
    late[0].continue_()


def change_a_setting(page: Page, dialog: Locator) -> None:
    """D9 is off at first."""
    dialog.get_by_role("link", name="Next").click()
    expect(dialog.get_by_label("Unpublish sessions that are no longer accepted")).not_to_be_checked()
    dialog.get_by_label("Unpublish sessions that are no longer accepted").check()
    dialog.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("The settings are saved")).to_be_visible()
    expect(dialog.get_by_label("Unpublish sessions that are no longer accepted")).to_be_checked()


def remove_a_row_and_restore_it(page: Page, dialog: Locator) -> None:
    """B6: Next saves that a row was removed; then the defaults come back."""
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_label("ASP Events field of Title")).to_be_disabled()
    dialog.get_by_role("button", name="Remove Tags").click()
    expect(dialog.get_by_role("button", name="Remove Content")).to_be_focused()  # what came into its place
    expect(dialog.get_by_text("Unsaved changes")).to_be_visible()
    dialog.get_by_role("button", name="Next").click()
    expect(page.get_by_text("The field mappings are saved")).to_be_visible()
    expect(dialog.get_by_role("heading", name="Map Speaker Fields")).to_be_visible()
    dialog.get_by_role("link", name="Back").click()
    expect(dialog.get_by_role("heading", name="Map Session Fields")).to_be_visible()
    expect(dialog.get_by_role("button", name="Remove Tags")).to_have_count(0)
    dialog.get_by_role("button", name="Restore defaults").click()
    expect(dialog.get_by_role("button", name="Remove Tags")).to_be_visible()


def answer_whether_to_save(page: Page, dialog: Locator) -> None:
    dialog.get_by_role("link", name="Back").click()
    expect(dialog.get_by_role("group", name="Unsaved changes. Save them first?")).to_be_visible()
    page.keyboard.press("Escape")  # it answers the question, and leaves the window open
    expect(dialog.get_by_role("heading", name="Map Session Fields")).to_be_visible()
    dialog.get_by_role("link", name="Back").click()
    dialog.get_by_role("button", name="Save", exact=True).click()  # and then goes where one wanted
    expect(page.get_by_text("The field mappings are saved").last).to_be_visible()
    expect(dialog.get_by_role("heading", name="Event Settings")).to_be_visible()
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_role("button", name="Remove Tags")).to_be_visible()


def type_a_slug_that_does_not_fit(page: Page, dialog: Locator) -> None:
    slug = dialog.get_by_label("ASP Events field of Tags")
    slug.fill("streams")
    expect(dialog.get_by_text("Unsaved changes")).to_be_visible()
    slug.fill("Streams")  # the old value is no change
    expect(dialog.get_by_text("Unsaved changes")).to_have_count(0)
    slug.fill("other")
    judged = "Tags is not sent: the seminar has no custom field “other”."  # C8, before it is saved
    expect(dialog.get_by_text(judged)).to_be_visible()
    expect(slug).to_be_focused()
    page.route("**/fields/session*", lambda route: route.abort())
    dialog.get_by_role("button", name="Next").click()
    expect(page.get_by_text("The portal could not be reached.")).to_be_visible()
    page.unroute("**/fields/session*")


def close_without_losing_a_word(page: Page, dialog: Locator) -> None:
    slug = dialog.get_by_label("ASP Events field of Tags")
    slug.focus()
    for _ in range(2):  # however often Escape is pressed, nothing that was typed is lost without a question
        page.keyboard.press("Escape")
        expect(dialog.get_by_role("group", name="Unsaved changes. Save them first?")).to_be_visible()
        page.keyboard.press("Escape")
        expect(slug).to_be_focused()
    # what a reload shows again
    expect(page).to_have_url(re.compile(r"/integrations/asp\?step=4&mapping=\d+$"))
    with comes_anew(page, "integrations-cards"):
        dialog.get_by_role("button", name="Close", exact=True).first.click()
        dialog.get_by_role("button", name="Discard").click()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile("/settings/integrations$"))
    page.locator("#asp-open").click()
    expect(dialog.get_by_role("heading", name="Existing Event Mappings")).to_be_visible()
    dialog.locator("#integrations-next").click()
    expect(dialog.get_by_role("heading", name="Event Settings")).to_be_visible()
    dialog.locator("#integrations-next").click()
    expect(slug).to_have_value("Streams")


def go_on_to_the_end(page: Page, dialog: Locator) -> None:
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_label("ASP Events field of Email")).to_be_disabled()
    with comes_anew(page, "integrations-cards"):
        dialog.get_by_role("button", name="Done").or_(dialog.get_by_role("link", name="Done")).click()
    expect(dialog).to_be_hidden()


def remove_the_mapping(page: Page, dialog: Locator) -> None:
    """B4: Settings opens the list; removing is confirmed in place."""
    page.get_by_role("link", name="Settings", exact=True).click()
    dialog.get_by_role("link", name="Remove Mapping").click()
    expect(dialog).to_contain_text("What is already in ASP stays there.")
    page.keyboard.press("Escape")  # it answers the question, and leaves the window open
    expect(dialog.get_by_role("button", name="Remove Mapping")).to_have_count(0)
    expect(dialog.get_by_role("link", name="Remove Mapping")).to_be_focused()
    dialog.get_by_role("link", name="Remove Mapping").click()
    dialog.get_by_role("button", name="Remove Mapping").click()
    expect(dialog).to_contain_text("No event is mapped yet.")


def disconnect_while_the_cards_come_anew(page: Page, dialog: Locator) -> None:
    cards: list[Route] = []
    page.route("**/settings/integrations", lambda route: cards.append(route))
    with page.expect_request("**/settings/integrations"):
        dialog.get_by_role("button", name="Close", exact=True).first.click()
    expect(dialog).to_be_hidden()

    # F1, while the cards are on their way anew: what is pressed meanwhile is not lost
    page.get_by_label("More actions for ASP Events").click()
    with page.expect_request("**/asp/disconnect"):
        page.get_by_role("link", name="Disconnect Integration").click()
    cards[0].continue_()
    page.unroute("**/settings/integrations")
    expect(dialog).to_contain_text("This ends 0 event mappings.")
    with comes_anew(page, "integrations-cards"):
        page.keyboard.press("Escape")
    # Cards that come anew by themselves leave the menu open, and the focus in it
    page.get_by_label("More actions for ASP Events").click()
    page.keyboard.press("ArrowDown")
    with comes_anew(page, "integrations-cards"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('runChanged'))")
    expect(page.get_by_role("link", name="Disconnect Integration")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Disconnect").click()  # the browser asks for the name
    expect(dialog).to_be_visible()
    dialog.get_by_label("type the organisation’s name").fill("AFPy")
    dialog.get_by_role("button", name="Disconnect").click()
    expect(page.locator("#asp-open")).to_have_text("Connect")


@pytest.mark.parametrize("sync", ["not begun", "at work", "over"])
def test_e2b_an_error_of_the_portal_is_said_with_whether_the_sync_began(
    stack: Stack, open_page: OpenPage, sync: str
) -> None:
    app = create_core(stack.settings)
    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        event = db.session.scalars(select(Event)).one()
        connect_asp(organisation, stack.api_key, stack.api_secret, False, "test")
        add_mapping(event, list_sites(organisation)[0].uuid, SEMINAR, "test")
    page = open_page(expects_errors=True)
    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    stack.asp.control(latency_ms=4000 if sync == "at work" else 0)

    def is_over() -> bool:
        with app.app_context():
            return not db.session.scalars(select(Run).where(Run.status.in_(ACTIVE))).all()

    def fail(route: Route) -> None:
        if sync != "not begun":
            route.fetch()
        if sync == "over":
            wait_until(is_over)
        if sync == "at work":  # as the portal answers itself
            in_place = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
            route.fulfill(
                status=500, headers=in_place, body='<p class="flash" role="alert">Something went wrong</p>'
            )
        else:
            route.fulfill(status=502, body="<h1>Bad Gateway</h1>")

    page.route("**/events/1/sync", fail)
    page.get_by_text("Options").first.click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()

    said = "Something went wrong" if sync == "at work" else "The portal answered with an error (502)."
    expect(page.get_by_text(said)).to_be_visible()
    words = "The sync has not begun." if sync == "not begun" else "The sync has begun all the same."
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("Bad Gateway")).to_have_count(0)
    stack.asp.control(latency_ms=0)
    wait_until(is_over)
