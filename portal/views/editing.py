"""What the pages that edit a session or a person have in common."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask import flash

from portal.forms.drafts import DraftForm
from portal.operations.editing.saving import EditedMeanwhile, Saved
from portal.text.excerpts import around_difference
from portal.text.html import words_of
from portal.views.undoing import RECORD, tell_with_undo

RICH_TEXTS = ("description", "biography")


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else did while a form was open: who, the fields taken over, and both values of the others."""

    by: str = ""
    taken: frozenset[str] = frozenset()
    both: dict[str, tuple[str, str]] = field(default_factory=dict)  # field → mine, theirs


def labels_of(form: DraftForm, labels: dict[str, str]) -> dict[str, str]:
    """What the fields of a form are called, those of the event's own among them."""
    return labels | {each.key: each.name for each in form.custom_fields}


def ask_whose(
    form: DraftForm,
    error: EditedMeanwhile,
    labels: dict[str, str],
    mine: Callable[[str], str],
    theirs: Callable[[str], str],
) -> Meanwhile:
    """Take over what only the other one changed, and ask about what both did; `mine` and `theirs` say a field."""
    both = {
        name: both_in_words(name, mine(name), theirs(name)) for name in labels if name in error.merged.both
    }
    form.ask(error.stored, error.merged.taken, error.merged.both)
    return Meanwhile(error.by or "an import", error.merged.taken, both)


def both_in_words(name: str, mine: str, theirs: str) -> tuple[str, str]:
    """Both values where they differ: of a text with HTML the words, unless those are the same."""
    words = (words_of(mine), words_of(theirs)) if name in RICH_TEXTS else (mine, theirs)
    return around_difference(*(words if words[0] != words[1] else (mine, theirs)))


def tell_of(saved: Saved) -> None:
    """Say what saving did, what somebody else had changed, and what to look at."""
    if saved.change is not None:
        tell_with_undo("Saved.", saved.change, back=RECORD)
    else:
        flash("Saved." if saved.changed else "Nothing was changed.", "success")
    tell_taken(saved.taken)
    for warning in saved.warnings:
        flash(warning, "warning")


def tell_taken(names: Iterable[str]) -> None:
    """Say what somebody else had changed while a form was open, and what therefore stays."""
    if kept := ", ".join(names):
        flash(f"Changed by somebody else meanwhile, and kept: {kept}.", "info")
