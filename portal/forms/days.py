"""A day in a form."""

from typing import Any

from wtforms import DateField

from portal.programme.values import FIRST_YEAR, LAST_YEAR


class DayField(DateField):
    """A day of the years that a programme may lie in: no clock reaches beyond the first and the last of all."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(f"Enter a day of the years {FIRST_YEAR} to {LAST_YEAR}.")
