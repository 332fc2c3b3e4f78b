"""docs/rules.md, the numbers in the code and those in the tests' names agree; every place it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
RULES = dict(
    re.findall(r"^- \*\*([A-I]\d+b?c?)\*\* (.*?)(?=^- \*\*|^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
)
# A number as the code writes it: in a comment, a docstring or brackets, never inside a word, a colour or a path.
NUMBER = re.compile(r"(?<![\w#./-])([A-Z](?:[1-9]|1\d|2\d)[bc]?)(?![\w/-])")
IN_A_NAME = re.compile(r"^\s*def test_([a-z]\d{1,2}[bc]?)_", re.MULTILINE)
PLACE = re.compile(r"`([\w/]+\.py):(\w+)`")


@cache
def names_in(module: str) -> set[str]:
    """The functions and classes of a module below portal/."""
    tree = ast.parse((ROOT / "portal" / module).read_text(encoding="utf-8"))
    return {
        each.name
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def comments_and_texts(path: Path) -> str:
    """What a module says beside its code: comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = [
        ast.get_docstring(node, clean=False) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, documented)
    ]
    return "\n".join([*texts, *re.findall(r"#.*", source)])


def test_every_rule_that_the_code_names_is_explained() -> None:
    named: dict[str, str] = {}
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for number in NUMBER.findall(comments_and_texts(path)):
            named.setdefault(number, path.relative_to(ROOT).as_posix())

    assert {number: path for number, path in named.items() if number not in RULES} == {}
    assert len(named) > 60


def test_every_rule_that_a_test_is_named_after_is_explained() -> None:
    named = {
        number[0].upper() + number[1:]
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in IN_A_NAME.findall(path.read_text(encoding="utf-8"))
    }

    assert named - RULES.keys() == set()
    assert len(named) > 40


def test_every_place_that_decides_a_rule_is_there() -> None:
    places = PLACE.findall(PAGE)

    missing = [
        f"{module}:{name}"
        for module, name in places
        if not (ROOT / "portal" / module).is_file() or name not in names_in(module)
    ]

    assert missing == []
    assert len(places) > 80


def test_a_rule_that_the_code_names_says_where_it_is_decided() -> None:
    built = {
        number
        for path in (ROOT / "portal").rglob("*.py")
        for number in NUMBER.findall(comments_and_texts(path))
    }

    assert [number for number in sorted(built & RULES.keys()) if not PLACE.search(RULES[number])] == []


def test_the_numbers_stand_in_order_and_once() -> None:
    listed = re.findall(r"^- \*\*([A-I])(\d+)([bc]?)\*\*", PAGE, re.MULTILINE)
    order = [(letter, int(number), suffix) for letter, number, suffix in listed]

    assert order == sorted(set(order))
