"""A file as a table: a header and records, whatever it was written with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO, Protocol

from matchmaker.imports.limits import LIMITS, MEGABYTE, Limits
from matchmaker.imports.problems import FileRefused

NOTHING_UNREADABLE: Mapping[int, str] = MappingProxyType({})
ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_MAGIC = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table. ``line`` is where a reader finds it in the file, counted from 1."""

    line: int
    cells: Sequence[str] = ()
    problem: str | None = None
    """Why the row as a whole cannot be read; its cells are then empty."""
    unreadable: Mapping[int, str] = field(default_factory=lambda: NOTHING_UNREADABLE)
    """Cells that hold something else than a value, by position: ``formula``, ``error_value``."""


class Table(Protocol):
    """What every kind of file gives; records may be read more than once."""

    header: list[str]
    rows_expected: int
    """About how many rows there are, for the progress bar."""

    def records(self) -> Iterator[Record]:
        """Yield the rows after the header, those without any content left out."""


def open_table(stream: BinaryIO, limits: Limits = LIMITS) -> Table:
    """Tell what a file is by its first bytes, and open it.

    Raises:
        FileRefused: too large, empty, neither CSV nor XLSX, or broken.
    """
    from matchmaker.imports.csv_tables import open_csv
    from matchmaker.imports.xlsx_tables import open_xlsx

    _check_size(stream, limits)
    start = stream.read(8)
    stream.seek(0)
    if start.startswith((ZIP_MAGIC, EMPTY_ZIP_MAGIC)):
        return open_xlsx(stream, limits)
    if start.startswith(OLD_EXCEL_MAGIC):
        raise FileRefused("old_excel")
    if start.startswith(PDF_MAGIC):
        raise FileRefused("not_a_table")
    return open_csv(stream, limits)


def _check_size(stream: BinaryIO, limits: Limits) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise FileRefused("empty")
    if size > limits.file_bytes:
        raise FileRefused("too_large", megabytes=limits.file_bytes // MEGABYTE)


def check_header(header: Sequence[str], limits: Limits) -> list[str]:
    """Return the header without its empty tail.

    Raises:
        FileRefused: there is none, or more columns than any list needs.
    """
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileRefused("empty")
    if len(names) > limits.columns:
        raise FileRefused("too_many_columns", most=limits.columns)
    return names


def fit_to_header(line: int, cells: list[str], width: int) -> Record | None:
    """Return the record of a row, or None for one without content.

    A row with cells missing or left over says so: its values may stand in the wrong columns.
    """
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return Record(line, problem="cell_count")
    return Record(line, cells[:width])
