"""A running portal and a browser. Without Chromium these tests are skipped, but not where CI asks for them."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from stack import LAUNCH_ARGUMENTS, RunningStack, Stack, chromium_path, log_in

PATIENCE = 60_000  # milliseconds: how fast a machine is, no test may ask
expect.set_options(timeout=PATIENCE)
NO_CHROMIUM = "Chromium is not installed (on Debian: apt-get install chromium), so no page was tested in it."


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


# A link that is pressed before the page's scripts run opens a page of its own instead of a part of this one. Nobody
# is that quick but a test.
NOTHING_PRESSED_EARLY = """
new MutationObserver((_, observer) => {
  observer.disconnect();
  const page = document.documentElement;
  if (!page || document.readyState !== "loading") return;
  page.style.pointerEvents = "none";
  document.addEventListener("DOMContentLoaded", () => page.removeAttribute("style"));
}).observe(document, { childList: true });
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with RunningStack(tmp_path_factory.mktemp("s")) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own, logged in unless told otherwise; any error in it fails the test."""
    contexts = []
    errors: list[str] = []

    def open_one(
        email: str | None = None,
        password: str | None = None,
        login: bool = True,
        expects_errors: bool = False,
        **options: object,
    ) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(NOTHING_PRESSED_EARLY)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "response",
            lambda answer: errors.append(answer.url) if answer.status >= 500 and not expects_errors else None,
        )
        page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
        if login:
            log_in(page, stack, email or stack.email, password or stack.password)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def release_asp(stack: Stack) -> Iterator[Callable[[], None]]:
    """ASP answers so slowly that no sync ends until this is called, however fast the machine is."""

    def let_go() -> None:
        stack.asp.control(latency_ms=0)

    stack.asp.control(latency_ms=4000)
    yield let_go
    let_go()
