"""A directory for the import's tests: a real database with the reference data, files as bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import matchmaker.models  # noqa: F401 - every table, which foreign keys point to
from matchmaker import i18n
from matchmaker.database import Base, db
from matchmaker.imports.jobs import Task, import_file
from matchmaker.imports.reports import Report
from matchmaker.organisations.models import DirectoryNotice, Organisation, ProfileTerm, SearchToken


class World:
    """Imports files and looks at what became of the directory."""

    def __init__(self, url: str) -> None:
        self.app = Flask("import-world")
        self.app.config["DATABASE_URL"] = url
        db.init_app(self.app)
        i18n.init_app(self.app)

    def load(self, content: bytes, preset: str | None = None, **task: Any) -> Report:
        """Import a file."""
        with self.app.app_context():
            return import_file(Task("list.csv", **task), io.BytesIO(content), preset)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction."""
        with self.app.app_context(), db.writing() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to look with."""
        with self.app.app_context(), db.new_session(writing=False) as session:
            yield session

    def body(self, **where: Any) -> Organisation:
        """The one body with these columns, its lists loaded."""
        with self.reading() as session:
            query = select(Organisation).filter_by(**where)
            found = session.scalars(query).one()
            for name in ("terms", "contacts", "notices", "municipality"):
                getattr(found, name)
            return found

    def count(self, model: type[Base]) -> int:
        """How many rows a table has."""
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """The directory without numbers and moments: equal when two directories say the same."""
        with self.reading() as session:
            names = {row.id: row.name for row in session.execute(select(Organisation.id, Organisation.name))}
            skipped = {"id", "revision", "created_at", "updated_at"}
            columns = [c for c in Organisation.__table__.columns if c.name not in skipped]
            bodies = [tuple(map(str, row)) for row in session.execute(select(*columns))]
            terms = session.execute(
                select(
                    ProfileTerm.organisation_id,
                    ProfileTerm.field,
                    ProfileTerm.code,
                    ProfileTerm.inference_rule,
                    ProfileTerm.evidence,
                )
            )
            tokens = session.execute(select(SearchToken.organisation_id, SearchToken.token))
            notices = session.execute(
                select(DirectoryNotice.organisation_id, DirectoryNotice.code, DirectoryNotice.detail)
            )
            tables = {"terms": terms, "tokens": tokens, "notices": notices}
            named = {
                table: sorted((names[id_], *map(str, rest)) for id_, *rest in rows)
                for table, rows in tables.items()
            }
            return {"bodies": sorted(bodies), **named}
