"""Lists over the real, thin directory of Piedmont: they make sense, and they are quick."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import pytest

from matchmaker.vocabularies.attributes import standing_of
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.inference import infer
from recommender.ranking import PartnerRecommender
from recommender.requirements import Requirement
from recommender.types import Candidate, Place, Profile, Project, Role, Suggestion
from recommender.weights import group_of
from recommender.world import Query, Thesaurus, World
from tests.unit.recommender.worlds import team

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "piemonte"
VOCABULARIES = ("theme", "target_group", "service", "welfare_action", "asset")
ELSEWHERE = {"ATT_SPORTIVA", "ANIMALI", "DONAZIONI", "PROT_CIVILE", "TEMPO_LIBERO"}

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real directory is not at {REAL.name}")


def rows_of(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def thesaurus() -> Thesaurus:
    terms = [(name, term) for name in VOCABULARIES for term in catalogue()[name].values()]
    related = {
        (name, term.code): frozenset((to, code) for to, codes in term.related.items() for code in codes)
        for name, term in terms
    }
    welfare = frozenset(term.code for name, term in terms if name == "theme" and term.welfare)
    return Thesaurus({(name, term.code): term.words for name, term in terms}, related, welfare)


def candidates() -> list[Candidate]:
    towns = {row["istat"]: row for row in rows_of("comuni_piemonte.csv")}
    managers = {
        row["ipa_code"].lower(): row for row in rows_of("enti_gestori_piemonte.csv") if row["ipa_code"]
    }
    districts: dict[str, set[str]] = defaultdict(set)
    for row in rows_of("comuni_distretto_APPROX.csv"):
        districts[row["istat"]].add(row["district"])
    made = []
    for number, row in enumerate(rows_of("organisations_piemonte_unified.csv"), start=1):
        read = infer(row["name"], sector=row["sector"], type_guess=row["type_guess"])
        standing = standing_of(read.kind, read.legal_form)
        manager, town = managers.get(row["ipa_code"].lower()), towns.get(row["istat"])
        place = Place()
        if town is not None:
            here = frozenset(districts[row["istat"]])
            lat, lon = float(town["lat"]), float(town["lon"])
            place = Place(row["istat"], town["prov"], "piemonte", lat, lon, here)
        made.append(
            Candidate(
                number,
                row["name"],
                read.kind,
                standing.attributes | ({"ente_gestore"} if manager else set()),
                standing.unknown,
                read.legal_form,
                place,
                manages=frozenset({manager["district"]} if manager else ()),
                profile=Profile(inferred=frozenset(term.code for term in read.terms)),
            )
        )
    return made


class Directory:
    def __init__(self) -> None:
        self.candidates = candidates()
        self.recommender = PartnerRecommender().fit(World(tuple(self.candidates), (), thesaurus()))
        path = ROOT / "matchmaker" / "measures" / "rulesets" / "wecare-2017.json"
        self.rules = json.loads(path.read_text(encoding="utf-8"))["rules"]

    def body(self, name: str, town: str) -> Candidate:
        return next(c for c in self.candidates if name in c.name and c.place.municipality == town)

    def query(self, asker: Candidate, measure: str, theme: str, district: str, role: Role) -> Query:
        requirements = [
            Requirement.from_rule(rule["code"], rule["kind"], rule["severity"], rule.get("parameters", {}))
            for rule in self.rules
            if rule["measure"] == measure
        ]
        alone = team(asker) if role is Role.LEAD else team(None, asker)
        project = Project(measure, frozenset({theme}), frozenset({district}))
        return Query(asker, project, requirements, alone)

    def suggest(self, *asked: object) -> list[Suggestion]:
        return self.recommender.recommend(self.query(*asked))


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory()


@pytest.fixture
def poverty_in_pinerolo(directory: Directory) -> list[Suggestion]:
    ciss = directory.body("CISS", "001191")
    return directory.suggest(ciss, "M1", "POVERTA", "pinerolo", Role.LEAD)


def test_a_list_on_poverty_holds_no_clubs_shelters_or_blood_donors(
    poverty_in_pinerolo: list[Suggestion],
) -> None:
    for suggestion in poverty_in_pinerolo:
        assert group_of(suggestion.candidate) != "sport"
        assert not suggestion.candidate.profile.inferred & ELSEWHERE


def test_a_list_in_one_district_starts_with_cooperatives_and_foundations_of_it(
    poverty_in_pinerolo: list[Suggestion],
) -> None:
    first_five = [suggestion.candidate for suggestion in poverty_in_pinerolo[:5]]

    assert all("pinerolo" in candidate.districts for candidate in first_five)
    assert sum(group_of(c) in ("cooperative", "consortium", "foundation") for c in first_five) >= 3


def test_a_list_is_not_one_kind_in_one_town(poverty_in_pinerolo: list[Suggestion]) -> None:
    first_ten = [suggestion.candidate for suggestion in poverty_in_pinerolo[:10]]

    assert len({group_of(candidate) for candidate in first_ten}) >= 3


def test_a_cooperative_is_led_to_the_enti_gestori_of_its_district_first(directory: Directory) -> None:
    coop = directory.body("LA STRADA SOC", "005005")

    found = directory.suggest(coop, "M1", "POVERTA", "asti", Role.PARTNER)

    assert {group_of(s.candidate) for s in found[:2]} == {"ente_gestore"}
    assert all(s.meets for s in found[:2])
    groups = {group_of(s.candidate) for s in found}
    assert {"cooperative", "consortium", "municipality"} <= groups


def test_no_public_body_is_suggested_where_only_the_third_sector_applies(directory: Directory) -> None:
    coop = directory.body("LA STRADA SOC", "005005")

    found = directory.suggest(coop, "M2", "FRAGILITA", "asti", Role.LEAD)

    assert {s.candidate.kind for s in found} == {"third_sector"}


def test_a_list_over_the_whole_directory_takes_well_under_a_tenth_of_a_second(directory: Directory) -> None:
    query = directory.query(directory.body("CISS", "001191"), "M1", "POVERTA", "pinerolo", Role.LEAD)
    times = []
    for _ in range(5):
        start = perf_counter()
        directory.recommender.recommend(query)
        times.append(perf_counter() - start)

    assert min(times) < 0.1


def test_a_changed_profile_is_taken_in_within_a_twentieth_of_a_second(directory: Directory) -> None:
    changed = [directory.candidates[100]]
    times = []
    for _ in range(5):
        start = perf_counter()
        directory.recommender.refreshed(changed, [])
        times.append(perf_counter() - start)

    assert min(times) < 0.05
