"""Rule sets: what each measure demands, as versioned rows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.database import Base, enum_type
from recommender.types import Severity


class RuleSetState(StrEnum):
    """A rule set is written, then in force, then kept for what was checked against it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class RuleSource(StrEnum):
    """Where a rule comes from: the strategy, our reading of it, a call."""

    STRATEGY = "S"
    READING = "I"
    CALL = "C"


class RuleSet(Base):
    """One version of the rules of all measures."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    title_it: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    note_it: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    state: Mapped[RuleSetState] = mapped_column(
        enum_type(RuleSetState, "state"), default=RuleSetState.PUBLISHED
    )

    rules: Mapped[list[Rule]] = relationship(
        back_populates="rule_set", cascade="all, delete-orphan", order_by="Rule.position"
    )


class Rule(Base):
    """One sentence of a rule set, and the kind of requirement that evaluates it."""

    __tablename__ = "rule"
    __table_args__ = (UniqueConstraint("rule_set_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(100))
    measure: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    severity: Mapped[Severity] = mapped_column(enum_type(Severity, "severity"))
    source: Mapped[RuleSource] = mapped_column(enum_type(RuleSource, "source"))
    source_it: Mapped[str] = mapped_column(String(300))
    source_en: Mapped[str] = mapped_column(String(300))
    to_confirm: Mapped[bool] = mapped_column(default=False)
    text_it: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)

    rule_set: Mapped[RuleSet] = relationship(back_populates="rules")
