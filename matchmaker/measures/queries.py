"""Reads about rule sets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.measures.models import RuleSet, RuleSetState
from matchmaker.territories.queries import districts


def published_rule_sets(session: Session) -> Sequence[RuleSet]:
    """Return the newest published version of each rule set, the oldest in force first."""
    published = (
        select(RuleSet)
        .where(RuleSet.state == RuleSetState.PUBLISHED)
        .order_by(RuleSet.valid_from, RuleSet.code, RuleSet.version)
    )
    newest = {rule_set.code: rule_set for rule_set in session.scalars(published)}
    return list(newest.values())


def districts_to_confirm(session: Session) -> bool:
    """Tell whether any municipality's district is not certain."""
    return any(district.to_confirm for district in districts(session))
