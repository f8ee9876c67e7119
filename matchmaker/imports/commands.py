"""The directory import from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matchmaker.imports.jobs import Task, import_file
from matchmaker.imports.presenters import refusal_words, report_json, report_text
from matchmaker.imports.presets import PRESETS


@click.command("organisations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preset", type=click.Choice(list(PRESETS)), help="How to read it; else its header tells.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@click.option("--strict", is_flag=True, help="Load nothing when a row is refused.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def organisations_command(file: Path, preset: str | None, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Load a CSV or XLSX list of organisations into the directory."""
    with file.open("rb") as stream:
        report = import_file(Task(file.name, dry_run=dry_run, strict=strict), stream, preset)
    if as_json:
        click.echo(json.dumps(report_json(report), ensure_ascii=False))
    elif report.rows:
        click.echo("\n".join(report_text(report)))
    if report.refusal is not None:
        click.echo(refusal_words(report.refusal.code, report.refusal.details), err=True)
        raise SystemExit(1)
