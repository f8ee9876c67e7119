"""Why a table of territories, or a row of it, was refused: codes to words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from matchmaker.territories.importing import TableReport
from matchmaker.territories.table import COLUMNS, Refusal, TableRefused

ITALIAN_COLUMN = {english: italian for italian, english in COLUMNS.items()}


def file_refused_text(refused: TableRefused) -> str:
    """Say why nothing of the file was loaded."""
    sentences = {
        "too_large": _("Il file supera %(detail)s MB.", detail=refused.detail),
        "not_utf8": _("Il file non è scritto in UTF-8: vedete la riga %(detail)s.", detail=refused.detail),
        "not_csv": _("Il file non è una tabella CSV leggibile."),
        "empty": _("Il file è vuoto."),
        "columns_missing": _("Mancano le colonne: %(detail)s.", detail=refused.detail),
        "columns_twice": _("Colonne ripetute: %(detail)s.", detail=refused.detail),
    }
    return str(sentences[refused.code])


def row_refused_text(refusal: Refusal) -> str:
    """Say why a row was left out."""
    sentences = {
        "missing": _("Manca il distretto."),
        "too_many_cells": _("La riga ha più celle delle colonne."),
        "not_a_confidence": _("La confidenza può essere high, medium o low."),
        "not_a_date": _("La data va scritta come 2026-01-31 o 31/01/2026."),
        "not_an_istat_code": _("Il codice ISTAT ha sei cifre."),
        "unknown_municipality": _("Nessun comune del Piemonte corrisponde."),
        "municipality_twice": _("Il comune compare già in una riga precedente."),
        "unknown_managing_body": _("L'ente gestore non è noto: aggiungete il suo nome in nome_ente_gestore."),
    }
    return str(sentences[refusal.reason])


def report_as_json(report: TableReport, *, dry_run: bool) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "dry_run": dry_run,
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "untouched": report.untouched,
        "new_districts": report.new_districts,
        "closed_districts": sorted(report.closed_districts),
        "refused": [
            {
                "line": refusal.line,
                "column": ITALIAN_COLUMN.get(refusal.column, refusal.column),
                "code": refusal.reason,
                "reason": row_refused_text(refusal),
            }
            for refusal in report.refused
        ],
    }


def report_as_text(report: TableReport, *, dry_run: bool) -> str:
    """The report for a person at a terminal."""
    said = report_as_json(report, dry_run=dry_run)
    lines = [_("Prova: nulla è stato scritto.")] if dry_run else []
    lines += [
        _("Righe lette: %(n)s", n=report.rows),
        _("Comuni con un distretto per la prima volta: %(n)s", n=report.created),
        _("Comuni cambiati: %(n)s", n=report.updated),
        _("Comuni già a posto: %(n)s", n=report.unchanged),
        _("Comuni non nominati, lasciati come erano: %(n)s", n=report.untouched),
        _("Distretti nuovi: %(codes)s", codes=", ".join(report.new_districts) or "-"),
        _("Distretti chiusi: %(codes)s", codes=", ".join(said["closed_districts"]) or "-"),
        _("Righe rifiutate: %(n)s", n=len(report.refused)),
    ]
    for row in said["refused"]:
        column = f", {row['column']}" if row["column"] else ""
        lines.append(
            _("  riga %(line)s%(column)s: %(reason)s", line=row["line"], column=column, reason=row["reason"])
        )
    return "\n".join(lines)
