"""The form that gives a session another time and room."""

from typing import Any

from wtforms import SelectChoice, SelectField

from portal.forms.sessions.times import TIMES, TimesForm
from portal.operations.queries.drafts import Offered, written
from portal.programme.drafts import Draft
from portal.programme.values import parse_moment

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


def _moved_along(opened: Draft, starts_at: str) -> str:
    """The end of a session that keeps its length."""
    before, after, end = (parse_moment(each) for each in (opened["starts_at"], starts_at, opened["ends_at"]))
    return written(end + (after - before)) if before and after and end else ""
