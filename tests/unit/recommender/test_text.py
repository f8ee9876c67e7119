from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recommender.text import Lexicon, concept, fold, stems, term_of, words
from tests.unit.recommender.worlds import THESAURUS

LEXICON = Lexicon(THESAURUS.words)


def test_an_apostrophe_separates_words_whatever_its_shape() -> None:
    assert words("L'infanzia e l’età") == ["l", "infanzia", "e", "l", "età"]


def test_accents_are_folded_after_stemming() -> None:
    assert fold("Povertà") == "poverta"
    assert stems("le povertà") == stems("povertà")


def test_singular_and_plural_have_one_stem() -> None:
    assert stems("cooperativa sociale") == stems("cooperative sociali")


def test_function_words_and_single_letters_are_left_out() -> None:
    assert stems("con i bambini e le mamme a B.") == stems("bambini mamme")


def test_a_synonym_is_read_as_its_term() -> None:
    assert LEXICON.read(stems("Gli empori solidali del paese")) == [("theme", "POVERTA")]


def test_the_longest_phrase_is_read_where_several_start_together() -> None:
    lexicon = Lexicon({("x", "HOUSE"): ["casa"], ("x", "CARE_HOME"): ["casa di riposo"]})

    assert lexicon.read(stems("una casa di riposo")) == [("x", "CARE_HOME")]
    assert lexicon.read(stems("una casa")) == [("x", "HOUSE")]


def test_phrases_that_start_alike_are_told_apart() -> None:
    lexicon = Lexicon({("x", "RED"): ["casa rossa"], ("x", "GREEN"): ["casa verde"]})

    assert lexicon.read(stems("la casa verde")) == [("x", "GREEN")]


def test_a_word_of_two_terms_is_read_as_both() -> None:
    assert LEXICON.read(stems("terza età")) == [("theme", "DEMOGRAFIA"), ("target_group", "ANZIANI")]


def test_a_phrase_cut_short_by_the_end_of_the_text_is_not_read() -> None:
    assert LEXICON.read(stems("un emporio")) == []


def test_an_empty_synonym_is_no_phrase() -> None:
    assert Lexicon({("x", "A"): ["", "e di"]}).read(stems("casa")) == []


def test_a_concept_is_told_from_any_stem() -> None:
    assert term_of(concept(("theme", "POVERTA"))) == ("theme", "POVERTA")
    assert term_of("povert") is None


@given(st.text(max_size=60))
def test_no_stem_of_any_text_looks_like_a_concept(text: str) -> None:
    assert all(term_of(stem) is None for stem in stems(text))


@given(st.lists(st.sampled_from(sorted(THESAURUS.words)), max_size=4))
def test_whatever_terms_a_text_names_are_read(terms: list[tuple[str, str]]) -> None:
    text = ", ".join(THESAURUS.words[term][0] for term in terms)

    assert set(terms) <= set(LEXICON.read(stems(text)))
