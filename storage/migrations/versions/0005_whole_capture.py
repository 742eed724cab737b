"""What makes the capture whole: files, kept revisions, comparisons with Slack's history, gaps, imported channels."""

import sqlalchemy as sa
from alembic import op

from storage.database import JsonText, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incidents") as batch:
        batch.add_column(sa.Column("is_imported", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch.drop_constraint("uq_incidents_team_id_channel_name", type_="unique")
    op.create_index(
        "uq_incidents_channel_name",
        "incidents",
        ["team_id", "channel_name"],
        unique=True,
        sqlite_where=sa.text("NOT is_imported"),
        postgresql_where=sa.text("NOT is_imported"),
    )
    op.add_column("messages", sa.Column("files", JsonText(), nullable=True))
    op.add_column("messages", sa.Column("recovered_at", UtcDateTime(), nullable=True))
    op.add_column("message_revisions", sa.Column("text", sa.Text(), nullable=True))
    for name in ("is_declined", "was_suggested"):
        op.add_column("curations", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_sources_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("incident", "channel_id", name=op.f("uq_sources_incident_channel_id")),
    )
    op.create_index(op.f("ix_sources_channel_id"), "sources", ["channel_id"])
    op.create_table(
        "reconciliations",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("checked_until", UtcDateTime(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("doubted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_reconciliations_incident")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_reconciliations")),
    )
    op.create_table(
        "capture_gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_capture_gaps_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture_gaps")),
        sa.UniqueConstraint("incident", "cause", "from_at", name=op.f("uq_capture_gaps_incident_cause_from_at")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "worker", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "names",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("thing_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "thing_id", name=op.f("pk_names")),
    )


def downgrade() -> None:
    # The program before knows no such work.
    op.execute("DELETE FROM due_items WHERE kind = 'reconcile'")
    for table in ("names", "heartbeats", "capture_gaps", "reconciliations", "sources"):
        op.drop_table(table)
    for table, column in (
        ("curations", "was_suggested"),
        ("curations", "is_declined"),
        ("message_revisions", "text"),
        ("messages", "recovered_at"),
        ("messages", "files"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_index("uq_incidents_channel_name", "incidents")
    # An earlier version knows a channel's name once.
    op.execute("UPDATE incidents SET channel_name = NULL WHERE is_imported")
    with op.batch_alter_table("incidents") as batch:
        batch.drop_column("is_imported")
        batch.create_unique_constraint("uq_incidents_team_id_channel_name", ["team_id", "channel_name"])
