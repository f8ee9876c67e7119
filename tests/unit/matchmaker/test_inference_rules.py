from __future__ import annotations

import re
import time

import pytest

from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.inference import Inference, Rule, infer, rule_book

PHRASE = re.compile(r"\^?[a-z0-9]+( [a-z0-9]+)*\*?")
MARKS = {"public", "third_sector", "enterprise", "other", "unsaid", "asd", "research"}
BOOK = rule_book()
ALL_RULES = (*BOOK.legal_forms, *BOOK.terms)


def by_id(rules: tuple[Rule, ...]) -> list[object]:
    return [pytest.param(rule, id=rule.id) for rule in rules]


def read(rule: Rule, name: str) -> list[Inference]:
    """Read a name from each sort of list that the rule may stand for."""
    categories = [
        category
        for mark, category in (("asd", "asd"), ("research", "ricerca_scientifica"))
        if mark in rule.when
    ]
    sectors = (rule.when & {"public", "third_sector", "enterprise", "other"}) or {"third_sector", "public"}
    sectors = {"third_sector"} if categories else sectors
    return [infer(name, sector=sector, categories=categories) for sector in sorted(sectors)]


def holds(rule: Rule, found: Inference) -> bool:
    return rule.id in {term.rule for term in found.terms} or found.legal_form_rule in (
        rule.id,
        f"list:{rule.id}",
    )


@pytest.mark.parametrize("rule", by_id(ALL_RULES))
def test_the_example_of_a_rule_meets_it(rule: Rule) -> None:
    assert any(holds(rule, found) for found in read(rule, rule.example))


@pytest.mark.parametrize("rule", by_id(tuple(rule for rule in ALL_RULES if rule.counterexample)))
def test_the_counterexample_of_a_rule_does_not_meet_it(rule: Rule) -> None:
    assert not any(holds(rule, found) for found in read(rule, rule.counterexample))


@pytest.mark.parametrize("rule", by_id(ALL_RULES))
def test_a_rule_is_written_as_rules_are(rule: Rule) -> None:
    assert all(PHRASE.fullmatch(phrase) for phrase in rule.any | rule.and_any | rule.not_if)
    assert not rule.any & rule.not_if
    assert rule.when <= MARKS
    assert len(rule.id) <= 60


def test_rules_infer_only_what_the_vocabularies_hold() -> None:
    words = catalogue()
    for rule in BOOK.terms:
        assert all(code in words[name] for name, codes in rule.infers.items() for code in codes), rule.id
        assert rule.legal_forms <= set(words["legal_form"]), rule.id
        assert rule.confidence in ("high", "medium", "low"), rule.id
    assert {rule.legal_form for rule in BOOK.legal_forms} <= set(words["legal_form"])
    assert BOOK.silent | set(BOOK.type_guess.values()) | set(BOOK.ipa_category.values()) <= set(
        words["legal_form"]
    )


def test_no_two_rules_share_their_name() -> None:
    assert len({rule.id for rule in ALL_RULES}) == len(ALL_RULES)


def test_a_term_names_its_rule_and_the_words_it_rests_on() -> None:
    (term,) = [
        t for t in infer("CROCE VERDE VALLE SCURA", sector="third_sector").terms if t.code == "TRASPORTO"
    ]
    assert (term.vocabulary, term.rule, term.evidence) == ("service", "soccorso-sanitario", "croce verde")
    assert term.confidence == "high"


def test_the_surest_rule_speaks_for_a_code() -> None:
    found = infer("CENTRO D'ASCOLTO CARITAS ODV", sector="third_sector")
    (poverty,) = [term for term in found.terms if term.code == "POVERTA"]
    assert (poverty.rule, poverty.confidence) == ("poverta", "high")


def test_a_code_is_read_once() -> None:
    terms = infer("ANTEAS TERZA ETA' ANZIANI CASA DI RIPOSO ODV", sector="third_sector").terms
    assert len({(term.vocabulary, term.code) for term in terms}) == len(terms)


def test_codes_of_one_vocabulary_are_picked_out() -> None:
    found = infer("ASILO INFANTILE BOSIO", sector="third_sector")
    assert found.codes("service") == ("INFANZIA",)
    assert found.codes("asset") == ()


def test_a_social_cooperative_that_says_more_is_not_read_as_weak_social_services() -> None:
    plain = infer("IL NOCCIOLO COOPERATIVA SOCIALE", sector="third_sector")
    named = infer("IL NOCCIOLO COOPERATIVA SOCIALE ANZIANI", sector="third_sector")
    assert [term.rule for term in plain.terms] == ["cooperativa-servizi-sociali"]
    assert "cooperativa-servizi-sociali" not in {term.rule for term in named.terms}


def test_the_list_of_sports_clubs_is_trusted_where_the_name_says_nothing() -> None:
    found = infer("TAMBURO VALFREDDESE", categories=["asd"])
    assert (found.legal_form, found.legal_form_rule) == ("TS_ASD", "list:asd-dall-elenco")
    assert found.codes("theme") == ("ATT_SPORTIVA",)


def test_the_guess_of_the_unified_list_counts_only_for_sports_and_public_bodies() -> None:
    assert infer("TAMBURO", sector="third_sector", type_guess="ASD").legal_form == "TS_ASD"
    assert infer("TAMBURO", sector="third_sector", type_guess="COOP_SOCIALE").legal_form == "TS_ALTRO"
    assert infer("Ente Bosio", type_guess="ALTRO_PUBBLICO").legal_form == "PB_ALTRO"


def test_a_category_of_the_index_of_public_bodies_stands_in_for_a_silent_name() -> None:
    found = infer("Acque Chiare", ipa_category="Consorzi di Bacino Imbrifero Montano")
    assert (found.kind, found.legal_form, found.legal_form_rule) == (
        "public_body",
        "PB_CONSORZIO",
        "list:public",
    )


def test_a_name_speaks_before_its_category() -> None:
    found = infer(
        "Consorzio Intercomunale Servizi Sociali", ipa_category="Consorzi tra Amministrazioni Locali"
    )
    assert found.legal_form == "PB_CONSORZIO_SA"


def test_the_reliable_flag_of_research_is_read() -> None:
    assert infer("FONDAZIONE PRATO", categories=["ricerca_sanitaria"]).codes("theme") == ("RICERCA",)


def test_a_kind_that_the_source_tells_stays_where_no_form_is_read() -> None:
    assert infer("BOSIO", sector="enterprise") == Inference("enterprise")
    assert infer("BOSIO") == Inference("other")


def test_an_empty_name_reads_nothing() -> None:
    assert infer("") == Inference("other")
    assert infer("  ", sector="third_sector").terms == ()


def test_a_thousand_names_are_read_in_a_moment() -> None:
    infer("warm up")
    start = time.process_time()
    for number in range(1000):
        infer(
            f"ASSOCIAZIONE DI VOLONTARIATO AMICI DELLA CASA DI RIPOSO NUMERO {number} ODV",
            sector="third_sector",
        )
    assert time.process_time() - start < 3
