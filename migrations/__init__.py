"""The database's history: Alembic revisions from the empty database to the present tables. ``migrations.run`` applies them."""
