"""What the pages that edit a session or a person have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash

from portal.operations.editing import EditedMeanwhile, Saved


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else did while a form was open: who, the fields taken over, and both values of the others."""

    by: str = ""
    taken: frozenset[str] = frozenset()
    both: dict[str, tuple[str, str]] = field(default_factory=dict)  # field → mine, theirs


def describe_meanwhile(
    error: EditedMeanwhile, labels: dict[str, str], mine: Callable[[str], str], theirs: Callable[[str], str]
) -> Meanwhile:
    both = {name: (mine(name), theirs(name)) for name in labels if name in error.merged.both}
    return Meanwhile(error.by or "an import", error.merged.taken, both)


def tell_of(saved: Saved) -> None:
    """Say what saving did, what somebody else had changed, and what to look at."""
    flash("Saved." if saved.changed else "Nothing was changed.", "success")
    if saved.taken:
        flash(f"Changed by somebody else meanwhile, and kept: {', '.join(saved.taken)}.", "info")
    for warning in saved.warnings:
        flash(warning, "warning")
