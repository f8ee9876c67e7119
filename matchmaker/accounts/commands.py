"""People from the shell: the first administrator, facilitators, roles."""

from __future__ import annotations

import sys

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Person, PlatformRole
from matchmaker.accounts.passwords import password_fault
from matchmaker.accounts.services import EmailTaken, NewPerson, change_role, create_person, find_person
from matchmaker.database import db
from matchmaker.i18n import DEFAULT_LANGUAGE, LANGUAGES

ROLES = click.Choice([role.value for role in PlatformRole])


@click.group("person")
def person_command() -> None:
    """Create people who can sign in, and change what they are to the platform."""


@person_command.command("create")
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", type=ROLES, default=PlatformRole.MEMBER.value, show_default=True)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default=DEFAULT_LANGUAGE, show_default=True)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
def create_command(email: str, name: str, role: str, language: str, password_stdin: bool) -> None:
    """Create the person of EMAIL; the password is asked for, or read from standard input."""
    _check_email(email)
    password = _read_password(password_stdin)
    fault = password_fault(password, name, email)
    if fault is not None:
        raise click.ClickException(f"password refused: {fault.value.replace('_', ' ')}")
    new = NewPerson(name, email, password, language, PlatformRole(role))
    try:
        with db.writing() as session:
            person = create_person(session, new)
    except EmailTaken as error:
        raise click.ClickException(f"somebody is registered with {error}") from error
    click.echo(f"{person.email} created as {person.role.value}")


@person_command.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
def role_command(email: str, role: str) -> None:
    """Change the role of the person of EMAIL; their open sessions end."""
    with db.writing() as session:
        person = _person(session, email)
        change_role(session, person, PlatformRole(role), actor_id=None)
    click.echo(f"{person.email} is now {person.role.value}")


def _person(session: Session, email: str) -> Person:
    person = find_person(session, email)
    if person is None:
        raise click.ClickException(f"nobody is registered with {email}")
    return person


def _check_email(email: str) -> None:
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise click.ClickException(f"not an e-mail address: {email}") from error


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
