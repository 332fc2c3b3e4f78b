"""What the project says of itself is true: settings, links, and nothing of another host."""

import re
from importlib.metadata import distributions
from pathlib import Path

import click
from packaging.requirements import Requirement

from portal.cli.main import portal
from portal.config import settings_table

ROOT = Path(__file__).parents[1]
SECURITY = (ROOT / "docs/security.md").read_text(encoding="utf-8")
OUR_OWN = {"portal", "pip", "setuptools", "wheel"}
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def test_readme_has_the_settings_as_they_are() -> None:
    assert settings_table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [name for name in commands(portal) if not re.search(rf"`portal {name}[ `]", text)] == []


def commands(group: click.Group, before: str = "") -> list[str]:
    """The words of each command of a group, those of its groups too."""
    context = click.Context(group)
    found: list[str] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        within = isinstance(command, click.Group)
        found += commands(command, f"{before}{name} ") if within else [before + name]
    return found


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


def test_every_test_that_the_documentation_names_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8"))}
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 40
    assert named - defined == set()


def test_every_item_that_is_kept_names_a_test() -> None:
    rows = re.findall(r"^\| ([\d., –]+) \| .* \| (\w+)[^|]* \| ([^|]*) \|$", SECURITY, re.MULTILINE)

    assert len(rows) > 30
    assert [item for item, kept, tests in rows if (kept in ("yes", "partly")) != ("`test_" in tests)] == []


def test_constraints_name_what_is_installed() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    known = [Requirement(line) for line in lines if not line.startswith("#")]
    pinned = {
        each.name: str(each.specifier).removeprefix("==")
        for each in known
        if not each.marker or each.marker.evaluate()  # some are for one Python and not for the next
    }
    installed = {each.name: each.version for each in distributions() if each.name not in OUR_OWN}

    assert {normal(name): version for name, version in installed.items()} == {
        normal(name): version for name, version in pinned.items()
    }


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
