"""One name for an area of the pages: in views, in forms and in templates."""

from pathlib import Path

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
VIEWS = {module.stem for module in (PORTAL / "views").iterdir()}
SHARED_TEMPLATES = {"macros"}
SHARED_FORMS = {
    "days",
    "drafts",
    "names",
    "refusals",
    "texts",
}  # pieces that forms of several areas are made of


@pytest.mark.parametrize(
    "folder", sorted(each.name for each in (PORTAL / "templates").iterdir() if each.is_dir())
)
def test_each_folder_of_templates_is_named_as_its_view(folder: str) -> None:
    assert folder in VIEWS | SHARED_TEMPLATES


@pytest.mark.parametrize("form", sorted(each.stem for each in (PORTAL / "forms").iterdir()))
def test_each_form_is_named_as_its_view(form: str) -> None:
    assert form in VIEWS | SHARED_FORMS
