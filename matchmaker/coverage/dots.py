"""The region as dots, one per municipality, drawn by district: an outline that needs no map tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership

WIDTH = 360
MARGIN = 4

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class DistrictDots:
    """A district's municipalities as one SVG path of dots, and the state that colours them."""

    name: str
    state: str
    path: str


@dataclass(frozen=True)
class DotMap:
    """Districts as dots in a drawing of the given size."""

    width: int
    height: int
    districts: Sequence[DistrictDots]


def dot_map(session: Session, state_of: Callable[[str], str]) -> DotMap | None:
    """Draw every municipality; ``state_of`` gives the state of a district's code. None without places."""
    places = _places(session)
    if not places:
        return None
    project, height = _projection([point for _name, points in places.values() for point in points])
    drawn = [
        DistrictDots(name, state_of(code), "".join(map(_dot, map(project, points))))
        for code, (name, points) in places.items()
    ]
    return DotMap(WIDTH, height, drawn)


def _places(session: Session) -> Mapping[str, tuple[str, list[Point]]]:
    district, place = aliased(Territory), aliased(Territory)
    rows = session.execute(
        select(district.code, district.name, place.lat, place.lon)
        .join(TerritoryMembership, TerritoryMembership.parent_id == district.id)
        .join(place, place.id == TerritoryMembership.child_id)
        .where(district.kind == TerritoryKind.DISTRICT, place.kind == TerritoryKind.MUNICIPALITY)
        .where(TerritoryMembership.valid_to.is_(None))
        .order_by(district.folded_name, place.code)
    )
    places: dict[str, tuple[str, list[Point]]] = {}
    for code, name, lat, lon in rows:
        if lat is None or lon is None:
            continue
        places.setdefault(code, (name, []))[1].append((lat, lon))
    return places


def _projection(points: Sequence[Point]) -> tuple[Callable[[Point], Point], int]:
    # Equirectangular about the middle latitude: at the size of a region nobody sees the difference.
    lats, lons = [lat for lat, _lon in points], [lon for _lat, lon in points]
    north, west = max(lats), min(lons)
    squeeze = cos(radians((north + min(lats)) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((max(lons) - west) * squeeze, 0.01)
    height = round((north - min(lats)) * scale) + 2 * MARGIN

    def project(point: Point) -> Point:
        lat, lon = point
        return MARGIN + (lon - west) * squeeze * scale, MARGIN + (north - lat) * scale

    return project, height


def _dot(point: Point) -> str:
    # A line of no length with round ends is a dot: the shortest way to say one in SVG.
    return f"M{point[0]:.1f} {point[1]:.1f}h0"
