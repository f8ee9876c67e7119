"""Draft partnerships: who, in which role, for which measure, checked against which rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Person
from matchmaker.database import Base, UtcDateTime, enum_type, utc_now
from matchmaker.measures.models import RuleSet
from matchmaker.organisations.models import Organisation
from recommender.types import Role


class Partnership(Base):
    """A partnership being put together by one organisation; nobody else is bound by it."""

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(String(20))
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    flavour: Mapped[str | None] = mapped_column(String(40))
    """The proposal it was opened from, or None when built by hand."""
    project: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the project says: the fields of recommender.types.Project, as JSON."""
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    rule_set: Mapped[RuleSet] = relationship()
    owner: Mapped[Organisation] = relationship()
    created_by: Mapped[Person | None] = relationship()
    members: Mapped[list[PartnershipMember]] = relationship(
        back_populates="partnership", cascade="all, delete-orphan", order_by="PartnershipMember.id"
    )


class PartnershipMember(Base):
    """A body that somebody would like in a draft. It says nothing of the body's own will."""

    __tablename__ = "partnership_member"
    __table_args__ = (
        UniqueConstraint("partnership_id", "organisation_id"),
        Index(
            "uq_partnership_member_one_lead",
            "partnership_id",
            unique=True,
            sqlite_where=text("role = 'lead'"),
            postgresql_where=text("role = 'lead'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))

    partnership: Mapped[Partnership] = relationship(back_populates="members")
    organisation: Mapped[Organisation] = relationship()
