"""Municipalities as lists write them: by ISTAT code, by name and province, by a name they no longer have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.territories.reference import FormerMunicipality, former_municipality
from matchmaker.vocabularies.names import fold

# "Cocconato (at)": some lists repeat the province behind the name.
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
# Who issued an 11-digit tax code stands in its digits 8 to 10: the province, numbered as ISTAT does.
# Biella and Verbania were part of Vercelli and Novara until 1992.
TAX_OFFICES = {
    "TO": {"001"},
    "VC": {"002"},
    "NO": {"003"},
    "CN": {"004"},
    "AT": {"005"},
    "AL": {"006"},
    "BI": {"002", "096"},
    "VB": {"003", "103"},
}
_COMMUNE_NAME = re.compile(r"^(?:comune|citta) (?:di |d |de |del |della |dei )?")
_SHORT = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality of today; ``former`` says what the list called it, when that name has gone."""

    id: int
    code: str
    name: str
    province: str
    former: FormerMunicipality | None = None


def own_name(name: str) -> str:
    """A municipality's own name, folded: "Comune di Lu" is "lu"."""
    folded = fold(name)
    return _COMMUNE_NAME.sub("", folded) or folded


def issued_for(place: Place, tax_code: str | None) -> bool:
    """Tell whether a tax code can be a public body's of this place.

    Lists confuse municipalities of one name: Samone in Piedmont with Samone in Trentino.
    """
    offices = TAX_OFFICES.get(place.province)
    return tax_code is None or len(tax_code) != 11 or offices is None or tax_code[7:10] in offices


class Contradiction(ValueError):
    """The ISTAT code is of one municipality, the name or the province of another."""


class Places:
    """Every municipality, held in memory for the length of an import (about 1,200)."""

    def __init__(self, municipalities: list[Place], provinces: dict[str, str]) -> None:
        self._by_code = {place.code: place for place in municipalities}
        self._by_id = {place.id: place for place in municipalities}
        self._by_name = {(fold(place.name), place.province): place for place in municipalities}
        self._met: dict[tuple[str, str], Place | None] = {}
        self._provinces = {fold(name): code for code, name in provinces.items()}

    @classmethod
    def load(cls, session: Session) -> Places:
        """Read municipalities and provinces, in one query each."""
        columns = select(Territory.id, Territory.code, Territory.name, Territory.province)
        current = columns.where(Territory.valid_to.is_(None))
        rows = session.execute(current.where(Territory.kind == TerritoryKind.MUNICIPALITY))
        municipalities = [Place(id_, code, name, province or "") for id_, code, name, province in rows]
        named = session.execute(current.where(Territory.kind == TerritoryKind.PROVINCE))
        return cls(municipalities, {code: name for _id, code, name, _province in named})

    def province(self, text: str) -> str | None:
        """Return a province's two letters from its letters or its name; None when it is neither."""
        text = text.strip()
        return text.upper() if _SHORT.fullmatch(text) else self._provinces.get(fold(text))

    def name(self, municipality_id: int | None) -> str | None:
        """A municipality's name."""
        place = self._by_id.get(municipality_id or 0)
        return place.name if place else None

    def former_name(self, municipality_id: int, body_name: str) -> str:
        """Return what sets a municipal body apart from the others of one municipality of today.

        Empty for the municipality itself, however it is written; the old name, folded, for one that
        was merged into it.
        """
        place, own = self._by_id[municipality_id], own_name(body_name)
        former = former_municipality(own, place.province or None)
        return own if former is not None and former.ended and own != fold(place.name) else ""

    def find(self, istat: str, name: str, province: str) -> Place | None:
        """Return the municipality that a row names; None when nothing answers to it.

        istat: six digits or empty; one that is not known (of a municipality that has gone) is passed over.

        Raises:
            Contradiction: code, name and province do not say the same place.
        """
        by_code = self._by_code.get(istat)
        by_name = self._named(name, province)
        if by_code is None:
            return by_name
        if by_name is not None and by_name.id != by_code.id:
            raise Contradiction(name)
        if province and province != by_code.province:
            raise Contradiction(province)
        return by_name or by_code

    def _named(self, name: str, province: str) -> Place | None:
        # The same few names come again and again, and folding one costs more than looking it up.
        key = (name, province)
        if key not in self._met:
            self._met[key] = self._find_named(name, province)
        return self._met[key]

    def _find_named(self, name: str, province: str) -> Place | None:
        plain = _IN_BRACKETS.sub("", name)
        if not plain:
            return None
        folded = fold(plain)
        found = self._by_name.get((folded, province)) if province else self._only_one(folded)
        return found or self._formerly(plain, province)

    def _only_one(self, folded: str) -> Place | None:
        found = [place for (name, _province), place in self._by_name.items() if name == folded]
        return found[0] if len(found) == 1 else None

    def _formerly(self, name: str, province: str) -> Place | None:
        former = former_municipality(name, province or None)
        today = self._by_code.get(former.successor) if former else None
        if former is None or today is None:
            return None
        return Place(today.id, today.code, today.name, today.province, former)
