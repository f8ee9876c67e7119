"""Territories and what they hold: municipalities, provinces, districts, enti gestori."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.database import Base, enum_type


class TerritoryKind(StrEnum):
    """What sort of territory a row is."""

    REGION = "region"
    PROVINCE = "province"
    DISTRICT = "district"
    ENTE_GESTORE = "ente_gestore"
    MUNICIPALITY = "municipality"


class Confidence(StrEnum):
    """How sure a fact is; anything under high is shown as "to be confirmed"."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Territory(Base):
    """A place with a code: ISTAT for municipalities, two letters for provinces, own codes else."""

    __tablename__ = "territory"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        Index("ix_territory_kind_folded_name", "kind", "folded_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TerritoryKind] = mapped_column(enum_type(TerritoryKind, "kind"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200))
    province: Mapped[str | None] = mapped_column(String(2))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    population: Mapped[int | None]
    ipa_code: Mapped[str | None] = mapped_column(String(60), index=True)
    """Of an ente gestore: the IPA code of the organisation that manages the services."""
    form: Mapped[str | None] = mapped_column(String(40))
    """Of an ente gestore: consortium, union, convention..."""
    seat_code: Mapped[str | None] = mapped_column(String(6))
    """Of an ente gestore: the ISTAT code of the municipality where it has its seat."""
    source: Mapped[str] = mapped_column(String(300))
    confidence: Mapped[Confidence] = mapped_column(enum_type(Confidence, "confidence"))
    valid_to: Mapped[date | None]

    parents: Mapped[list[TerritoryMembership]] = relationship(
        foreign_keys="TerritoryMembership.child_id", back_populates="child"
    )
    children: Mapped[list[TerritoryMembership]] = relationship(
        foreign_keys="TerritoryMembership.parent_id", back_populates="parent"
    )


class TerritoryMembership(Base):
    """One territory within another, since when, and who says so. Closed, never deleted."""

    __tablename__ = "territory_membership"
    __table_args__ = (Index("ix_territory_membership_child_parent", "child_id", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("territory.id"), index=True)
    source: Mapped[str] = mapped_column(String(300))
    confidence: Mapped[Confidence] = mapped_column(enum_type(Confidence, "confidence"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    child: Mapped[Territory] = relationship(foreign_keys=[child_id], back_populates="parents")
    parent: Mapped[Territory] = relationship(foreign_keys=[parent_id], back_populates="children")
