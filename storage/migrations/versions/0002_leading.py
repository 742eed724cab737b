"""Leading an incident live: adopted channels, links, tasks, updates, handovers, reminders, the postmortem's dates."""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, storage.database.UtcDateTime(timezone=True), nullable=nullable)


def _incident() -> sa.Column[object]:
    return sa.Column("incident", sa.Integer(), nullable=False)


def _to_incident(table: str, column: str = "incident") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["incidents.id"], name=op.f(f"fk_{table}_{column}"))


def _status() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("status", sa.String(length=16), nullable=False),
        _moment("status_at"),
        sa.Column("status_by", sa.String(length=32), nullable=True),
    )


def _said() -> tuple[sa.Column[object], ...]:
    return sa.Column("by", sa.String(length=32), nullable=False), _moment("said_at", nullable=False)


def _removable() -> sa.Column[object]:
    return sa.Column("is_removed", sa.Boolean(), server_default=sa.text("false"), nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("incidents") as batch:
        batch.add_column(sa.Column("is_adopted", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch.add_column(sa.Column("holds_channel", sa.Boolean(), server_default=sa.text("true"), nullable=False))
        batch.add_column(_moment("capture_from"))
        batch.add_column(_moment("capture_until"))
        batch.add_column(sa.Column("postmortem_due", sa.Date(), nullable=True))
        batch.add_column(_moment("meeting_at"))
        batch.add_column(_moment("waived_at"))
        batch.add_column(sa.Column("waived_by", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("waive_reason", sa.Text(), nullable=True))
        batch.drop_constraint("uq_incidents_team_id_channel_id", type_="unique")
    op.create_index(
        "uq_incidents_channel_held",
        "incidents",
        ["team_id", "channel_id"],
        unique=True,
        sqlite_where=sa.text("holds_channel"),
        postgresql_where=sa.text("holds_channel"),
    )
    op.create_index("ix_incidents_team_id_channel_id", "incidents", ["team_id", "channel_id"])
    op.add_column("impacts", sa.Column("details", storage.database.JsonText(), nullable=True))
    op.create_table(
        "links",
        _incident(),
        sa.Column("other", sa.Integer(), nullable=False),
        *_said(),
        sa.CheckConstraint("incident < other", name=op.f("ck_links_order")),
        _to_incident("links"),
        _to_incident("links", "other"),
        sa.PrimaryKeyConstraint("incident", "other", name=op.f("pk_links")),
    )
    op.create_index(op.f("ix_links_other"), "links", ["other"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        _incident(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_said(),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        *_status(),
        _removable(),
        _to_incident("tasks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("incident", "number", name=op.f("uq_tasks_incident_number")),
    )
    op.create_index(op.f("ix_tasks_incident"), "tasks", ["incident"])
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer(), nullable=False),
        _incident(),
        sa.Column("text", sa.Text(), nullable=False),
        *_said(),
        sa.Column("to", sa.Text(), nullable=False),
        _moment("next_due_at"),
        _removable(),
        _to_incident("updates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
    )
    op.create_index(op.f("ix_updates_incident"), "updates", ["incident"])
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        _incident(),
        *_said(),
        sa.Column("to_id", sa.String(length=32), nullable=False),
        sa.Column("brief", storage.database.JsonText(), nullable=False),
        *_status(),
        _to_incident("handovers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_incident"), "handovers", ["incident"])
    op.create_table(
        "reminders",
        _incident(),
        sa.Column("kind", sa.String(length=32), nullable=True),
        _moment("since"),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("snoozed_until"),
        sa.Column("snoozed_by", sa.String(length=32), nullable=True),
        _to_incident("reminders"),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_reminders")),
    )
    op.create_table(
        "versions",
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _moment("made_at", nullable=False),
        _moment("approved_at"),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        _moment("published_at"),
        sa.Column("published_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_versions_draft")),
        sa.PrimaryKeyConstraint("draft", "audience", name=op.f("pk_versions")),
    )


def downgrade() -> None:
    for table in ("versions", "reminders", "handovers", "updates", "tasks", "links"):
        op.drop_table(table)
    op.drop_column("impacts", "details")
    op.drop_index("ix_incidents_team_id_channel_id", "incidents")
    op.drop_index("uq_incidents_channel_held", "incidents")
    # Of several incidents in one channel the older ones lose it: a channel had one incident then.
    op.execute("UPDATE incidents SET channel_id = NULL WHERE NOT holds_channel")
    with op.batch_alter_table("incidents") as batch:
        for column in (
            "waive_reason",
            "waived_by",
            "waived_at",
            "meeting_at",
            "postmortem_due",
            "capture_until",
            "capture_from",
            "holds_channel",
            "is_adopted",
        ):
            batch.drop_column(column)
        batch.create_unique_constraint("uq_incidents_team_id_channel_id", ["team_id", "channel_id"])
