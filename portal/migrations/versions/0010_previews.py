"""previews, and before and after of what runs changed"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("asked_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("made_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.Column("stop", sa.String(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["mapping.id"], name=op.f("fk_preview_mapping_id_mapping"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview")),
    )
    with op.batch_alter_table("preview") as preview:
        preview.create_index("preview_by_mapping", ["mapping_id", "id"], unique=False)
    op.create_table(
        "preview_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("preview_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["preview_id"],
            ["preview.id"],
            name=op.f("fk_preview_record_preview_id_preview"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_record")),
    )
    with op.batch_alter_table("preview_record") as record:
        record.create_index("preview_record_by_group", ["preview_id", "group"], unique=False)
    with op.batch_alter_table("run_record") as record:
        record.add_column(sa.Column("fields", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("run_record") as record:
        record.alter_column("fields", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("run_record") as record:
        record.drop_column("fields")
    op.drop_table("preview_record")
    op.drop_table("preview")
