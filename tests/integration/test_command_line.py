"""The command line as a whole: what it says when the database is not what it expects."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from matchmaker.cli import COMMANDS, main
from matchmaker.database import make_engine
from matchmaker.migrations import upgrade

ASKING = ["suggest", "ipa:cisspito", "--measure", "M1"]


@pytest.fixture(autouse=True)
def _database(blank_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", blank_url)
    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", "only for tests")


def test_a_database_without_tables_is_answered_with_what_to_run() -> None:
    done = CliRunner().invoke(main, ASKING)
    assert done.exit_code == 1
    assert "matchmaker init" in done.output
    assert "Traceback" not in done.output


def test_a_database_that_is_ready_gets_the_command_s_own_answer(blank_url: str) -> None:
    engine = make_engine(blank_url)
    upgrade(engine)
    engine.dispose()
    done = CliRunner().invoke(main, ASKING)
    assert done.exit_code == 1
    assert "ipa:cisspito" in done.output


def test_every_command_of_the_table_can_be_loaded_and_explains_itself() -> None:
    for name in COMMANDS:
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0, name
        assert "Usage:" in done.output
