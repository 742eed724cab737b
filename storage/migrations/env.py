"""Alembic's entry point: the program configures the connection itself (storage.migrate)."""

from alembic import context

context.run_migrations()
