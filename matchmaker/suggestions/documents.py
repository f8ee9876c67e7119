"""Answers as plain JSON documents: what the command line and the API both give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation
from matchmaker.organisations.presenters import shown_tax_code
from matchmaker.suggestions.presenters import finding_line, reason_text
from matchmaker.suggestions.services import Answer, Check
from matchmaker.suggestions.wording import Wording
from recommender.types import Candidate, Suggestion

Document = dict[str, Any]


def suggestions_document(session: Session, answer: Answer) -> Document:
    """Return {measure, ruleset, organisation, suggestions, check} for one answer."""
    wording = Wording.for_answer(session, answer)
    asking = answer.check.asking
    return {
        "measure": asking.measure,
        "ruleset": asking.rule_set.code,
        "organisation": organisation_document(answer.asker, wording.organisations),
        "districts": sorted(asking.project.districts),
        "suggestions": [suggestion_document(suggestion, wording) for suggestion in answer.suggestions],
        "check": check_document(answer.check, wording),
    }


def suggestion_document(suggestion: Suggestion, wording: Wording) -> Document:
    """Return one suggestion with its reasons."""
    return {
        "rank": suggestion.rank,
        "organisation": organisation_document(suggestion.candidate, wording.organisations),
        "score": round(suggestion.score, 4),
        "known": suggestion.candidate.known.value,
        "distance_km": None if suggestion.distance_km is None else round(suggestion.distance_km, 1),
        "reasons": [
            {"code": reason.code, "text": reason_text(reason, wording), "weight": round(reason.weight, 4)}
            for reason in suggestion.reasons
        ],
        "meets": list(suggestion.meets),
    }


def check_document(check: Check, wording: Wording) -> Document:
    """Return {qualifies, findings} for one team."""
    return {
        "qualifies": check.qualifies,
        "findings": [finding_document(check, finding.requirement, wording) for finding in check.findings],
    }


def finding_document(check: Check, code: str, wording: Wording) -> Document:
    """Return one finding with its rule's words and the repair."""
    finding = next(finding for finding in check.findings if finding.requirement == code)
    line = finding_line(check, finding, wording)
    return {
        "rule": code,
        "severity": finding.severity.value,
        "met": finding.met,
        "text": line.text,
        "detail": line.detail,
        "source": line.source,
        "to_confirm": line.to_confirm,
        "repair": line.repair.text if line.repair else None,
    }


def organisation_document(candidate: Candidate, rows: Mapping[int, Organisation]) -> Document:
    """Return what identifies a body; never its contacts."""
    districts = sorted(candidate.manages or candidate.place.districts)
    return {
        **organisation_row_document(rows[candidate.id]),
        "district": districts[0] if districts else None,
    }


def organisation_row_document(row: Organisation) -> Document:
    """Return what the row of a body tells, without its district."""
    return {
        "id": row.id,
        "name": row.name,
        "tax_code": shown_tax_code(row),
        "ipa_code": row.ipa_code,
        "kind": row.kind,
        "municipality": row.municipality.name if row.municipality else row.place_text,
        "on_platform": row.on_platform,
    }
