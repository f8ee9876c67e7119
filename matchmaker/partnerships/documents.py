"""Proposals as a plain JSON document: what the command line and the API both give."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from matchmaker.partnerships.presenters import flavour_words, why_none
from matchmaker.partnerships.proposing import ProposalAnswer
from matchmaker.suggestions.documents import (
    Document,
    check_document,
    organisation_document,
    organisation_row_document,
)
from matchmaker.suggestions.services import Check
from matchmaker.suggestions.wording import Wording, bodies_of, findings_reasons
from recommender.types import Proposal


def proposals_document(session: Session, answer: ProposalAnswer) -> Document:
    """Return {proposals, blocked, invite} for one question."""
    wording = wording_of(session, answer)
    blocked = check_document(answer.blocked, wording)["findings"] if answer.blocked else []
    return {
        "measure": answer.asking.measure,
        "ruleset": answer.asking.rule_set.code,
        "organisation": organisation_document(answer.asker, wording.organisations),
        "districts": sorted(answer.asking.project.districts),
        "proposals": [
            _proposal_document(answer, proposal, check, wording)
            for proposal, check in zip(answer.assembly.proposals, answer.checks, strict=True)
        ],
        "blocked": blocked,
        "none_because": None if answer.assembly.proposals else why_none(answer.assembly),
        "invite": [organisation_row_document(wording.organisations[body]) for body in answer.invite],
    }


def wording_of(session: Session, answer: ProposalAnswer) -> Wording:
    """Read the names that an answer calls for."""
    checks = [*answer.checks, *([answer.blocked] if answer.blocked else [])]
    bodies = {answer.asker.id, *answer.invite, *(body for check in checks for body in bodies_of(check))}
    return Wording.read(
        session, answer.asking, bodies, [r for check in checks for r in findings_reasons(check)]
    )


def _proposal_document(
    answer: ProposalAnswer, proposal: Proposal, check: Check, wording: Wording
) -> dict[str, Any]:
    return {
        "flavour": proposal.flavour,
        "title": flavour_words(proposal.flavour)[0],
        **check_document(check, wording),
        "members": [
            {
                "organisation": organisation_document(member.candidate, wording.organisations),
                "role": member.role.value,
            }
            for member in proposal.team.members
        ],
        "to_invite": len(answer.to_invite(proposal)),
        "objective": round(proposal.objective, 6),
        "bound": round(proposal.bound, 6),
    }
