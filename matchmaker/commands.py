"""Commands that stand above the features: set up a database, import files."""

from __future__ import annotations

import click

from matchmaker.database import db
from matchmaker.imports.commands import organisations_command
from matchmaker.measures.services import load_rule_sets
from matchmaker.migrations import upgrade
from matchmaker.organisations.reference import load_managing_bodies
from matchmaker.territories.commands import territories_command
from matchmaker.territories.services import load_default_territories


@click.command("init")
def init_command() -> None:
    """Migrate the database and load the reference data; safe to repeat."""
    upgrade(db.engine)
    with db.writing() as session:
        load_default_territories(session)
        load_rule_sets(session)
        load_managing_bodies(session)


@click.group("import")
def import_group() -> None:
    """Load a file of organisations or territories."""


import_group.add_command(organisations_command)
import_group.add_command(territories_command)
