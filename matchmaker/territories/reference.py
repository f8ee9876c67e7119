"""The territories that ship with the project, read from data/*.csv (see data/SOURCES.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from matchmaker.territories.models import Confidence, TerritoryKind
from matchmaker.vocabularies.names import fold

REGION = "piemonte"
ISTAT_SOURCE = "Elenco dei comuni ISTAT (2026)"
BASES = {
    "listed": ("elencato in una pagina pubblica", Confidence.MEDIUM),
    "nearest": ("sede dell'ente gestore più vicina: da confermare", Confidence.LOW),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A territory to be, without its row: kind and code say which one."""

    kind: TerritoryKind
    code: str
    name: str
    source: str
    confidence: Confidence
    province: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    ipa_code: str | None = None
    form: str | None = None
    seat_code: str | None = None

    @property
    def key(self) -> tuple[TerritoryKind, str]:
        """Kind and code."""
        return self.kind, self.code


@dataclass(frozen=True, slots=True)
class Within:
    """A territory within another: kind and code of each, and who says so."""

    child: tuple[TerritoryKind, str]
    parent: tuple[TerritoryKind, str]
    source: str
    confidence: Confidence
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class FormerMunicipality:
    """A name that a municipality no longer has.

    how is merged or incorporated (the municipality ended), renamed, or also (another name in use).
    """

    name: str
    province: str
    successor: str
    since: date | None
    how: str

    @property
    def ended(self) -> bool:
        """True when the municipality itself is no more."""
        return self.how in ("merged", "incorporated")


@dataclass(frozen=True, slots=True)
class AbolishedBody:
    """A public body of an old list that ended, and what came after it."""

    ipa_code: str
    name: str
    successor: str
    since: date | None


def default_places() -> Iterator[Place]:
    """Every territory that ships, the containers first."""
    yield Place(TerritoryKind.REGION, REGION, "Piemonte", ISTAT_SOURCE, Confidence.HIGH)
    for row in _rows("provinces"):
        yield Place(
            TerritoryKind.PROVINCE, row["code"], row["name"], ISTAT_SOURCE, Confidence.HIGH, row["code"]
        )
    for row in _rows("districts"):
        yield Place(
            TerritoryKind.DISTRICT, row["code"], row["name"], row["source"], Confidence(row["confidence"])
        )
    municipalities = {row["istat"]: _municipality(row) for row in _rows("municipalities")}
    yield from municipalities.values()
    for row in _rows("managing_bodies"):
        yield _managing_body(row, municipalities[row["seat_istat"]])


def default_memberships() -> Iterator[Within]:
    """What lies within what, as far as it is known."""
    region = (TerritoryKind.REGION, REGION)
    for row in _rows("provinces"):
        yield Within((TerritoryKind.PROVINCE, row["code"]), region, ISTAT_SOURCE, Confidence.HIGH)
    for row in _rows("municipalities"):
        province = (TerritoryKind.PROVINCE, row["province"])
        yield Within((TerritoryKind.MUNICIPALITY, row["istat"]), province, ISTAT_SOURCE, Confidence.HIGH)
    for row in _rows("memberships"):
        district = (TerritoryKind.DISTRICT, row["district"])
        yield Within((TerritoryKind.MUNICIPALITY, row["istat"]), district, *BASES[row["basis"]])
    confidence = {row["code"]: Confidence(row["confidence"]) for row in _rows("districts")}
    for row in _rows("managing_bodies"):
        district = (TerritoryKind.DISTRICT, row["district"])
        surely = _least((Confidence(row["confidence"]), confidence[row["district"]]))
        yield Within((TerritoryKind.ENTE_GESTORE, row["code"]), district, row["source"], surely)


def former_municipality(name: str, province: str | None = None) -> FormerMunicipality | None:
    """Return what became of a municipality's old name, however it is written; None when unknown."""
    found = _former().get(fold(name), ())
    return next((former for former in found if province in (None, former.province)), None)


def abolished_body(ipa_code: str) -> AbolishedBody | None:
    """Return what became of a public body of an old list; None when it is not known to have ended."""
    return _abolished().get(ipa_code.lower())


def _municipality(row: Mapping[str, str]) -> Place:
    return Place(
        TerritoryKind.MUNICIPALITY,
        row["istat"],
        row["name"],
        ISTAT_SOURCE,
        Confidence.HIGH,
        province=row["province"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population_2011"]) if row["population_2011"] else None,
    )


def _managing_body(row: Mapping[str, str], seat: Place) -> Place:
    return Place(
        TerritoryKind.ENTE_GESTORE,
        row["code"],
        f"{row['name']} ({row['acronym']})" if row["acronym"] else row["name"],
        row["source"],
        Confidence(row["confidence"]),
        province=seat.province,
        lat=seat.lat,
        lon=seat.lon,
        ipa_code=row["ipa_code"].lower() or None,
        form=row["form"],
        seat_code=row["seat_istat"],
    )


def _least(confidences: Iterable[Confidence]) -> Confidence:
    return max(confidences, key=list(Confidence).index)


@cache
def _former() -> Mapping[str, tuple[FormerMunicipality, ...]]:
    found: dict[str, tuple[FormerMunicipality, ...]] = {}
    for row in _rows("former_municipalities"):
        former = FormerMunicipality(
            row["name"], row["province"], row["successor_istat"], _day(row["since"]), row["how"]
        )
        found[fold(row["name"])] = (*found.get(fold(row["name"]), ()), former)
    return MappingProxyType(found)


@cache
def _abolished() -> Mapping[str, AbolishedBody]:
    rows = _rows("abolished_bodies")
    bodies = (AbolishedBody(r["ipa_code"], r["name"], r["successor"], _day(r["since"])) for r in rows)
    return MappingProxyType({body.ipa_code.lower(): body for body in bodies})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    content = (files(__package__) / "data" / f"{name}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(io.StringIO(content))
