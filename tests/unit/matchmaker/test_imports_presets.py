"""Which column is what, and how a file is recognised."""

from __future__ import annotations

import pytest

from matchmaker.imports.presets import PRESETS, choose_preset, normal, template_file
from matchmaker.imports.problems import FileRefused
from matchmaker.imports.sources import FIVE_PER_THOUSAND, IPA, IPA_COPIED, rank_of, source_written
from matchmaker.imports.words import FIELD_NAMES, PRESET_NAMES
from matchmaker.organisations.models import Origin
from tests.import_files import FIRMS, FIVE, UNIFIED
from tests.import_files import IPA as IPA_HEADER


@pytest.mark.parametrize(
    ("header", "code"), [(UNIFIED, "unified"), (IPA_HEADER, "ipa"), (FIVE, "5x1000"), (FIRMS, "firms")]
)
def test_each_list_is_recognised_by_its_header(header: list[str], code: str) -> None:
    assert choose_preset(header).code == code


def test_headers_are_read_whatever_their_case_accents_and_blanks() -> None:
    header = ["Ragione Sociale", "CODICE FISCALE", "P.IVA", "Comune", "Città"]
    assert normal("Codice  Fiscale ") == "codice_fiscale"
    with pytest.raises(FileRefused, match="duplicate_columns"):
        choose_preset(header)
    preset = choose_preset(header[:4])
    assert preset.positions(header[:4]) == {"name": 0, "tax_code": 1, "vat_number": 2, "municipality": 3}


def test_missing_columns_are_named_as_the_list_calls_them() -> None:
    with pytest.raises(FileRefused) as refused:
        choose_preset(["denominazione", "provincia"])
    assert refused.value.details == {"preset": "firms", "columns": ["comune", "codice_fiscale/partita_iva"]}
    with pytest.raises(FileRefused) as refused:
        choose_preset([name for name in UNIFIED if name not in ("comune", "name")])
    assert refused.value.details == {"preset": "unified", "columns": ["name", "comune"]}


def test_a_preset_that_was_asked_for_is_not_replaced_by_one_that_fits() -> None:
    with pytest.raises(FileRefused) as refused:
        choose_preset(FIRMS, "ipa")
    assert refused.value.details["preset"] == "ipa"


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        choose_preset([*FIRMS, "CF"])
    assert refused.value.details == {"columns": ["codice_fiscale", "CF"]}


def test_unknown_columns_may_stand_twice() -> None:
    assert choose_preset(["note", *FIRMS, "note"]).code == "firms"


@pytest.mark.parametrize("code", PRESETS)
def test_the_template_of_a_preset_is_read_by_it(code: str) -> None:
    header = template_file(PRESETS[code]).decode("utf-8-sig").strip().split(";")
    assert choose_preset(header, code).missing(header) == []
    assert set(PRESETS[code].positions(header)) == set(PRESETS[code].columns)


def test_every_preset_and_field_has_its_words() -> None:
    assert PRESET_NAMES.keys() == PRESETS.keys()
    assert FIELD_NAMES.keys() >= {field for preset in PRESETS.values() for field in preset.columns}


def test_an_original_weighs_more_than_its_copy_and_reference_data_more_than_both() -> None:
    copied = rank_of(Origin.DIRECTORY, IPA_COPIED.name)
    original = rank_of(Origin.DIRECTORY, IPA.name)
    assert FIVE_PER_THOUSAND.rank < copied < original < rank_of(Origin.REFERENCE, "whatever")


def test_a_source_that_is_not_known_keeps_its_own_words() -> None:
    assert source_written("IPA_via_publicbodies_2013") == IPA_COPIED
    assert source_written(" Elenco   della Provincia ").name == "Elenco della Provincia"
    assert source_written("x" * 300).name == "x" * 200
