"""What each feature is worth before anything can be learnt: prior weights, each with its reason.

A feature's value lies between 0 and 1 (the kind's between -1 and 1), so its weight is the most that
it can add, in points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from recommender.types import Candidate

STEP = 1 / 16
"""Points are counted in sixteenths: binary fractions with four decimals, so that the weights of
the reasons add up to the score exactly, in any order and as printed."""

GROUP_OF_FORM: Mapping[str, str] = MappingProxyType(
    {
        "PB_COMUNE": "municipality",
        "PB_UNIONE": "union",
        "PB_CONSORZIO_SA": "union",
        "PB_CONVENZIONE_SA": "union",
        "PB_ASL": "health",
        "PB_AO": "health",
        "PB_ASP": "care_home",
        "PB_SCUOLA": "school",
        "PB_UNI": "school",
        "PB_ATC": "housing",
        "PB_PROVINCIA": "authority",
        "TS_COOP": "cooperative",
        "TS_COOP_A": "cooperative",
        "TS_COOP_B": "cooperative",
        "TS_COOP_AB": "cooperative",
        "TS_CONS_COOP": "consortium",
        "TS_IS": "social_enterprise",
        "TS_FOND": "foundation",
        "TS_EF": "foundation",
        "TS_ERC": "parish",
        "TS_ASD": "sport",
        "TS_SMS": "mutual",
        "TS_ODV": "volunteers",
        "AL_CSV": "support",
        "AL_FOB": "funder",
        "AL_AGFORM": "training",
        "AL_INCUB": "incubator",
        "AL_DATORIALE": "social_partner",
        "AL_SINDACATO": "social_partner",
        "IM_CONSORZIO": "firms_consortium",
        "IM_RETE": "firms_consortium",
        "IM_COOP": "firm",
        "IM_GRANDE": "large_firm",
    }
)
"""Groups of legal forms that stand alike in a partnership; see :func:`group_of`."""

GROUP_OF_KIND: Mapping[str, str] = MappingProxyType(
    {"public_body": "public", "third_sector": "association", "enterprise": "firm"}
)

# Which kinds of body really carried out such partnerships. On thin data (28 real collaborations of
# Piedmont) cooperatives, consortia and foundations first, sport, rescue and animals last, together
# with nearness, ranked three times better than name text or distance alone.
_THIRD_SECTOR = {
    "cooperative": 1.0,
    "consortium": 1.0,
    "social_enterprise": 0.95,
    "foundation": 0.8,
    "training": 0.6,
    "support": 0.6,
    "association": 0.5,
    "volunteers": 0.45,
    "mutual": 0.45,
    "incubator": 0.4,
    "funder": 0.4,
    "parish": 0.3,
    "sport": 0.0,
}
KIND_PRIOR: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        # Territorial welfare: those who manage services, then those who deliver them.
        "M1": _THIRD_SECTOR
        | {
            "ente_gestore": 1.0,
            "health": 0.75,
            "union": 0.55,
            "municipality": 0.45,
            "care_home": 0.5,
            "housing": 0.4,
            "school": 0.3,
            "authority": 0.25,
            "public": 0.05,
            "social_partner": 0.3,
            "firm": 0.3,
            "firms_consortium": 0.3,
            "large_firm": 0.15,
        },
        # Social innovation of the third sector: public bodies can only stand beside.
        "M2": _THIRD_SECTOR
        | {
            "incubator": 0.6,
            "ente_gestore": 0.4,
            "health": 0.3,
            "school": 0.3,
            "union": 0.25,
            "municipality": 0.25,
            "care_home": 0.25,
            "public": 0.05,
            "social_partner": 0.2,
            "firm": 0.3,
            "firms_consortium": 0.3,
            "large_firm": 0.1,
        },
        # Enterprises with social effects: who sells services and products.
        "M3": _THIRD_SECTOR
        | {
            "firm": 0.8,
            "firms_consortium": 0.7,
            "incubator": 0.6,
            "foundation": 0.45,
            "association": 0.2,
            "volunteers": 0.15,
            "parish": 0.1,
            "large_firm": 0.3,
            "ente_gestore": 0.25,
            "health": 0.25,
            "school": 0.3,
            "social_partner": 0.3,
            "public": 0.05,
        },
        # Corporate welfare: firms first, then who could run the service for them.
        "M4": {
            "firm": 1.0,
            "firms_consortium": 0.9,
            "cooperative": 0.85,
            "consortium": 0.8,
            "social_enterprise": 0.8,
            "social_partner": 0.55,
            "large_firm": 0.5,
            "mutual": 0.5,
            "foundation": 0.35,
            "training": 0.35,
            "incubator": 0.35,
            "ente_gestore": 0.35,
            "municipality": 0.3,
            "union": 0.25,
            "care_home": 0.25,
            "association": 0.2,
            "health": 0.2,
            "school": 0.15,
            "volunteers": 0.1,
            "public": 0.05,
            "sport": 0.05,
        },
    }
)
UNRANKED_KIND = 0.3
"""Prior of a group that a measure's table does not name."""


