"""Tells whether rows have changed since somebody looked, without reading them."""

import secrets

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

BITS = 38  # the sum of the stamps of a million rows stays a 64-bit number


def new_stamp() -> int:
    """A number that no other write has."""
    return secrets.randbits(BITS)


class Stamped:
    """A row of what a plan is made from. Its stamp is another random number after every write.

    SQLAlchemy sets it, whichever operation writes, by objects or by statements (an upsert has to name it). So the
    number of some rows and the sum of their stamps stand for their content: no writer has to remember anything, and
    none waits for another, as they would for a counter.
    """

    stamp: Mapped[int] = mapped_column(
        BigInteger, default=new_stamp, onupdate=new_stamp, server_default="0", sort_order=1
    )
