"""a run's requests to ASP, and problems that were dismissed"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_log",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_request_log_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_request_log")),
    )
    op.create_table(
        "dismissed_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("dismissed_by", sa.String(), nullable=False),
        sa.Column("dismissed_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_dismissed_problem_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_problem")),
    )
    op.create_index("dismissed_by_event", "dismissed_problem", ["event_id", "kind", "source_id"])


def downgrade() -> None:
    op.drop_table("dismissed_problem")
    op.drop_table("request_log")
