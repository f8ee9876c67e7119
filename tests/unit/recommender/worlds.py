"""Small worlds for the tests, to be checked by hand: a district of Pinerolo, one of Asti."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from recommender.ranking import PartnerRecommender
from recommender.requirements import Requirement
from recommender.types import Candidate, Capacity, Member, Place, Profile, Project, Role, Severity, Team
from recommender.world import PastProject, Query, Thesaurus, World

over_worlds = settings(max_examples=40, deadline=None)
"""For properties that fit a world: fewer, and as slow as the machine is."""

PINEROLO = Place("001191", "TO", "piemonte", 44.891, 7.347, frozenset({"pinerolo"}))
CAVOUR = Place("001070", "TO", "piemonte", 44.783, 7.375, frozenset({"pinerolo"}))
ASTI = Place("005005", "AT", "piemonte", 44.900, 8.206, frozenset({"asti"}))
NOWHERE = Place()

THESAURUS = Thesaurus(
    words={
        ("theme", "POVERTA"): ("povertà", "mensa dei poveri", "emporio solidale"),
        ("theme", "FRAGILITA"): ("fragilità",),
        ("theme", "DEMOGRAFIA"): ("invecchiamento", "terza età", "casa di riposo"),
        ("theme", "ATT_SPORTIVA"): ("calcio", "sport dilettantistico"),
        ("theme", "ANIMALI"): ("canile", "gattile"),
        ("target_group", "POVERI"): ("senza dimora",),
        ("target_group", "ANZIANI"): ("anziani", "terza età"),
        ("service", "INCLUSIONE"): ("aiuti alimentari",),
        ("service", "DOMICILIO"): ("assistenza domiciliare",),
        ("welfare_action", "NIDO"): ("asilo nido aziendale",),
        ("asset", "OPER_SOC"): ("educatori",),
        ("asset", "SPAZI"): ("sale", "immobili"),
        ("asset", "VOLONTARI"): ("volontari",),
    },
    related={
        ("theme", "POVERTA"): frozenset(
            {("target_group", "POVERI"), ("service", "INCLUSIONE"), ("theme", "FRAGILITA")}
        ),
        ("theme", "DEMOGRAFIA"): frozenset({("target_group", "ANZIANI"), ("service", "DOMICILIO")}),
    },
    welfare=frozenset({"POVERTA", "FRAGILITA", "DEMOGRAFIA"}),
)

ATTRIBUTES = {
    "public_body": frozenset({"public_body"}),
    "third_sector": frozenset({"third_sector", "non_profit"}),
    "enterprise": frozenset({"enterprise", "sme"}),
    "other": frozenset(),
}


def body(number: int, name: str = "", kind: str = "third_sector", **said: Any) -> Candidate:
    """A candidate; profile lists are given as iterables, beside the fields of Candidate."""
    lists = {field: frozenset(said.pop(field)) for field in Profile.__slots__ if field in said}
    standard: dict[str, Any] = {
        "attributes": ATTRIBUTES[kind],
        "place": PINEROLO,
        "legal_form": {"third_sector": "TS_COOP", "public_body": "PB_COMUNE"}.get(kind),
    }
    return Candidate(number, name or f"Ente {number}", kind, profile=Profile(**lists), **(standard | said))


def manager(number: int, district: str = "pinerolo", **said: Any) -> Candidate:
    """An ente gestore."""
    attributes = frozenset({"public_body", "ente_gestore"})
    manages = frozenset({district})
    return body(number, kind="public_body", attributes=attributes, manages=manages, **said)


def world(*candidates: Candidate, past: tuple[PastProject, ...] = (), **busy: Any) -> World:
    return World(candidates, past, THESAURUS, **busy)


def fitted(*candidates: Candidate, past: tuple[PastProject, ...] = (), **settings: Any) -> PartnerRecommender:
    """A fitted recommender without re-ranking, so that scores speak for themselves."""
    return PartnerRecommender(**({"diversity": 0.0} | settings)).fit(world(*candidates, past=past))


def on_poverty(asker: Candidate, *, measure: str = "M1", text: str = "", **asked: Any) -> Query:
    """A question about a project on poverty in the district of Pinerolo."""
    project = Project(measure, frozenset({"POVERTA"}), frozenset({"pinerolo"}), text)
    return Query(asker, project, **asked)


def rule(code: str, kind: str, severity: Severity = Severity.MUST, **parameters: Any) -> Requirement:
    return Requirement.from_rule(code, kind, severity, parameters)


M1_RULES = (
    rule("public", "minimum_members", condition=[["public_body"]]),
    rule("third", "minimum_members", condition=[["third_sector"]]),
    rule("lead_public", "lead_is", condition=[["public_body"]]),
    rule("lead_manages", "lead_manages_district"),
    rule("same_district", "managers_share_district"),
    rule("cap", "commitment_cap", condition=[["third_sector"]], maximum=2),
    rule("residents", "declared", Severity.SHOULD, declarations=["open_to_residents"]),
)


def team(lead: Candidate | None, *partners: Candidate) -> Team:
    members = [Member(partner, Role.PARTNER) for partner in partners]
    return Team((*([] if lead is None else [Member(lead, Role.LEAD)]), *members))


def codes(reasons: Any) -> list[str]:
    return [reason.code for reason in reasons]


def reason_of(suggestion: Any, code: str) -> Any:
    """The one reason with that code."""
    (found,) = [reason for reason in (*suggestion.reasons, *suggestion.towards) if reason.code == code]
    return found


THEMES = ("POVERTA", "FRAGILITA", "DEMOGRAFIA", "ATT_SPORTIVA")
ASSETS = ("OPER_SOC", "SPAZI", "VOLONTARI")


def _some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


profiles = st.builds(
    Profile,
    themes=_some(THEMES),
    targets=_some(("POVERI", "ANZIANI")),
    services=_some(("INCLUSIONE", "DOMICILIO")),
    offers=_some(ASSETS),
    needs=_some(ASSETS),
    inferred=_some(("POVERTA", "ATT_SPORTIVA", "VOLONTARI")),
)


@st.composite
def candidates_of(draw: st.DrawFn, number: int) -> Candidate:
    """Any candidate: kinds, places, profiles, capacities."""
    kind = draw(st.sampled_from(sorted(ATTRIBUTES)))
    made = manager(number, draw(st.sampled_from(["pinerolo", "asti"]))) if draw(st.booleans()) else None
    plain = body(
        number,
        draw(st.sampled_from(["Croce Verde", "Mensa dei poveri", "Insieme", "Casa di riposo"])),
        kind,
        place=draw(st.sampled_from([PINEROLO, CAVOUR, ASTI, NOWHERE])),
        capacity=draw(st.sampled_from(list(Capacity))),
        on_platform=draw(st.booleans()),
        text=draw(st.sampled_from(["", "aiuti alimentari e volontari", "cure a chi ha bisogno"])),
        unknown=draw(st.sampled_from([frozenset(), frozenset({"enterprise"})])),
    )
    chosen = made if made is not None and kind == "public_body" else plain
    return Candidate(**{f: getattr(chosen, f) for f in Candidate.__slots__} | {"profile": draw(profiles)})


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world of up to eight candidates with up to three past projects."""
    size = draw(st.integers(1, 8))
    candidates = tuple(draw(candidates_of(number)) for number in range(1, size + 1))
    members = st.lists(st.integers(1, size), min_size=1, max_size=4, unique=True)
    past = tuple(
        PastProject(number, tuple(draw(members)), 2020, draw(st.sampled_from(["mensa dei poveri", "calcio"])))
        for number in range(draw(st.integers(0, 3)))
    )
    return World(candidates, past, THESAURUS, {1: draw(st.integers(0, 4))})


@st.composite
def queries(draw: st.DrawFn, of: World) -> Query:
    """Any question of one of the world's bodies."""
    asker = draw(st.sampled_from(of.candidates))
    project = Project(
        draw(st.sampled_from(["M1", "M2", "M4"])),
        themes=draw(_some(THEMES)),
        districts=draw(_some(("pinerolo", "asti"))),
        text=draw(st.sampled_from(["", "aiuti alimentari ai senza dimora"])),
        targets=draw(_some(("POVERI", "ANZIANI"))),
    )
    rules = draw(st.sampled_from([(), M1_RULES]))
    return Query(asker, project, rules, top=draw(st.integers(1, 10)))
