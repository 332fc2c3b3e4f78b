"""H2 in the browser: files of each kind from upload to agenda, by mouse and by keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from stack import Stack
from test_browser_keyboard import tab_to

OpenPage = Callable[..., Page]
FOLDER = Path(__file__).parents[1] / "programme" / "spreadsheets"


def sample(start: str) -> Path:
    return next(path for path in FOLDER.glob(f"{start}*") if path.suffix != ".json")


def choose_file(page: Page, stack: Stack, path: Path) -> None:
    page.goto(f"{stack.address}/orgs/afpy/import")
    page.get_by_label("Programme file").set_input_files(path)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("o09", "7 sessions, 5 people"),
        ("o06", "4 sessions, 5 people"),
        ("o12", "4 sessions, 2 people"),
        ("older", "2 sessions, 1 person"),  # XLS
        ("document", "2 sessions, 1 person"),  # ODS
    ],
)
def test_a_file_comes_in_by_mouse(stack: Stack, open_page: OpenPage, start: str, said: str) -> None:
    page = open_page()
    choose_file(page, stack, sample(start))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Enter a name for the new event.")).to_be_visible()  # G3: the file stays chosen
    page.get_by_label("Name of the new event").fill(f"Forum {start}")
    page.get_by_label("Its timezone").fill("Europe/Berlin")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns hold")
    if start == "o12":
        page.get_by_role("radio", name="The day").check()
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is stored")
    leave_out = page.get_by_role("button", name=re.compile("Leave th(is|ese)"))
    if start in ("o06", "o12"):
        leave_out.click()
        expect(leave_out).to_have_count(0)
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.locator(".words", has_text=f"Forum {start} was imported: {said}.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agenda")


def test_a_file_comes_in_by_keyboard_alone(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    choose_file(page, stack, sample("o12"))
    keys = page.keyboard
    tab_to(page, "Name of the new event")
    keys.type("Forum by keyboard")
    tab_to(page, "Its timezone")
    keys.type("Europe/Berlin")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns hold")
    tab_to(page, "The day")
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is stored")

    tab_to(page, "End Time of row 6 instead")
    keys.press("Control+a")
    keys.type("16:30")
    keys.press("Enter")
    expect(page.get_by_text("5 new sessions.")).to_be_visible()
    tab_to(page, "Import")
    keys.press("Enter")

    expect(page.locator(".words", has_text="was imported: 5 sessions, 2 people.")).to_be_visible()


def test_a_changed_export_is_shown_field_by_field(stack: Stack, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/events/1/agenda")
    page.get_by_text("Options").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export .CSV").click()
    path = tmp_path / "again.csv"
    text = download.value.path().read_text("utf-8-sig")
    title = re.search(r"\n[^,]*,[^,]*,([^,\"]+),", text)
    assert title
    path.write_text(text.replace(title[1], "Another title", 1), "utf-8")
    page.get_by_role("link", name="Update the programme").click()
    page.get_by_label("Programme file").set_input_files(path)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Look at what would change").click()

    expect(page.get_by_text("1 changed session.")).to_be_visible()
    expect(page.locator("ins", has_text="Another title")).to_be_visible()
