"""The form of a session: by the event's clock, with what it was opened with, so that nobody's work is lost."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Optional

from portal.operations.queries.drafts import SINGLE_KINDS, Offered, typed, written
from portal.programme.drafts import NEW, Draft, marks_of
from portal.programme.values import parse_moment
from portal.text.clock import describe_change, moments_at, offset_words
from portal.text.matching import fold

A_NEW_ONE = "new"  # chosen in a list: the name stands in the field beside it
TWICE = "It is shown twice on that day, as the clocks go back: say which one is meant."


@dataclass(frozen=True, slots=True)
class Times:
    """The names of the fields that make up one point in time."""

    day: str
    clock: str
    which: str


TIMES = {
    "starts_at": Times("starts_on", "starts_at", "starts_which"),
    "ends_at": Times("ends_on", "ends_at", "ends_which"),
}


def choice(label: str) -> SelectField:
    """A list of the event to choose from; what may be chosen is decided where the session is stored."""
    return SelectField(label, validate_choice=False)


class SessionForm(FlaskForm):
    """Writes and reads a draft; only what cannot be read at all is refused here."""

    title = StringField("Title")
    status = choice("Status")
    client_session_id = StringField("Client Session ID")
    is_public = BooleanField("Public")
    starts_on = DateField("Day", [Optional()])
    starts_at = TimeField("Start", [Optional()])
    starts_which = choice("Which start is meant")
    ends_on = DateField("End day", [Optional()])
    ends_at = TimeField("End", [Optional()])
    ends_which = choice("Which end is meant")
    room = choice("Room")
    room_new = StringField("Name of the new room")
    format = choice("Format")
    format_new = StringField("Name of the new format")
    track = choice("Track")
    track_new = StringField("Name of the new track")
    level = choice("Level")
    level_new = StringField("Name of the new level")
    language = choice("Language")
    language_new = StringField("Name of the new language")
    tags = SelectMultipleField("Tags", validate_choice=False)
    tag_new = StringField("Add a tag")
    description = TextAreaField("Description")
    seen = HiddenField()  # the marks of what the form was opened with

    def __init__(self, timezone: str, offered: Offered, **values: Any) -> None:
        super().__init__(**values)
        self.is_changed = False  # by a button that stores nothing yet
        self.focus = ""  # the field that such a button leads to
        self.zone = ZoneInfo(timezone)
        self.offered = offered
        self.status.choices = [SelectChoice(each, _words(each)) for each in offered.statuses]
        for kind in SINGLE_KINDS:
            listed = [SelectChoice(key, name) for key, name in offered.choices.get(kind, [])]
            self[kind].choices = [SelectChoice("", "–"), *listed, SelectChoice(A_NEW_ONE, f"New {kind}…")]
        self.tags.choices = [SelectChoice(key, name) for key, name in offered.choices.get("tag", [])]
        for names in TIMES.values():
            self[names.which].choices = self._meant(names)

    @classmethod
    def of(cls, draft: Draft, timezone: str, offered: Offered) -> "SessionForm":
        """The form as a draft has it."""
        form = cls(timezone, offered, formdata=None)
        form.fill(draft)
        form.mark(draft)
        return form

    def mark(self, draft: Draft) -> None:
        """Note that the form's reader has seen this."""
        self.seen.data = json.dumps(marks_of(draft))

    def fill(self, draft: Draft) -> None:
        """Show these fields of a draft in place of what stands in the form."""
        for name, value in draft.items():
            if name in TIMES:
                self._fill_time(TIMES[name], value)
            else:
                self._show(name, value)
        if "ends_at" in draft and self.ends_on.data == self.starts_on.data:
            self._show("ends_on", None)

    def _fill_time(self, names: Times, value: str) -> None:
        moment = parse_moment(value) if value else None
        shown = moment.astimezone(self.zone) if moment else None
        self._show(names.day, shown.date() if shown else None)
        self._show(names.clock, shown.time() if shown else None)
        self[names.which].choices = self._meant(names)
        self._show(names.which, value)

    def _show(self, name: str, value: Any) -> None:
        # a field shows what was sent rather than its value, as long as it remembers it
        self[name].data, self[name].raw_data = value, None

    def _meant(self, names: Times) -> list[SelectChoice]:
        """The two points in time that a clock going back shows alike; none on other days."""
        wall = self._wall(names)
        found = moments_at(wall, self.zone) if wall else []
        if len(found) < 2:
            return []
        first, second = (
            SelectChoice(written(moment), f"The {word} {wall:%H:%M} ({offset_words(moment, self.zone)})")
            for word, moment in zip(("first", "second"), found, strict=True)
        )
        return [SelectChoice("", "Choose"), first, second]

    def _wall(self, names: Times) -> datetime | None:
        day = self[names.day].data or self.starts_on.data
        clock = self[names.clock].data
        return datetime.combine(day, clock) if day and clock else None

    @property
    def change_of_clocks(self) -> str | None:
        """What the clocks do on the day of the session, if they do anything."""
        days = [each for each in (self.starts_on.data, self.ends_on.data) if each]
        return next((words for day in days if (words := describe_change(day, self.zone))), None)

    def in_words(self, name: str, draft: Draft) -> str:
        """A field of a draft, for somebody who has to choose between two."""
        value = draft[name]
        if name in TIMES:
            moment = parse_moment(value) if value else None
            return f"{moment.astimezone(self.zone):%-d %B %Y, %H:%M}" if moment else "None"
        if name == "is_public":
            return "Yes" if value else "No"
        if name == "status":
            return _words(value)
        if name == "tags":
            return ", ".join(self._name_of("tag", each) for each in value) or "None"
        return self._name_of(name, value) if name in SINGLE_KINDS and value else value or "None"

    def _name_of(self, kind: str, key: str) -> str:
        return dict(self.offered.choices.get(kind, [])).get(key, key.removeprefix(NEW))

    @property
    def marks(self) -> dict[str, str]:
        """The marks that the form was opened with; a form without good ones counts as just opened."""
        try:
            found = json.loads(self.seen.data or "{}")
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def read(self) -> Draft | None:
        """The draft that stands in the form; None where a field cannot be read, which then says why."""
        if not self.validate():
            return None
        draft: Draft = {
            "title": typed(self.title.data),
            "status": self.status.data or "",
            "client_session_id": typed(self.client_session_id.data),
            "is_public": bool(self.is_public.data),
            "starts_at": self._read_time(TIMES["starts_at"]),
            "ends_at": self._read_time(TIMES["ends_at"]),
            **{kind: self._read_choice(kind) for kind in SINGLE_KINDS},
            "tags": self._read_tags(),
            "description": typed(self.description.data),
        }
        return None if self.errors else draft

    def _read_choice(self, kind: str) -> str:
        chosen = self[kind].data or ""
        if chosen != A_NEW_ONE:
            return chosen
        name = typed(self[f"{kind}_new"].data)
        if not name:
            self._refuse(f"{kind}_new", f"Enter the name of the new {kind}.")
        return NEW + name

    def _read_tags(self) -> list[str]:
        name, chosen = typed(self.tag_new.data), list(self.tags.data or [])
        if name:
            known = {fold(each.name): key for key, each in self.offered.tags.items()}
            chosen.append(known.get(fold(name), NEW + name))
        return list(dict.fromkeys(chosen))

    def add_tag(self) -> None:
        """Put what is typed as a tag among the tags; stored when the form is saved."""
        self.tags.data = self._read_tags()
        self._show("tag_new", "")
        self.is_changed, self.focus = True, "tag_new"

    def _read_time(self, names: Times) -> str:
        """The point in time as a draft holds it; "" where none is given."""
        day, clock = self[names.day].data, self[names.clock].data
        if clock is None:
            if day is not None:
                self._refuse(names.clock, "Enter the time too, or leave out the day.")
            return ""
        wall = self._wall(names)
        if wall is None:
            self._refuse("starts_on", "Enter the day too, or leave out the times.")
            return ""
        found = moments_at(wall, self.zone)
        if not found:
            self._refuse(names.clock, f"There is no {wall:%H:%M} on that day: the clocks jump over it.")
            return ""
        if len(found) == 1:
            return written(found[0])
        meant = next((written(each) for each in found if written(each) == self[names.which].data), "")
        if not meant:
            self._refuse(names.which, TWICE)
        return meant

    def _refuse(self, name: str, text: str) -> None:
        if text not in self[name].errors:
            self[name].errors = [*self[name].errors, text]


def _words(status: str) -> str:
    return status.replace("_", " ").strip().capitalize()
