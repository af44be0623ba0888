"""Alembic runs this for each command. ``migrations.run`` hands it an open connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

import models.store  # noqa: F401 - it knows all tables
from migrations.tickets import PREFIX
from models.base import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table only by copying it
    compare_type=True,
    include_name=lambda name, kind, _: kind != "table" or not str(name).startswith(PREFIX),
)
with context.begin_transaction():
    context.run_migrations()
