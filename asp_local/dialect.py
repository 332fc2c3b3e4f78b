"""Other names on the wire than docs/asp.md has, to see what a portal makes of an API that differs from the page."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asp_local.application import Application
from asp_local.editors import Editors
from asp_local.gate import Gate
from asp_local.website import Website
from asp_local.wire import JSON, Answer, Request

GROUPS = ("paths", "names", "headers")
NO_LONGER_THERE = "no-longer-there"


class BadDialect(Exception):
    """A file of names cannot be used."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What parts of paths, fields of JSON and headers are called: the page's name → the one used instead."""

    paths: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Dialect":
        """From a TOML file with a table for each. Raises BadDialect."""
        try:
            groups = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise BadDialect(f"{path} cannot be read: {problem}") from problem
        if unknown := [name for name in groups if name not in GROUPS]:
            raise BadDialect(f"{path}: there is no table [{unknown[0]}], only {', '.join(GROUPS)}.")
        return cls(**groups)


class Translated(Application):
    """An application whose API speaks a dialect, if one is set; controls and website stay as they are."""

    def __init__(self, gate: Gate, editors: Editors, website: Website, dialect: Dialect | None) -> None:
        super().__init__(gate, editors, website)
        self.dialect = dialect

    def answer(self, request: Request) -> Answer:
        dialect = self.dialect
        if dialect is None or request.segments()[0] != "public":
            return super().answer(request)
        names = dialect.names
        path = "/".join(_documented(part, dialect.paths) for part in request.path.split("/"))
        body = _renamed(request.body, {ours: page for page, ours in names.items()})
        answer = super().answer(replace(request, path=path, body=body))
        headers = {dialect.headers.get(name, name): value for name, value in answer.headers.items()}
        said = _renamed(answer.body, names) if answer.content_type == JSON else answer.body
        return replace(answer, body=said, headers=headers)


def _documented(part: str, paths: Mapping[str, str]) -> str:
    """The page's name for a part of a path; a name that is not used any more leads nowhere."""
    for page, ours in paths.items():
        if part in (page, ours):
            return page if part == ours else NO_LONGER_THERE
    return part


def _renamed(body: bytes, names: Mapping[str, str]) -> bytes:
    """JSON with other names for its fields; what is no JSON stays."""
    try:
        return json.dumps(_with_names(json.loads(body), names), ensure_ascii=False).encode()
    except ValueError:
        return body


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {names.get(name, name): _with_names(each, names) for name, each in value.items()}
        case list():
            return [_with_names(each, names) for each in value]
        case _:
            return value
