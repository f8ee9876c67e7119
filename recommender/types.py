"""The frozen nouns of the pure side: who could join, what for, and what came of it.

Codes (themes, districts, forms...) are opaque here: their words live with the
web side. Distances are in kilometres, money in euro, shares between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a requirement weighs (design: must blocks, should is a bonus)."""

    MUST = "must"
    SHOULD = "should"
    INFO = "info"


class Role(StrEnum):
    """A member's part in a team. Lead and partner apply; a network member adheres."""

    LEAD = "lead"
    PARTNER = "partner"
    NETWORK = "network"


APPLICANT_ROLES = frozenset({Role.LEAD, Role.PARTNER})


class Known(StrEnum):
    """How much a profile tells; little data is never a low score."""

    LITTLE = "little"
    PARTLY = "partly"
    WELL = "well"


class Capacity(StrEnum):
    """What a body declares it can take on now."""

    LEAD = "lead"
    PARTNER = "partner"
    LATER = "later"
    NOT_NOW = "not_now"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body has its seat.

    municipality is the ISTAT code, province its two letters, districts the codes
    of the districts of social cohesion that hold the municipality.
    """

    municipality: str | None = None
    province: str | None = None
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Profile:
    """What a body does, as codes of the vocabularies.

    ``inferred`` holds the codes that were read off its name by a rule: the body
    never said them, they weigh less, and they are absent from the other sets.
    """

    themes: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    welfare_actions: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    inferred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body that could join a team.

    ``attributes`` are what rules look at (kind is not eligibility): public_body,
    third_sector, enterprise, social_enterprise, volunteer, non_profit, sme, micro,
    small, medium, large, ente_gestore, municipality, health_body.
    ``unknown`` are attributes that nobody has said or denied: a rule that needs one
    of them answers "unknown". An attribute in neither set is known to be false.
    ``manages`` are the districts in which the body is an ente gestore.
    """

    id: int
    name: str
    kind: str
    attributes: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    legal_form: str | None = None
    place: Place = Place()
    works_in: frozenset[str] = frozenset()
    manages: frozenset[str] = frozenset()
    profile: Profile = Profile()
    text: str = ""
    capacity: Capacity = Capacity.UNSAID
    on_platform: bool = False
    known: Known = Known.LITTLE

    @property
    def districts(self) -> frozenset[str]:
        """Codes of the districts where the body has its seat, works or manages services."""
        return self.place.districts | self.works_in | self.manages


@dataclass(frozen=True, slots=True)
class Project:
    """What the team wants to do, as far as it has been said.

    ``declared`` maps a declaration's code (open_to_residents, public_notice,
    governance_role, sustainability...) to yes or no; absent means not said yet.
    ``aggregation`` says that several districts were declared as one aggregation.
    """

    measure: str
    themes: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    text: str = ""
    targets: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    form: str | None = None
    budget: float | None = None
    own_share: float | None = None
    aggregation: bool = False
    declared: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate with its role in one team."""

    candidate: Candidate
    role: Role = Role.PARTNER


@dataclass(frozen=True, slots=True)
class Team:
    """Bodies that would apply together; at most one of them leads."""

    members: tuple[Member, ...] = ()

    @property
    def lead(self) -> Candidate | None:
        """The leading body, or None while nobody leads."""
        return next((m.candidate for m in self.members if m.role is Role.LEAD), None)

    @property
    def applicants(self) -> tuple[Candidate, ...]:
        """The bodies that apply: lead and partners, without network members."""
        return tuple(m.candidate for m in self.members if m.role in APPLICANT_ROLES)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every member, whatever its role."""
        return tuple(m.candidate for m in self.members)

    def joined_by(self, candidate: Candidate, role: Role = Role.PARTNER) -> Team:
        """Return the team with one more member."""
        return Team((*self.members, Member(candidate, role)))


@dataclass(frozen=True, slots=True)
class Commitments:
    """What stands beyond the team, within one measure.

    projects: number of *other* projects by candidate id; districts: number of other
    projects by district code.
    """

    projects: Mapping[int, int] = field(default_factory=dict)
    districts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code with parameters, turned into a sentence on the web side.

    weight is the signed part of a score that the reason stands for.
    """

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement looked at for one team.

    met is True, False, or None when something has still to be said or confirmed.
    ``because`` tells what the verdict rests on (codes, member ids); ``missing`` what
    would mend it, as a code with parameters.
    """

    requirement: str
    severity: Severity
    met: bool | None
    because: tuple[Reason, ...] = ()
    missing: tuple[Reason, ...] = ()


def qualifies(findings: list[Finding] | tuple[Finding, ...]) -> bool | None:
    """Tell whether a team qualifies: every must met (True), one refused (False), else None."""
    musts = [finding.met for finding in findings if finding.severity is Severity.MUST]
    if False in musts:
        return False
    return None if None in musts else True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate proposed to one asker, with the reasons whose weights add up to its score.

    meets: codes of the unmet requirements that it would meet or bring nearer.
    towards: reasons why the asker fits the candidate. neither: codes that the project
    asks for and neither of the two brings.
    """

    candidate: Candidate
    rank: int
    score: float
    reasons: tuple[Reason, ...]
    meets: tuple[str, ...] = ()
    towards: tuple[Reason, ...] = ()
    neither: tuple[str, ...] = ()
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole team that satisfies the requirements, and how good it is proven to be.

    objective is its value under the flavour's objective, bound the proven upper bound:
    equal when the solver proved it optimal.
    """

    flavour: str
    team: Team
    findings: tuple[Finding, ...]
    objective: float
    bound: float
    because: tuple[Reason, ...] = ()
