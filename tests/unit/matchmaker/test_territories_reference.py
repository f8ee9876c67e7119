from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from matchmaker.territories.models import Confidence, TerritoryKind
from matchmaker.territories.reference import (
    abolished_body,
    default_memberships,
    default_places,
    former_municipality,
)

PLACES = {place.key: place for place in default_places()}
WITHIN = list(default_memberships())


def test_piedmont_ships_whole() -> None:
    kinds = Counter(kind for kind, _ in PLACES)
    assert kinds == {
        TerritoryKind.REGION: 1,
        TerritoryKind.PROVINCE: 8,
        TerritoryKind.MUNICIPALITY: 1180,
        TerritoryKind.DISTRICT: 33,
        TerritoryKind.ENTE_GESTORE: 48,
    }


def test_every_membership_joins_two_territories_that_ship_and_names_its_source() -> None:
    assert all(within.child in PLACES and within.parent in PLACES and within.source for within in WITHIN)


@pytest.mark.parametrize("parent", [TerritoryKind.PROVINCE, TerritoryKind.DISTRICT])
def test_every_municipality_stands_in_one_province_and_one_district(parent: TerritoryKind) -> None:
    times = Counter(within.child for within in WITHIN if within.parent[0] is parent)
    assert {times[key] for key in PLACES if key[0] is TerritoryKind.MUNICIPALITY} == {1}


def test_every_district_holds_a_managing_body_and_a_municipality() -> None:
    for kind in (TerritoryKind.ENTE_GESTORE, TerritoryKind.MUNICIPALITY):
        holding = {within.parent for within in WITHIN if within.child[0] is kind}
        assert {key for key in PLACES if key[0] is TerritoryKind.DISTRICT} <= holding


def test_no_district_of_a_municipality_is_shown_as_certain() -> None:
    in_district = [
        w
        for w in WITHIN
        if w.child[0] is TerritoryKind.MUNICIPALITY and w.parent[0] is TerritoryKind.DISTRICT
    ]
    assert Confidence.HIGH not in {within.confidence for within in in_district}


def test_municipalities_lie_in_piedmont() -> None:
    for place in PLACES.values():
        if place.kind is TerritoryKind.MUNICIPALITY:
            assert place.lat is not None
            assert place.lon is not None
            assert 44.0 < place.lat < 46.5
            assert 6.5 < place.lon < 9.3


def test_the_municipality_of_none_is_text_with_its_people() -> None:
    none = PLACES[TerritoryKind.MUNICIPALITY, "001168"]
    assert (none.name, none.province, none.population) == ("None", "TO", 7998)


def test_the_body_of_pinerolo_is_known_with_its_code_seat_and_district() -> None:
    body = PLACES[TerritoryKind.ENTE_GESTORE, "EG09"]
    assert (body.ipa_code, body.seat_code, body.form) == ("cisspito", "001191", "CONSORZIO")
    district = next(within.parent for within in WITHIN if within.child == body.key)
    assert district == (TerritoryKind.DISTRICT, "pinerolo")


def test_no_two_managing_bodies_share_an_ipa_code() -> None:
    codes = Counter(place.ipa_code for place in PLACES.values() if place.ipa_code)
    assert set(codes.values()) == {1}


@pytest.mark.parametrize(
    ("name", "province", "successor", "ended"),
    [
        ("Mosso", "BI", "096088", True),
        ("VALLE MOSSO", "BI", "096088", True),
        ("Alluvioni Cambio'", "AL", "006192", True),
        ("Cursolo Orasso", "VB", "103079", True),
        ("Castellania", "AL", "006045", False),
    ],
)
def test_a_name_that_is_no_more_leads_to_the_municipality_of_today(
    name: str, province: str, successor: str, ended: bool
) -> None:
    former = former_municipality(name, province)
    assert former is not None
    assert (former.successor, former.ended) == (successor, ended)
    assert (TerritoryKind.MUNICIPALITY, successor) in PLACES


def test_the_day_of_a_merger_is_known() -> None:
    former = former_municipality("Mosso")
    assert former is not None
    assert former.since == date(2019, 1, 1)


def test_an_old_name_of_another_province_leads_nowhere() -> None:
    assert former_municipality("Mosso", "TO") is None
    assert former_municipality("Pinerolo") is None


def test_a_body_that_ended_names_what_came_after() -> None:
    ended = abolished_body("AS1_to")
    assert ended is not None
    assert (ended.successor, ended.since) == ("ASL Città di Torino", date(2017, 1, 1))
    assert abolished_body("cisspito") is None
