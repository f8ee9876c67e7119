"""Runs of the directory import, with their progress and report."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.database import Base, UtcDateTime, enum_type, utc_now


class ImportState(StrEnum):
    """An uploaded file is tried, then loaded, or refused whole."""

    UPLOADED = "uploaded"
    TRYING = "trying"
    TRIED = "tried"
    LOADING = "loading"
    LOADED = "loaded"
    REFUSED = "refused"


class ImportRun(Base):
    """One file of organisations, from upload to report."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    preset: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file as uploaded; emptied once loaded or refused."""
    state: Mapped[ImportState] = mapped_column(
        enum_type(ImportState, "state"), default=ImportState.UPLOADED
    )
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str] = mapped_column(Text, default="")
    """Why the whole file was refused, as a code."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
