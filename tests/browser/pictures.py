"""`make pictures`: takes the pictures that the README shows, from a running portal with the real programme."""

import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # first, as tests/ has a folder called asp_local too

from stack import LAUNCH_ARGUMENTS, SEMINAR, RunningStack, Stack, choose_site, chromium_path, log_in

from asp_local.dialect import Dialect
from portal.workers.processes import process_environment

TESTS = Path(__file__).parents[1]
SPREADSHEETS = TESTS / "programme" / "spreadsheets"
TARGET = TESTS.parent / "docs" / "pictures"
WIDE = {"width": 1280, "height": 800}
SMALL = {"width": 390, "height": 800}
OTHER_NAMES = Dialect(
    paths={"locations": "rooms"},
    names={"Title": "Headline", "StartTime": "StartDateTime", "Company": "Firm"},
    headers={"X-Records-Filtered": "X-Total"},
)


def open_page(browser: Browser, stack: Stack, size: dict[str, int], scheme: str = "light") -> Page:
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    log_in(page, stack, stack.email, stack.password)
    return page


def take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=TARGET / f"{name}.png", animations="disabled")


def connect_and_map(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.address}/orgs/afpy/settings/integrations")
    page.locator("#asp-open").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("API Key").fill(stack.api_key)
    dialog.get_by_label("API Secret").fill(stack.api_secret)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    choose_site(page, "PyConFR 2025")
    dialog.get_by_role("combobox", name=re.compile("^Event")).select_option(label="PyConFR 2025")
    dialog.get_by_label("Seminar ID").fill(SEMINAR)
    take(page, "map-events")
    dialog.get_by_role("button", name="Add Mapping").click()
    expect(dialog).to_contain_text("Mapping created on")


def sync_and_watch(page: Page, stack: Stack) -> None:
    stack.asp.control(latency_ms=250)
    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    page.get_by_text("Options").click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()
    expect(page.get_by_text(re.compile(r"Speakers [1-9]\d* of 69")).first).to_be_visible(timeout=20_000)
    take(page, "agenda")
    stack.asp.control(latency_ms=0)
    expect(page.get_by_text("65 of 68 sessions and").first).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="See what failed").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run")
    take(page, "run")


def bring_in(page: Page, stack: Stack) -> None:
    """The three pages of a spreadsheet on its way in."""
    page.goto(f"{stack.address}/orgs/afpy/import")
    page.get_by_label("Programme file").set_input_files(SPREADSHEETS / "o06-whova-agenda.xlsx")
    page.get_by_label("Name of the new event").fill("Soil Days 2027")
    page.get_by_label("Its timezone").fill("Europe/Berlin")
    take(page, "import")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns hold")
    take(page, "columns")
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is stored")
    take(page, "look")


def compare(page: Page, stack: Stack) -> None:
    """What an editor changed and deleted in ASP."""
    changed, deleted, *_ = stack.asp.records()["sessions"]
    there = f"{stack.asp.url}/_records/sessions"
    requests.put(f"{there}/{changed['Uuid']}", json={"Title": "A title of an editor"}, timeout=5)
    requests.delete(f"{there}/{deleted['Uuid']}", timeout=5)
    page.goto(f"{stack.address}/orgs/afpy/events/1/drift")
    expect(page.get_by_text("2 records differ")).to_be_visible()
    take(page, "drift")


def probe(page: Page, stack: Stack) -> None:
    """What `portal asp probe` says of an ASP with five other names."""
    stack.asp.speak(OTHER_NAMES)
    said = subprocess.run(
        [sys.executable, "-m", "portal", "asp", "probe", "--org", "afpy"],
        env=process_environment(stack.settings),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    lines = sorted(said.splitlines(), key=lambda line: not line.startswith("contradicted"))
    page.set_content(f"<pre>$ portal asp probe --org afpy\n{escape(chr(10).join(lines[:32]))}\n…</pre>")
    take(page, "probe")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    path = chromium_path()
    if path is None:
        sys.exit("Chromium is not installed (on Debian: apt-get install chromium).")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
        with RunningStack(Path(folder)) as stack:
            page = open_page(browser, stack, WIDE)
            connect_and_map(page, stack)
            sync_and_watch(page, stack)
            dark = open_page(browser, stack, WIDE, "dark")
            dark.goto(f"{stack.address}/orgs/afpy/settings/integrations")
            dark.get_by_label("More actions for ASP Events").click()
            take(dark, "integrations")
            small = open_page(browser, stack, SMALL)
            small.goto(f"{stack.address}/orgs/afpy/integrations/asp?step=4")
            take(small, "session-fields")
            page.goto(stack.asp.url)
            take(page, "website")
            bring_in(page, stack)
            compare(page, stack)
            probe(page, stack)
        browser.close()


if __name__ == "__main__":
    main()
