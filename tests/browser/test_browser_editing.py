"""A programme made by hand, from nothing to the website, with and without JavaScript (H3)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests
from playwright.sync_api import Locator, Page, expect
from stack import SEMINAR, Stack, choose_site

from portal.text.html import TAGS

OpenPage = Callable[..., Page]
DAY = (datetime.now(UTC) + timedelta(days=200)).strftime("%Y-%m-%d")
SPELLED_OTHERWISE = {"b": "strong", "i": "em"}
IN_TABLES = """<table border="1"><caption>caption</caption><colgroup><col span="2"></colgroup>
<thead><tr><th scope="col">th</th></tr></thead><tbody><tr><td colspan="2">td</td></tr></tbody>
<tfoot><tr><td>tfoot</td></tr></tfoot></table>"""
IN_OTHERS = """<dl><dt>dt</dt><dd>dd</dd></dl><details open=""><summary>summary</summary><p>details</p></details>
<figure><img src="https://example.org/a.png" alt="img"><figcaption>figcaption</figcaption></figure>
<ul><li>ul</li></ul><ol start="3"><li>ol</li></ol><p>br<br>wbr<wbr><ruby>ruby<rp>rp</rp><rt>rt</rt></ruby></p><hr>"""
BLOCKS = (
    "address article aside blockquote center div footer header hgroup h1 h2 h3 h4 h5 h6 p pre section".split()
)
FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com"><head><style>p.MsoNormal {color: red}</style></head>
<body><!--StartFragment--><p class=MsoNormal><b><span style='font-family:Calibri;color:red'>Bold</span></b><span
lang=EN> and <i>slanted</i><o:p></o:p></span></p><p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1'>
<span style='mso-list:Ignore'>·<span style='font:7pt "Times New Roman"'>&nbsp; </span></span>One<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast><span style='mso-list:Ignore'>·</span>Two</p><p class=MsoNormal onclick="x()"><a
href="https://example.org/" style='color:blue'>a link</a><img src="file:///c:/x.png"><script>steal()</script></p>
<!--EndFragment--></body></html>"""


def editor(page: Page) -> Locator:
    """The editor that comes in place of the field."""
    return page.locator("#description-text").and_(page.get_by_role("textbox", name="Description", exact=True))


def make_event(page: Page, stack: Stack, name: str) -> None:
    page.goto(f"{stack.address}/orgs/afpy/")
    page.get_by_role("link", name="New event").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Timezone").fill("Europe/Paris")
    page.get_by_label("First day").fill(DAY)
    page.get_by_role("button", name="Make the event").click()
    expect(page.get_by_role("heading", name="Agenda")).to_be_visible()


def fill_times(page: Page) -> None:
    page.get_by_label("Day", exact=True).fill(DAY)
    page.get_by_label("Start", exact=True).fill("09:00")
    page.get_by_label("End", exact=True).fill("10:30")


def connect_and_map(page: Page, stack: Stack, name: str) -> None:
    """From the event's agenda: the window connects, then maps it, and comes back."""
    page.get_by_text("Options").click()
    page.get_by_role("link", name="Map this event").click()
    page.get_by_label("API Key").fill(stack.api_key)
    page.get_by_label("API Secret").fill(stack.api_secret)
    page.get_by_role("button", name="Connect", exact=True).click()
    choose_site(page, "PyConFR 2025")
    page.get_by_role("combobox", name=re.compile("^Event")).select_option(label=name)
    page.get_by_label("Seminar ID").fill(SEMINAR)
    page.get_by_role("button", name="Add Mapping").click()
    expect(page.get_by_text("Mapping created on")).to_be_visible()


