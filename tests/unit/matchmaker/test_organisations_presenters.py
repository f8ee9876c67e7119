"""What of a body is shown, and how."""

from __future__ import annotations

import pytest

from matchmaker.organisations.models import Organisation
from matchmaker.organisations.presenters import shown_tax_code, web_address
from matchmaker.organisations.search import Search


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("www.comune.pinerolo.to.it", "https://www.comune.pinerolo.to.it"),
        ("http://www.asl.it/sede", "http://www.asl.it/sede"),
        (" https://ente.example ", "https://ente.example"),
        ("javascript:alert(1)", None),
        ("javascript://x.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("nessuno", None),
        ("", None),
        (None, None),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(written: str | None, linked: str | None) -> None:
    assert web_address(Organisation(website=written)) == linked


@pytest.mark.parametrize(
    ("code", "shown"), [("01750860015", "01750860015"), ("RSSMRA80A01L219M", None), (None, None)]
)
def test_a_body_s_tax_code_is_shown_and_a_person_s_is_not(code: str | None, shown: str | None) -> None:
    assert shown_tax_code(Organisation(tax_code=code)) == shown


def test_a_search_goes_into_an_address_and_comes_back() -> None:
    search = Search(text="casa di riposo", kind="third_sector", sort="place")
    assert search.arguments == {"q": "casa di riposo", "kind": "third_sector", "sort": "place"}
    assert Search.read(search.arguments) == search


def test_a_way_of_sorting_that_is_not_there_is_ignored_and_long_texts_are_cut() -> None:
    search = Search.read({"sort": "price", "q": "x" * 1000})
    assert search.sort == ""
    assert len(search.text) == 200
    assert search.filters == {"text": search.text}


def test_dropping_a_filter_keeps_the_others() -> None:
    search = Search(text="riposo", kind="other")
    assert search.having("kind", "") == Search(text="riposo")
