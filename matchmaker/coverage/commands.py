"""Coverage from the shell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.coverage.models import CoverageCell
from matchmaker.coverage.presenters import answer_view
from matchmaker.coverage.services import compute_coverage
from matchmaker.database import db
from matchmaker.measures.services import UnknownRuleSet, rule_set_named
from matchmaker.territories.queries import districts


@click.command("coverage")
@click.option("--ruleset", help="Rule set; the strategy's when none is given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def coverage_command(ruleset: str | None, as_json: bool) -> None:
    """Compute, for every district and measure, whether a partnership can qualify."""
    code = ruleset or current_app.config["SETTINGS"].default_ruleset
    with db.writing() as session:
        try:
            cells = compute_coverage(session, rule_set_named(session, code))
        except UnknownRuleSet:
            raise click.ClickException(
                _("Nessun insieme di regole si chiama «%(code)s».", code=code)
            ) from None
        document = coverage_document(session, code, cells)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for cell, line in zip(cells, document["cells"], strict=True):
        answer = answer_view(cell)
        click.echo(f"{line['measure']}  {line['name']}: {answer.word if answer else ''}")


def coverage_document(session: Session, rule_set: str, cells: Sequence[CoverageCell]) -> dict[str, Any]:
    """Return the answers as one document: a row per district and measure."""
    names = {line.code: line.name for line in districts(session)}
    return {
        "ruleset": rule_set,
        "cells": [
            {
                "district": cell.district,
                "name": names[cell.district],
                "measure": cell.measure,
                "answer": cell.answer.value,
                "bodies": cell.bodies,
                "on_platform": cell.on_platform,
                "blocked": cell.blocked,
            }
            for cell in cells
        ],
    }
