"""What is searched in the directory, as conditions that both databases answer alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from matchmaker.organisations.models import Organisation, ProfileTerm, SearchToken, TermField
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership
from recommender.text import fold, stem, stems, words

LONGEST_WORD = 60
SHORTEST_UNFINISHED = 4
ON_PLATFORM, NOT_YET = "yes", "no"
SORTS = ("name", "place")


@dataclass(frozen=True)
class Search:
    """What was asked of the directory; an empty field asks nothing.

    text: words, or a tax or IPA code; kind, form, theme: vocabulary codes; province: two letters;
    district: a territory's code; platform: "yes" or "no"; sort: one of SORTS.
    """

    text: str = ""
    kind: str = ""
    form: str = ""
    province: str = ""
    district: str = ""
    theme: str = ""
    platform: str = ""
    sort: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Search:
        """Read a search from an address; the text is called ``q`` there."""
        given = {name: _clean(arguments.get(ARGUMENTS[name], "")) for name in ARGUMENTS}
        if given["sort"] not in SORTS:
            given["sort"] = ""
        return cls(**given)

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the directory, by field; sorting does not."""
        return {name: value for name, value in asdict(self).items() if value and name != "sort"}

    @property
    def arguments(self) -> dict[str, Any]:
        """The search as arguments of an address."""
        return {ARGUMENTS[name]: value for name, value in asdict(self).items() if value}

    def having(self, name: str, value: str) -> Search:
        """Return the search with one field changed."""
        return replace(self, **{name: value})


ARGUMENTS = {name: "q" if name == "text" else name for name in Search.__dataclass_fields__}


def _clean(value: str) -> str:
    # PostgreSQL refuses the character NUL in any text.
    return value.replace("\x00", "").strip()[:200]


def conditions(search: Search) -> dict[str, ColumnElement[bool]]:
    """Return one condition on Organisation for each filter in use."""
    return {name: CONDITIONS[name](value) for name, value in search.filters.items()}


def _text(value: str) -> ColumnElement[bool]:
    code = or_(Organisation.tax_code == value.upper(), Organisation.ipa_code == value.lower())
    found = _bodies_with_words(value)
    return or_(code, and_(*found)) if found else code


def _bodies_with_words(text: str) -> list[ColumnElement[bool]]:
    # Every word must stand among the body's, by its stem or by how it begins.
    return [
        Organisation.id.in_(select(SearchToken.organisation_id).where(_stands_for(word)))
        for word in words(text)
        if stems(word)
    ]


def _stands_for(word: str) -> ColumnElement[bool]:
    typed = fold(word)[:LONGEST_WORD]
    meant = {stem(word)[:LONGEST_WORD]}
    if len(typed) >= SHORTEST_UNFINISHED:
        # "cooperativ" is stemmed by no rule, yet whoever types it means the stem of "cooperativa".
        meant |= {stem(typed + ending) for ending in "aeio"}
    begins = SearchToken.token.startswith(typed, autoescape=True)
    return SearchToken.token.in_(sorted(meant)) | begins


def _province(value: str) -> ColumnElement[bool]:
    there = select(Territory.id).where(
        Territory.kind == TerritoryKind.MUNICIPALITY, Territory.province == value
    )
    return Organisation.municipality_id.in_(there)


def _district(value: str) -> ColumnElement[bool]:
    there = (
        select(TerritoryMembership.child_id)
        .join(Territory, Territory.id == TerritoryMembership.parent_id)
        .where(
            Territory.kind == TerritoryKind.DISTRICT,
            Territory.code == value,
            TerritoryMembership.valid_to.is_(None),
        )
    )
    return Organisation.municipality_id.in_(there)


def _theme(value: str) -> ColumnElement[bool]:
    with_theme = select(ProfileTerm.organisation_id).where(
        ProfileTerm.field == TermField.THEME, ProfileTerm.code == value
    )
    return Organisation.id.in_(with_theme)


def _platform(value: str) -> ColumnElement[bool]:
    joined = Organisation.joined_at.is_not(None)
    return joined if value == ON_PLATFORM else ~joined


CONDITIONS: dict[str, Any] = {
    "text": _text,
    "kind": lambda value: Organisation.kind == value,
    "form": lambda value: Organisation.legal_form == value,
    "province": _province,
    "district": _district,
    "theme": _theme,
    "platform": _platform,
}
