"""What the project says of itself is true: settings, links, and nothing of another host."""

import re
from pathlib import Path

from portal.config import settings_table

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def test_readme_has_the_settings_as_they_are() -> None:
    assert settings_table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_place_that_the_architecture_names_exists() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = {
        name for name in re.findall(r"`((?:sync|asp|operations|programme|models|views)/[a-z_/]+\.py)`", text)
    }

    assert named != set()
    assert {name for name in named if not (ROOT / "portal" / name).exists()} == set()


def test_pages_load_nothing_from_another_host() -> None:
    foreign = [
        (template.name, found)
        for template in [
            *ROOT.glob("portal/templates/**/*.html"),
            *ROOT.glob("asp_local/templates/**/*.html"),
            *ROOT.glob("sessionboard_local/templates/**/*.html"),
        ]
        for found in re.findall(
            r"<(?:script|link)[^>]+(?:src|href)=\"https?://[^\"]*", template.read_text("utf-8")
        )
    ]

    assert foreign == []


def test_the_way_to_asp_has_no_call_that_deletes() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "portal/asp").glob("*.py")]

    assert [text for text in sources if re.search(r"[\"']DELETE[\"']|\.delete\(", text)] == []
