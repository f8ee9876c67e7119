"""The schema: up, down and up again on both databases, and no drift between models and migrations."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from matchmaker import migrations
from matchmaker.database import make_engine
from matchmaker.models import Base
from matchmaker.organisations.models import Organisation, ProfileTerm
from tests.databases import Databases


def test_the_migrations_make_exactly_what_the_models_say(blank_url: str) -> None:
    engine = make_engine(blank_url)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_migrations_check_exactly_what_the_models_check(
    blank_url: str, databases: dict[str, Databases]
) -> None:
    # Alembic does not compare CHECK constraints: a word added to a closed set would slip through.
    migrated = make_engine(blank_url)
    migrations.upgrade(migrated)
    maker = databases["sqlite" if migrated.dialect.name == "sqlite" else "postgresql"]
    other_url = maker.make("blank")
    modelled = make_engine(other_url)
    Base.metadata.create_all(modelled)
    assert _checks(migrated) == _checks(modelled)
    modelled.dispose()
    migrated.dispose()
    maker.drop(other_url)


def _checks(engine: Engine) -> dict[str, list[tuple[str | None, str]]]:
    look = inspect(engine)
    return {
        table: sorted((check["name"], check["sqltext"]) for check in look.get_check_constraints(table))
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def test_a_missing_column_is_seen_as_drift(blank_url: str) -> None:
    # The negative control of the test above.
    engine = make_engine(blank_url)
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE organisation DROP COLUMN website"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) != []
    engine.dispose()


def test_up_down_and_up_again_leaves_an_empty_and_then_a_full_schema(blank_url: str) -> None:
    engine = make_engine(blank_url)
    migrations.upgrade(engine)
    migrations.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert migrations.is_at_head(connection)
    engine.dispose()


def test_an_upgrade_of_a_filled_database_at_its_head_loses_no_row(demo_url: str) -> None:
    engine = make_engine(demo_url)
    before = _counts(demo_url)
    migrations.upgrade(engine)
    assert _counts(demo_url) == before
    assert all(before)
    engine.dispose()


def _counts(url: str) -> list[int]:
    engine = make_engine(url)
    with Session(engine) as session:
        counts = [len(session.scalars(select(model.id)).all()) for model in (Organisation, ProfileTerm)]
    engine.dispose()
    return counts


@pytest.mark.parametrize("pragma", ["foreign_keys", "journal_mode"])
def test_sqlite_keeps_its_keys_and_its_journal_after_a_migration(tmp_path: object, pragma: str) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/a.sqlite")
    migrations.upgrade(engine)
    with engine.connect() as connection:
        value = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
    engine.dispose()
    assert value in (1, "wal")