def test_h3_an_event_is_made_by_hand_and_stands_on_the_website(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    make_event(page, stack, "Hand-made")

    page.get_by_role("link", name="New session").first.click()
    page.get_by_label("Title").fill("Opening by hand")
    page.get_by_label("Client Session ID").fill("H-1")
    fill_times(page)
    page.get_by_label("Room", exact=True).select_option("new")
    page.get_by_label("Name of the new room").fill("Attic")
    editor(page).click()
    page.keyboard.type("Words and ")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("bold ones")
    page.get_by_text("Add a new person").click()
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Byron")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_role("button", name="Add this person").click()
    expect(page.locator(".person-row")).to_have_count(1)
    page.get_by_role("button", name="Make the session").last.click()
    expect(page.get_by_role("heading", name="Opening by hand")).to_be_visible()
    expect(page.locator(".prose strong")).to_have_text("bold ones")

    page.get_by_role("link", name="Agenda", exact=True).first.click()
    agenda = page.url
    connect_and_map(page, stack, "Hand-made")
    page.goto(agenda)
    page.get_by_text("Options").click()
    page.get_by_role("button", name=re.compile("Sync to ASP Events")).click()
    expect(page.get_by_text(re.compile("your data has been synced")).first).to_be_visible()

    records = requests.get(f"{stack.asp.url}/_records", timeout=60).json()
    assert [each["Title"] for each in records["sessions"]] == ["Opening by hand"]
    assert len(records["speakers"]) == 1
    page.goto(stack.asp.url)
    expect(page.get_by_text("Opening by hand").first).to_be_visible()


def test_h3_a_session_is_made_and_edited_without_javascript(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{stack.address}/orgs/afpy/events/1/sessions/new")

    page.get_by_label("Title").fill("Plain")
    fill_times(page)
    page.get_by_label("Description").fill("One\n\nTwo")
    page.get_by_label("Add somebody of this event").fill("Hauguel")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name=re.compile("Add Morgane")).click()
    page.get_by_label(re.compile("^Role of Morgane")).select_option("moderator")
    page.get_by_role("button", name="Make the session").last.click()

    expect(page.get_by_role("heading", name="Plain")).to_be_visible()
    expect(page.get_by_text("Moderator")).to_be_visible()
    expect(page.locator(".prose p")).to_have_count(2)


def test_h3_the_editor_keeps_what_it_does_not_know(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/events/1/sessions/new")
    page.get_by_label("Title").fill("With a table")
    page.get_by_role("button", name="Edit as HTML").click()
    page.locator("#description").fill("<p>Before</p><table><tbody><tr><td>Cell</td></tr></tbody></table>")
    page.get_by_role("button", name="Make the session").last.click()
    page.get_by_role("link", name="Edit").click()

    editor(page).get_by_text("Before").click()
    page.keyboard.press("End")
    page.keyboard.type(" and after")
    page.get_by_role("button", name="Save").last.click()

    expect(page).to_have_url(re.compile(r"/sessions/[^/]+$"))
    expect(page.locator(".prose td")).to_have_text("Cell")
    expect(page.locator(".prose p")).to_have_text("Before and after")


def test_b6_who_goes_elsewhere_is_asked_and_may_save_on_the_way(stack: Stack, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{stack.address}/orgs/afpy/events/1/sessions/cf05d761-bde9-55b1-8d18-3b7bf4b05d81/edit")
    page.get_by_label("Client Session ID").fill("ON-THE-WAY")

    page.get_by_role("link", name="Runs").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Unsaved changes. Save them first?")).to_have_count(0)
    page.get_by_role("link", name="Runs").click()
    page.get_by_role("group", name="Unsaved changes. Save them first?").get_by_role(
        "button", name="Save"
    ).click()

    page.wait_for_url("**/events/1/runs")
    page.goto(f"{stack.address}/orgs/afpy/events/1/sessions/cf05d761-bde9-55b1-8d18-3b7bf4b05d81")
    expect(page.get_by_text("ON-THE-WAY")).to_be_visible()


@pytest.fixture
def page(stack: Stack, open_page: OpenPage) -> Page:
    """A new session's form with its editor."""
    opened = open_page()
    opened.goto(f"{stack.address}/orgs/afpy/events/1/sessions/new")
    expect(editor(opened)).to_be_visible()
    return opened


def paste(page: Page, html: str) -> None:
    editor(page).evaluate(
        """(text, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            text.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        html,
    )


def test_d1_whatever_a_text_may_hold_outlives_an_edit(page: Page) -> None:
    named = set(re.findall(r"<([a-z0-9]+)", IN_TABLES + IN_OTHERS)) | set(BLOCKS)
    inline = "".join(f'<{tag} title="kept">{tag}</{tag}> ' for tag in sorted(TAGS - named - {"a"}))
    blocks = "".join(f'<{tag} style="color: red" dir="rtl">{tag}</{tag}>' for tag in BLOCKS)
    text = f'{IN_TABLES}{IN_OTHERS}{blocks}<p>{inline}<a href="tel:1" title="kept">a</a></p>'
    page.get_by_role("button", name="Edit as HTML").click()
    page.locator("#description").fill(text)
    page.get_by_role("button", name="Edit as HTML").click()
    editor(page).get_by_text("caption", exact=True).click()
    page.keyboard.type("X")

    kept = page.locator("#description").input_value()
    assert "X" in kept
    assert {SPELLED_OTHERWISE.get(tag, tag) for tag in TAGS} - set(re.findall(r"<([a-z0-9]+)", kept)) == set()
    for written in ('border="1"', 'scope="col"', 'colspan="2"', 'span="2"', 'open=""', 'start="3"', "tel:1"):
        assert written in kept
    assert kept.count('title="kept"') == text.count('title="kept"')
    assert kept.count('dir="rtl"') == kept.count("color: red") == len(BLOCKS)


def test_what_word_brings_along_is_pasted_as_words_lists_and_links(page: Page) -> None:
    editor(page).click()

    paste(page, FROM_WORD)

    assert page.locator("#description").input_value() == (
        "<p><strong>Bold</strong> and <em>slanted</em></p><ul><li>One</li><li>Two</li></ul>"
        '<p><a href="https://example.org/">a link</a></p>'
    )


def test_the_editor_works_by_keyboard_and_what_is_undone_is_no_change(page: Page) -> None:
    editor(page).focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Edit as HTML")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(editor(page)).to_be_focused()
    page.keyboard.type("strong")
    expect(page.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Address of the link")).to_be_focused()
    page.keyboard.type("no address")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").get_by_text("This is no address.")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("www.example.org")
    page.keyboard.press("Enter")

    field = page.locator("#description")
    expect(field).to_have_value('<p><a href="https://www.example.org"><strong>strong</strong></a></p>')
    expect(page.get_by_text("Unsaved changes", exact=True)).to_be_visible()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("")
    expect(page.get_by_text("Unsaved changes", exact=True)).to_be_hidden()
