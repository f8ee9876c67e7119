"""The demonstration's data: plausible, consistent, and nobody's real name or code."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from stdnum.it import codicefiscale, iva

from matchmaker.accounts.models import MembershipRole, PlatformRole
from matchmaker.accounts.passwords import password_fault
from matchmaker.demo.directory import TERM_LISTS
from matchmaker.demo.files import Row, read_partnerships, read_rows
from matchmaker.demo.people import DEMO_PASSWORD, DOMAIN, INVENTED_PUBLIC_BODY, PUBLIC
from matchmaker.organisations.models import Visibility
from matchmaker.suggestions.asking import CODES
from matchmaker.territories.models import TerritoryKind
from matchmaker.territories.reference import default_memberships, default_places
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.names import fold_name
from matchmaker.vocabularies.words import vocabulary_of
from recommender.types import Capacity, Role

BODIES = read_rows("organisations")
PROJECTS = read_rows("projects")
PEOPLE = read_rows("people")
BEGUN = read_partnerships()
KEYS = {row["key"] for row in BODIES}
DATA = Path(__file__).parents[3] / "matchmaker" / "demo" / "data"
REAL_FILE = Path(__file__).parents[4] / "shared/data/piemonte/organisations_piemonte_unified.csv"
FORMS = catalogue()["legal_form"]


def kind(row: Row) -> str:
    return str(FORMS[row["legal_form"]].facts["kind"])


def sentences(row: Row) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.:;])\s+", row.get("description", "")) if part.strip()]


def members(project: Row) -> list[str]:
    return [project["lead"], *project["partners"]]


@pytest.fixture(scope="module")
def real_bodies() -> list[dict[str, str]]:
    if not REAL_FILE.exists():
        pytest.skip("the real directory of Piedmont is not on this machine")
    with REAL_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_about_three_hundred_bodies_of_every_kind_are_there():
    counted = Counter(map(kind, BODIES))
    assert 280 <= len(BODIES) <= 350
    assert counted["enterprise"] >= 80
    assert counted["third_sector"] >= 150
    assert counted["public_body"] >= 30
    assert counted["other"] >= 10


def test_firms_of_every_size_are_there_and_few_are_large():
    sizes = Counter(
        row["size_class"] for row in BODIES if row["legal_form"].startswith("IM_") and "size_class" in row
    )
    assert set(sizes) == set(catalogue()["size_class"])
    assert 1 <= sizes["LARGE"] <= 5
    assert sizes["SMALL"] > sizes["MEDIUM"] > sizes["MICRO"] > sizes["LARGE"]


def test_a_form_that_says_its_size_agrees_with_the_size_said():
    for row in BODIES:
        size = FORMS[row["legal_form"]].facts.get("size_class")
        assert size is None or row["size_class"] == size, row["key"]


def test_every_code_stands_in_its_vocabulary():
    for row in BODIES:
        assert row["legal_form"] in FORMS
        assert row.get("size_class", "SMALL") in catalogue()["size_class"]
        for name, field in TERM_LISTS.items():
            said = row.get(name, [])
            assert set(said) <= set(catalogue()[vocabulary_of(field.value)]), (row["key"], name)
            assert len(said) == len(set(said)), (row["key"], name)


def test_capacity_and_visibility_are_of_every_sort_and_few_are_hidden():
    capacities = Counter(row.get("capacity", "unsaid") for row in BODIES)
    assert set(capacities) == {capacity.value for capacity in Capacity}
    assert all(
        date.fromisoformat(row["capacity_from"]) > date(2026, 11, 23)
        for row in BODIES
        if row.get("capacity") == "later"
    )
    seen = Counter(row.get("visibility", "public") for row in BODIES)
    assert set(seen) == {visibility.value for visibility in Visibility}
    assert seen["hidden"] in (3, 4)
    assert seen["public"] > 300


def test_keys_names_and_codes_are_each_ones_own():
    for field in ("key", "name", "tax_code"):
        assert len({row[field] for row in BODIES}) == len(BODIES)


def test_tax_codes_are_valid_and_of_one_invented_series():
    for row in BODIES:
        assert codicefiscale.validate(row["tax_code"]) == row["tax_code"]
        assert re.fullmatch(r"9999\d{3}999\d", row["tax_code"])
        if "vat_number" in row:
            assert iva.validate(row["vat_number"]) == row["tax_code"]


def test_every_firm_and_cooperative_has_a_vat_number():
    trading = [
        row for row in BODIES if FORMS[row["legal_form"]].attributes & {"enterprise", "social_enterprise"}
    ]
    assert trading
    assert all("vat_number" in row for row in trading)


def test_no_real_body_lends_its_name_or_code(real_bodies):
    names = {fold_name(real["name"]) for real in real_bodies}
    codes = {real["tax_code"] for real in real_bodies}
    assert len(names) > 5000
    assert [row["name"] for row in BODIES if fold_name(row["name"]) in names] == []
    assert [row["name"] for row in BODIES if row["tax_code"] in codes] == []


def test_addresses_of_the_web_lead_nowhere():
    contacts = list(chain.from_iterable(row.get("contacts", []) for row in BODIES))
    assert len(contacts) > 250
    assert all(re.fullmatch(r"[a-z0-9.-]+@[a-z0-9-]+\.example", contact["email"]) for contact in contacts)
    assert all(
        re.fullmatch(r"https://www\.[a-z0-9-]+\.example/", row.get("website", "https://www.x.example/"))
        for row in BODIES
    )


def test_every_seat_is_a_municipality_and_every_district_has_several_bodies():
    names = {place.code: place.name for place in default_places() if place.kind is TerritoryKind.MUNICIPALITY}
    assert [row["key"] for row in BODIES if names.get(row["municipality"]) != row["place"]] == []
    district_of = {
        within.child[1]: within.parent[1]
        for within in default_memberships()
        if within.child[0] is TerritoryKind.MUNICIPALITY and within.parent[0] is TerritoryKind.DISTRICT
    }
    districts = {place.code for place in default_places() if place.kind is TerritoryKind.DISTRICT}
    bodies, firms = Counter(), Counter()
    for row in BODIES:
        bodies[district_of[row["municipality"]]] += 1
        firms[district_of[row["municipality"]]] += kind(row) == "enterprise"
    assert set(bodies) == districts
    assert min(bodies.values()) >= 6
    assert all(firms[district] >= 2 for district in districts)


def test_territories_of_work_are_known():
    known = {f"{place.kind.value}:{place.code}" for place in default_places()}
    said = list(chain.from_iterable(row.get("works_in", []) for row in BODIES))
    assert len(said) > 60
    assert set(said) <= known
    assert all(len(row.get("works_in", [])) == len(set(row.get("works_in", []))) for row in BODIES)


def test_a_tenth_of_the_profiles_is_thin_and_the_rest_speaks():
    silent = [row for row in BODIES if "description" not in row]
    assert 0.08 <= len(silent) / len(BODIES) <= 0.12
    assert all(len(row["description"]) > 60 for row in BODIES if "description" in row)
    assert any("joined" not in row for row in silent)
    assert all("joined" in row for row in BODIES if "description" in row)


def test_no_two_bodies_say_the_same():
    said = [row["description"] for row in BODIES if "description" in row]
    assert len(said) == len(set(said))
    repeated = Counter(sentence for row in BODIES for sentence in sentences(row))
    assert [sentence for sentence, times in repeated.items() if times > 2] == []


def test_no_description_begins_like_many_others():
    beginnings = Counter(" ".join(row["description"].split()[:3]) for row in BODIES if "description" in row)
    assert max(beginnings.values()) <= 3


def test_no_placeholder_and_no_lost_accent_stands_in_a_text():
    prose = [row[field] for row in BODIES for field in ("name", "description") if field in row]
    prose += [row[field] for row in PROJECTS for field in ("title", "description")]
    prose += [
        text
        for draft in BEGUN["drafts"]
        for text in (draft["title"], draft["note"], draft["project"]["text"])
    ]
    prose += [entry.get("note", "") for row in BEGUN["shortlists"] for entry in row["candidates"]]
    texts = "\n".join(prose)
    lost = re.findall(
        r"\b(?:\w+[ao]lita|\w+icita|\w+unita|citta|piu|perche|gia|attivita|societa|e')\b", texts
    )
    assert lost == []
    assert not re.search(r"lorem|ipsum|xxx|\btodo\b|\?\?", texts, re.IGNORECASE)


def test_offers_and_needs_of_neighbours_complement_one_another():
    offered = Counter(chain.from_iterable(row.get("offers", []) for row in BODIES))
    needed = Counter(chain.from_iterable(row.get("needs", []) for row in BODIES))
    assert set(needed) - set(offered) == set()
    assert len(offered) >= 16
    assert all(not set(row.get("offers", [])) & set(row.get("needs", [])) for row in BODIES)


def test_past_projects_join_known_bodies_once_each_over_the_years():
    assert 55 <= len(PROJECTS) <= 70
    assert len({(row["title"], row["lead"]) for row in PROJECTS}) == len(PROJECTS)
    for row in PROJECTS:
        assert set(members(row)) <= KEYS
        assert len(members(row)) == len(set(members(row)))
        assert 2 <= len(members(row)) <= 8
        assert 2012 <= row["start_year"] <= 2025
        assert row.get("measure", "M1") in catalogue()["measure"]


def test_some_bodies_worked_together_often_and_many_never():
    counted = Counter(chain.from_iterable(map(members, PROJECTS)))
    assert max(counted.values()) >= 6
    assert 100 <= len(KEYS - set(counted)) <= 220


def test_some_third_sector_bodies_stand_in_two_projects_of_the_first_measure():
    first = Counter(chain.from_iterable(members(row) for row in PROJECTS if row.get("measure") == "M1"))
    assert max(first.values()) == 2
    assert min(first.values()) == 1


def test_there_is_a_person_for_every_role_on_the_platform_and_in_a_body():
    roles = {row.get("role", "member") for row in PEOPLE}
    assert roles == {role.value for role in PlatformRole}
    assert {row.get("membership") for row in PEOPLE} >= {MembershipRole.ADMINISTRATOR, MembershipRole.EDITOR}
    bodies = {row["organisation"] for row in PEOPLE if "organisation" in row}
    assert bodies - {PUBLIC} <= KEYS
    assert {kind(row) for row in BODIES if row["key"] in bodies} == {"third_sector", "enterprise"}
    assert all(row["email"].endswith(DOMAIN) and row["email"] == row["email"].lower() for row in PEOPLE)


def test_the_known_password_would_be_accepted_from_anybody():
    assert all(password_fault(DEMO_PASSWORD, row["name"], row["email"]) is None for row in PEOPLE)


def test_drafts_and_shortlists_name_bodies_that_everybody_may_see():
    visible = {row["key"] for row in BODIES if row.get("visibility") != "hidden"} | {PUBLIC}
    named = [member["organisation"] for draft in BEGUN["drafts"] for member in draft["members"]]
    named += [entry["organisation"] for row in BEGUN["shortlists"] for entry in row["candidates"]]
    assert INVENTED_PUBLIC_BODY in visible
    assert set(named) <= visible


def test_drafts_say_their_project_in_known_codes():
    known = {field: catalogue()[vocabulary] for field, vocabulary in CODES.items()}
    known["declared"] = catalogue()["declaration"]
    for draft in BEGUN["drafts"]:
        assert draft["measure"] in catalogue()["measure"]
        assert draft["project"].get("form", "ATS") in catalogue()["partnership_form"]
        for field, codes in known.items():
            assert set(draft["project"].get(field, ())) <= set(codes), (draft["title"], field)


def test_each_draft_holds_its_owner_and_at_most_one_lead():
    for draft in BEGUN["drafts"]:
        assert draft["owner"] in {member["organisation"] for member in draft["members"]}
        assert [member["role"] for member in draft["members"]].count(Role.LEAD) <= 1


def test_the_files_are_indented_and_small_enough_to_be_changed_by_hand():
    files = sorted(DATA.glob("*.json"))
    assert [file.stem for file in files] == ["organisations", "partnerships", "people", "projects"]
    assert sum(file.stat().st_size for file in files) < 700_000
    assert all(len(file.read_text(encoding="utf-8").splitlines()) > 40 for file in files)
