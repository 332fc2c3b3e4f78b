"""The integration window by mouse: every step, an error in each, removal and disconnecting."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from stack import SEMINAR, Stack

OpenPage = Callable[..., Page]


def test_the_window_by_mouse(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/settings/integrations")
    page.get_by_role("link", name="Connect", exact=True).click()
    dialog = page.get_by_role("dialog")

    # 1: the secret can be looked at while it is typed, and stays when the answer is an error
    dialog.get_by_label("API Secret").fill(stack.api_secret)
    dialog.get_by_label("Show the secret while typing").click()
    expect(dialog.locator("#api_secret")).to_have_attribute("type", "text")
    dialog.get_by_label("API Key").fill(stack.api_key)
    dialog.get_by_label("Enable Continuous Sync").uncheck()
    dialog.get_by_role("button", name="Connect", exact=True).click()

    # 2: B2, B3
    dialog.get_by_role("combobox", name="ASP event").select_option(label="Demo Expo")
    dialog.get_by_role("combobox", name=re.compile("^Event")).select_option(label="PyConFR 2025")
    dialog.get_by_label("Seminar ID").fill(SEMINAR)
    dialog.get_by_role("button", name="Add Mapping").click()
    expect(dialog).to_contain_text("belongs to another ASP event")
    dialog.get_by_role("combobox", name="ASP event").select_option(label="PyConFR 2025")
    dialog.get_by_role("button", name="Add Mapping").click()
    expect(dialog).to_contain_text("Mapping created on")
    expect(dialog).to_contain_text("Every event of AFPy is mapped.")

    # 3: D9 off by default
    dialog.get_by_role("link", name="Next").click()
    expect(dialog.get_by_label("Unpublish sessions that are no longer accepted")).not_to_be_checked()
    dialog.get_by_label("Unpublish sessions that are no longer accepted").check()
    dialog.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("The settings are saved")).to_be_visible()
    expect(dialog.get_by_label("Unpublish sessions that are no longer accepted")).to_be_checked()

    # 4: a row is removed, the loss is warned of, the defaults come back
    dialog.get_by_role("link", name="Next").click()
    expect(dialog.get_by_label("ASP Events field of Title")).to_be_disabled()
    dialog.get_by_role("button", name="Remove Tags").click()
    expect(dialog.get_by_text("Unsaved changes")).to_be_visible()
    asked = []
    page.once("dialog", lambda question: (asked.append(question.message), question.dismiss()))
    dialog.get_by_role("link", name="Next").click()
    assert asked == ["Leave without saving your changes?"]
    dialog.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("The field mappings are saved")).to_be_visible()
    expect(dialog.get_by_role("button", name="Remove Tags")).to_have_count(0)
    dialog.get_by_role("button", name="Restore defaults").click()
    expect(dialog.get_by_role("button", name="Remove Tags")).to_be_visible()
    dialog.get_by_role("button", name="Save Changes").click()
    expect(dialog.get_by_text("Unsaved changes")).to_have_count(0)

    # 5
    dialog.get_by_role("link", name="Next").click()
    expect(dialog.get_by_label("ASP Events field of Email")).to_be_disabled()
    dialog.get_by_role("button", name="Done").or_(dialog.get_by_role("link", name="Done")).click()
    expect(dialog).to_be_hidden()
    page.wait_for_load_state("networkidle")  # the card comes anew

    # B4: Settings opens the list; removing is confirmed in place
    page.get_by_role("link", name="Settings", exact=True).click()
    dialog.get_by_label(re.compile("More actions for PyConFR 2025")).click()
    dialog.get_by_role("link", name="Remove Mapping").click()
    expect(dialog).to_contain_text("What is already in ASP stays there.")
    dialog.get_by_role("button", name="Remove Mapping").click()
    expect(dialog).to_contain_text("No event is mapped yet.")
    page.evaluate("document.getElementById('integrations-cards').setAttribute('data-before', '')")
    dialog.get_by_role("button", name="Close", exact=True).first.click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-before]")).to_have_count(0)  # the cards have come anew

    # F1
    page.get_by_label("More actions for ASP Events").click()
    page.get_by_role("link", name="Disconnect Integration").click()
    expect(dialog).to_contain_text("This ends 0 event mappings.")
    dialog.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("link", name="Connect", exact=True)).to_be_visible()
