"""The main job in a browser: connect, map, sync, see it move and finish, and find it on the event's website."""

import re
from collections.abc import Callable

import requests
from playwright.sync_api import Locator, Page, Route, expect
from stack import SEMINAR, Stack, choose_site, comes_anew

OpenPage = Callable[..., Page]


def test_an_admin_connects_maps_and_syncs(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()

    # A1: from the event to the organisation's integrations
    page.get_by_role("link", name="PyConFR 2025").first.click()
    page.get_by_role("link", name="Go to org").click()
    page.get_by_role("link", name="Integrations").click()

    # A2: a wrong secret is said to be wrong, and nothing is stored
    page.locator("#asp-open").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("API Key").fill(stack.api_key)
    dialog.get_by_label("API Secret").fill("wrong")
    dialog.get_by_role("button", name="Connect", exact=True).click()
    expect(dialog).to_contain_text("did not accept this API key and secret")
    expect(dialog).to_contain_text("Nothing was saved")

    # A5: the mapping window opens by itself
    dialog.get_by_label("API Secret").fill(stack.api_secret)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    expect(dialog).to_contain_text("Existing Event Mappings")

    # B1, B3
    choose_site(page, "PyConFR 2025")
    dialog.get_by_role("combobox", name=re.compile("^Event")).select_option(label="PyConFR 2025")
    dialog.get_by_label("Seminar ID").fill("9999")
    dialog.get_by_role("button", name="Add Mapping").click()
    expect(dialog).to_contain_text("ASP has no seminar “9999”")
    dialog.get_by_label("Seminar ID").fill(SEMINAR)
    dialog.get_by_role("button", name="Add Mapping").click()
    expect(dialog).to_contain_text("Mapping created on")
    with comes_anew(page, "integrations-cards"):
        dialog.get_by_role("button", name="Close", exact=True).first.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()

    # E1–E3
    page.get_by_role("link", name="Events", exact=True).click()
    page.get_by_role("link", name="PyConFR 2025").first.click()
    stack.asp.control(latency_ms=1000)
    page.get_by_text("Options").click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()
    expect(page.get_by_text("Sync to ASP Events started.").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Speakers \d+ of 69")).first).to_be_visible()
    page.get_by_role("link", name="People").click()  # the message follows to another page
    stack.asp.control(latency_ms=0)
    result = page.get_by_text("65 of 68 sessions and 69 of 69 speakers were synced").first
    expect(result).to_be_visible()

    # E7
    page.get_by_role("link", name="See what failed").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run")
    expect(page.get_by_text("Client Session ID is missing").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Created 134")).click()
    expect(page.get_by_text("Client Session ID is missing")).to_have_count(0)

    # on the website
    page.goto(stack.asp.url)
    expect(page.get_by_text("Être un.e allié.e du numérique").first).to_be_visible()
    records = requests.get(f"{stack.asp.url}/_records", timeout=60).json()
    assert (len(records["sessions"]), len(records["speakers"])) == (65, 69)


def test_the_result_is_told_once(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    agenda = f"{stack.address}/orgs/afpy/events/1/agenda"
    page.goto(agenda)
    page.get_by_text("Options").click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()

    expect(page.get_by_text("65 of 68 sessions").first).to_be_visible()
    page.goto(agenda)

    expect(page.get_by_text("65 of 68 sessions and")).to_have_count(0)


def start_sync(page: Page) -> None:
    page.get_by_text("Options").first.click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()


def shown_result(page: Page) -> Locator:
    return page.locator("#toasts .flash:visible", has_text="65 of 68 sessions and 69 of 69 speakers")


def test_e3_the_result_reaches_every_tab_once(
    stack: Stack, open_page: OpenPage, release_asp: Callable[[], None]
) -> None:
    agenda, runs = f"{stack.address}/orgs/afpy/events/1/agenda", f"{stack.address}/orgs/afpy/runs"
    first = open_page()
    before = first.context.new_page()
    first.goto(agenda)
    before.goto(runs)  # open before the sync begins, and left alone
    start_sync(first)
    expect(first.get_by_text("Sync to ASP Events started.").first).to_be_visible()
    during = first.context.new_page()
    during.goto(runs)

    release_asp()

    for tab in (first, before, during):
        expect(shown_result(tab)).to_have_count(1)
        expect(tab.locator("#toasts [data-heard='alert']")).to_contain_text("65 of 68 sessions")
    for tab in (first, before, during):  # each has told it
        tab.goto(runs)
        expect(tab.get_by_role("heading", name="Runs")).to_be_visible()
        tab.wait_for_load_state("networkidle")
        expect(tab.locator("#toasts .flash:visible")).to_have_count(0)


def test_e3_a_tab_whose_page_was_made_before_the_sync_began_tells_of_it_too(
    stack: Stack, open_page: OpenPage, release_asp: Callable[[], None]
) -> None:
    agenda = f"{stack.address}/orgs/afpy/events/1/agenda"
    first = open_page()
    first.goto(agenda)
    second = first.context.new_page()
    late: list[Route] = []
    second.route("**/telling.js*", lambda route: late.append(route))
    second.goto(agenda, wait_until="commit")  # its page is there, what follows the runs is not
    start_sync(first)
    expect(first.get_by_text("Sync to ASP Events started.").first).to_be_visible()

    late[0].continue_()

    expect(second.get_by_text("Sync to ASP Events started.").first).to_be_visible()
    release_asp()
    for tab in (first, second):
        expect(shown_result(tab)).to_have_count(1)


def test_e3_a_tab_that_was_on_its_way_when_the_sync_ended_tells_of_it_too(
    stack: Stack, open_page: OpenPage, release_asp: Callable[[], None]
) -> None:
    agenda = f"{stack.address}/orgs/afpy/events/1/agenda"
    first = open_page()
    first.goto(agenda)
    start_sync(first)
    second = first.context.new_page()
    second.goto(agenda)
    expect(second.get_by_text("Sync to ASP Events started.").first).to_be_visible()
    second.goto("about:blank")
    release_asp()
    expect(shown_result(first)).to_have_count(1)

    second.goto(agenda)

    expect(shown_result(second)).to_have_count(1)


def test_e8_a_worker_makes_the_preview_and_sync_this_sends_it(
    stack: Stack, open_page: OpenPage, release_asp: Callable[[], None]
) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    page.get_by_text("Options").first.click()
    page.get_by_role("link", name=re.compile("Preview sync")).click()

    # the first look begins by itself
    comparing = "Comparing the programme with what is in ASP Events"
    expect(page.locator("#previews-preview").get_by_text(comparing)).to_be_visible()
    expect(page.locator("#toasts [data-heard='count']")).to_contain_text(comparing)
    release_asp()
    expect(page.get_by_text("nothing was written")).to_be_visible()
    expect(page.get_by_role("heading", name="Would fail")).to_be_visible()

    page.get_by_label("Search records").press_sequentially("terminal")
    expect(page.get_by_role("heading", name="Unchanged")).to_have_count(0)
    expect(page.get_by_label("Search records")).to_be_focused()

    page.get_by_role("button", name="Sync this").click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_text("65 of 68 sessions").first).to_be_visible()
    assert page.locator("#toasts .flash:visible").count() == 0  # the page itself tells of it


def test_the_whole_line_works_without_javascript(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)

    page.goto(f"{stack.address}/orgs/afpy/integrations/asp?step=4")
    page.get_by_role("button", name="+ Add Field Mapping").click()
    page.get_by_label("Event field, row 10").select_option(label="Language (Type: choice)")
    page.get_by_label("ASP Events field of row 10").fill("session-language")
    page.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("The field mappings are saved")).to_be_visible()

    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    page.get_by_text("Options").click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()
    expect(page.get_by_text("Sync to ASP Events started.").first).to_be_visible()
    expect(page).to_have_url(re.compile("agenda"))
