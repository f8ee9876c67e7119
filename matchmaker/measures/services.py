"""Rule sets: loaded from the reviewed files, turned into requirement objects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.errors import MatchmakerError
from matchmaker.measures.models import Rule, RuleSet, RuleSetState
from recommender.requirements import Requirement

RULE_SET_FILES = Path(__file__).parent / "rulesets"
MEASURES = ("M1", "M2", "M3", "M4")


class UnknownRuleSet(MatchmakerError):
    """No published rule set has that code."""


def load_rule_sets(session: Session, folder: Path = RULE_SET_FILES) -> None:
    """Load the shipped rule sets; a version that is there already is left as it stands."""
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        known = select(RuleSet.id).where(
            RuleSet.code == content["code"], RuleSet.version == content["version"]
        )
        if session.scalar(known) is None:
            session.add(_rule_set(content))
    session.flush()


def _rule_set(content: dict[str, Any]) -> RuleSet:
    head = {key: content[key] for key in ("code", "version", "title_it", "title_en")}
    notes = {key: content.get(key, "") for key in ("note_it", "note_en")}
    rules = [
        Rule(position=position, **{**rule, "parameters": rule.get("parameters", {})})
        for position, rule in enumerate(content["rules"], start=1)
    ]
    return RuleSet(**head, **notes, valid_from=date.fromisoformat(content["valid_from"]), rules=rules)


def rule_set_named(session: Session, code: str) -> RuleSet:
    """Return the newest published version of a rule set, with its rules.

    Raises:
        UnknownRuleSet: no published version has that code.
    """
    newest = (
        select(RuleSet)
        .where(RuleSet.code == code, RuleSet.state == RuleSetState.PUBLISHED)
        .order_by(RuleSet.version.desc())
        .limit(1)
        .options(selectinload(RuleSet.rules))
    )
    rule_set = session.scalar(newest)
    if rule_set is None:
        raise UnknownRuleSet(code)
    return rule_set


def rules_of(rule_set: RuleSet, measure: str) -> list[Rule]:
    """Return a measure's rules in the order of the rule set."""
    return [rule for rule in rule_set.rules if rule.measure == measure]


def requirements_of(rules: Sequence[Rule]) -> list[Requirement]:
    """Turn rules into the objects that evaluate and constrain."""
    return [Requirement.from_rule(rule.code, rule.kind, rule.severity, rule.parameters) for rule in rules]
