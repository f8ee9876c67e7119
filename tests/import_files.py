"""Lists for the import's tests: made as bytes, with codes that pass their check digits."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from stdnum import luhn

FIRMS = ["ragione_sociale", "codice_fiscale", "partita_iva", "comune", "provincia", "sito_web"]
UNIFIED = """source ext_id name type_guess sector tax_code ipa_code comune prov istat url email
    theme_guess""".split()
IPA = "ipa_code name ipa_category type_guess address cap comune prov istat url email".split()
FIVE = "tax_code name prov comune istat categories_5x1000 type_guess cf_valid prog_2020".split()
COMMUNES = "Comuni e loro Consorzi e Associazioni"


def tax_code(number: int, office: str = "001") -> str:
    """The tax code of an invented body: seven digits of its own, the office, the check digit."""
    body = f"{9_000_000 + number:07d}{office}"
    return body + str(luhn.calc_check_digit(body))


def csv_bytes(
    header: Sequence[str], *rows: Sequence[str], separator: str = ",", encoding: str = "utf-8"
) -> bytes:
    """Write a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[Any]) -> bytes:
    """Write a workbook of one sheet."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with one part added, or put in place of its own."""
    source, target = zipfile.ZipFile(io.BytesIO(workbook)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            if part.filename != name:
                archive.writestr(part, source.read(part))
        archive.writestr(name, content)
    return target.getvalue()


def part_of(workbook: bytes, name: str) -> bytes:
    """Return one part of a workbook."""
    return zipfile.ZipFile(io.BytesIO(workbook)).read(name)


def firm(
    number: int, name: str | None = None, place: str = "Torino", province: str = "TO", site: str = ""
) -> list[str]:
    """A row of a list of firms."""
    code = tax_code(number)
    return [f"Officina {number} S.r.l." if name is None else name, code, code, place, province, site]


def shared_file(name: str) -> Path:
    """A real list of Piedmont; the test is skipped where there is none."""
    root = Path(os.environ.get("MATCHMAKER_SHARED", Path(__file__).parents[2] / "shared"))
    path = root / "data" / "piemonte" / name
    if not path.exists():
        pytest.skip(f"the real lists are not here: {name}")
    return path
