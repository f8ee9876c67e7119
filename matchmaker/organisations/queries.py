"""Reads of the directory: always through what the reader may see, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.organisations.models import Organisation, ProfileTerm, TermField
from matchmaker.organisations.search import ARGUMENTS, NOT_YET, ON_PLATFORM, Search, conditions
from matchmaker.paging import Page
from matchmaker.permissions import Reader, visible_organisations
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership

PAGE_LENGTH = 20
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class FacetValue:
    """One value that narrows the directory: its code and how many bodies it leaves."""

    code: str
    count: int


@dataclass(frozen=True)
class Directory:
    """A page of the directory.

    facets: values by field, counted under the other filters in use. without: how many bodies
    come back when one filter is dropped, only where nothing was found. places: the names of
    provinces and districts by code.
    """

    search: Search
    page: Page
    bodies: Sequence[Organisation]
    facets: Mapping[str, list[FacetValue]]
    without: Mapping[str, int]
    places: Mapping[str, str]


def directory(session: Session, reader: Reader, search: Search, number: int) -> Directory:
    """Return one page of what a reader finds, with facets."""
    seen = visible_organisations(reader)
    found = conditions(search)
    total = session.scalar(_count(seen, found)) or 0
    page = Page.of(number, total, PAGE_LENGTH)
    bodies = session.scalars(_listed(seen, found, search.sort, page)).all()
    without = _without_each(session, seen, found) if not total else {}
    return Directory(search, page, bodies, _facets(session, seen, found), without, _places(session))


def find_by_words(session: Session, reader: Reader, text: str, most: int) -> Sequence[Organisation]:
    """Return the first bodies that a reader finds by a name or a code, with their seats."""
    found = conditions(Search.read({ARGUMENTS["text"]: text}))
    query = select(Organisation).where(visible_organisations(reader), *found.values())
    return session.scalars(
        query.options(joinedload(Organisation.municipality)).order_by(*_order("")).limit(most)
    ).all()


def _count(seen: ColumnElement[bool], found: Mapping[str, ColumnElement[bool]]) -> AnySelect:
    return select(func.count()).select_from(Organisation).where(seen, *found.values())


def _listed(
    seen: ColumnElement[bool], found: Mapping[str, ColumnElement[bool]], sort: str, page: Page
) -> AnySelect:
    return (
        select(Organisation)
        .outerjoin(Territory, Territory.id == Organisation.municipality_id)
        .where(seen, *found.values())
        .options(joinedload(Organisation.municipality), selectinload(Organisation.terms))
        .order_by(*_order(sort))
        .offset(page.offset)
        .limit(page.length)
    )


def _order(sort: str) -> list[Any]:
    by_name = [Organisation.folded_name, Organisation.id]
    if sort == "name":
        return by_name
    if sort == "place":
        return [Territory.folded_name.is_(None), Territory.folded_name, *by_name]
    # Those who can answer come first.
    return [Organisation.joined_at.is_(None), *by_name]


def _places(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(Territory.code, Territory.name).where(
            Territory.kind.in_((TerritoryKind.PROVINCE, TerritoryKind.DISTRICT))
        )
    )
    return {row.code: row.name for row in rows}


def _without_each(
    session: Session, seen: ColumnElement[bool], found: Mapping[str, ColumnElement[bool]]
) -> dict[str, int]:
    if not found:
        return {}
    counts = [
        _count(seen, {other: found[other] for other in found if other != name})
        .scalar_subquery()
        .label(f"without_{name}")
        for name in found
    ]
    row = session.execute(select(*counts)).one()
    return {name: count for name, count in zip(found, row, strict=True) if count}


def _facets(
    session: Session, seen: ColumnElement[bool], found: Mapping[str, ColumnElement[bool]]
) -> dict[str, list[FacetValue]]:
    def others(name: str) -> ColumnElement[bool]:
        # A facet is counted under the other filters: its own values stay on offer.
        return and_(seen, *(condition for field, condition in found.items() if field != name))

    return {
        "kind": _values(session, select(Organisation.kind, func.count()), others("kind")),
        "form": _values(session, select(Organisation.legal_form, func.count()), others("form")),
        "province": _values(session, _by_province(), others("province")),
        "district": _values(session, _by_district(), others("district")),
        "theme": _values(session, _by_theme(), others("theme")),
        "platform": _platform(session, others("platform")),
    }


def _values(session: Session, counted: AnySelect, condition: ColumnElement[bool]) -> list[FacetValue]:
    code, _count = counted.selected_columns
    rows = session.execute(counted.where(condition).group_by(code).order_by(func.count().desc(), code))
    return [FacetValue(value, count) for value, count in rows if value]


def _by_province() -> AnySelect:
    return select(Territory.province, func.count()).join(
        Organisation, Organisation.municipality_id == Territory.id
    )


def _by_district() -> AnySelect:
    return (
        select(Territory.code, func.count())
        .join(TerritoryMembership, TerritoryMembership.parent_id == Territory.id)
        .join(Organisation, Organisation.municipality_id == TerritoryMembership.child_id)
        .where(Territory.kind == TerritoryKind.DISTRICT, TerritoryMembership.valid_to.is_(None))
    )


def _by_theme() -> AnySelect:
    return (
        select(ProfileTerm.code, func.count())
        .join(Organisation, Organisation.id == ProfileTerm.organisation_id)
        .where(ProfileTerm.field == TermField.THEME)
    )


def _platform(session: Session, condition: ColumnElement[bool]) -> list[FacetValue]:
    joined, total = session.execute(
        select(func.count(Organisation.joined_at), func.count()).select_from(Organisation).where(condition)
    ).one()
    values = [FacetValue(ON_PLATFORM, joined), FacetValue(NOT_YET, total - joined)]
    return [value for value in values if value.count]
