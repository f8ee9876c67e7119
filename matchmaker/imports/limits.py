"""How much a file may hold. One table: every reader and check looks here."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest sizes; what is over them is refused before it is read further."""

    file_bytes: int = 15 * MEGABYTE
    rows: int = 100_000
    columns: int = 60
    cell_characters: int = 4_000
    record_lines: int = 40
    """Physical lines that one quoted CSV record may span: an open quote must not swallow the file."""
    archive_entries: int = 500
    archive_bytes: int = 80 * MEGABYTE
    """Everything in a workbook, unpacked."""
    archive_part_bytes: int = 32 * MEGABYTE
    """Any part but a sheet, unpacked: the table of texts is held in memory whole."""
    archive_ratio: int = 150
    """Unpacked to packed size of one part; real sheets stay under 40."""
    archive_ratio_from_bytes: int = MEGABYTE
    """A part smaller than this may be packed as tightly as it likes."""


LIMITS = Limits()
