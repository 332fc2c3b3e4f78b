"""Templates use what they import, and say what they need."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

FOLDER = Path(__file__).parents[2] / "portal" / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PARTIALS = [name for name in TEMPLATES if name.rpartition("/")[2].startswith("_")]
WIDEST = 120  # characters that a reader sees at once


def parse(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_uses_every_macro_that_it_imports(app: Flask, name: str) -> None:
    tree = parse(app, name)
    imported = {
        each if isinstance(each, str) else each[1]
        for found in tree.find_all(nodes.FromImport)
        for each in found.names
    }

    assert imported - {each.name for each in tree.find_all(nodes.Name)} == set()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "<table" in (FOLDER / name).read_text()])
def test_every_value_of_a_table_says_its_column_where_the_columns_have_no_head(name: str) -> None:
    """On a small screen rows become cards; what a card is about, its tick, its buttons and a cell that stands across
    the columns speak for themselves."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    tables = re.findall(r'<table class="grid.*?</table>', text, re.DOTALL)
    cells = [cell for table in tables for cell in re.findall(r"<td.*?</td>", table, re.DOTALL)]
    classes = (f'class="{each}"' for each in ("wide", "title", "pick", "right"))
    speaks = ("data-label=", "colspan=", "back_office", *classes)

    assert [cell for cell in cells if not any(each in cell for each in speaks)] == []


@pytest.mark.parametrize("name", PARTIALS)
def test_a_partial_names_all_that_it_needs(app: Flask, name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    said = set(re.findall(r"\w+", text.partition("#}")[0]))
    with app.test_request_context():
        context: dict[str, object] = {}
        app.update_template_context(context)

    tree = parse(app, name)
    made_here = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
    made_here |= {each.name for each in tree.find_all(nodes.Macro)}

    needed = meta.find_undeclared_variables(tree) - made_here - context.keys() - set(app.jinja_env.globals)
    assert needed <= said


def test_no_line_of_a_template_script_or_style_sheet_is_longer_than_a_reader_sees() -> None:
    files = [*FOLDER.rglob("*.*"), *(FOLDER.parent / "static").glob("*.[cj]s*")]
    lines = [(path, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    too_long = [f"{path.name}: {line}" for path, line in lines if len(line) > WIDEST]

    assert [each for each in too_long if 'url("data:' not in each] == []
