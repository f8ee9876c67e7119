"""The command line: a table of commands, each loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "init": "matchmaker.commands:init_command",
    "demo": "matchmaker.demo.commands:demo_command",
    "import": "matchmaker.commands:import_group",
    "suggest": "matchmaker.suggestions.commands:suggest_command",
    "check": "matchmaker.suggestions.commands:check_command",
    "propose": "matchmaker.suggestions.commands:propose_command",
    "coverage": "matchmaker.coverage.commands:coverage_command",
    "person": "matchmaker.accounts.commands:person_command",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when asked for: ``--help`` stays quick."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names in the table's order."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import one command; None for a name that the table does not hold."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, context: click.Context) -> Any:
        """Run a command; on a database without its tables say what to do instead of a trace."""
        from sqlalchemy.exc import OperationalError, ProgrammingError

        try:
            return super().invoke(context)
        except (OperationalError, ProgrammingError) as error:
            if database_is_ready():
                raise
            raise click.ClickException(
                "the database has not been set up for this version: run `matchmaker init` first"
            ) from error


def database_is_ready() -> bool:
    """Tell whether the database answers and has every migration."""
    from sqlalchemy.exc import SQLAlchemyError

    from matchmaker.database import db
    from matchmaker.migrations import is_at_head

    try:
        with db.engine.connect() as connection:
            return is_at_head(connection)
    except SQLAlchemyError:
        return False


@click.group(cls=LazyGroup)
@click.pass_context
def main(context: click.Context) -> None:
    """Matchmaker: partners and whole partnerships for the WECARE measures."""
    from matchmaker import create_app

    app = create_app(pages=False)
    # Closed in the opposite order: the session first, then the connections.
    context.call_on_close(app.extensions["engine"].dispose)
    context.with_resource(app.app_context())
