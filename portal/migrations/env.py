"""What Alembic runs: the tables of `portal.models` against the application's database."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db

with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        user_module_prefix="portal.models.base.",
    )
    with context.begin_transaction():
        context.run_migrations()
