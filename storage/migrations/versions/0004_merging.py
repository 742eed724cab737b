"""Which incident another one has become part of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incidents") as batch:
        batch.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_incidents_merged_into"), "incidents", ["merged_into"], ["id"])
    op.create_index(op.f("ix_incidents_merged_into"), "incidents", ["merged_into"])


def downgrade() -> None:
    op.drop_index(op.f("ix_incidents_merged_into"), "incidents")
    with op.batch_alter_table("incidents") as batch:
        batch.drop_constraint(op.f("fk_incidents_merged_into"), type_="foreignkey")
        batch.drop_column("merged_into")
