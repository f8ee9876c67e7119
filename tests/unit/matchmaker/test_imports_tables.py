"""Files as tables: what is read, what is refused and why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from matchmaker.imports.csv_tables import detect_encoding
from matchmaker.imports.limits import LIMITS, Limits
from matchmaker.imports.problems import FileRefused
from matchmaker.imports.tables import Record, Table, open_table
from tests.import_files import FIRMS, csv_bytes, firm, part_of, with_part, xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"
SMALL = replace(LIMITS, rows=3, columns=8, file_bytes=2_000)


def table_of(content: bytes) -> Table:
    return open_table(io.BytesIO(content))


def cells_of(content: bytes) -> list[list[str]]:
    return [list(record.cells) for record in table_of(content).records()]


def records_of(content: bytes) -> list[Record]:
    return list(table_of(content).records())


def refusal_of(content: bytes, limits: Limits = LIMITS) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        list(open_table(io.BytesIO(content), limits).records())
    return refused.value


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_and_separator_are_found_out(separator: str, encoding: str) -> None:
    row = firm(1, "Caffè Mondovì, e altri; S.r.l.")
    table = table_of(csv_bytes(FIRMS, row, separator=separator, encoding=encoding))
    assert table.header == FIRMS
    assert [list(record.cells) for record in table.records()] == [row]


def test_a_file_in_utf_16_is_refused_by_name() -> None:
    assert refusal_of(csv_bytes(FIRMS, firm(1), encoding="utf-16")).code == "utf16"


def test_a_file_that_mixes_two_encodings_is_refused_with_the_line() -> None:
    content = csv_bytes(FIRMS, firm(1, "Caffè")) + csv_bytes(firm(2, "Città"), encoding="cp1252")
    refused = refusal_of(content)
    assert (refused.code, refused.details) == ("encoding", {"line": 3})


def test_bytes_that_are_in_no_encoding_are_refused() -> None:
    assert refusal_of(csv_bytes(FIRMS, firm(1)) + b"\x81\x8d,x\n").code == "encoding"


def test_a_utf8_file_cut_in_the_middle_of_a_letter_is_refused() -> None:
    content = csv_bytes(FIRMS, firm(1, "Caffè"), firm(2, "Città"))
    assert refusal_of(content[: content.rindex("à".encode()) + 1]).code == "encoding"


def test_a_letter_that_falls_on_the_border_of_two_chunks_is_read() -> None:
    stream = io.BytesIO(b"a" * (2**16 - 1) + "è".encode())
    assert detect_encoding(stream) == "utf-8-sig"


@pytest.mark.parametrize("content", [b"a,b\n\x00\x01\n", b"%PDF-1.7 ...", b"name,\x07\n"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    assert refusal_of(content).code == "not_a_table"


@pytest.mark.parametrize("content", [b"", b"\n\n", b";;;\n", b" \n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal_of(content).code == "empty"


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    assert refusal_of(b"a,b\n" * 600, SMALL).code == "too_large"


def test_one_row_too_many_refuses_the_file_and_one_less_does_not() -> None:
    rows = [firm(number) for number in range(4)]
    assert refusal_of(csv_bytes(FIRMS, *rows), SMALL).code == "too_many_rows"
    assert refusal_of(xlsx_bytes(FIRMS, *rows), replace(SMALL, file_bytes=10**6)).code == "too_many_rows"
    within = open_table(io.BytesIO(csv_bytes(FIRMS, *rows[:3])), SMALL)
    assert len(list(within.records())) == 3


def test_more_columns_than_any_list_has_are_refused() -> None:
    assert refusal_of(csv_bytes([f"c{n}" for n in range(9)]), SMALL).code == "too_many_columns"


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    content = csv_bytes(["name", "note"], ["a", "two\nlines"], ["b", ""]) + b"\n\nc,x\n"
    assert [(r.line, r.cells[0]) for r in records_of(content)] == [(2, "a"), (4, "b"), (7, "c")]


@pytest.mark.parametrize("row", [b"a\n", b"a,b,c,d\n"])
def test_a_row_with_too_few_or_too_many_cells_says_so(row: bytes) -> None:
    before, broken, after = records_of(b"x,y,z\n1,2,3\n" + row + b"4,5,6\n")
    assert (broken.line, broken.problem) == (3, "cell_count")
    assert [before.cells, after.cells] == [["1", "2", "3"], ["4", "5", "6"]]


def test_empty_cells_at_the_end_of_a_row_do_no_harm() -> None:
    assert cells_of(b"x,y\n1,2,,\n") == [["1", "2"]]


def test_a_broken_quote_costs_its_own_row_only() -> None:
    content = b'name,code\n"Uno,1\nDue,2\n"Tre",3\nQuattro,4\n'
    records = records_of(content)
    assert [(r.line, r.problem) for r in records if r.problem] == [(2, "broken_quotes")]
    assert [r.cells[0] for r in records if not r.problem] == ["Due", "Tre", "Quattro"]


def test_a_quote_that_never_closes_does_not_swallow_the_file() -> None:
    content = b'name,code\n"Uno,1\n' + b"".join(b"Riga %d,2\n" % n for n in range(200))
    records = records_of(content)
    assert (records[0].line, records[0].problem) == (2, "broken_quotes")
    assert [r.line for r in records[1:]] == list(range(3, 203))


def test_a_huge_cell_is_read_in_one_piece_for_the_row_to_refuse() -> None:
    [record] = records_of(b"name,code\n" + b"a" * 50_000 + b",1\n")
    assert len(record.cells[0]) == 50_000


def test_records_can_be_read_twice() -> None:
    for content in (csv_bytes(FIRMS, firm(1)), xlsx_bytes(FIRMS, firm(1))):
        table = table_of(content)
        assert list(table.records()) == list(table.records()) != []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=3, max_size=3
        ),
        max_size=8,
    )
)
def test_whatever_a_csv_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    written = [row for row in rows if any(cell.strip() for cell in row)]
    assert cells_of(csv_bytes(["name", "comune", "prov"], *rows)) == written


def test_a_workbook_is_read_as_a_person_sees_it() -> None:
    rows = [["Alfa", 514490010, None], [None, None, None], ["Beta", 1.5, True]]
    content = xlsx_bytes(["name", "codice", "altro"], *rows)
    records = records_of(content)
    assert [(r.line, list(r.cells)) for r in records] == [
        (2, ["Alfa", "514490010", ""]),
        (4, ["Beta", "1.5", "True"]),
    ]


def test_dates_and_round_numbers_are_written_out() -> None:
    [record] = records_of(xlsx_bytes(["a", "b", "c"], [date(2026, 11, 23), 2.0, 2.5]))
    assert list(record.cells) == ["2026-11-23T00:00:00", "2", "2.5"]


def test_hidden_sheets_are_passed_over() -> None:
    workbook = Workbook()
    for name in ("a", "b"):
        sheet = workbook.create_sheet(name)
        sheet.append([name])
        sheet.append(["1"])
    del workbook["Sheet"]
    workbook["a"].sheet_state = "hidden"
    content = io.BytesIO()
    workbook.save(content)
    assert table_of(content.getvalue()).header == ["b"]
    part = part_of(content.getvalue(), "xl/workbook.xml").replace(b'state="visible"', b'state="hidden"')
    assert refusal_of(with_part(content.getvalue(), "xl/workbook.xml", part)).code == "not_a_table"


def test_a_sheet_that_breaks_off_in_the_middle_is_refused() -> None:
    workbook = xlsx_bytes(FIRMS, *(firm(number) for number in range(500)))
    sheet = part_of(workbook, SHEET)
    table = table_of(with_part(workbook, SHEET, sheet[: len(sheet) // 2]))
    with pytest.raises(FileRefused, match="damaged"):
        list(table.records())


def test_a_formula_is_not_calculated_but_pointed_at() -> None:
    [record] = records_of(xlsx_bytes(["name", "code"], ["=1+1", "=CONCAT(A1)"]))
    assert record.unreadable == {0: "formula", 1: "formula"}


def test_a_cell_with_an_error_of_the_sheet_is_pointed_at() -> None:
    workbook = xlsx_bytes(["name", "code"], ["Alfa", "#N/A"])
    assert records_of(workbook)[0].unreadable == {1: "error_value"}


def test_text_that_looks_like_a_formula_stays_text_in_a_csv() -> None:
    assert cells_of(csv_bytes(["name", "code"], ["=HYPERLINK(1)", "x"])) == [["=HYPERLINK(1)", "x"]]


def test_the_size_that_a_sheet_states_of_itself_is_not_believed() -> None:
    workbook = xlsx_bytes(["name", "code"], ["Alfa", "1"], ["Beta", "2"])
    sheet = part_of(workbook, SHEET).replace(b'ref="A1:B3"', b'ref="A1:A1"')
    assert cells_of(with_part(workbook, SHEET, sheet)) == [["Alfa", "1"], ["Beta", "2"]]


def test_a_row_number_in_the_millions_does_not_make_millions_of_rows() -> None:
    workbook = xlsx_bytes(["name", "code"], ["Alfa", "1"])
    sheet = part_of(workbook, SHEET).replace(b'<row r="2"', b'<row r="900000000"')
    assert refusal_of(with_part(workbook, SHEET, sheet)).code == "too_many_rows"


def _bomb() -> bytes:
    return with_part(xlsx_bytes(FIRMS, firm(1)), SHEET, b"<row>" * 2_000_000)


def _many_parts() -> bytes:
    content = xlsx_bytes(FIRMS, firm(1))
    for number in range(3):
        content = with_part(content, f"xl/part{number}.xml", b"x")
    return content


def _entities() -> bytes:
    workbook = xlsx_bytes(FIRMS, firm(1))
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    sheet = part_of(workbook, SHEET)
    return with_part(workbook, SHEET, lol + sheet.replace(b"<v>0</v>", b"<v>&b;</v>"))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_bomb, "bomb"),
        (_entities, "damaged"),
        (lambda: b"PK\x03\x04 and nothing more", "damaged"),
        (lambda: xlsx_bytes(FIRMS, firm(1))[:-200], "damaged"),
        (lambda: with_part(xlsx_bytes(FIRMS), "xl/workbook.xml", b"<broken"), "damaged"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_excel"),
        (xlsx_bytes, "empty"),
    ],
)
def test_a_broken_workbook_is_refused_and_says_why(make: Callable[[], bytes], code: str) -> None:
    assert refusal_of(make()).code == code


def test_an_archive_of_too_many_parts_is_a_bomb_too() -> None:
    few = replace(LIMITS, archive_entries=8)
    assert refusal_of(_many_parts(), few).code == "bomb"


def test_an_archive_that_is_no_workbook_is_no_table() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal_of(content.getvalue()).code == "not_a_table"


def test_a_workbook_locked_by_a_password_is_refused_by_name() -> None:
    content = bytearray(xlsx_bytes(FIRMS, firm(1)))
    # The bit that says "encrypted", in every entry of the archive's directory.
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    assert refusal_of(bytes(content)).code == "encrypted"


def test_a_table_of_texts_over_its_limit_is_refused() -> None:
    content = with_part(xlsx_bytes(FIRMS, firm(1)), "xl/sharedStrings.xml", b"<sst/>" * 900)
    assert refusal_of(content, replace(LIMITS, archive_part_bytes=5_000)).code == "bomb"
    assert len(list(open_table(io.BytesIO(content)).records())) == 1
