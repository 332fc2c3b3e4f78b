"""Settings that make a local server slow, strict or faulty, changed by name while it runs."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Self


class BadSetting(Exception):
    """A setting is unknown or its value makes no sense."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a number may be; 0 always turns a setting off unless it is `never_off`."""

    least: float = 0
    most: float = math.inf
    never_off: bool = False


ANY = Range()


@dataclass(frozen=True, slots=True)
class Settings:
    """A server's settings, as fields with defaults of the types bool, int, float and str.

    `words` names the texts that a setting takes, `ranges` the numbers; any text, and any number from 0, else.
    """

    words: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    ranges: ClassVar[Mapping[str, Range]] = {}

    def changed(self, settings: Mapping[str, Any]) -> Self:
        """These settings with some of them changed; raises BadSetting."""
        kinds = {each.name: each.type for each in fields(self)}
        for name, value in settings.items():
            if name not in kinds:
                raise BadSetting(f"{name} is no setting.")
            problem = self._problem(name, kinds[name], value)
            if problem:
                raise BadSetting(f"{name} must be {problem}.")
        return replace(self, **settings)

    def as_dict(self) -> dict[str, Any]:
        """All settings by name."""
        return asdict(self)

    def _problem(self, name: str, kind: Any, value: Any) -> str | None:
        """What the value would have to be, if it is not that."""
        if kind is bool:
            return None if isinstance(value, bool) else "true or false"
        if kind is str:
            words = self.words.get(name)
            if isinstance(value, str) and (words is None or value in words):
                return None
            return f"one of {', '.join(map(repr, words))}" if words else "a text"
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "a number"
        if kind is int and not isinstance(value, int):
            return "a whole number"
        allowed = self.ranges.get(name, ANY)
        if allowed.least <= value <= allowed.most or (value == 0 and not allowed.never_off):
            return None
        if allowed.most == math.inf:
            return f"{allowed.least} or more"
        off = "" if allowed.never_off or allowed.least <= 0 else ", or 0"
        return f"between {allowed.least} and {allowed.most}{off}"
