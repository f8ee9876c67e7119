"""Reads about districts and their coverage."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.territories.models import Confidence, Territory, TerritoryKind, TerritoryMembership


def districts_to_confirm(session: Session) -> bool:
    """Tell whether any municipality stands in its district by a guess."""
    guess = (
        select(TerritoryMembership.id)
        .join(Territory, TerritoryMembership.parent_id == Territory.id)
        .where(
            Territory.kind == TerritoryKind.DISTRICT,
            TerritoryMembership.valid_to.is_(None),
            TerritoryMembership.confidence != Confidence.HIGH,
        )
        .limit(1)
    )
    return session.scalar(guess) is not None
