"""The whole window by keyboard alone: no mouse, no script that presses for the hand; and what it reaches."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from stack import SEMINAR, Stack, comes_anew

OpenPage = Callable[..., Page]
FARTHEST = 60  # presses of Tab within which everything must be reachable

# What has the focus, and whether that shows, looked at together: a part that comes meanwhile may take it over. The
# parts that a date's field is made of have a ring of the browser's own; a part without a control holds it unseen.
DESCRIBE = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent ?? '';
  const shows = at.matches('body, [type=date], [type=time], [tabindex="-1"]')
    || getComputedStyle(at).outlineStyle !== 'none';
  return [label.replace(/\\s+/g, ' ').trim(), shows];
}"""

# What takes the focus, there and back, and then lies behind something else.
HIDDEN = """() => {
  const controls = [...document.querySelectorAll('main :is(a[href], button, input, select, summary)')]
    .filter((control) => control.checkVisibility() && control.tabIndex >= 0);
  return [...controls, ...controls.toReversed()].filter((control) => {
    control.focus();
    const { x, y, width, height } = control.getBoundingClientRect();
    const seen = document.elementFromPoint(x + width / 2, y + height / 2);
    return !control.contains(seen) && !seen?.contains(control);
  }).map((control) => control.outerHTML);
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is named has the focus."""
    passed = []
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        focused, shows = page.evaluate(DESCRIBE)
        passed.append(focused)
        assert shows, f"“{focused}” has the focus, and nothing shows it"
        if passed[-1].startswith(name):
            return
    raise AssertionError(f"“{name}” cannot be reached by Tab; passed {passed}")


def test_the_window_by_keyboard_alone(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/settings/integrations")
    keys = page.keyboard

    # step 1: the focus goes into the dialog
    tab_to(page, "Connect")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "API Key")
    keys.type(stack.api_key)
    tab_to(page, "API Secret")
    keys.type(stack.api_secret)
    keys.press("Enter")
    expect(page.get_by_text("Existing Event Mappings")).to_be_visible()

    # step 2
    expect(page.get_by_role("combobox", name="ASP event")).to_be_visible()
    tab_to(page, "ASP event")
    keys.type("PyConFR")
    tab_to(page, "Event")
    keys.type("PyConFR")
    tab_to(page, "Seminar ID")
    keys.type(SEMINAR)
    keys.press("Enter")
    expect(page.get_by_text("Mapping created on")).to_be_visible()
    tab_to(page, "Next")
    keys.press("Enter")

    # step 3
    expect(page.get_by_role("heading", name="Event Settings")).to_be_visible()
    tab_to(page, "Send content files")
    keys.press("Space")
    tab_to(page, "Save Changes")
    keys.press("Enter")
    expect(page.get_by_text("The settings are saved")).to_be_visible()
    tab_to(page, "Next")
    keys.press("Enter")

    # step 4: a row is added, an error is said at it, it is mended and saved
    expect(page.get_by_role("heading", name="Map Session Fields")).to_be_visible()
    tab_to(page, "+ Add Field Mapping")
    keys.press("Enter")
    expect(page.locator("#session-field-10")).to_be_focused()
    keys.type("Language")
    keys.press("Tab")
    keys.type("session language")
    keys.press("Enter")
    expect(page.locator("#session-slug-10")).to_be_focused()
    expect(page.get_by_text("Did you mean session-language?")).to_be_visible()
    keys.press("ControlOrMeta+A")
    keys.type("session-language")
    tab_to(page, "Save Changes")
    keys.press("Enter")
    expect(page.get_by_text("The field mappings are saved")).to_be_visible()
    tab_to(page, "Next")
    keys.press("Enter")

    # step 5, and out: the focus comes back to where the window was opened from
    expect(page.get_by_role("heading", name="Map Speaker Fields")).to_be_visible()
    with comes_anew(page, "integrations-cards"):
        keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    settings = page.get_by_role("link", name="Settings", exact=True)
    expect(settings).to_be_focused()

    # disconnecting
    tab_to(page, "More actions for ASP Events")
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_text("This ends 1 event mapping.")).to_be_visible()
    expect(page.get_by_label("type the organisation’s name")).to_be_focused()
    keys.type("afpy")
    keys.press("Enter")
    expect(page.locator("#asp-open")).to_have_text("Connect")


@pytest.mark.parametrize("size", [(1440, 900), (360, 740)])
def test_nothing_that_the_keyboard_reaches_lies_behind_what_stays_in_sight(
    size: tuple[int, int], stack: Stack, open_page: OpenPage
) -> None:
    page = open_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda?view=list")
    page.get_by_role("checkbox", name="Select ").nth(1).check()
    assert page.evaluate(HIDDEN) == []

    page.goto(f"{stack.address}/orgs/afpy/events/1/sessions/new")
    page.evaluate("document.getElementById('toasts').append(document.getElementById('failed').content)")
    expect(page.get_by_role("button", name="Make the session")).to_be_in_viewport()
    assert page.evaluate(HIDDEN) == []


def test_a_page_with_a_bar_at_its_foot_scrolls_above_it(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(f"{stack.address}/orgs/afpy/events/1/sessions/new")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.addEventListener('scrollend', () => console.log('there'), true)")

    with page.expect_console_message():
        page.keyboard.press("End")
    last = page.get_by_role("button", name="Add Address")
    expect(last).to_be_in_viewport()
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.go_back()

    expect(last).to_be_in_viewport()
