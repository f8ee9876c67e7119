"""A row becomes an entry, or says what is wrong with it."""

from __future__ import annotations

import pytest

from matchmaker.imports.places import Place, Places
from matchmaker.imports.presets import PRESETS
from matchmaker.imports.problems import RowProblem
from matchmaker.imports.rows import Entry, RowReader, size_codes
from matchmaker.imports.tables import Record
from tests.import_files import COMMUNES, tax_code

MUNICIPALITIES = [
    Place(1, "001272", "Torino", "TO"),
    Place(2, "004130", "Mondovì", "CN"),
    Place(3, "001168", "None", "TO"),
    Place(4, "096088", "Valdilana", "BI"),
    Place(5, "005014", "Calliano Monferrato", "AT"),
    Place(6, "005042", "Cocconato", "AT"),
    Place(7, "005070", "Montechiaro d'Asti", "AT"),
    Place(8, "001235", "Samone", "TO"),
]
PLACES = Places(MUNICIPALITIES, {"TO": "Torino", "CN": "Cuneo", "AT": "Asti", "BI": "Biella"})


def read(preset: str, **cells: str) -> tuple[Entry | RowProblem, tuple[RowProblem, ...]]:
    """Read one row with the columns given by field."""
    chosen = PRESETS[preset]
    header = [chosen.columns[field][0] for field in cells]
    return RowReader(chosen, header, PLACES).read(Record(2, list(cells.values())))


def entry(preset: str = "firms", **cells: str) -> Entry:
    found, left_out = read(preset, **({"name": "Alfa S.r.l.", "municipality": "Torino"} | cells))
    assert isinstance(found, Entry), found
    assert left_out == ()
    return found


def problems(preset: str = "firms", **cells: str) -> list[tuple[str, str]]:
    whole = {"name": "Alfa S.r.l.", "tax_code": tax_code(1), "municipality": "Torino"} | cells
    found, _left_out = read(preset, **whole)
    assert isinstance(found, RowProblem), found
    return [(problem.column, problem.code) for problem in found.problems]


def test_a_good_row_is_read_into_the_kept_form() -> None:
    code = tax_code(1)
    got = entry(
        tax_code=f" {code} ",
        vat_number=f"IT{code}",
        province="to",
        website="www.alfa.it",
        email="info@alfa.it",
        size_class="Piccola",
        address="Via Po 1",
        description="Officina.\n\n  Dal 1980 ",
    )
    assert (got.tax_code, got.vat_number, got.place) == (code, code, MUNICIPALITIES[0])
    assert (got.website, got.email, got.size_class) == ("http://www.alfa.it", "info@alfa.it", "SMALL")
    assert (got.address, got.description) == ("Via Po 1", "Officina.\n\nDal 1980")
    assert (got.body.kind, got.body.legal_form) == ("enterprise", "IM_IMPRESA")


def test_zeros_that_a_spreadsheet_took_away_are_put_back() -> None:
    assert entry(tax_code="514490010").tax_code == "00514490010"
    commune = {"ipa_code": "c_f351", "name": "Comune di Mondovi'", "municipality": ""}
    assert entry("ipa", **commune, istat="4130").place == MUNICIPALITIES[1]


def test_the_tax_code_of_a_sole_trader_is_taken() -> None:
    assert entry(tax_code="rssmra80a01l219m").tax_code == "RSSMRA80A01L219M"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"tax_code": "12345678901"}, ("codice_fiscale", "tax_code")),
        ({"tax_code": "ABC"}, ("codice_fiscale", "tax_code")),
        ({"vat_number": "123"}, ("partita_iva", "vat_number")),
        ({"tax_code": ""}, ("codice_fiscale", "no_code")),
        ({"name": ""}, ("ragione_sociale", "empty")),
        ({"name": "2024/03"}, ("ragione_sociale", "no_letters")),
        ({"name": "Al\x07fa"}, ("ragione_sociale", "shapeless_signs")),
        ({"name": "A" * 301}, ("ragione_sociale", "too_long")),
        ({"description": "x" * 4001}, ("descrizione", "too_long")),
        ({"province": "Tor1no"}, ("provincia", "province")),
        ({"istat": "1272a"}, ("codice_istat", "istat")),
        ({"istat": "004130"}, ("codice_istat", "place_contradiction")),
        ({"istat": "001272", "province": "CN"}, ("codice_istat", "place_contradiction")),
        ({"website": "javascript:alert(1)"}, ("sito_web", "website")),
        ({"size_class": "enorme"}, ("classe_dimensionale", "size_class")),
    ],
)
def test_a_broken_cell_refuses_its_row_and_is_named(cells: dict[str, str], expected: tuple[str, str]) -> None:
    assert problems(**cells) == [expected]


def test_all_that_is_wrong_in_a_row_is_told_at_once() -> None:
    assert problems(name="", tax_code="1", website="ftp://x.it") == [
        ("sito_web", "website"),
        ("ragione_sociale", "empty"),
        ("codice_fiscale", "tax_code"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("website", "http://Via Roma. 1", "unusable_website"), ("email", "nessuna", "unusable_email")],
)
def test_an_address_that_is_none_is_left_out_and_the_row_goes_in(field: str, value: str, code: str) -> None:
    cells = {"name": "Alfa", "tax_code": tax_code(1), "municipality": "Torino", field: value}
    found, [left_out] = read("firms", **cells)
    assert isinstance(found, Entry)
    assert getattr(found, field) is None
    assert (left_out.line, left_out.problems[0].code, left_out.problems[0].value) == (2, code, value)


