"""What an organisation keeps of its suggestions: its own shortlist."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.database import Base, UtcDateTime, utc_now
from matchmaker.organisations.models import Organisation


class ShortlistEntry(Base):
    """A body set aside by an organisation; seen by that organisation's people only."""

    __tablename__ = "shortlist_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "candidate_id"),
        CheckConstraint("organisation_id <> candidate_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    candidate: Mapped[Organisation] = relationship(foreign_keys=[candidate_id])
