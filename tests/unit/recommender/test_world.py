"""The nouns that a recommender is fitted on, the arrays made of them, and what a query asks for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.index import FIELDS, Coder, Index
from recommender.postings import Codebook, Postings
from recommender.ties import Ties
from recommender.types import Commitments, Profile, Project, Role
from recommender.weights import Weights
from recommender.wish import Wish, brought, lacking, wish_of
from recommender.world import PastProject, Query, Thesaurus, World
from tests.unit.recommender.worlds import ASTI, NOWHERE, THESAURUS, body, manager, on_poverty, team, world

ASKER = body(1)
sparse_rows = st.lists(st.dictionaries(st.integers(0, 5), st.floats(0.5, 2.0)), max_size=6)


def indexed(*candidates: object) -> tuple[Index, Coder]:
    coder = Coder(THESAURUS, 0.5)
    return coder.fit(world(*candidates)), coder


def wished(query: Query, *others: object) -> Wish:
    index, coder = indexed(query.asker, *others)
    return wish_of(index, coder, query, Weights())


# -- nouns


def test_a_query_asks_for_twenty_partners_without_filters_unless_it_says_otherwise() -> None:
    query = Query(ASKER, Project("M1"))

    assert (query.top, query.role, query.commitments) == (20, Role.PARTNER, Commitments())
    assert (query.kind, query.district, query.max_distance_km, query.on_platform) == (None,) * 4


def test_a_world_may_be_nothing_but_bodies() -> None:
    assert World((ASKER,)) == World((ASKER,), (), Thesaurus(), {})


# -- numbers and postings


def test_a_number_never_changes_and_what_was_never_met_has_none() -> None:
    book = Codebook()

    assert (book.number("a"), book.number("b"), book.number("a")) == (0, 1, 0)
    assert (book.find("c"), len(book), book.things()) == (None, 2, ("a", "b"))


@given(sparse_rows, st.dictionaries(st.integers(0, 8), st.floats(0.5, 2.0)))
def test_a_product_over_the_lists_is_the_product_of_the_matrices(
    rows: list[dict[int, float]], query: dict[int, float]
) -> None:
    dense = np.zeros(9)
    for column, weight in query.items():
        dense[column] = weight
    expected = [sum(value * dense[column] for column, value in row.items()) for row in rows]

    assert Postings.of(rows, 6).dot(query) == pytest.approx(expected, rel=1e-5)


@given(sparse_rows, sparse_rows, st.data())
def test_kept_and_added_rows_stand_as_if_built_at_once(
    old: list[dict[int, float]], new: list[dict[int, float]], data: st.DataObject
) -> None:
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(old), max_size=len(old))), dtype=bool)
    kept = [row for row, stays in zip(old, keep, strict=True) if stays]

    joined = Postings.of(old, 6).joined(keep, Postings.of(new, 8))

    assert (joined.rows != Postings.of([*kept, *new], 8).rows).nnz == 0


# -- candidates as rows


def test_said_codes_count_whole_and_read_ones_half_and_what_is_said_beats_what_is_read() -> None:
    index, coder = indexed(body(1, themes=["POVERTA"], inferred=["POVERTA", "FRAGILITA", "VOLONTARI"]))

    def held(term: tuple[str, str]) -> float:
        return float(index.terms.dot({coder.terms.number(term): 1.0})[0])

    assert held(("theme", "POVERTA")) == 1.0
    assert held(("theme", "FRAGILITA")) == 0.5
    assert index.offers.dot({coder.asset("VOLONTARI"): 1.0})[0] == 0.5


def test_a_read_code_that_the_thesaurus_does_not_know_is_taken_as_a_theme() -> None:
    _, coder = indexed(ASKER)

    assert coder.inferred_terms(Profile(inferred=frozenset({"NEVER_SEEN"}))) == [("theme", "NEVER_SEEN")]


def test_the_fields_that_something_is_known_in_are_marked() -> None:
    index, _ = indexed(body(1, themes=["POVERTA"], inferred=["VOLONTARI"]), body(2))

    assert [FIELDS[column] for column in np.flatnonzero(index.columns.known[0])] == ["theme", "asset"]
    assert not index.columns.known[1].any()


def test_a_body_is_outside_welfare_when_all_its_themes_are() -> None:
    index, _ = indexed(
        body(1, inferred=["ATT_SPORTIVA"]), body(2, inferred=["ATT_SPORTIVA", "POVERTA"]), body(3)
    )

    assert index.columns.outside.tolist() == [True, False, False]


def test_words_that_most_bodies_hold_tell_nothing_apart_in_a_large_world() -> None:
    index, coder = indexed(*(body(number, f"Cooperativa nome{number}") for number in range(1, 1201)))

    assert "coop" not in {word[:4] for word in coder.words}
    assert index.text.rows[5].nnz == 1


def test_a_world_without_a_word_can_be_fitted_and_asked() -> None:
    coder = Coder(Thesaurus(), 0.5)
    index = coder.fit(World((body(1, "."),)))

    assert wish_of(index, coder, Query(ASKER, Project("M1", text="povertà")), Weights()).text == {}


def test_words_that_come_later_wait_for_the_next_fit_but_the_thesaurus_is_known_from_the_start() -> None:
    _, coder = indexed(ASKER)

    assert coder.vectors([coder.tokens("parolanuova")]).nnz == 0
    assert coder.vectors([coder.tokens("canile")]).nnz > 0
    assert coder.vectors([]).shape[0] == 0


# -- what a query asks for


def test_a_chosen_theme_is_asked_for_whole_and_one_named_in_the_text_half() -> None:
    wish = wished(on_poverty(ASKER, text="Assistenza domiciliare agli anziani contro la povertà"))

    assert wish.asked["theme"] == {"POVERTA": 1.0}
    assert wish.asked["service"] == {"DOMICILIO": 0.5}
    assert wish.asked["target_group"] == {"ANZIANI": 0.5}


def test_assets_named_in_the_text_are_not_taken_as_needs() -> None:
    wish = wished(Query(ASKER, Project("M1", text="Abbiamo volontari")))

    assert "asset" not in wish.asked
    assert wish.needs == frozenset()


def test_no_related_term_is_one_that_was_asked_for() -> None:
    wish = wished(Query(ASKER, Project("M1", frozenset({"POVERTA", "FRAGILITA"}))))

    assert wish.related == {("target_group", "POVERI"): 1.0, ("service", "INCLUSIONE"): 1.0}


@pytest.mark.parametrize("order", [("CHOSEN", "READ"), ("READ", "CHOSEN")])
def test_a_term_that_two_others_call_up_keeps_the_stronger_call(order: tuple[str, str]) -> None:
    words = {("theme", code): (code.lower(),) for code in order} | {("service", "X"): ("x",)}
    related = {("theme", code): frozenset({("service", "X")}) for code in order}
    coder = Coder(Thesaurus(words, related), 0.5)
    index = coder.fit(World((ASKER,)))

    wish = wish_of(index, coder, Query(ASKER, Project("M1", frozenset({"CHOSEN"}), text="read")), Weights())

    assert wish.related == {("service", "X"): 1.0}


def test_a_silent_project_is_about_what_the_asker_said_and_what_was_read_of_it() -> None:
    wish = wished(Query(body(1, themes=["POVERTA"], inferred=["ANZIANI", "SPAZI"]), Project("M1")))

    assert wish.asked == {"theme": {"POVERTA": 0.5}, "target_group": {"ANZIANI": 0.25}}


def test_the_needs_of_a_team_are_those_that_none_of_it_can_meet() -> None:
    asker, partner = body(1, needs=["SPAZI", "OPER_SOC"]), body(2, needs=["VOLONTARI"], offers=["SPAZI"])
    wish = wished(on_poverty(asker, team=team(asker, partner)), partner)

    assert wish.needs == {"OPER_SOC", "VOLONTARI"}
    assert wish.seeds == {1, 2}


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        (manager(1, "asti"), {"asti"}),
        (body(1), {"pinerolo"}),
        (body(1, place=NOWHERE, works_in=frozenset({"asti"})), {"asti"}),
        (body(1, place=NOWHERE), set()),
    ],
)
def test_without_a_district_the_askers_is_meant_what_it_manages_first(asker: object, expected: set) -> None:
    assert wished(Query(asker, Project("M1"))).districts == expected


def test_distances_are_from_the_asker_unless_the_project_is_elsewhere() -> None:
    here = wished(on_poverty(ASKER), body(2, place=ASTI))
    there = wished(Query(ASKER, Project("M1", districts=frozenset({"asti"}))), body(2, place=ASTI))
    nobody_there = wished(Query(ASKER, Project("M1", districts=frozenset({"cuneo"}))), body(2))

    assert here.far_km is here.distance_km
    assert there.far_km[1] == pytest.approx(0.0)
    assert there.distance_km[1] > 60
    assert nobody_there.far_km is nobody_there.distance_km


def test_what_is_brought_may_be_said_or_read() -> None:
    asker = body(1, themes=["POVERTA"], inferred=["ANZIANI"], offers=["SPAZI"], needs=["OPER_SOC"])

    assert brought(asker) == {"POVERTA", "ANZIANI", "SPAZI"}
    assert lacking(Query(asker, Project("M1", frozenset({"DEMOGRAFIA", "POVERTA"})))) == {
        "DEMOGRAFIA",
        "OPER_SOC",
    }


# -- past work


def ties_of(past: list[PastProject], *candidates: object) -> Ties:
    index, coder = indexed(*candidates)
    return Ties(past, index.position, coder, len(index))


def test_a_member_that_the_world_does_not_hold_leaves_no_trace() -> None:
    ties = ties_of([PastProject(7, (1, 99)), PastProject(8, (99,))], ASKER, body(2))

    assert ties.works_of(1) == (7,)
    assert ties.partners(1) == {}
    assert ties.works_of(99) == ()
    assert ties.newcomers(np.array([1, 2])).tolist() == [True, True]


def test_partners_come_with_the_works_done_together() -> None:
    ties = ties_of([PastProject(7, (1, 2)), PastProject(8, (2, 1, 3))], ASKER, body(2), body(3))

    assert ties.partners(1) == {2: (7, 8), 3: (8,)}
    assert ties.newcomers(np.array([1, 9])).tolist() == [False, True]


def test_without_past_work_nobody_is_reached() -> None:
    reached = ties_of([], ASKER, body(2)).reached({1}, {0: 1.0})

    assert (reached.ties.tolist(), reached.past.tolist(), reached.near) == ([0, 0], [0, 0], ())


def test_a_faint_likeness_of_texts_votes_faintly() -> None:
    past = [PastProject(7, (2,), 2024, "mensa dei poveri"), PastProject(8, (3,), 2024, "gattile e canile")]
    index, coder = indexed(ASKER, body(2), body(3))
    ties = Ties(past, index.position, coder, 3)

    def vector(text: str) -> dict[int, float]:
        row = coder.vectors([coder.tokens(text)])
        return dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))

    clear = ties.reached(set(), vector("mensa dei poveri"))
    faint = ties.reached(
        set(), vector("poveri, casa di riposo, calcio, educatori, sale, immobili, volontari")
    )

    assert (clear.past[1], clear.near) == (1.0, (7,))
    assert 0 < faint.past[1] < 1
    assert faint.near == (7,)


def test_themes_of_past_work_stand_for_its_words() -> None:
    past = [PastProject(7, (2,), 2024, themes=frozenset({"POVERTA"}))]
    index, coder = indexed(ASKER, body(2))
    vector = coder.vectors([["theme:POVERTA"]])
    text = dict(zip(vector.indices.tolist(), vector.data.tolist(), strict=True))

    assert Ties(past, index.position, coder, 2).reached(set(), text).near == (7,)
