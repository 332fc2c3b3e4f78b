"""The agenda in a browser: searched and narrowed by keyboard, its sessions moved."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from stack import Stack, comes_anew
from test_browser_keyboard import tab_to

OpenPage = Callable[..., Page]


def event_address(stack: Stack) -> str:
    return f"{stack.address}/orgs/afpy/events/1"


def test_a_search_keeps_what_is_typed_and_where_one_is(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{event_address(stack)}/agenda")
    tab_to(page, "Search sessions")
    page.keyboard.type("python")

    expect(page).to_have_url(f"{event_address(stack)}/agenda?search=python")
    expect(page.locator("#agenda-list tbody tr:not(.day)").first).to_contain_text("ython")
    expect(page.locator("#agenda-search")).to_be_focused()
    expect(page.locator("#agenda-search")).to_have_value("python")
    assert (
        page.locator("#agenda-tabs a", has_text="Rooms")
        .get_attribute("href")
        .endswith("?search=python&view=rooms")
    )

    page.go_back()
    expect(page).to_have_url(f"{event_address(stack)}/agenda")
    expect(page.locator("#agenda-search")).to_have_value("")


def test_filters_by_keyboard_keep_the_focus(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{event_address(stack)}/agenda")
    tab_to(page, "Pending")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{event_address(stack)}/agenda?status=pending")
    expect(page.locator("#agenda-list .state", has_text="Pending").first).to_be_visible()
    expect(page.locator("a.chip:focus")).to_contain_text("Pending")

    tab_to(page, "Room")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#agenda-form-room button").press("Enter")
    expect(page).to_have_url(re.compile(r"status=pending.*room="))


def moved_words(page: Page) -> Locator:
    return page.locator("#toasts .words", has_text=re.compile("^Moved"))


def test_h3_a_session_is_dragged_to_another_room_and_carried_on_by_keyboard(
    stack: Stack, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{event_address(stack)}/agenda?view=rooms")
    card = page.locator("td[data-moves]").first
    key, before = card.get_attribute("data-moves"), card.get_attribute("data-at")
    start, lane = card.bounding_box(), page.locator("th[data-room]").nth(1)
    row = page.locator(".rooms tbody tr").nth(1).bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 4)
    page.mouse.down()
    page.mouse.move(lane.bounding_box()["x"] + 30, row["y"] + 5, steps=4)
    expect(page.locator(".drop-mark")).to_be_visible()
    room = lane.get_attribute("data-room")
    with comes_anew(page, "agenda-head"):  # which offers to undo it
        page.mouse.up()
        expect(moved_words(page)).to_contain_text(f"→ “{room}”")

    moved = page.locator(f"td[data-moves='{key}']")
    expect(moved).to_have_attribute("data-in", room)
    expect(moved.locator(".move")).to_be_focused()
    dragged = moved.get_attribute("data-at")

    for pressed in ("Space", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(pressed)
    expect(page.locator("#moves-says")).to_contain_text(page.locator("th[data-room]").first.inner_text()[:4])
    page.keyboard.press("Escape")
    expect(page.locator("#moves-says")).to_be_empty()
    with comes_anew(page, "agenda-head"):
        for pressed in ("Space", "ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(pressed)
        expect(moved_words(page)).to_have_count(2)
    expect(moved).not_to_have_attribute("data-at", dragged)

    for place in (dragged, before):
        page.locator("#undoing-notice").get_by_role("button", name="Undo").click()
        expect(moved).to_have_attribute("data-at", place)
        expect(page.locator("#toasts .words", has_text="Undone").last).to_be_visible()


def test_where_one_is_stands_in_sight_on_a_small_screen(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    for place, name in (("lists", "Lists"), ("runs", "Runs")):
        page.goto(f"{event_address(stack)}/{place}")

        expect(page.locator(".side .links [aria-current]", has_text=name)).to_be_in_viewport(ratio=0.9)
