from __future__ import annotations

from datetime import date

import pytest

from matchmaker.territories.models import Confidence
from matchmaker.territories.table import MOST_BYTES, TEMPLATE, Refusal, TableRefused, TableRow, read_table


def read(text: str) -> list[TableRow | Refusal]:
    return list(read_table(text.encode(), "tabella.csv"))


def test_a_row_is_read_with_its_date_and_confidence() -> None:
    (row,) = read("istat;distretto;dal;fonte;confidenza\n001191;pinerolo;2026-01-31;Elenco;Medium\n")
    assert isinstance(row, TableRow)
    assert (row.line, row.istat, row.district) == (2, "001191", "pinerolo")
    assert (row.valid_from, row.source, row.confidence) == (date(2026, 1, 31), "Elenco", Confidence.MEDIUM)


def test_what_is_not_said_has_its_default() -> None:
    (row,) = read("comune,provincia,distretto\nNone,TO,pinerolo\n")
    assert isinstance(row, TableRow)
    assert (row.municipality, row.istat) == ("None", "")
    assert (row.valid_from, row.source, row.confidence) == (None, "tabella.csv", Confidence.HIGH)


def test_english_headers_other_columns_tabs_and_a_byte_order_mark_are_read() -> None:
    (row,) = read_table("﻿ISTAT\tDistrict\tNotes\n1191\tpinerolo\tx\n".encode(), "t.csv")
    assert isinstance(row, TableRow)
    assert row.istat == "001191"


def test_italian_days_are_read() -> None:
    (row,) = read("istat;distretto;dal\n001191;pinerolo;31/01/2026\n")
    assert isinstance(row, TableRow)
    assert row.valid_from == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("001191;;;", Refusal(2, "district", "missing")),
        ("001191;pinerolo;31-01-2026;", Refusal(2, "valid_from", "not_a_date")),
        ("001191;pinerolo;2026-02-30;", Refusal(2, "valid_from", "not_a_date")),
        ("001191;pinerolo;;sure", Refusal(2, "confidence", "not_a_confidence")),
        ("A191;pinerolo;;", Refusal(2, "istat", "not_an_istat_code")),
        ("001191;pinerolo;;;;", Refusal(2, "", "too_many_cells")),
    ],
)
def test_a_broken_cell_is_refused_and_named(line: str, refusal: Refusal) -> None:
    assert read(f"istat;distretto;dal;confidenza\n{line}\n") == [refusal]


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "empty", ""),
        (b" \n\n", "empty", ""),
        (b"istat;nome\n1;x\n", "columns_missing", "distretto"),
        (b"comune;distretto\nNone;x\n", "columns_missing", "istat"),
        (b"istat;distretto;district\n1;x;y\n", "columns_twice", "district"),
        ("istat;distretto\n1;Mondovì\n".encode("cp1252"), "not_utf8", "2"),
        (b"PK\x03\x04\x00\x00", "not_csv", ""),
        (b"x" * (MOST_BYTES + 1), "too_large", "5"),
    ],
)
def test_a_broken_file_is_refused_whole(content: bytes, code: str, detail: str) -> None:
    with pytest.raises(TableRefused) as refused:
        list(read_table(content, "tabella.csv"))
    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_a_quote_that_never_closes_refuses_the_file() -> None:
    with pytest.raises(TableRefused) as refused:
        read('istat;distretto\n001191;"pinerolo\n')
    assert refused.value.code == "not_csv"


def test_the_template_is_a_table_that_can_be_read() -> None:
    (row,) = read(TEMPLATE)
    assert isinstance(row, TableRow)
    assert row.managing_body == "cisspito"
