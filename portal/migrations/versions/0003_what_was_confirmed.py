"""what was confirmed: the timezone's name (D10), a run's own approval and what it withheld (D12), rest and mark

A word that was given on a mapping counted for every later run; from now on it stands with what it was given for.
"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Column by column: SQLite's other way, a new table in place of the old, would empty what refers to it.
    op.add_column("mapping", sa.Column("timezone_confirmed_for", sa.String(), nullable=True))
    op.execute(
        "UPDATE mapping SET timezone_confirmed_for = (SELECT timezone FROM event WHERE event.id = mapping.event_id) "
        "WHERE timezone_confirmed_at IS NOT NULL"
    )
    op.drop_column("mapping", "timezone_confirmed_at")
    op.drop_column("mapping", "unpublish_approved")
    for name in ("prepare_only", "paused"):
        op.add_column("mapping", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mapping", sa.Column("paused_until", sa.Date(), nullable=True))
    op.add_column("mapping", sa.Column("changes_waiting", sa.Integer(), nullable=True))

    op.drop_column(
        "run", "unpublishes"
    )  # the runs that asked so far wrote nothing: there is no list to approve
    for name in ("withheld", "unpublish_approved"):
        op.add_column("run", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "run_record", sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "unpublished_speaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("site_uuid", sa.String(), nullable=False),
        sa.Column("asp_uuid", sa.String(), nullable=False),
        sa.Column("unpublished_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_unpublished_speaker_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unpublished_speaker")),
        sa.UniqueConstraint(
            "organisation_id",
            "site_uuid",
            "asp_uuid",
            name=op.f("uq_unpublished_speaker_organisation_id_site_uuid_asp_uuid"),
        ),
    )
