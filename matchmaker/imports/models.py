"""Runs of the directory import, with their progress and report."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.database import Base, UtcDateTime, enum_type, utc_now


class ImportState(StrEnum):
    """An uploaded file is tried, then loaded; or refused whole; or its run broke off."""

    TRYING = "trying"
    TRIED = "tried"
    LOADING = "loading"
    LOADED = "loaded"
    REFUSED = "refused"
    FAILED = "failed"


WORKING = frozenset({ImportState.TRYING, ImportState.LOADING})


class ImportRun(Base):
    """One file of organisations, from upload to report."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    preset: Mapped[str] = mapped_column(String(40), default="")
    """How the file is read; empty until its header has told."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file as uploaded; emptied once loaded or refused."""
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState, "state"), default=ImportState.TRYING)
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    """About how many rows there are, before they have been counted."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """While working: the work has broken off when it has not reported by then."""
    refusal: Mapped[str] = mapped_column(String(40), default="")
    """Why the whole file was refused, as a code; ``report["refusal"]`` has what fills its sentence."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Preview, counts and lists of problems, as codes (see reports.Report.as_json)."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def state_at(self, now: datetime) -> ImportState:
        """The state as it is to be believed: work that has not reported in time has broken off."""
        late = self.state in WORKING and (self.lease_until is None or self.lease_until < now)
        return ImportState.FAILED if late else self.state
