"""the public agenda of a mapping, and what was seen there"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mapping") as mapping:
        mapping.add_column(sa.Column("agenda_address", sa.String(), nullable=True))
    op.create_table(
        "website_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("next_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("looked_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("seen_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mapping_id"],
            ["mapping.id"],
            name=op.f("fk_website_look_mapping_id_mapping"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_website_look_run_id_run"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_website_look")),
        sa.UniqueConstraint("mapping_id", name=op.f("uq_website_look_mapping_id")),
    )


def downgrade() -> None:
    op.drop_table("website_look")
    with op.batch_alter_table("mapping") as mapping:
        mapping.drop_column("agenda_address")
