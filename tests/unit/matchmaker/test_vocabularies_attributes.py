from __future__ import annotations

import pytest

from matchmaker.vocabularies.attributes import ATTRIBUTES, SIZES, standing_of
from matchmaker.vocabularies.catalogue import catalogue


def test_every_form_speaks_of_known_attributes_and_says_none_of_them_twice() -> None:
    for form in catalogue()["legal_form"].values():
        assert form.attributes | form.unknown <= ATTRIBUTES, form.code
        assert not form.attributes & form.unknown, form.code


def test_no_form_says_that_a_body_manages_social_services() -> None:
    assert not any("ente_gestore" in form.attributes for form in catalogue()["legal_form"].values())


def test_a_social_cooperative_is_third_sector_and_enterprise_of_unknown_size() -> None:
    standing = standing_of("third_sector", "TS_COOP")
    assert standing.attributes == {"third_sector", "enterprise", "social_enterprise", "non_profit"}
    assert standing.unknown == SIZES


def test_its_size_makes_a_social_cooperative_an_sme() -> None:
    standing = standing_of("third_sector", "TS_COOP_A", "SMALL")
    assert {"sme", "small", "third_sector"} <= standing.attributes
    assert standing.unknown == frozenset()


def test_a_foundation_is_third_sector_and_no_enterprise() -> None:
    standing = standing_of("third_sector", "TS_FOND", "SMALL")
    assert standing.attributes == {"third_sector", "non_profit"}
    assert standing.unknown == frozenset()


def test_a_large_firm_is_no_sme() -> None:
    standing = standing_of("enterprise", "IM_IMPRESA", "LARGE")
    assert standing.attributes == {"enterprise", "large"}
    assert standing.unknown == frozenset()


def test_a_said_size_beats_the_size_of_the_form() -> None:
    assert standing_of("enterprise", "IM_MICRO", "MEDIUM").attributes == {"enterprise", "sme", "medium"}


def test_a_sports_club_may_or_may_not_be_third_sector() -> None:
    standing = standing_of("third_sector", "TS_ASD")
    assert "third_sector" in standing.unknown
    assert "third_sector" not in standing.attributes


@pytest.mark.parametrize(
    ("form", "attribute"),
    [("PB_COMUNE", "municipality"), ("PB_ASL", "health_body"), ("PB_AO", "health_body")],
)
def test_a_public_form_tells_what_sort_of_public_body_it_is(form: str, attribute: str) -> None:
    assert {"public_body", attribute} <= standing_of("public_body", form).attributes


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [("public_body", "public_body"), ("third_sector", "third_sector"), ("enterprise", "enterprise")],
)
def test_without_a_form_the_kind_speaks(kind: str, attribute: str) -> None:
    assert attribute in standing_of(kind).attributes


def test_of_another_body_without_a_form_everything_is_open() -> None:
    standing = standing_of("other")
    assert standing.attributes == frozenset()
    assert {"public_body", "third_sector", "enterprise", "sme"} <= standing.unknown
    assert "municipality" not in standing.unknown


def test_a_code_that_is_no_longer_there_counts_as_not_said() -> None:
    assert standing_of("enterprise", "GONE", "HUGE") == standing_of("enterprise")


def test_a_size_of_what_may_be_an_enterprise_stays_open() -> None:
    standing = standing_of("other", "AL_AGFORM", "MICRO")
    assert {"sme", "micro", "enterprise"} <= standing.unknown
    assert not standing.attributes & SIZES
    assert "large" not in standing.unknown
