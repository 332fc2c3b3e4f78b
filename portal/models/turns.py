"""Takes turns: of several transactions that would look first and then write, one goes at a time."""

from typing import Any

from sqlalchemy import update

from portal.models.base import db


def await_turn(table: Any, row_id: int) -> bool:
    """Wait until nobody else holds this row, and hold it to the transaction's end; False when it is gone.

    The row is written as it stands: that makes others wait on SQLite and PostgreSQL alike, and what they committed
    is seen afterwards.
    """
    held = db.session.execute(
        update(table)
        .where(table.id == row_id)
        .values(id=table.id)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    ).first()
    return held is not None
