"""Where a milestone and an action were taken from, and the votes that an entry was taken off with."""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("milestones", sa.Column("link", sa.Text(), nullable=True))
    op.add_column("actions", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("curations", sa.Column("without", storage.database.JsonText(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("curations") as batch:
        batch.drop_column("without")
    with op.batch_alter_table("actions") as batch:
        batch.drop_column("source")
    with op.batch_alter_table("milestones") as batch:
        batch.drop_column("link")
