"""Pages of a long list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.paging import Page


def test_the_last_page_may_be_shorter() -> None:
    page = Page.of(3, total=45, length=20)
    assert (page.number, page.count, page.offset, page.first, page.last) == (3, 3, 40, 41, 45)


def test_an_empty_list_has_one_empty_page() -> None:
    page = Page.of(1, total=0, length=20)
    assert (page.count, page.first, page.last, page.shown) == (1, 0, 0, [1])


@pytest.mark.parametrize(("asked", "given_number"), [(-5, 1), (0, 1), (4, 3), (10**12, 3)])
def test_a_number_beyond_an_end_is_the_page_at_that_end(asked: int, given_number: int) -> None:
    assert Page.of(asked, total=45, length=20).number == given_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1, 2, None, 321]),
        (3, [1, 2, 3, 4, None, 321]),
        (160, [1, None, 159, 160, 161, None, 321]),
        (321, [1, None, 320, 321]),
    ],
)
def test_both_ends_and_the_neighbours_are_offered(number: int, shown: list[int | None]) -> None:
    assert Page.of(number, total=6410, length=20).shown == shown


@given(st.integers(-3, 400), st.integers(0, 5000), st.integers(1, 50))
def test_every_page_lies_within_its_list(number: int, total: int, length: int) -> None:
    page = Page.of(number, total, length)
    assert 1 <= page.number <= page.count
    assert 0 <= page.offset <= total
    assert page.first <= page.last <= total
    assert page.number in page.shown
