"""XLSX workbooks: weighed before they are opened, read row by row, never calculated."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from matchmaker.imports.limits import MEGABYTE, Limits
from matchmaker.imports.problems import FileRefused
from matchmaker.imports.tables import Record, check_header, fit_to_header

WORKBOOK_PART = "xl/workbook.xml"
SHEETS = "xl/worksheets/"
ENCRYPTED = 0x1
FORMULA, ERROR = "f", "e"
# What openpyxl and the layers under it raise on a damaged file; a forbidden entity is a ValueError.
DAMAGED = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    RuntimeError,
)


def open_xlsx(stream: BinaryIO, limits: Limits) -> XlsxTable:
    """Weigh a workbook, then open it.

    Raises:
        FileRefused: a bomb, encrypted, damaged, no workbook, or without a header.
    """
    weigh(stream, limits)
    return XlsxTable(stream, limits)


def weigh(stream: BinaryIO, limits: Limits) -> None:
    """Check by the archive's own directory what it would unpack to, before unpacking anything.

    The sizes can be trusted: reading a part stops at the size that the directory states.

    Raises:
        FileRefused: ``bomb``, ``encrypted`` or ``not_a_table``.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError) as error:
        raise FileRefused("damaged") from error
    if len(parts) > limits.archive_entries or sum(part.file_size for part in parts) > limits.archive_bytes:
        raise FileRefused("bomb", megabytes=limits.archive_bytes // MEGABYTE)
    if any(_is_too_dense(part, limits) for part in parts):
        raise FileRefused("bomb", megabytes=limits.archive_bytes // MEGABYTE)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise FileRefused("encrypted")
    if WORKBOOK_PART not in {part.filename for part in parts}:
        raise FileRefused("not_a_table")


def _is_too_dense(part: zipfile.ZipInfo, limits: Limits) -> bool:
    if not part.filename.startswith(SHEETS) and part.file_size > limits.archive_part_bytes:
        return True
    large = part.file_size > limits.archive_ratio_from_bytes
    return large and part.file_size > limits.archive_ratio * max(part.compress_size, 1)


class XlsxTable:
    """The rows of a workbook's first visible sheet, streamed."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream, self._limits = stream, limits
        with self._rows(limits.columns + 1) as rows:
            texts = ([_text(cell.value) for cell in cells] for _line, cells in rows)
            self.header = check_header(next((row for row in texts if any(map(str.strip, row))), []), limits)

    def records(self) -> Iterator[Record]:
        """Yield the rows after the header.

        Raises:
            FileRefused: there are more rows than the limit, or the sheet turns out damaged.
        """
        width, seen, header_passed = len(self.header), 0, False
        with self._rows(width + 1) as rows:
            for line, cells in rows:
                record = fit_to_header(line, [_text(cell.value) for cell in cells], width)
                if record is None:
                    continue
                if not header_passed:
                    header_passed = True
                    continue
                seen += 1
                if seen > self._limits.rows:
                    raise FileRefused("too_many_rows", most=self._limits.rows)
                yield Record(line, record.cells, record.problem, _unreadable(cells[:width]))

    @contextmanager
    def _rows(self, width: int) -> Iterator[Iterator[tuple[int, tuple[Any, ...]]]]:
        with _workbook(self._stream) as workbook:
            sheet = _sheet(workbook)
            # The size that the sheet states of itself may be anything: it only feeds the progress bar.
            self.rows_expected = min(max((sheet.max_row or 1) - 1, 0), self._limits.rows)
            sheet.reset_dimensions()
            yield self._numbered(sheet.iter_rows(max_col=width))

    def _numbered(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
        line = 0
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except DAMAGED as error:
                raise FileRefused("damaged") from error
            line += 1
            if line > 2 * self._limits.rows:
                # A row number in the millions makes the reader invent all the empty ones before it.
                raise FileRefused("too_many_rows", most=self._limits.rows)
            yield line, cells


@contextmanager
def _workbook(stream: BinaryIO) -> Iterator[Workbook]:
    stream.seek(0)
    try:
        workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    except DAMAGED as error:
        raise FileRefused("damaged") from error
    yield workbook


def _sheet(workbook: Workbook) -> Any:
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise FileRefused("not_a_table")
    return visible[0]


def _unreadable(cells: tuple[Any, ...]) -> dict[int, str]:
    names = {FORMULA: "formula", ERROR: "error_value"}
    return {at: names[cell.data_type] for at, cell in enumerate(cells) if cell.data_type in names}


def _text(value: Any) -> str:
    """A cell's value as a person would have typed it: a number without the point that Excel adds."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
