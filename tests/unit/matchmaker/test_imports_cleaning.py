"""Text as the lists write it, and as a person would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.imports.cleaning import (
    ForbiddenAddress,
    UnusableAddress,
    clean_name,
    clean_text,
    clean_website,
    has_shapeless_signs,
)
from matchmaker.imports.damage import damage_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Comune di Mondovi'", "Comune di Mondovì"),
        ("CUORGNE' E CIRIE'", "CUORGNÈ E CIRIÈ"),
        ("SOCIETA'COOPERATIVA SOCIALE", "SOCIETÀ COOPERATIVA SOCIALE"),
        ("PIU'BLU ONLUS", "PIÙ BLU ONLUS"),
        ("CRISALIDE -SOCIET? COOPERATIVA", "CRISALIDE -SOCIETÀ COOPERATIVA"),
        ("ASSOCIAZIONE PI? DIRITTI", "ASSOCIAZIONE PIÙ DIRITTI"),
        ("PERCHE' NO", "PERCHÉ NO"),
        ("Universita’ degli Studi", "Università degli Studi"),
        ("SOCIETÀ COOPERA TIVA SOCI ALE", "SOCIETÀ COOPERATIVA SOCIALE"),
        ("ORGANIZZAZ IONE DI VO LONTARIATO", "ORGANIZZAZIONE DI VOLONTARIATO"),
    ],
)
def test_lost_accents_and_broken_words_are_given_back(written: str, meant: str) -> None:
    assert clean_name(written) == meant


@pytest.mark.parametrize(
    "name",
    [
        "Comune di Motta De' Conti",
        "UNIVERSITÀ DEL PIEMONTE ORIENTALE 'AMEDEO AVOGADRO'",
        "ASSOCIAZIONE DI GENITORI 'L'AIRONE'",
        "Ente di Gestione ''Baragge - Bessa - Brich''",
        "L'ALBERO DELL'AMICIZIA",
        "BA'ULE",
        "O N L U S",
        "CHI LEGGE?",
        "La Ca' di nonna",
    ],
)
def test_apostrophes_that_mean_something_else_stay(name: str) -> None:
    assert clean_name(name) == name


def test_escapes_and_blanks_are_cleaned() -> None:
    assert clean_text(r" Montechiaro  D\\'Asti" + "\xa0") == "Montechiaro D'Asti"


@given(st.text(alphabet="abcàèSOCIETA'?\" -\\", max_size=40))
def test_cleaning_a_name_leaves_no_blank_too_many(name: str) -> None:
    assert clean_name(name).split(" ") == clean_name(name).split() or not clean_name(name)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\u202eb", "a\ufffdb", "\ue000", "a\nb"])
def test_signs_without_a_shape_are_found(text: str) -> None:
    assert has_shapeless_signs(text)


@pytest.mark.parametrize("text", ["", "Caffè «Über» – n° 3", "日本", "a\u00a0b"])
def test_letters_of_any_language_have_a_shape(text: str) -> None:
    assert not has_shapeless_signs(text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://www.cisspinerolo.it", "http://www.cisspinerolo.it"),
        ("www.cisspinerolo.it", "http://www.cisspinerolo.it"),
        ("HTTPS://Www.Ciss.IT/Pagina?q=1", "https://www.ciss.it/Pagina?q=1"),
        ("http://https://www.comune.boca.no.it", "https://www.comune.boca.no.it"),
        ("http://http:/www.comune.rueglio.to.it", "http://www.comune.rueglio.to.it"),
        (r"http://http:\\www.comune.bellinzago.no.it", "http://www.comune.bellinzago.no.it"),
        ("comune.it:8080/a", "http://comune.it:8080/a"),
        ("http://", ""),
        ("  ", ""),
    ],
)
def test_web_addresses_are_kept_in_one_form(written: str, kept: str) -> None:
    assert clean_website(written) == kept


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JavaScript:x()", "data:text/html,x", "ftp://a.it", "mailto:a@b.it"]
)
def test_only_web_addresses_are_let_in(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        clean_website(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://Via Roma. 1",
        "http://58103",
        "http://info@comune.it",
        "http://www.comune agrate.it",
        "http://[::1",
        "http://a.it:99999/",
        "http://javascript:alert(1)",
        "http://htto://www.valtriversa.it",
    ],
)
def test_what_no_browser_could_open_is_no_address(address: str) -> None:
    with pytest.raises(UnusableAddress):
        clean_website(address)


@given(st.text(max_size=60))
def test_a_kept_address_is_always_http_or_https(text: str) -> None:
    try:
        kept = clean_website(text)
    except (ForbiddenAddress, UnusableAddress):
        return
    assert not kept or kept.startswith(("http://", "https://"))
    assert not kept or clean_website(kept) == kept


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("CROCE ROSSA ITALIANA - COMITATO DI CRESCENTINO - ORGANIZZAZIONE D", "cut"),
        ("LA NUOVA COOPERATIVA SOCIETÀ COOPERATIVA SOCIALE IMPRESA SO", "cut"),
        ("CRI - COMITATO DI MONESIGLIO - ORGANIZZAZIONE DI VOLONTARIAT", "cut"),
        ("UP - UNITI PER", "cut"),
        ("A" * 145 + " O", "cut"),
        ('"ASSOCIAZIONE PROGETTO SARAH - ONLUS', "unbalanced"),
        ("IIGM FOUNDATION (ITALIAN INSTITUTE FOR GENOMIC MED", "unbalanced"),
        ("UNIONE DONNE DEL 3? MILLENNIO", "lost_sign"),
        ("LEGAL§RTE", "lost_sign"),
        ("AL? CLOWN - VIP", "lost_sign"),
    ],
)
def test_cut_and_damaged_names_are_noticed(name: str, damage: str) -> None:
    assert damage_of(name) == damage


@pytest.mark.parametrize(
    "name",
    [
        "Comune di Re",
        "ASILI NOTTURNI UMBERTO I",
        "AGAPE ORGANIZZAZIONE DI VOLONTARIATO",
        "FONDAZIONE IBD - ONLUS -",
        "COOPERATIVA SOCIALE A R.L.",
        "NON TI SCORDAR DI ME",
        "CHI LEGGE?",
        "...",
    ],
)
def test_whole_names_are_left_in_peace(name: str) -> None:
    assert damage_of(name) is None