def group_of(candidate: Candidate) -> str:
    """Return the group of alike legal forms that a body belongs to."""
    if "ente_gestore" in candidate.attributes:
        return "ente_gestore"
    return GROUP_OF_FORM.get(candidate.legal_form or "") or GROUP_OF_KIND.get(candidate.kind, "other")


def kind_prior(group: str, measure: str) -> float:
    """Return how well a group stands in a measure's partnerships, 0 to 1."""
    return KIND_PRIOR.get(measure, _THIRD_SECTOR).get(group, UNRANKED_KIND)


@dataclass(frozen=True)
class Weights:
    """Most points that each feature can add (negative: take away). About 100 points in all.

    The order of size follows the trials on real consortia and on the thin directory (kind, nearness,
    past projects near in text, spread over the graph), with the measure's own rules above everything:
    a partner who makes the project qualify is what the asker came for.

    Attributes:
        meets: unmet "must" rules that the body would mend; the reason to be on this page at all.
        bonus: unmet "should" rules it would mend; a criterion or a priority, not a need.
        themes: the project's themes that it works on; the clearest sign of a common purpose.
        targets, services, actions: likewise, weaker because fewer bodies say them.
        related: terms that the project's own call up (poverty: homeless people, work integration).
        text: words that its name and description share with the project's text; weak alone in every trial.
        offers: what the team needs and it offers; concrete, checkable, and said by both on purpose.
        needs: what it needs and the asker offers; why it would say yes.
        district: it sits, works or manages services in the project's districts: WECARE is territorial.
        nearness: decays with distance; on thin data half of what there is to know.
        ties: reached from the team's past work by personalised PageRank.
        past: stood in past projects near the text, or near those who did: the strongest single
            signal of the trials, but few past works are known here.
        kind: prior by legal form and measure (see KIND_PRIOR), counted from the middle: as much can be
            taken away as added.
        capacity: it declared that it can join now.
        platform: it is on the platform, so it will answer; small, because a body is no better for it.
        busy: taken away for each draft or project it stands in, up to three: the same few are not
            always proposed.
        other_field: taken away from a body that itself named only fields outside welfare.
        neutral: share of a feature that a body gets when nothing is known: between the value of nothing
            in common (0) and of a code read off its name. Little known is not bad.
        read_share: how far a code read off a name or out of a text counts, against one that was said.
        related_back: how far a relation counts from the other end (homeless people call up poverty,
            among other themes).
        reach_km: distance at which nearness has fallen to 1/e, by measure: M1 lives in one district, M4
            among neighbours, M2 and M3 over provinces.
        farthest_km: beyond it a body is out of reach unless it works in the project's districts.
        district_share: how much of the district's weight holds, by measure.
    """

    meets: float = 24.0
    bonus: float = 3.0
    themes: float = 17.0
    targets: float = 6.0
    services: float = 8.0
    actions: float = 8.0
    related: float = 9.0
    text: float = 8.0
    offers: float = 12.0
    needs: float = 5.0
    district: float = 14.0
    nearness: float = 22.0
    ties: float = 12.0
    past: float = 10.0
    kind: float = 9.0
    capacity: float = 4.0
    platform: float = 3.0
    busy: float = -4.0
    other_field: float = -20.0
    neutral: float = 0.15
    read_share: float = 0.5
    related_back: float = 0.4
    reach_km: Mapping[str, float] = field(
        default_factory=lambda: {"M1": 20.0, "M2": 45.0, "M3": 45.0, "M4": 12.0}
    )
    farthest_km: Mapping[str, float] = field(default_factory=lambda: {"M1": 60.0, "M4": 40.0})
    district_share: Mapping[str, float] = field(default_factory=lambda: {"M2": 0.4, "M3": 0.4})

    def points(self, feature: str, measure: str) -> float:
        """Return the weight of a feature in a measure."""
        share = self.district_share.get(measure, 1.0) if feature == "district" else 1.0
        return float(getattr(self, feature)) * share


FEATURES = (
    "meets", "bonus", "themes", "targets", "services", "actions", "related", "text", "offers", "needs",
    "district", "nearness", "ties", "past", "kind", "capacity", "platform", "busy", "other_field",
)  # fmt: skip
CALL_FEATURES = ("meets", "bonus", "platform")
"""What depends on the gaps of one team and on who has joined, not on how well a body suits."""
TIE_FEATURES = ("ties", "past")
FIT_FEATURES = ("themes", "targets", "services", "actions", "related", "text", "offers", "needs")
