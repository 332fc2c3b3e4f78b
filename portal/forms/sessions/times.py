"""When a session takes place, as its form shows it: by the event's clock, also on the day on which that changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import SelectChoice, SelectField, TimeField
from wtforms.validators import Optional

from portal.forms.days import DayField
from portal.forms.drafts import DraftForm
from portal.operations.queries.drafts import written
from portal.programme.drafts import Draft
from portal.programme.values import parse_moment
from portal.text.clock import clock_words, describe_changes, moments_at, offset_words

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


class TimesForm(DraftForm):
    """Start and end; the day of the end is said only where it is another."""

    starts_on = DayField("Day", [Optional()])
    starts_at = TimeField("Start", [Optional()])
    starts_which = SelectField("Which start is meant", validate_choice=False)
    ends_on = DayField("End day", [Optional()])
    ends_at = TimeField("End", [Optional()])
    ends_which = SelectField("Which end is meant", validate_choice=False)

    def __init__(self, timezone: str, **values: Any) -> None:
        super().__init__(**values)
        self.zone = ZoneInfo(timezone)
        for names in TIMES.values():
            self[names.which].choices = self._meant(names)

    def fill(self, draft: Draft) -> None:
        for name, names in TIMES.items():
            if name in draft:
                self._fill_time(names, draft[name])
        if "ends_at" in draft and self.ends_on.data == self.starts_on.data:
            self.show("ends_on", None)
        super().fill({name: value for name, value in draft.items() if name not in TIMES})

    def _fill_time(self, names: Times, value: str) -> None:
        moment = parse_moment(value) if value else None
        shown = moment.astimezone(self.zone) if moment else None
        self.show(names.day, shown.date() if shown else None)
        self.show(names.clock, shown.time() if shown else None)
        self[names.which].choices = self._meant(names)
        self.show(names.which, value)

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
        return describe_changes(filter(None, (self.starts_on.data, self.ends_on.data)), self.zone)

    def read_time(self, name: str) -> str:
        """The point in time as a draft holds it; "" where none is given, or where a field says what is wrong."""
        names = TIMES[name]
        day, clock = self[names.day].data, self[names.clock].data
        if clock is None:
            if day is not None:
                self.refuse(names.clock, "Enter the time too, or leave out the day.")
            return ""
        wall = self._wall(names)
        if wall is None:
            self.refuse("starts_on", "Enter the day too, or leave out the times.")
            return ""
        found = moments_at(wall, self.zone)
        if not found:
            self.refuse(names.clock, f"There is no {wall:%H:%M} on that day: the clocks jump over it.")
            return ""
        if len(found) == 1:
            return written(found[0])
        meant = next((written(each) for each in found if written(each) == self[names.which].data), "")
        if not meant:
            self.refuse(names.which, TWICE)
        return meant

    def time_in_words(self, value: str) -> str:
        moment = parse_moment(value) if value else None
        return clock_words(moment, self.zone) if moment else "None"
