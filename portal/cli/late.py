"""Loads what only some commands need when it is needed: the others start without it."""

from importlib import import_module
from typing import Any


def load_late(name: str) -> Any:
    """What stands at "package.module:attribute"."""
    module, attribute = name.split(":")
    return getattr(import_module(module), attribute)
