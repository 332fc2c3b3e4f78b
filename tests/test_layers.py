"""Imports go one way, the heart of the sync is pure, and the client of ASP cannot delete: read from the code."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from portal.asp.client import AspClient
from portal.asp.transport import Transport

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "portal").rglob("*.py"))

# What no module of a layer may import of the portal: views → operations → models; jobs → sync → asp, programme.
FORBIDDEN = {
    "models": ["asp", "application", "cli", "forms", "operations", "programme", "sync", "views"],
    "asp": ["application", "cli", "forms", "models", "operations", "programme", "sync", "views"],
    "programme": ["application", "asp", "cli", "forms", "operations", "sync", "views"],
    "sync": ["cli", "forms", "views", "operations"],
    "operations": ["cli", "forms", "views"],
    "forms": ["asp", "cli", "views"],
    "views": ["cli"],
}
EXCEPT = {"portal/sync/jobs.py": ["operations"]}  # jobs stand above the operations
PURE = {
    "portal/asp/contract.py",
    "portal/sync/adoption.py",
    "portal/sync/choices.py",
    "portal/sync/fields.py",
    "portal/sync/html.py",
    "portal/sync/intent.py",
    "portal/sync/payload.py",
    "portal/sync/people.py",
    "portal/sync/plan.py",
    "portal/sync/selection.py",
    "portal/sync/snapshot.py",
    "portal/sync/timezones.py",
    "portal/sync/unpublishing.py",
}
IMPURE = {"flask", "sqlalchemy", "requests", "urllib3", "rq", "redis", "random", "time", "os", "socket"}


def place(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


@cache
def imported(module: Path) -> tuple[str, ...]:
    """The dotted names that a module imports, wherever in it."""
    return tuple(_imported(ast.parse(module.read_text(encoding="utf-8"))))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_imports_go_one_way(layer):
    wrong = [
        f"{place(module)} imports {name}"
        for module in MODULES
        if place(module).startswith(f"portal/{layer}/")
        for above in FORBIDDEN[layer]
        if above not in EXCEPT.get(place(module), [])
        for name in imported(module)
        if is_below(name, f"portal.{above}")
    ]

    assert wrong == []


def test_every_layer_is_there():
    assert {layer for layer in FORBIDDEN if (ROOT / "portal" / layer).is_dir()} == set(FORBIDDEN)


def test_portal_imports_neither_the_local_asp_nor_the_demo():
    wrong = [
        f"{place(module)} imports {name}"
        for module in [*MODULES, ROOT / "wsgi.py", ROOT / "worker.py"]
        for name in imported(module)
        if is_below(name, "asp_local") or is_below(name, "demo") or is_below(name, "tests")
    ]

    assert wrong == []


def test_local_asp_does_not_import_the_portal():
    # it would agree with the portal's mistakes about ASP
    wrong = [
        f"{place(module)} imports {name}"
        for module in (ROOT / "asp_local").rglob("*.py")
        for name in imported(module)
        if is_below(name, "portal")
    ]

    assert wrong == []


def test_heart_of_the_sync_is_pure():
    modules = {place(module): module for module in MODULES}
    wrong = [
        f"{each} imports {name}"
        for each in sorted(PURE)
        for name in imported(modules[each])
        if name.split(".")[0] in IMPURE
    ]

    assert wrong == []


def test_heart_of_the_sync_imports_nothing_of_the_portal_that_is_not_pure():
    allowed = {each.removesuffix(".py").replace("/", ".") for each in PURE} | {"portal.errors"}
    modules = {place(module): module for module in MODULES}
    wrong = [
        f"{each} imports {name}"
        for each in sorted(PURE)
        for name in imported(modules[each])
        if is_below(name, "portal") and name.rpartition(".")[0] not in allowed
    ]

    assert wrong == []


def test_heart_of_the_sync_has_no_clock_of_its_own():
    wrong = [
        f"{each}:{node.lineno}"
        for each in sorted(PURE)
        for node in ast.walk(ast.parse((ROOT / each).read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    ]

    assert wrong == []


@pytest.mark.parametrize("client", [AspClient, Transport])
def test_d9_client_of_asp_has_no_way_to_delete(client):
    names = [name.lower() for name, _ in inspect.getmembers(client)]

    assert not [
        name for name in names if any(word in name for word in ("delete", "remove", "destroy", "purge"))
    ]


def test_d9_no_request_to_asp_is_a_delete():
    wrong = [
        f"{place(module)}:{node.lineno}"
        for module in MODULES
        if place(module).startswith(("portal/asp/", "portal/sync/"))
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == "DELETE"
    ]

    assert wrong == []
