"""The figures of the front door."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.coverage.models import CoverageAnswer, CoverageCell
from matchmaker.organisations.models import Organisation, Origin, Visibility
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.vocabularies.catalogue import catalogue


@dataclass(frozen=True)
class Figures:
    """Counts of what every reader may see.

    districts_covered counts the districts where a partnership of at least one measure can
    qualify, as last computed; None when that was never computed. millions: of euro, over the
    measures. demo: bodies invented for the demonstration, among the others.
    """

    bodies: int
    on_platform: int
    demo: int
    districts: int
    districts_covered: int | None
    millions: float


def figures(session: Session) -> Figures:
    """Count bodies, bodies on the platform, districts and districts covered."""
    public = Organisation.visibility == Visibility.PUBLIC
    invented = func.count().filter(Organisation.origin == Origin.DEMO)
    bodies, on_platform, demo = session.execute(
        select(func.count(), func.count(Organisation.joined_at), invented)
        .select_from(Organisation)
        .where(public)
    ).one()
    districts = session.scalar(
        select(func.count())
        .select_from(Territory)
        .where(Territory.kind == TerritoryKind.DISTRICT, Territory.valid_to.is_(None))
    )
    euro = sum(measure.facts["budget"] for measure in catalogue()["measure"].values())
    return Figures(bodies, on_platform, demo, districts or 0, _districts_covered(session), euro / 1_000_000)


def _districts_covered(session: Session) -> int | None:
    possible = CoverageCell.answer != CoverageAnswer.NO
    computed, covered = session.execute(
        select(
            func.count(),
            func.count(func.distinct(CoverageCell.district)).filter(possible),
        ).select_from(CoverageCell)
    ).one()
    return covered if computed else None
