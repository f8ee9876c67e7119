"""People from the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from matchmaker import create_app
from matchmaker.accounts.commands import person_command
from matchmaker.accounts.models import Person, PlatformRole
from matchmaker.accounts.services import authenticate
from matchmaker.audit.models import AuditEntry
from matchmaker.config import Settings
from matchmaker.database import db

PASSWORD = "tre gatti sul tetto"
Run = Callable[..., Result]


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    app = create_app(Settings(database_url=database_url, testing=True, secret_key="only for tests"))
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def run(app: Flask) -> Run:
    def command(*arguments: str, typed: str | None = None) -> Result:
        with app.app_context():
            return CliRunner().invoke(person_command, list(arguments), input=typed)

    return command


def the_person(app: Flask) -> Person:
    with app.app_context(), db.writing() as session:
        return session.scalars(select(Person)).one()


def create(run: Run, typed: str = f"{PASSWORD}\n", *more: str) -> Result:
    return run("create", "Anna@Lucciola.example", "--name", "Anna Bo", "--password-stdin", *more, typed=typed)


def test_a_person_is_created_with_the_password_from_standard_input(app: Flask, run: Run) -> None:
    result = create(run, f"{PASSWORD}\r\nignored\n", "--role", "facilitator", "--language", "en")
    assert (result.exit_code, result.output) == (0, "anna@lucciola.example created as facilitator\n")
    person = the_person(app)
    assert (person.role, person.language, person.name) == (PlatformRole.FACILITATOR, "en", "Anna Bo")
    with app.app_context(), db.writing() as session:
        assert authenticate(session, person.email, PASSWORD, None) is not None


def test_the_password_is_asked_for_twice_and_not_shown(app: Flask, run: Run) -> None:
    result = run("create", "anna@lucciola.example", "--name", "Anna Bo", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert the_person(app).role is PlatformRole.MEMBER


@pytest.mark.parametrize(
    ("password", "fault"), [("corta", "too short"), ("cooperativa2026", "too common"), ("", "short")]
)
def test_a_weak_password_creates_nobody(run: Run, app: Flask, password: str, fault: str) -> None:
    result = create(run, f"{password}\n")
    assert result.exit_code == 1
    assert fault in result.output
    with app.app_context(), db.writing() as session:
        assert session.scalars(select(Person)).all() == []


def test_what_is_no_e_mail_creates_nobody(run: Run) -> None:
    result = run("create", "anna", "--name", "Anna Bo", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (result.exit_code, "not an e-mail address: anna" in result.output) == (1, True)


def test_an_e_mail_in_use_is_refused(run: Run, app: Flask) -> None:
    create(run)
    result = create(run)
    assert (result.exit_code, "somebody is registered with anna@lucciola.example" in result.output) == (
        1,
        True,
    )
    assert the_person(app).name == "Anna Bo"


def test_the_role_of_a_person_is_changed_and_their_sessions_end(run: Run, app: Flask) -> None:
    create(run)
    before = the_person(app).get_id()
    result = run("role", "ANNA@lucciola.example", "administrator")
    assert (result.exit_code, result.output) == (0, "anna@lucciola.example is now administrator\n")
    assert the_person(app).role is PlatformRole.ADMINISTRATOR
    assert the_person(app).get_id() != before
    with app.app_context(), db.writing() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.actor_id, entry.detail) == (
            "change_role",
            None,
            {"before": "member", "after": "administrator"},
        )


def test_the_role_of_nobody_is_an_error_and_an_unknown_role_wrong_usage(run: Run) -> None:
    assert run("role", "nessuno@lucciola.example", "observer").exit_code == 1
    assert run("role", "nessuno@lucciola.example", "king").exit_code == 2
    assert run("create", "anna@lucciola.example").exit_code == 2
