"""Alembic's entry: run on the connection that the store hands over, inside its transaction."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from node.store import evidence_tables, life_tables, status_tables, stream_tables, tables

assert tables.MetaRow.metadata is status_tables.StatusListRow.metadata is SQLModel.metadata
assert evidence_tables.HeardLifeRow.metadata is SQLModel.metadata
assert life_tables.LifeRow.metadata is stream_tables.StreamRow.metadata is SQLModel.metadata
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
