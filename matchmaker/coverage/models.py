"""Coverage as it was computed: whether a partnership can qualify, per district and measure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.database import Base, UtcDateTime, enum_type, utc_now


class CoverageAnswer(StrEnum):
    """With whom a qualifying partnership is possible."""

    PLATFORM = "platform"
    DIRECTORY = "directory"
    NO = "no"


class CoverageCell(Base):
    """The answer for one district and measure under one rule set."""

    __tablename__ = "coverage_cell"
    __table_args__ = (UniqueConstraint("rule_set", "district", "measure"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_set: Mapped[str] = mapped_column(String(80))
    district: Mapped[str] = mapped_column(String(60))
    measure: Mapped[str] = mapped_column(String(20))
    answer: Mapped[CoverageAnswer] = mapped_column(enum_type(CoverageAnswer, "answer"))
    bodies: Mapped[int]
    on_platform: Mapped[int]
    blocked: Mapped[list[Any]] = mapped_column(JSON, default=list)
    world_revision: Mapped[int]
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
