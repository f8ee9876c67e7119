"""The command line: a table of commands, each loaded when it is called."""

from __future__ import annotations

from importlib import import_module

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


@click.group(cls=LazyGroup)
@click.pass_context
def main(context: click.Context) -> None:
    """Matchmaker: partners and whole partnerships for the WECARE measures."""
    from matchmaker import create_app

    context.with_resource(create_app(pages=False).app_context())
