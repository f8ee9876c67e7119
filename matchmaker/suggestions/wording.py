"""The names behind the numbers and codes of an answer, read once in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.i18n import language
from matchmaker.organisations.models import Organisation, PastProject
from matchmaker.snapshots import MATCHED_VOCABULARIES
from matchmaker.suggestions.asking import Asking
from matchmaker.suggestions.services import Answer, Check
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.vocabularies.catalogue import catalogue, label_of
from matchmaker.vocabularies.words import vocabulary_of
from recommender.types import Finding, Reason, Suggestion

ID_LISTS = ("members", "partners", "candidates")
"""Parameters of a reason that hold candidate ids."""
MOST_NAMED = 3
"""How many bodies a sentence names before it counts the rest."""


@dataclass(frozen=True)
class Wording:
    """What sentences need: rows of the bodies named, names of districts and projects."""

    organisations: Mapping[int, Organisation]
    districts: Mapping[str, str]
    projects: Mapping[int, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The reader's language."""
        return language()

    def term(self, name: str, code: str) -> str:
        """The word for a code of a profile's list."""
        vocabulary = vocabulary_of({"target": "target_group", "action": "welfare_action"}.get(name, name))
        return label_of(vocabulary, code, self.language)

    def district(self, code: str) -> str:
        """A district's name."""
        return self.districts.get(code, code)

    def names(self, ids: Iterable[int]) -> str:
        """Name up to three bodies and count the rest."""
        names = [self.organisations[body].name for body in ids if body in self.organisations]
        rest = len(names) - MOST_NAMED
        return ", ".join(names[:MOST_NAMED]) + (f" +{rest}" if rest > 0 else "")

    def any_term(self, code: str) -> str:
        """The word for a code whose list is not known: the first vocabulary that holds it."""
        found = (
            label_of(name, code, self.language) for name in MATCHED_VOCABULARIES if code in catalogue()[name]
        )
        return next(found, code)

    def titles(self, ids: Iterable[int]) -> str:
        """Name up to three past projects and count the rest."""
        titles = [f"«{self.projects[project]}»" for project in ids if project in self.projects]
        rest = len(titles) - MOST_NAMED
        return ", ".join(titles[:MOST_NAMED]) + (f" +{rest}" if rest > 0 else "")

    @classmethod
    def read(
        cls,
        session: Session,
        asking: Asking,
        bodies: Iterable[int],
        reasons: Iterable[Reason] = (),
    ) -> Wording:
        """Read the names that some bodies and reasons call for."""
        reasons = list(reasons)
        named = {i for reason in reasons for key in ID_LISTS for i in reason.parameters.get(key, ())}
        projects = {i for reason in reasons for i in reason.parameters.get("projects", ())}
        return cls(
            organisations=organisations_by_id(session, {*bodies, *named}),
            districts=district_names(session),
            projects=_project_titles(session, projects),
            rules={rule.code: rule.text_en if language() == "en" else rule.text_it for rule in asking.rules},
        )

    @classmethod
    def for_answer(cls, session: Session, answer: Answer) -> Wording:
        """Read the names of a list of suggestions and its check."""
        bodies = {answer.asker.id, *(s.candidate.id for s in answer.suggestions)}
        reasons = [r for s in answer.suggestions for r in reasons_of(s)]
        return cls.read(
            session,
            answer.check.asking,
            bodies | bodies_of(answer.check),
            reasons + findings_reasons(answer.check),
        )

    @classmethod
    def for_check(cls, session: Session, check: Check) -> Wording:
        """Read the names of one check."""
        return cls.read(session, check.asking, bodies_of(check), findings_reasons(check))


def reasons_of(suggestion: Suggestion) -> list[Reason]:
    """Every reason of a suggestion, both ways."""
    return [*suggestion.reasons, *suggestion.towards]


def findings_reasons(check: Check) -> list[Reason]:
    """Every reason that a check's findings rest on."""
    return [reason for finding in check.findings for reason in finding_reasons(finding)]


def finding_reasons(finding: Finding) -> list[Reason]:
    """The reasons of one finding."""
    return [*finding.because, *finding.missing]


def bodies_of(check: Check) -> set[int]:
    """The bodies that a check may name: members, and the first few who could mend it."""
    fitting = {body for ids in check.fit.values() for body in list(ids)[:MOST_NAMED]}
    return {candidate.id for candidate in check.team.candidates} | fitting


def organisations_by_id(session: Session, ids: Iterable[int]) -> dict[int, Organisation]:
    """Read the rows of some bodies with their seats, in one query."""
    query = select(Organisation).where(Organisation.id.in_(set(ids)))
    rows = session.scalars(query.options(joinedload(Organisation.municipality)))
    return {row.id: row for row in rows}


def district_names(session: Session) -> dict[str, str]:
    """Names of the districts of social cohesion, by code."""
    query = select(Territory.code, Territory.name).where(Territory.kind == TerritoryKind.DISTRICT)
    return {row.code: row.name for row in session.execute(query)}


def _project_titles(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(PastProject.id, PastProject.title).where(PastProject.id.in_(ids))
    return {row.id: row.title for row in session.execute(query)}
