from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from matchmaker.vocabularies.catalogue import (
    VocabularyError,
    catalogue,
    check_references,
    label_of,
    read_vocabulary,
)
from recommender.types import Capacity, Role

PROFILE_VOCABULARIES = ("theme", "target_group", "service", "welfare_action", "asset")
GIVEN_THEMES = (
    "SOCIO_SAN GENITORIALITA POVERTA SALUTE DEMOGRAFIA FRAGILITA ECON_CIVILE TECNOLOGIA PARI_OPP "
    "CONCILIAZIONE BENESSERE_LAV COESIONE ABITARE POV_EDUCATIVA AGRI_SOCIALE"
).split()


def write(folder: Path, *terms: Mapping[str, object]) -> Path:
    content = {"label_it": "Prova", "label_en": "Trial", "terms": list(terms)}
    path = folder / "trial.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_term_has_its_word_in_both_languages() -> None:
    term = catalogue()["theme"]["POVERTA"]
    assert term.label("it") == "Contrasto alla povertà e all'esclusione sociale"
    assert term.label("en") == "Fighting poverty and social exclusion"


def test_a_language_that_is_not_known_gets_italian() -> None:
    assert catalogue()["kind"]["enterprise"].label("de") == "Impresa"


def test_the_given_theme_codes_stay() -> None:
    assert set(GIVEN_THEMES) <= set(catalogue()["theme"])


def test_the_themes_of_the_strategy_are_welfare_and_sport_is_not() -> None:
    themes = catalogue()["theme"]
    assert all(themes[code].welfare for code in GIVEN_THEMES)
    assert not themes["ATT_SPORTIVA"].welfare
    assert not themes["ANIMALI"].welfare


def test_codes_of_a_profile_mean_one_thing_only() -> None:
    codes = Counter(code for name in PROFILE_VOCABULARIES for code in catalogue()[name])
    assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize("name", PROFILE_VOCABULARIES)
def test_every_term_of_a_profile_has_rich_italian_synonyms(name: str) -> None:
    few = {code: len(term.alt_it) for code, term in catalogue()[name].items() if len(term.alt_it) < 6}
    assert few == {}


@pytest.mark.parametrize(
    ("vocabulary", "code", "synonym"),
    [
        ("target_group", "ANZIANI", "terza età"),
        ("target_group", "ANZIANI", "over 65"),
        ("target_group", "NON_AUTO", "non autosufficienti"),
        ("target_group", "NON_AUTO", "badanti"),
        ("service", "EDUCATIVA", "doposcuola"),
        ("service", "INCLUSIONE", "empori solidali"),
        ("service", "HOUSING", "housing first"),
        ("service", "TRASPORTO", "trasporto disabili"),
        ("welfare_action", "SMART", "lavoro agile"),
    ],
)
def test_the_words_people_use_lead_to_the_code(vocabulary: str, code: str, synonym: str) -> None:
    assert synonym in catalogue()[vocabulary][code].alt("it")
    assert synonym in catalogue()[vocabulary][code].words


def test_a_theme_names_the_services_that_go_with_it() -> None:
    assert "INCLUSIONE" in catalogue()["theme"]["POVERTA"].related["service"]
    assert "ANZIANI" in catalogue()["theme"]["DEMOGRAFIA"].related["target_group"]


def test_every_measure_says_who_with_whom_what_and_how_much_in_both_languages() -> None:
    for measure in catalogue()["measure"].values():
        for name in ("short", "who", "with_whom", "what", "how_much"):
            assert measure.text(name, "it") != measure.text(name, "en") != ""


def test_every_declaration_asks_its_question_in_both_languages() -> None:
    for term in catalogue()["declaration"].values():
        assert term.text("question", "it").endswith("?")
        assert term.text("question", "en").endswith("?")
        assert set(term.facts["measures"]) <= set(catalogue()["measure"])


def test_a_text_that_a_term_does_not_have_is_empty() -> None:
    assert catalogue()["theme"]["POVERTA"].text("question") == ""


def test_roles_and_capacities_are_those_of_the_pure_side() -> None:
    assert {role.value for role in Role} <= set(catalogue()["partner_role"])
    assert [capacity.value for capacity in Capacity] == list(catalogue()["capacity"])


def test_the_thresholds_of_a_small_enterprise_are_those_of_the_recommendation() -> None:
    small = catalogue()["size_class"]["SMALL"].facts
    assert (small["staff_below"], small["turnover_max"], small["balance_max"]) == (50, 10_000_000, 10_000_000)


def test_a_form_offers_the_terms_in_their_order() -> None:
    assert catalogue()["runts_section"].choices("it")[0] == ("A", "Organizzazioni di volontariato")
    assert catalogue()["runts_section"].label("en") == "RUNTS section"


def test_a_retired_code_stands_for_itself() -> None:
    assert label_of("theme", "GONE") == "GONE"
    assert label_of("theme", "ABITARE", "en") == "Housing"


def test_a_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    term = {"code": "A", "label_it": "Uno", "label_en": "One"}
    with pytest.raises(VocabularyError, match="A stands twice"):
        read_vocabulary(write(tmp_path, term, term))


def test_an_empty_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="empty"):
        read_vocabulary(write(tmp_path, {"code": "A", "label_it": " ", "label_en": "One"}))


@pytest.mark.parametrize(
    "word", ["Contrasto alla poverta", "Citta", "servizi per la disabilita", "Universita"]
)
def test_a_word_that_lost_its_accent_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(VocabularyError, match="lost its accent"):
        read_vocabulary(write(tmp_path, {"code": "A", "label_it": word, "label_en": "One"}))


@pytest.mark.parametrize("word", ["Vita indipendente", "Visita domiciliare", "Ditta", "Unità di strada"])
def test_a_word_that_ends_alike_without_accent_passes(tmp_path: Path, word: str) -> None:
    vocabulary = read_vocabulary(write(tmp_path, {"code": "A", "label_it": word, "label_en": "One"}))
    assert vocabulary["A"].label_it == word


def test_a_synonym_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="synonym stands twice"):
        read_vocabulary(
            write(tmp_path, {"code": "A", "label_it": "Uno", "label_en": "One", "alt_it": ["x", "x"]})
        )


@pytest.mark.parametrize(
    "term",
    [
        {"broader": "GONE"},
        {"related": {"trial": ["GONE"]}},
        {"related": {"nowhere": ["A"]}},
        {"kind": "GONE"},
    ],
)
def test_a_term_that_points_to_nothing_is_refused(tmp_path: Path, term: dict[str, object]) -> None:
    vocabulary = read_vocabulary(write(tmp_path, {"code": "A", "label_it": "Uno", "label_en": "One"} | term))
    with pytest.raises(VocabularyError, match="not there"):
        check_references(vocabulary, {"trial": vocabulary})
