"""The agenda's views and the lists in a browser, at every width, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from stack import Stack
from test_browser_agenda import event_address
from test_browser_pages import complaints, too_wide

OpenPage = Callable[..., Page]
VIEWS = ("", "?view=day", "?view=rooms", "?view=conflicts", "?search=python&status=accepted&sort=title")
LISTS = ("people", "people?problem=yes", "lists?list=tag")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_every_view_is_accessible_and_fits(
    stack: Stack, open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = {}
    for place in (*(f"agenda{view}" for view in VIEWS), *LISTS):
        page.goto(f"{event_address(stack)}/{place}")
        wide = too_wide(page)
        problems = complaints(page) + ([f"{wide} px too wide"] if wide > 0 else [])
        if problems:
            found[place] = problems

    assert found == {}
