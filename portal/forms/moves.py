"""The forms that give a session another time and room: one to fill in, one for where it was dropped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, TimeField
from wtforms.validators import InputRequired

from portal.errors import Refused
from portal.forms.days import DayField
from portal.forms.sessions.times import TIMES, TimesForm
from portal.operations.queries.drafts import Offered, written
from portal.programme.drafts import Draft, marks_of
from portal.programme.values import parse_moment
from portal.text.clock import moments_at

MOVED = ("starts_at", "ends_at", "room")  # of a session's draft


class MoveForm(TimesForm):
    """Start, end and room; an end that is left alone moves along with the start."""

    room = SelectField("Room", validate_choice=False)

    def __init__(self, timezone: str, offered: Offered, **values: Any) -> None:
        super().__init__(timezone, **values)
        self.timezone, self.offered = timezone, offered
        rooms = [SelectChoice(key, name) for key, name in offered.choices.get("room", [])]
        self.room.choices = [SelectChoice("", "–"), *rooms]

    @classmethod
    def of(cls, draft: Draft, timezone: str, offered: Offered) -> "MoveForm":
        """The form as a session's draft has it."""
        form = cls(timezone, offered, formdata=None)
        form.open({name: draft[name] for name in MOVED})
        return form

    def read(self, opened: Draft) -> Draft | None:
        """The draft that stands in the form, by the one that it was opened with; None where a field says what is
        wrong."""
        if not self.validate():
            return None
        draft: Draft = {**{name: self.read_time(name) for name in TIMES}, "room": self.room.data or ""}
        if self.errors:
            return None
        if self._left_the_end(opened) and draft["starts_at"]:
            draft["ends_at"] = _moved_along(opened, draft["starts_at"])
        return draft

    def _left_the_end(self, opened: Draft) -> bool:
        if not opened["starts_at"] or not opened["ends_at"]:
            return False
        before = MoveForm.of(opened, self.timezone, self.offered)
        return all(self[name].data == before[name].data for name in ("ends_at", "ends_on"))


class DropForm(FlaskForm):
    """Where a session was dropped, by the event's clock, and where the page had it until then."""

    session = HiddenField()  # its UUID
    day = DayField(validators=[InputRequired()])
    time = TimeField(validators=[InputRequired()])
    room = HiddenField()  # a name; empty leaves it in its room
    was_at = HiddenField()
    was_until = HiddenField()
    was_in = HiddenField()  # the name of its room

    def read(self, stored: Draft, timezone: str, offered: Offered) -> tuple[Draft, dict[str, str]]:
        """What the session is to have, and the marks of what the page showed of it.

        `stored` is its draft as it is now. Raises Refused for a time that the clock does not show exactly once, and
        for a room that is no longer there.
        """
        wall = datetime.combine(self.day.data, self.time.data)
        found = moments_at(wall, ZoneInfo(timezone))
        if len(found) != 1:
            why = "it is shown twice" if found else "the clocks jump over it"
            raise Refused(
                f"There is not one {wall:%H:%M} on that day: {why}. Use Move, and say which is meant."
            )
        rooms = {name: key for key, name in offered.choices.get("room", [])}
        names = {key: name for name, key in rooms.items()}
        if names.get(stored["room"]) == self.was_in.data:  # of two rooms with one name it is in this one
            rooms[self.was_in.data] = stored["room"]
        opened = {
            "starts_at": self.was_at.data or "",
            "ends_at": self.was_until.data or "",
            "room": _room(rooms, self.was_in.data),
        }
        starts_at = written(found[0])
        wanted = {
            "starts_at": starts_at,
            "ends_at": _moved_along(opened, starts_at),
            "room": _room(rooms, self.room.data) or opened["room"],
        }
        return wanted, marks_of(opened)


def _room(rooms: Mapping[str, str], name: str | None) -> str:
    if name and name not in rooms:
        raise Refused(f"There is no room “{name}” any more.", "room")
    return rooms[name] if name else ""


def _moved_along(opened: Draft, starts_at: str) -> str:
    """The end of a session that keeps its length."""
    before, after, end = (parse_moment(each) for each in (opened["starts_at"], starts_at, opened["ends_at"]))
    return written(end + (after - before)) if before and after and end else ""
