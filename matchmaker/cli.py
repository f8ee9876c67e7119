"""The command line: each command a few lines around a service."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from matchmaker import create_app
from matchmaker.config import Settings


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Matchmaker: partners and whole partnerships for the WECARE measures."""
    app = create_app(Settings())
    context.obj = app
    context.with_resource(app.app_context())
