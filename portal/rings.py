"""How often Python looks for rings among its objects, in a process that holds whole programmes."""

import gc

OBJECTS_BETWEEN = 50_000


def look_for_few_rings() -> None:
    """Look after so many new objects, not after each 700.

    A large programme is some hundred thousand objects, none of them in a ring, and what a command loads as it starts
    are as many. Looking through them again and again took a quarter of the time of an agenda that is planned anew,
    and a fourteenth of that of a large import.
    """
    gc.set_threshold(OBJECTS_BETWEEN, *gc.get_threshold()[1:])
