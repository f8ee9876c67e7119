"""The database: engine, declarative base, and one session per request or command."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import DateTime, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every mapped class inherits; constraint names are predictable for migrations."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a moment without zone: it would be read as another hour elsewhere."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the moment with its zone."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


def utc_now() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


def enum_type(enum: type[StrEnum], name: str) -> Enum:
    """A closed set of words, stored as text and held by a CHECK on both databases."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def make_engine(url: str) -> Engine:
    """Make the engine of one database; an SQLite file's folder is created."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own implicit BEGIN is switched off: _begin_sqlite says when and how.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A deferred BEGIN that writes later can meet SQLITE_BUSY at once; IMMEDIATE waits its turn.
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


class Database:
    """Gives each application context its session; bound to an app by :meth:`init_app`."""

    def init_app(self, app: Flask) -> None:
        """Create the app's engine and close each context's session at its end."""
        app.extensions["engine"] = make_engine(app.config["DATABASE_URL"])
        app.teardown_appcontext(self._close)

    @property
    def engine(self) -> Engine:
        """The current app's engine."""
        engine: Engine = current_app.extensions["engine"]
        return engine

    @property
    def session(self) -> Session:
        """The session of the current application context, made on first use."""
        if "database_session" not in g:
            g.database_session = self.new_session(writing=bool(g.get("writing", False)))
        session: Session = g.database_session
        return session

    def new_session(self, *, writing: bool) -> Session:
        """Open a session; a writing one takes SQLite's write lock at its first statement."""
        engine = self.engine.execution_options(sqlite_begin="IMMEDIATE") if writing else self.engine
        return sessionmaker(engine, expire_on_commit=False)()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One write transaction for commands and jobs: commit at the end, roll back on error."""
        with self.new_session(writing=True) as session, session.begin():
            yield session

    @staticmethod
    def _close(_error: BaseException | None) -> None:
        session = g.pop("database_session", None)
        if session is not None:
            session.close()


db = Database()
