"""Three-valued conditions on a candidate's attributes."""

from __future__ import annotations

from itertools import product

import pytest

from recommender.conditions import Condition, all_of, any_of
from recommender.types import Candidate, Place

COOPERATIVE = Candidate(
    1,
    "Cooperativa",
    "third_sector",
    attributes=frozenset({"third_sector", "enterprise"}),
    unknown=frozenset({"sme"}),
    place=Place(region="piemonte"),
)
NOWHERE = Candidate(2, "Ente senza sede", "other")


@pytest.mark.parametrize(
    ("clauses", "holds"),
    [
        ([["third_sector"]], True),
        ([["public_body"]], False),
        ([["sme"]], None),
        ([["third_sector", "enterprise"]], True),
        ([["third_sector", "public_body"]], False),
        ([["third_sector", "sme"]], None),
        ([["public_body", "sme"]], False),
        ([["public_body"], ["enterprise"]], True),
        ([["sme"], ["enterprise"]], True),
        ([["sme"], ["public_body"]], None),
        ([["not:public_body"]], True),
        ([["not:third_sector"]], False),
        ([["not:sme"]], None),
        ([["not:not:third_sector"]], True),
        ([["region:piemonte"]], True),
        ([["region:liguria"]], False),
        ([["not:region:liguria"]], True),
    ],
)
def test_a_condition_holds_fails_or_is_open(clauses: list[list[str]], holds: bool | None) -> None:
    assert Condition.of(clauses).holds(COOPERATIVE) is holds


def test_the_region_of_a_body_without_seat_is_open() -> None:
    assert Condition.of([["region:piemonte"]]).holds(NOWHERE) is None
    assert Condition.of([["not:region:piemonte"]]).holds(NOWHERE) is None


@pytest.mark.parametrize(
    "clauses",
    [
        [],
        [[]],
        "sme",
        ["sme"],
        [["sme"], "micro"],
        [["sme"], []],
        [[""]],
        [[3]],
        [["not:"]],
        [["region:"]],
        [["not:region:"]],
        [None],
        None,
    ],
)
def test_what_is_no_list_of_lists_of_names_is_refused(clauses: object) -> None:
    with pytest.raises(ValueError, match="list of lists of attribute names"):
        Condition.of(clauses)  # type: ignore[arg-type]


def test_a_condition_is_told_as_it_was_given() -> None:
    assert Condition.of((("sme", "not:large"), ["micro"])).names == [["sme", "not:large"], ["micro"]]


@pytest.mark.parametrize(("first", "second"), [*product([True, False, None], repeat=2)])
def test_and_and_or_are_those_of_kleene(first: bool | None, second: bool | None) -> None:
    # False < unknown < True: "and" is the least, "or" the greatest.
    order = [False, None, True]
    assert all_of([first, second]) is order[min(order.index(first), order.index(second))]
    assert any_of([first, second]) is order[max(order.index(first), order.index(second))]


def test_of_nothing_all_hold_and_none_does() -> None:
    assert all_of([]) is True
    assert any_of(iter([])) is False
