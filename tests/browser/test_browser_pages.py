"""Every page that there is: nothing that axe finds, nothing that scrolls sideways, no error, in light and dark."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import url_for
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select
from stack import SEMINAR, Stack, log_in
from werkzeug.routing import Rule

from portal.application import create_app
from portal.config import Settings
from portal.models import Choice, Contact, Event, Mapping, Organisation, Role, Session, db
from portal.operations.accounts.invitations import invite
from portal.operations.accounts.resets import ask_for_reset
from portal.operations.connection.connecting import connect_asp
from portal.operations.editing.events import create_event
from portal.operations.files.uploads import keep_upload
from portal.operations.mapping.adding import add_mapping
from portal.operations.mapping.destination import list_sites
from portal.operations.queries.editable import FROM_SESSIONBOARD
from portal.operations.sources.connecting import connect_sessionboard
from portal.operations.syncing.preparing import prepare_changes
from portal.operations.syncing.runs import perform_run, request_run
from sessionboard_local.server import DEMO_TOKEN

OpenPage = Callable[..., Page]
FRAGMENTS = {
    "agenda.agenda_head",
    "events.event_standings",
    "field_mappings.row_judge",
    "mappings.seminar_list",
    "mappings.site_list",
    "runs.run_progress",
    "sessions.session_people",
    "sources.source_card",
    "website.website_show",
}
NO_PAGE_OF_ITS_OWN = ("assets.", "static", "bootstrap.")
SESSION, PERSON = "cf05d761-bde9-55b1-8d18-3b7bf4b05d81", "f30b9386-31a0-5b2c-bb0e-1276c0a9dc51"
ENDLESS = "W" * 200
SHEET = b"ID,Title,Date,Start time,Speakers\n1,Opening,04/05/2027,09:00,Ada\n2,Second,sometime,,\n"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is in order need not be described: that takes half of the time
}


def stretch_names(organisation: Organisation, event: Event) -> None:
    """Names of one endless word, of what the pages show: nothing may run over an edge for it."""
    session = db.session.scalars(select(Session).filter_by(event_id=event.id, source_id=SESSION)).one()
    person = db.session.scalars(select(Contact).filter_by(event_id=event.id, source_id=PERSON)).one()
    room = db.session.scalars(select(Choice).filter_by(event_id=event.id, id=session.room_id)).one()
    organisation.name = event.name = session.title = room.name = ENDLESS
    person.last_name = person.company_name = ENDLESS
    db.session.commit()


def page_rules() -> list[str]:
    """The endpoints of every page that the application has; a new one cannot be forgotten."""
    app = create_app(Settings(instance_dir=Path("/tmp") / "portal-routes"))
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if is_page(rule)})


def is_page(rule: Rule) -> bool:
    own = not rule.endpoint.startswith(NO_PAGE_OF_ITS_OWN) and rule.endpoint not in FRAGMENTS
    own = own and not rule.endpoint.endswith("_download")
    return own and "GET" in (rule.methods or set())


@pytest.fixture(scope="module")
def sample(stack: Stack) -> Iterator[Callable[[str], str]]:
    """A portal that is connected, mapped and synced; gives an address for an endpoint."""
    app = create_app(stack.settings)
    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        event = db.session.scalars(select(Event)).one()
        connect_asp(organisation, stack.api_key, stack.api_secret, False, "test")
        connect_sessionboard(organisation, "us", DEMO_TOKEN, "test")
        added = add_mapping(event, list_sites(organisation)[0].uuid, SEMINAR, "test")
        perform_run(request_run(added.mapping, "test").id)
        reset = ask_for_reset(stack.email)
        token = invite(organisation, "new@example.org", Role.VIEWER, "test")
        choice = db.session.scalars(select(Choice)).first()
        there = create_event(organisation, "Elsewhere", "Europe/Paris", None, None, "test")
        there.source = FROM_SESSIONBOARD
        stretch_names(organisation, event)
        values = {
            "org": organisation.slug,
            "event_id": event.id,
            "run_id": 1,
            "mapping_id": added.mapping.id,
            "kind": "session",
            "session_id": SESSION,
            "contact_id": PERSON,
            "other_contact_id": "7db0d964-d82d-5c31-956a-6dafd5bdf75c",
            "choice_id": choice.id if choice else 1,
            "upload_id": keep_upload(organisation, "test", "p.csv", SHEET, event).id,
            "token": token,
            "name": "x",
        }
        of_their_own = {"passwords": {"token": reset}, "sources": {"event_id": there.id}}

    def address(endpoint: str) -> str:
        with app.test_request_context():
            rule = next(rule for rule in app.url_map.iter_rules(endpoint) if is_page(rule))
            of_page = values | of_their_own.get(endpoint.split(".")[0], {})
            known = {name: of_page[name] for name in rule.arguments}
            return stack.address + url_for(endpoint, **known)

    yield address


@pytest.fixture(scope="module")
def pages(browser: Browser, stack: Stack) -> Iterator[dict[str, Page]]:
    """One logged-in page for each look, kept over all tests of this module; no colour is caught on its way."""
    opened = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        opened[scheme] = context.new_page()
        log_in(opened[scheme], stack, stack.email, stack.password)
    yield opened
    for page in opened.values():
        page.context.close()


def complaints(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than what shows it."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def too_high(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight"))


def overhang(page: Page) -> int:
    """By how many pixels the page is wider than a large or a small screen."""
    wide = too_wide(page)
    page.set_viewport_size({"width": 360, "height": 740})
    wide = max(wide, too_wide(page))
    page.set_viewport_size({"width": 1280, "height": 800})
    return wide


@pytest.mark.parametrize("endpoint", page_rules())
def test_a_page_is_accessible_and_fits_its_screen(
    endpoint: str, sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    found = {}
    for scheme, page in pages.items():
        answer = page.goto(sample(endpoint))
        assert answer is not None and answer.status < 400, f"{page.url} answers {answer and answer.status}"
        found[scheme] = complaints(page)

    assert found == {"light": [], "dark": []}
    assert overhang(pages["light"]) <= 0


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_axe_finds_nothing_in_the_window(
    step: int, sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    page = pages["light"]
    page.goto(f"{sample('window.window_show')}?step={step}&new=1")
    page.wait_for_load_state("networkidle")

    assert complaints(page) == []
    assert too_high(page) <= 0  # its rows scroll within it


def test_b6_the_browsers_back_leads_a_step_back(sample: Callable[[str], str], pages: dict[str, Page]) -> None:
    page = pages["light"]
    page.goto(f"{sample('window.window_show')}?step=2")
    page.locator("#integrations-next").click()
    expect(page.get_by_role("heading", name="Event Settings")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Existing Event Mappings")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="Event Settings")).to_be_visible()


def test_axe_finds_nothing_in_the_question_before_a_mapping_is_removed(
    sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    page = pages["dark"]
    page.goto(f"{sample('window.window_show')}?step=2")
    page.get_by_role("link", name="Remove Mapping").click()
    expect(
        page.get_by_role("link", name="Keep it").or_(page.get_by_role("button", name="Keep it"))
    ).to_be_focused()

    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Remove Mapping")).to_be_focused()


def test_who_withdraws_an_invitation_stays_among_what_can_be_pressed(
    sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    page = pages["light"]
    page.goto(sample("team.member_list"))
    page.get_by_role("button", name="Withdraw the invitation").press("Enter")

    expect(page.get_by_role("heading", name="Open invitations")).to_have_count(0)
    expect(page.locator("#settings-team :focus")).to_have_count(1)


def test_axe_finds_nothing_while_asp_is_asked(sample: Callable[[str], str], pages: dict[str, Page]) -> None:
    page = pages["light"]
    page.goto(f"{sample('window.window_show')}?step=1")
    unanswered: list[Route] = []
    page.route("**/integrations/asp/connection*", lambda route: unanswered.append(route))
    page.get_by_label("API Key").press("Enter")
    expect(page.get_by_role("main").get_by_text("Asking ASP Events …")).to_be_visible()

    found = complaints(page)

    for each in unanswered:
        each.abort()
    page.unroute("**/integrations/asp/connection*")
    assert (found, len(unanswered)) == ([], 1)


def test_who_dismisses_the_last_problem_stays_in_the_list(
    sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    page = pages["light"]
    page.goto(sample("runs.run_show"))
    number = page.get_by_role("button", name="Dismiss").count()
    page.locator(f"#runs-dismiss-{number}").press("Enter")

    expect(page.locator("#runs-reasons summary")).to_be_focused()
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(number - 1)

    page.locator("#runs-dismissed").press("Enter")
    page.get_by_role("button", name="Tell again").press("Enter")
    expect(page.locator("#runs-dismiss-1")).to_be_focused()
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(number)
    expect(page).to_have_url(sample("runs.run_show"))  # all are listed again, and the address says so


def test_who_does_one_thing_after_another_reads_of_the_last(
    sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    page = pages["light"]
    page.goto(sample("runs.run_list"))

    told = page.evaluate(
        """() => {
            for (const words of ["Dismissed one.", "Dismissed two.", "Stopped.", "Stopped."]) {
                const toast = document.createElement("div");
                toast.className = "flash";
                toast.setAttribute("role", words === "Stopped." ? "alert" : "status");
                toast.toggleAttribute("data-fades", words !== "Stopped.");
                toast.textContent = words;
                document.getElementById("toasts").append(toast);
                document.dispatchEvent(new CustomEvent("toasted"));
            }
            return [...document.querySelectorAll("#toasts .flash")].map((toast) => toast.textContent);
        }"""
    )

    assert told == ["Dismissed two.", "Stopped."]
    expect(page.locator("time").first).to_have_text(re.compile(r", \d\d:\d\d \S+$"))  # with the reader's zone


def test_an_emptied_search_leaves_nothing_in_the_address(
    sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    page, address = pages["light"], sample("runs.run_show")
    page.goto(address)
    page.get_by_label("Search records").fill("nobody")
    expect(page).to_have_url(f"{address}?search=nobody")

    page.get_by_label("Search records").fill("")

    expect(page).to_have_url(address)


def test_who_cancels_a_run_stays_with_what_becomes_of_it(
    sample: Callable[[str], str], pages: dict[str, Page], release_asp: Callable[[], None]
) -> None:
    page = pages["light"]
    page.goto(sample("runs.run_show"))
    page.get_by_role("button", name="Try the failed ones again").click()
    # One that no worker has begun is cancelled at once.
    expect(page.get_by_role("region", name="Progress").get_by_text("Running", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_role("main").get_by_text("Stopping after the records in hand …")).to_be_focused()

    found = complaints(page)
    release_asp()

    expect(page.get_by_role("main").get_by_text("Sync cancelled.")).to_be_focused()
    assert found == []


def test_axe_finds_nothing_in_a_preview_that_asks_for_an_approval(
    stack: Stack, sample: Callable[[str], str], pages: dict[str, Page]
) -> None:
    address = sample("previews.preview_show")
    with create_app(stack.settings).app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        mapping.unpublish_sessions = mapping.unpublish_speakers = True
        for session in db.session.scalars(select(Session)):
            session.status = "declined"
        prepare_changes(mapping)
    found = {}
    for scheme, page in pages.items():
        page.goto(f"{address}?group=unpublish")
        page.get_by_role("checkbox", name="Unpublish these").check()
        expect(page.get_by_role("button", name="Sync this and unpublish")).to_be_visible()
        found[scheme] = complaints(page)

    assert found == {"light": [], "dark": []}
    expect(page.get_by_role("main").get_by_text("Nothing would be written.")).to_be_hidden()
    assert overhang(pages["light"]) <= 0
