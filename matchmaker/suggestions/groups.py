"""Suggestions as cards, grouped by the gap that each would fill."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from matchmaker.organisations.models import Organisation
from matchmaker.suggestions.presenters import gap_title, reason_text
from matchmaker.suggestions.services import Answer
from matchmaker.suggestions.wording import Wording
from recommender.types import Capacity, Known, Reason, Suggestion

SHOWN_REASONS = 6
IN_ONE_LINE = 2
SHARED_REASONS = frozenset({"meets_rules", "bonus_rules", "little_known", "kind", "on_platform"})
"""Reasons that a whole group has, so the heading says them."""
LARGEST_GROUP = 10


@dataclass(frozen=True)
class ReasonLine:
    """A reason in words."""

    code: str
    text: str


@dataclass(frozen=True)
class Card:
    """One suggestion as shown: why them, why us, what neither brings, how well we know them."""

    body: Organisation
    place: str | None
    why: str
    line: str
    reasons: list[ReasonLine]
    towards: list[ReasonLine]
    neither: list[str]
    known_words: str
    known_detail: str
    shortlisted: bool
    role: str = "partner"


@dataclass(frozen=True)
class Group:
    """The suggestions that fill one gap."""

    title: str
    lead: str = ""
    cards: list[Card] = field(default_factory=list)


def group_by_gap(answer: Answer, wording: Wording, kept: Collection[int]) -> list[Group]:
    """Put each suggestion under the first unmet rule that it would meet, the others last."""
    groups: list[Group] = []
    gaps = [finding for finding in answer.check.findings if finding.met is not True]
    placed: set[int] = set()
    for finding in gaps:
        fitting = [
            s for s in answer.suggestions if finding.requirement in s.meets and s.candidate.id not in placed
        ][:LARGEST_GROUP]
        if fitting:
            placed |= {suggestion.candidate.id for suggestion in fitting}
            title, lead = gap_title(answer.check, finding, wording)
            groups.append(Group(title, lead, [make_card(s, wording, kept) for s in fitting]))
    rest = [s for s in answer.suggestions if s.candidate.id not in placed][:LARGEST_GROUP]
    if rest:
        title = _("Rafforzano il progetto") if groups else _("I più vicini al vostro progetto")
        groups.append(Group(title, "", [make_card(s, wording, kept) for s in rest]))
    return groups


def make_card(suggestion: Suggestion, wording: Wording, kept: Collection[int]) -> Card:
    """Turn a suggestion into what its card shows."""
    body = wording.organisations[suggestion.candidate.id]
    reasons = _lines(suggestion.reasons, wording)
    known_words, known_detail = _known(suggestion.candidate.known)
    return Card(
        body=body,
        place=body.municipality.name if body.municipality else body.place_text,
        why=why_line(reasons),
        line=facts_line(suggestion),
        reasons=reasons[:SHOWN_REASONS],
        towards=_lines(suggestion.towards, wording)[:SHOWN_REASONS],
        neither=[wording.any_term(code) for code in suggestion.neither],
        known_words=known_words,
        known_detail=known_detail,
        shortlisted=body.id in kept,
    )


def why_line(reasons: Collection[ReasonLine]) -> str:
    """The two weightiest reasons that tell this body from the others of its group."""
    telling = [line.text for line in reasons if line.code not in SHARED_REASONS]
    usual = [line.text for line in reasons if line.code == "kind"]
    return "; ".join((telling + usual)[:IN_ONE_LINE]) or _("Vicino al vostro progetto")


def facts_line(suggestion: Suggestion) -> str:
    """Distance, capacity and past ties on one line."""
    facts = [_capacity(suggestion.candidate.capacity)]
    if suggestion.distance_km is not None:
        facts.insert(0, distance_words(suggestion.distance_km))
    return " · ".join(fact for fact in facts if fact)


def distance_words(kilometres: float) -> str:
    """A distance as people say it."""
    if kilometres < 1:
        return _("Nel vostro comune")
    return _("A %(distance)s km", distance=format_decimal(round(kilometres)))


def members_words(number: int) -> str:
    """A number of bodies."""
    return ngettext("%(num)d ente", "%(num)d enti", number)


def _lines(reasons: Collection[Reason], wording: Wording) -> list[ReasonLine]:
    ordered = sorted(reasons, key=lambda reason: -reason.weight)
    lines = [
        ReasonLine(reason.code, reason_text(reason, wording)) for reason in ordered if reason.weight >= 0
    ]
    return [line for line in lines if line.text]


def _capacity(capacity: Capacity) -> str:
    return {
        Capacity.LEAD: _("disponibile anche come capofila"),
        Capacity.PARTNER: _("disponibile come partner"),
        Capacity.LATER: _("disponibile più avanti"),
        Capacity.NOT_NOW: _("non disponibile ora"),
        Capacity.UNSAID: "",
    }[capacity]


def _known(known: Known) -> tuple[str, str]:
    if known is Known.LITTLE:
        return _("Poco conosciuto."), _(
            "Sappiamo solo ciò che dice la sua lista: nome, tipo e sede. Chiedete al facilitatore."
        )
    if known is Known.PARTLY:
        return _("Conosciuto in parte."), _("Il profilo non è completo.")
    return "", ""
