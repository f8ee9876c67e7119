"""What is asked: a measure under a rule set, and what the project says, from any door.

The page, the command line and the API all arrive here with words; a known code leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.errors import MatchmakerError
from matchmaker.measures.models import Rule, RuleSet
from matchmaker.measures.services import MEASURES, UnknownRuleSet, rule_set_named, rules_of
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.vocabularies.catalogue import catalogue
from recommender.types import Candidate, Project

TEXT_LENGTH = 4000
CODES = {
    "themes": "theme",
    "targets": "target_group",
    "services": "service",
    "actions": "welfare_action",
}


class UnknownCode(MatchmakerError):
    """A code that no vocabulary, territory or rule set holds."""

    def __init__(self, field: str, code: str, known: Collection[str]) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.known = field, code, sorted(known)

    def message(self) -> str:
        """The sentence for the person who wrote it."""
        return _(
            "«%(code)s» non è tra i valori conosciuti: %(known)s.",
            code=self.code,
            known=", ".join(self.known),
        )


class ImpossibleAmount(MatchmakerError):
    """A budget or share that no project can have."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    def message(self) -> str:
        """The sentence for the person who wrote it."""
        if self.field == "own_share":
            return _("La quota propria è una parte del valore: un numero da 0 a 1, per esempio 0,2.")
        return _("Il valore del progetto è un importo in euro, maggiore di zero.")


@dataclass(frozen=True)
class Asking:
    """One question: whose project, under which rules.

    ``assumed_district`` is True when nobody said a district and the seat's was taken.
    """

    measure: str
    rule_set: RuleSet
    project: Project
    assumed_district: bool = False

    @property
    def rules(self) -> list[Rule]:
        """The measure's rules under the rule set."""
        return rules_of(self.rule_set, self.measure)


def ask(
    session: Session,
    measure: str,
    rule_set: str,
    said: Mapping[str, Any],
    seat: Candidate | None = None,
) -> Asking:
    """Turn what was said into a question.

    Args:
        said: fields of :class:`recommender.types.Project` (lists of codes, numbers, booleans).
        seat: whose districts are taken when none was said.

    Raises:
        UnknownCode, ImpossibleAmount: naming the field.
    """
    project = project_from(session, measure, said)
    assumed = not project.districts and seat is not None and bool(seat.manages or seat.place.districts)
    if assumed and seat is not None:
        districts = seat.manages or seat.place.districts
        project = Project(**{**project_fields(project), "districts": frozenset(sorted(districts)[:1])})
    return Asking(measure, _rule_set(session, rule_set), project, assumed)


def project_from(session: Session, measure: str, said: Mapping[str, Any]) -> Project:
    """Build the project from codes, each looked up.

    Raises:
        UnknownCode, ImpossibleAmount: naming the field.
    """
    _known("measure", [measure], MEASURES)
    lists = {
        field: frozenset(_known(field, said.get(field) or (), catalogue()[vocabulary]))
        for field, vocabulary in CODES.items()
    }
    form = said.get("form") or None
    if form is not None:
        _known("form", [form], catalogue()["partnership_form"])
    declared = {code: bool(value) for code, value in (said.get("declared") or {}).items()}
    _known("declared", declared, catalogue()["declaration"])
    return Project(
        measure=measure,
        **lists,
        districts=frozenset(_known("districts", said.get("districts") or (), district_codes(session))),
        text=str(said.get("text") or "")[:TEXT_LENGTH],
        form=form,
        budget=_amount("budget", said.get("budget"), above=0),
        own_share=_amount("own_share", said.get("own_share"), above=None, most=1),
        aggregation=bool(said.get("aggregation")),
        declared=declared,
    )


def project_fields(project: Project) -> dict[str, Any]:
    """Return the project's fields by name."""
    return {field.name: getattr(project, field.name) for field in fields(project)}


def project_json(project: Project) -> dict[str, Any]:
    """Return what a project says as JSON, to be kept with a draft (see :func:`project_from`)."""
    said = project_fields(project)
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in said.items()
        if name != "measure"
    }


def district_codes(session: Session) -> set[str]:
    """Return the codes of the districts of social cohesion that stand today."""
    districts = select(Territory.code).where(Territory.kind == TerritoryKind.DISTRICT)
    return set(session.scalars(districts.where(Territory.valid_to.is_(None))))


def _rule_set(session: Session, code: str) -> RuleSet:
    try:
        return rule_set_named(session, code)
    except UnknownRuleSet:
        raise UnknownCode("ruleset", code, session.scalars(select(RuleSet.code).distinct()).all()) from None


def _known(field: str, codes: Iterable[str], known: Collection[str]) -> list[str]:
    codes = list(codes)
    for code in codes:
        if code not in known:
            raise UnknownCode(field, code, known)
    return codes


def _amount(field: str, value: Any, *, above: float | None, most: float = 1e12) -> float | None:
    if value is None or value == "":
        return None
    try:
        amount = float(value)
    except (TypeError, ValueError):
        raise ImpossibleAmount(field) from None
    # "not (amount <= most)" also turns away NaN.
    if not (amount <= most) or amount < 0 or (above is not None and amount <= above):
        raise ImpossibleAmount(field)
    return amount
