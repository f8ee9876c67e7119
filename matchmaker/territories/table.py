"""A table of municipalities and their districts, read from a CSV file and checked row by row.

One row per municipality. Columns, in any order, Italian or English (``;`` or ``,`` between cells, UTF-8):

===================  ===================  ======================================================
istat                istat                ISTAT code; or name and province in the next two
comune               municipality         name, also an old one
provincia            province             two letters
distretto            district             code or name of the district; required
nome_distretto       district_name        name of a district that is new
ente_gestore         managing_body        code, IPA code or name of the managing body
nome_ente_gestore    managing_body_name   name of a managing body that is new
dal                  valid_from           2026-01-31 or 31/01/2026
fonte                source               who says so; the file's name when empty
confidenza           confidence           high, medium or low; high when empty
===================  ===================  ======================================================
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.errors import MatchmakerError
from matchmaker.territories.models import Confidence

MOST_BYTES = 5 * 1024 * 1024
COLUMNS = {
    "istat": "istat",
    "comune": "municipality",
    "provincia": "province",
    "distretto": "district",
    "nome_distretto": "district_name",
    "ente_gestore": "managing_body",
    "nome_ente_gestore": "managing_body_name",
    "dal": "valid_from",
    "fonte": "source",
    "confidenza": "confidence",
}
TEMPLATE = (
    "istat;comune;provincia;distretto;nome_distretto;ente_gestore;nome_ente_gestore;dal;fonte;confidenza\n"
    "001191;Pinerolo;TO;pinerolo;Pinerolo;cisspito;;2026-01-01;Elenco della Regione Piemonte;high\n"
)
_CODE = re.compile(r"\d{1,6}")


class TableRefused(MatchmakerError):
    """The whole file is refused; nothing was read. ``code`` says why, ``detail`` names what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that could not be used; its row was left out. reason is a code."""

    line: int
    column: str
    reason: str


class RowRefused(MatchmakerError):
    """One row is refused."""

    def __init__(self, line: int, column: str, reason: str) -> None:
        super().__init__(f"line {line}, {column}: {reason}")
        self.refusal = Refusal(line, column, reason)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, its cells trimmed and its date and confidence read; codes are not looked up yet."""

    line: int
    istat: str
    municipality: str
    province: str
    district: str
    district_name: str
    managing_body: str
    managing_body_name: str
    valid_from: date | None
    source: str
    confidence: Confidence


def read_table(content: bytes, filename: str) -> Iterator[TableRow | Refusal]:
    """Yield each row of the file, or why it cannot be used.

    Raises:
        TableRefused: too large, no UTF-8, empty, columns missing, or no CSV at all.
    """
    lines = io.StringIO(_decode(content), newline="")
    reader = csv.DictReader(lines, dialect=_dialect(lines), restkey="beyond", strict=True)
    try:
        reader.fieldnames = _headers(reader.fieldnames or ())
        for cells in reader:
            yield _read_row(reader.line_num, cells, filename)
    except csv.Error as error:
        raise TableRefused("not_csv", str(error)) from error


def _decode(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise TableRefused("too_large", str(MOST_BYTES // 1024 // 1024))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableRefused("not_utf8", str(content[: error.start].count(b"\n") + 1)) from error
    if not text.strip() or "\0" in text:
        raise TableRefused("not_csv" if "\0" in text else "empty")
    return text


def _dialect(lines: io.StringIO) -> type[csv.Dialect]:
    header = lines.readline()
    lines.seek(0)

    class Found(csv.excel):
        delimiter = max(";,\t", key=header.count)

    return Found


def _headers(found: Sequence[str]) -> list[str]:
    """Name the columns in English; what is not known keeps its name and is not read."""
    names = [re.sub(r"\W+", "_", name.strip().lower()) for name in found]
    known = [COLUMNS.get(name, name) for name in names]
    missing = [] if "district" in known else ["distretto"]
    if "istat" not in known and not {"municipality", "province"} <= set(known):
        missing.append("istat")
    if missing:
        raise TableRefused("columns_missing", ", ".join(missing))
    twice = {name for name in known if known.count(name) > 1 and name in COLUMNS.values()}
    if twice:
        raise TableRefused("columns_twice", ", ".join(sorted(twice)))
    return known


def _read_row(line: int, cells: dict[str, str | None], filename: str) -> TableRow | Refusal:
    if cells.get("beyond"):
        return Refusal(line, "", "too_many_cells")
    said = {name: (cells.get(name) or "").strip() for name in COLUMNS.values()}
    if not said["district"]:
        return Refusal(line, "district", "missing")
    confidence = said.pop("confidence").lower() or Confidence.HIGH
    if confidence not in list(Confidence):
        return Refusal(line, "confidence", "not_a_confidence")
    try:
        day = _day(said.pop("valid_from"))
    except ValueError:
        return Refusal(line, "valid_from", "not_a_date")
    istat = said.pop("istat")
    if istat and not _CODE.fullmatch(istat):
        return Refusal(line, "istat", "not_an_istat_code")
    # Spreadsheets eat the zeros in front of a code.
    said["istat"], said["source"] = istat.zfill(6) if istat else "", said["source"] or filename
    return TableRow(line=line, valid_from=day, confidence=Confidence(confidence), **said)


def _day(text: str) -> date | None:
    if not text:
        return None
    layout = "%d/%m/%Y" if "/" in text else "%Y-%m-%d"
    return datetime.strptime(text, layout).date()  # noqa: DTZ007 - a day, not a moment
