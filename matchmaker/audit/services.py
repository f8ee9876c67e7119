"""Write the audit trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEntry
from matchmaker.database import Base


def record(
    session: Session, actor_id: int | None, action: str, subject: Base | None = None, **detail: Any
) -> None:
    """Add one audit row to the running transaction: it is kept or lost with the change.

    ``subject`` must have been flushed (its id is recorded); ``actor_id`` is None for commands.
    """
    session.add(
        AuditEntry(
            actor_id=actor_id,
            action=action,
            object_type=subject.__tablename__ if subject is not None else "",
            object_id=getattr(subject, "id", None),
            detail=detail,
        )
    )
