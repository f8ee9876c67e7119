from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.collaboration import Work, affiliation_graph, latest_year, projection, recency

members = st.lists(st.integers(1, 8), min_size=1, max_size=5, unique=True).map(tuple)
works = st.lists(members, max_size=6).map(
    lambda groups: [Work(number, group, 2020) for number, group in enumerate(groups)]
)


def test_a_work_of_this_year_counts_whole_and_one_of_a_half_life_ago_counts_half() -> None:
    assert recency(2026, now=2026) == 1.0
    assert recency(2020, now=2026) == 0.5
    assert recency(2023, now=2026, half_life=3) == 0.5


def test_a_work_announced_for_next_year_counts_no_more_than_one_of_today() -> None:
    assert recency(2030, now=2026) == 1.0


def test_a_work_without_a_year_counts_as_one_of_a_half_life_ago() -> None:
    assert recency(None, now=2026) == recency(2020, now=2026)


def test_ages_are_counted_from_the_last_year_named_when_no_year_is_given() -> None:
    graph = affiliation_graph([Work(1, (1, 2), 2014), Work(2, (1, 3), 2020)])

    assert graph["work", 1]["body", 1]["weight"] == 0.5
    assert graph["work", 2]["body", 3]["weight"] == 1.0


def test_without_any_year_all_works_count_alike() -> None:
    assert latest_year([Work(1, (1,)), Work(2, (2,))]) == 0
    graph = affiliation_graph([Work(1, (1,)), Work(2, (2,))])
    assert {weight for _, _, weight in graph.edges(data="weight")} == {0.5}


def test_a_body_and_a_work_with_the_same_number_are_two_nodes() -> None:
    graph = affiliation_graph([Work(1, (1,))])

    assert set(graph) == {("work", 1), ("body", 1)}


def test_a_member_named_twice_counts_once() -> None:
    assert affiliation_graph([Work(1, (5, 5, 6))]).degree(("work", 1)) == 2


def test_a_tie_weighs_its_works_recency_over_the_number_of_other_members() -> None:
    ties = projection(affiliation_graph([Work(1, (1, 2, 3), 2026), Work(2, (1, 2), 2020)]))

    assert ties[1][2]["weight"] == pytest.approx(1 / 2 + 0.5 / 1)
    assert ties[1][2]["works"] == (1, 2)
    assert ties[1][3]["weight"] == pytest.approx(1 / 2)


def test_a_body_that_worked_alone_stands_in_the_projection_without_ties() -> None:
    ties = projection(affiliation_graph([Work(1, (9,))]))

    assert list(ties) == [9]
    assert ties.number_of_edges() == 0


@given(works)
def test_a_bodys_tie_weights_add_up_to_the_recency_of_its_shared_works(found: list[Work]) -> None:
    # Newman's weights: each work gives one unit (times recency) to each member that has company.
    ties = projection(affiliation_graph(found, now=2020))

    for body in ties:
        shared = sum(1 for work in found if body in work.members and len(work.members) > 1)
        assert ties.degree(body, weight="weight") == pytest.approx(shared)
