from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabularies.names import fold, fold_name, read_name
from matchmaker.vocabularies.phrases import Phrase, PhraseIndex


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Mondovi'", "mondovi"),
        ("Mondovì", "mondovi"),
        ("L'ALBERO", "l albero"),
        ("Montechiaro D\\\\'Asti", "montechiaro d asti"),
        ("Cavaglio-Spoccia", "cavaglio spoccia"),
        ("A.V.I.S.", "avis"),
        ("A. S. D. Volley", "asd volley"),
        ("O.N.L.U.S", "onlus"),
        ("DI.A.PSI.", "diapsi"),
        ("A.I.B. E PC", "aib e pc"),
        ("ASS.NAZ.VIGILI", "ass naz vigili"),
        ("S. Maria", "s maria"),
        ("  Città   di  ", "citta di"),
        ("None", "none"),
    ],
)
def test_names_are_folded_to_words_and_blanks(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SOC.COOP.SOC. IL NOCCIOLO", "societa cooperativa sociale il nocciolo"),
        ("SOCIETA'COOPERATIVA SOCIALE", "societa cooperativa sociale"),
        ("SOCIET? COOP ERATIVA", "societa cooperativa"),
        ("ASS.NE PROV.", "associazione provinciale"),
        ("LUCIDIPONTEONLUS", "lucidiponte onlus"),
        ("VOLONTARI 0.D.V.", "volontari odv"),
        ("AMICI DEI V.V.F. DI TRINO", "amici dei vigili del fuoco di trino"),
        ("CASA F.LLI PRATO", "casa fratelli prato"),
    ],
)
def test_abbreviations_are_written_out(written: str, read: str) -> None:
    assert read_name(written) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ASSOCIAZIONE LA SCINTILLA - ODV", "LA SCINTILLA O.D.V."),
        ("IL NOCCIOLO SOCIETA' COOPERATIVA SOCIALE SIGLABILE NOCCIOLO S.C.S.", "COOP. SOC. NOCCIOLO"),
        ("A.S.D. Polisportiva Valmala", "POL. VALMALA ASSOCIAZIONE SPORTIVA DILETTANTISTICA"),
        ("Officine Rossi S.r.l.", "OFFICINE ROSSI SRL"),
    ],
)
def test_two_writings_of_one_name_meet(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_what_a_body_is_stays_where_it_tells_two_bodies_apart() -> None:
    assert fold_name("Comune di Torino") != fold_name("Provincia di Torino")
    assert fold_name("Fondazione Prato") != fold_name("Associazione Prato")


def test_a_name_made_of_legal_form_words_alone_keeps_them() -> None:
    assert fold_name("ASSOCIAZIONE ONLUS") == "associazione onlus"


def test_a_name_that_begins_with_its_short_form_keeps_it() -> None:
    assert fold_name("Siglabile Prato") == "siglabile prato"


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_a_folded_name_holds_small_letters_digits_and_single_blanks(text: str) -> None:
    folded = fold_name(text)
    assert folded == " ".join(folded.split())
    assert all(letter.isascii() and (letter.isalnum() or letter == " ") for letter in folded)


def test_a_phrase_is_taken_apart() -> None:
    assert Phrase.read("^comune di") == Phrase("^comune di", ("comune", "di"), anchored=True, open_end=False)
    assert Phrase.read("psich*") == Phrase("psich*", ("psich",), anchored=False, open_end=True)


@pytest.mark.parametrize(
    ("phrase", "words", "met"),
    [
        ("croce verde", "la croce verde di asti", "croce verde"),
        ("croce verde", "la croce e verde", None),
        ("croce", "crocefisso", None),
        ("psich*", "malati psichici", "psichici"),
        ("organizzazione di volontar*", "organizzazione di volontariat", "organizzazione di volontariat"),
        ("organizzazione di volontar*", "organizzazione di", None),
        ("^comune di", "comune di none", "comune di"),
        ("^comune di", "il comune di none", None),
    ],
)
def test_a_phrase_meets_whole_words(phrase: str, words: str, met: str | None) -> None:
    assert PhraseIndex([phrase]).find(words.split()).get(phrase) == met


@given(
    st.lists(st.sampled_from(["ca*", "casa", "casa di", "di ca*", "^di", "sa"]), unique=True),
    st.lists(st.sampled_from(["casa", "casale", "di", "sa", "ca"]), max_size=6),
)
def test_the_index_finds_what_trying_every_phrase_everywhere_finds(
    phrases: list[str], words: list[str]
) -> None:
    tried = {
        text
        for text in phrases
        if any(Phrase.read(text).stands_at(words, position) for position in range(len(words)))
    }
    assert set(PhraseIndex(phrases).find(words)) == tried
