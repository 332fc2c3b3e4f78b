"""What tests of several areas share: a local ASP, and a portal that talks to it."""

import gc
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sync_world import SEED, World
from werkzeug.routing import Rule

from asp_local.server import LocalAsp


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Looks for no rings in what is collected, which stays: that took a third of collecting, an eighth of tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashes passwords in no time: a tenth of a second for each user of each test was half of the suite's."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("portal.operations.accounts.passwords._hasher", quick)
        yield


class Compiled(BytecodeCache):
    """Templates that were compiled once, whichever application shows them."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def quick_templates() -> Iterator[None]:
    """Compiles each template once in a process: each application anew was a third of what tests of pages took."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_rules() -> Iterator[None]:
    """Compiles once in a process what writes a rule's addresses: anew, it took a third of the tests of the window."""
    compiled: dict[tuple[Any, ...], Callable[..., Any]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        # All that it depends on; which rule asks is a parameter of what is compiled.
        key = (rule.rule, append_unknown, tuple(rule._trace), repr(rule.defaults))
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture
def local_asp() -> Iterator[LocalAsp]:
    with LocalAsp(SEED, random_seed=1) as running:
        yield running


@pytest.fixture
def make_world(tmp_path: Path, local_asp: LocalAsp) -> Iterator[Callable[..., World]]:
    """Makes a portal with the settings given; it is closed at the end of the test."""
    made: list[World] = []

    def make(**settings: Any) -> World:
        made.append(World(tmp_path, local_asp, **settings))
        return made[-1]

    yield make
    for world in reversed(made):
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
