"""fields that an admin has left to ASP's editors"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = ("organisation_id", "site_uuid", "seminar_uuid", "kind", "key", "slug")


def upgrade() -> None:
    op.create_table(
        "kept_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KEY[1:]),
        sa.Column("kept_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_field_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_field")),
        sa.UniqueConstraint(*KEY, name=op.f("uq_kept_field_" + "_".join(KEY))),
    )


def downgrade() -> None:
    op.drop_table("kept_field")
