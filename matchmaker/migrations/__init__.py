"""Schema migrations, run by code: Alembic's scripts live beside this file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_Act = Callable[[Config], object]


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision; does nothing when it is there already."""
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to a revision (``base`` for none at all)."""
    _run(engine, lambda config: command.downgrade(config, revision))


def new_revision(engine: Engine, message: str) -> None:
    """Write a migration script for what the models have and the database has not."""
    _run(engine, lambda config: command.revision(config, message, autogenerate=True))


def is_at_head(connection: Connection) -> bool:
    """Tell whether the database has every migration of this version."""
    heads = set(ScriptDirectory.from_config(_config()).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def _run(engine: Engine, act: _Act) -> None:
    # SQLite rebuilds a table to alter it: with foreign keys on, dropping the old one would
    # cascade into its children. They go off outside the transaction and are checked after.
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            _switch_foreign_keys(connection, on=False)
        config = _config()
        config.attributes["connection"] = connection
        with connection.begin():
            act(config)
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("the migration would leave rows that point nowhere")
        if sqlite:
            _switch_foreign_keys(connection, on=True)


def _switch_foreign_keys(connection: Connection, *, on: bool) -> None:
    # Through the driver: within SQLAlchemy's transaction the pragma would be ignored.
    raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