def test_a_formula_refuses_its_row_unless_the_column_is_of_no_use() -> None:
    reader = RowReader(PRESETS["firms"], ["note", "denominazione", "comune", "codice_fiscale"], PLACES)
    cells = ["=1+1", "Alfa", "Torino", tax_code(1)]
    found, _ = reader.read(Record(2, cells, unreadable={0: "formula"}))
    assert isinstance(found, Entry)
    found, _ = reader.read(Record(2, cells, unreadable={1: "formula"}))
    assert isinstance(found, RowProblem)
    assert [(p.column, p.code) for p in found.problems] == [("denominazione", "formula")]


def test_text_that_looks_like_a_formula_is_a_name_like_any_other() -> None:
    assert entry(name='=HYPERLINK("x")', tax_code=tax_code(1)).body.name == '=HYPERLINK("x")'


def test_a_row_that_could_not_be_read_passes_its_reason_on() -> None:
    found, _ = RowReader(PRESETS["firms"], ["denominazione"], PLACES).read(Record(7, problem="cell_count"))
    assert found == RowProblem(7, found.problems)  # type: ignore[union-attr]
    assert [problem.code for problem in found.problems] == ["cell_count"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "province", "place"),
    [
        ("MONDOVI'", "CN", 2),
        ("None", "TO", 3),
        ("NONE", "Torino", 3),
        ("Cocconato (at)", "AT", 6),
        (r"Montechiaro D\\'Asti", "AT", 7),
        ("Calliano", "AT", 5),
        ("Trivero", "BI", 4),
        ("Torino", "", 1),
    ],
)
def test_a_municipality_is_found_however_it_is_written(written: str, province: str, place: int) -> None:
    got = entry(tax_code=tax_code(1), municipality=written, province=province)
    assert got.place is not None
    assert (got.place.id, got.place_text) == (place, None)


def test_an_unknown_municipality_is_kept_as_it_was_written() -> None:
    got = entry(tax_code=tax_code(1), municipality="Milano", province="MI")
    assert (got.place, got.place_text) == (None, "Milano (MI)")


def test_an_istat_code_of_a_municipality_that_has_gone_gives_way_to_the_name() -> None:
    got = entry(tax_code=tax_code(1), municipality="Trivero", province="BI", istat="096070")
    assert got.place is not None


@pytest.mark.parametrize(
    ("name", "place", "province", "shown"),
    [
        ("TORINO", "TORINO", "TO", "Comune di Torino"),
        ("MONDOVI'", "MONDOVI'", "CN", "Comune di Mondovì"),
        ("TRIVERO", "TRIVERO", "BI", "Comune di Trivero"),
        ("CALLIANO", "CALLIANO", "AT", "Comune di Calliano Monferrato"),
        ("NONE", "NONE", "TO", "Comune di None"),
    ],
)
def test_in_the_5x1000_list_a_bare_place_is_a_municipality(
    name: str, place: str, province: str, shown: str
) -> None:
    office = {"TO": "001", "CN": "004", "BI": "002", "AT": "005"}[province]
    got = entry(
        "5x1000",
        name=name,
        municipality=place,
        province=province,
        tax_code=tax_code(1, office),
        categories="beni_culturali",
    )
    assert (got.body.name, got.body.kind, got.body.legal_form) == (shown, "public_body", "PB_COMUNE")


def test_a_volunteer_body_called_like_its_town_is_no_municipality() -> None:
    got = entry("5x1000", name="TORINO", tax_code=tax_code(1), province="TO", categories="volontariato_ets")
    assert got.body.kind == "third_sector"


def test_a_homonymous_municipality_of_another_province_is_told_by_its_tax_code() -> None:
    cells = {"name": "SAMONE", "municipality": "SAMONE", "province": "TO", "categories": "comuni"}
    assert problems("5x1000", **cells, tax_code="81002230225") == [("tax_code", "other_province")]


def test_a_research_list_holds_public_bodies_too() -> None:
    got = entry(
        "5x1000",
        name="UNIVERSITA' DEGLI STUDI DI TORINO",
        tax_code=tax_code(1),
        province="TO",
        categories="ricerca_scientifica",
    )
    assert (got.body.name, got.body.kind) == ("UNIVERSITÀ DEGLI STUDI DI TORINO", "public_body")


def test_a_municipality_of_the_public_index_is_named_as_it_is_called_today() -> None:
    cells = {"ipa_code": "C_B418", "name": "Comune di Calliano", "ipa_category": COMMUNES}
    got = entry("ipa", **cells, municipality="Calliano", province="AT")
    assert (got.ipa_code, got.body.name) == ("c_b418", "Comune di Calliano Monferrato")


def test_the_rule_behind_a_legal_form_is_kept_unless_the_list_itself_says_it() -> None:
    cells = {"tax_code": tax_code(1), "province": "TO", "categories": "volontariato_ets"}
    by_name = entry("5x1000", name="ALFA O.D.V.", **cells)
    by_list = entry("5x1000", name="LA MELA", **cells)
    assert by_name.body.legal_form_rule is not None
    assert (by_list.body.legal_form, by_list.body.legal_form_rule) == ("TS_ALTRO", None)


def test_sizes_may_be_written_as_people_do() -> None:
    codes = size_codes()
    assert [codes[word] for word in ("micro", "piccola", "media", "grande", "small")] == [
        "MICRO",
        "SMALL",
        "MEDIUM",
        "LARGE",
        "SMALL",
    ]


def test_the_unified_list_says_source_and_sector_row_by_row() -> None:
    cells = {"source": "AdE_5x1000_2020", "sector": "third_sector", "tax_code": tax_code(1), "province": "TO"}
    assert entry("unified", **cells).source.rank == 19
    assert problems("unified", **cells | {"sector": "misto"}) == [("sector", "sector")]
    assert problems("unified", **cells | {"source": ""}) == [("source", "empty")]
