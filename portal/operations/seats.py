"""Seats: how many may do one thing at a time, counted over all processes of this machine.

A seat is a lock on a file, which the system gives back whatever becomes of its holder.
"""

import fcntl
import os
import time

from portal.config import current_settings

LOOK_AGAIN = 0.05  # seconds


class Seat:
    """A seat that somebody has taken; it is free again after `free`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def free(self) -> None:
        os.close(self._descriptor)


def take_seat(name: str, seats: int, within: float) -> Seat | None:
    """Take one of so many seats, waiting `within` seconds for it at most; None when all stay taken."""
    folder = current_settings().instance_dir / "seats"
    folder.mkdir(mode=0o700, exist_ok=True)
    ends_at = time.monotonic() + within
    while True:
        for number in range(seats):
            descriptor = os.open(folder / f"{name}-{number}", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            return Seat(descriptor)
        if time.monotonic() >= ends_at:
            return None
        time.sleep(LOOK_AGAIN)
