"""Territories from the shell."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from matchmaker.database import db
from matchmaker.organisations.reference import load_managing_bodies
from matchmaker.territories.importing import import_territories
from matchmaker.territories.presenters import file_refused_text, report_as_json, report_as_text
from matchmaker.territories.table import TEMPLATE, TableRefused


@click.command("territories")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@click.option("--template", is_flag=True, help="Print a table to start from, and end.")
def territories_command(file: Path | None, dry_run: bool, as_json: bool, template: bool) -> None:
    """Replace the districts of municipalities by the table of FILE (CSV, UTF-8).

    One row per municipality: istat (or comune and provincia), distretto, and if you have them
    nome_distretto, ente_gestore, nome_ente_gestore, dal, fonte, confidenza. Municipalities that the
    table does not name keep their district; old rows are closed, never deleted.
    """
    if template:
        click.echo(TEMPLATE, nl=False)
        return
    if file is None:
        raise click.UsageError("FILE is missing")
    with db.new_session(writing=True) as session:
        try:
            report = import_territories(session, file.read_bytes(), file.name)
        except TableRefused as refused:
            _refuse(file_refused_text(refused), as_json=as_json)
        if dry_run:
            session.rollback()
        else:
            load_managing_bodies(session)
            session.commit()
    show = report_as_json(report, dry_run=dry_run)
    click.echo(json.dumps(show, ensure_ascii=False) if as_json else report_as_text(report, dry_run=dry_run))


def _refuse(reason: str, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": reason}, ensure_ascii=False))
    click.echo(reason, err=True)
    sys.exit(1)
