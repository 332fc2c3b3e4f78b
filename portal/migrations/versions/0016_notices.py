"""whom an organisation wants told, and what was told"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("webhook_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("webhook_host", sa.String(), nullable=True),
        sa.Column("emails", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("problem_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_notice_settings_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_settings")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_notice_settings_organisation_id")),
    )
    op.create_table(
        "told_trouble",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("told_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_id"],
            ["mapping.id"],
            name=op.f("fk_told_trouble_mapping_id_mapping"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_trouble")),
        sa.UniqueConstraint("mapping_id", name=op.f("uq_told_trouble_mapping_id")),
    )


def downgrade() -> None:
    op.drop_table("told_trouble")
    op.drop_table("notice_settings")
