"""CSV files: their encoding and separator are found out, broken quotes cost one row and no more."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from matchmaker.imports.limits import Limits
from matchmaker.imports.presets import known_headers
from matchmaker.imports.problems import FileRefused
from matchmaker.imports.tables import Record, check_header, fit_to_header

CHUNK = 2**16
SEPARATORS = (",", ";", "\t")
# Control characters never stand in a text file; tab, line feed, form feed and carriage return do.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
# An accented letter of UTF-8, read byte by byte: in a file that is not UTF-8 it means two encodings mixed.
_ACCENT_OF_UTF8 = re.compile(rb"[\xc3][\x80-\xbf]")
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def open_csv(stream: BinaryIO, limits: Limits) -> CsvTable:
    """Open a CSV file after reading it through once for its encoding.

    Raises:
        FileRefused: it is not text, its encoding cannot be told, or it has no header.
    """
    encoding = detect_encoding(stream)
    return CsvTable(stream, encoding, limits)


def detect_encoding(stream: BinaryIO) -> str:
    """Return ``utf-8-sig`` (with or without its mark) or ``cp1252``, by reading every byte.

    Raises:
        FileRefused: ``encoding`` with the line of the first byte that does not fit, or ``not_a_table``.
    """
    stream.seek(0)
    if stream.read(4).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("utf16")
    broken_line = _first_line_not_utf8(stream)
    if broken_line is None:
        return "utf-8-sig"
    for chunk in _chunks(stream):
        if _NOT_IN_CP1252.search(chunk) or _ACCENT_OF_UTF8.search(chunk):
            raise FileRefused("encoding", line=broken_line)
    return "cp1252"


def _first_line_not_utf8(stream: BinaryIO) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    for chunk in _chunks(stream):
        if _CONTROL.search(chunk):
            raise FileRefused("not_a_table")
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        line += chunk.count(b"\n")
    # A last character cut in the middle: the file ends there.
    return line if decoder.getstate()[0] else None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        yield chunk


class CsvTable:
    """The rows of a CSV file, streamed."""

    def __init__(self, stream: BinaryIO, encoding: str, limits: Limits) -> None:
        self._stream, self._encoding, self._limits = stream, encoding, limits
        self._separator, header = self._find_separator()
        self.header = check_header(header, limits)
        self.rows_expected = max(sum(chunk.count(b"\n") for chunk in _chunks(stream)) - 1, 0)

    def _find_separator(self) -> tuple[str, list[str]]:
        """Choose the separator under which most names of the first row are ones we know."""
        readings = [(separator, self._read_header(separator)) for separator in SEPARATORS]
        return max(readings, key=lambda reading: (known_headers(reading[1]), len(reading[1])))

    def _read_header(self, separator: str) -> list[str]:
        with self._lines() as lines:
            return next(_read(lines, separator), _Row(0, [])).cells

    def records(self) -> Iterator[Record]:
        """Yield the rows after the header.

        Raises:
            FileRefused: there are more rows than the limit.
        """
        seen = 0
        with self._lines() as lines:
            rows = _read(lines, self._separator)
            next(rows, None)
            for row in rows:
                record = fit_to_header(row.line, row.cells, len(self.header))
                if row.broken:
                    record = Record(row.line, problem="broken_quotes")
                if record is None:
                    continue
                seen += 1
                if seen > self._limits.rows:
                    raise FileRefused("too_many_rows", most=self._limits.rows)
                yield record

    @contextmanager
    def _lines(self) -> Iterator[_Lines]:
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding=self._encoding, newline="")
        try:
            yield _Lines(text, self._limits.record_lines)
        finally:
            # The stream is the caller's: it stays open for another reading.
            text.detach()


class _TooManyLines(Exception):
    """One record has swallowed more lines than any honest one holds."""


class _Row:
    """Cells as they were read; ``broken`` when the quotes of the line do not close."""

    def __init__(self, line: int, cells: list[str], *, broken: bool = False) -> None:
        self.line, self.cells, self.broken = line, cells, broken


class _Lines:
    """Lines for the csv reader, which can be given back when a quote turned out to be broken."""

    def __init__(self, text: io.TextIOWrapper, most: int) -> None:
        self._text, self._most = text, most
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._record) >= self._most:
            raise _TooManyLines
        line = self._again.popleft() if self._again else next(self._text)
        self._record.append(line)
        self.number += 1
        return line

    def begin_record(self) -> int:
        """Forget the last record; return the number of the line where the next begins."""
        self._record.clear()
        return self.number + 1

    def give_back(self) -> None:
        """Keep the first line of the broken record as read, and offer the others again."""
        rest = self._record[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)


def _read(lines: _Lines, separator: str) -> Iterator[_Row]:
    """Yield the records; a line without anything is none."""
    while True:
        line = lines.begin_record()
        try:
            cells = next(csv.reader(lines, delimiter=separator, strict=True))
        except StopIteration:
            return
        except (csv.Error, _TooManyLines):
            lines.give_back()
            yield _Row(line, [], broken=True)
        else:
            if cells:
                yield _Row(line, cells)
