"""The shipped rule sets: every rule as the measures demand it, beside its source."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from matchmaker.measures.models import Rule, RuleSource
from matchmaker.measures.services import MEASURES, RULE_SET_FILES, requirements_of
from matchmaker.suggestions.presenters import ATTRIBUTE_WORDS
from matchmaker.vocabularies.attributes import ATTRIBUTES
from matchmaker.vocabularies.catalogue import catalogue
from recommender.requirements import Requirement, evaluate
from recommender.types import (
    Candidate,
    Commitments,
    Member,
    Place,
    Project,
    Role,
    Severity,
    Team,
    qualifies,
)

CODES = ("wecare-2017", "calls-2017-2019")
RULE_SETS: dict[str, dict[str, Any]] = {
    code: json.loads((RULE_SET_FILES / f"{code}.json").read_text(encoding="utf-8")) for code in CODES
}
RULES = [(code, rule) for code in CODES for rule in RULE_SETS[code]["rules"]]
EVERY_RULE = pytest.mark.parametrize(
    ("code", "rule"), RULES, ids=[f"{code} {rule['code']}" for code, rule in RULES]
)
EVERY_MEASURE = ("sustainability should S", "replicability should S", "cohesion should S")
STRATEGY = {
    "M1": (
        "public_body must S",
        "third_sector must S",
        "district_level must S",
        "public_governance must S",
        "public_lead must I",
        "lead_in_district should I",
        "priority_theme should S",
        "circular_subsidiarity should S",
        "emerging_needs should S",
        "participatory should S",
        *EVERY_MEASURE,
    ),
    "M2": (
        "applicants must S",
        "experiences should S",
        "innovation should S",
        "field should S",
        "single_or_grouped info S",
        *EVERY_MEASURE,
    ),
    "M3": (
        "applicants must S",
        "theme must S",
        "capacities should S",
        "small_welcome info S",
        *EVERY_MEASURE,
    ),
    "M4": (
        "applicants must S",
        "group must S",
        "network_design should I",
        "open_to_residents must S",
        "action must S",
        *EVERY_MEASURE,
    ),
}
CALLS = {
    "M1": (
        *(line for line in STRATEGY["M1"] if not line.startswith("lead_in_district")),
        "lead_managing_body must C",
        "managers_same_district must C",
        "third_sector_piedmont must C",
        "other_public_bodies info C",
        "two_projects must C",
        "form must C",
        "public_notice must C",
        "one_project_per_district should C",
        "grants_awarded info C",
    ),
    "M2": (
        *STRATEGY["M2"],
        "grouped_form info C",
        "line must C",
        "value must C",
        "linked_to_m1 should C",
    ),
    "M3": (*STRATEGY["M3"], "single_or_grouped info C", "line must C"),
    "M4": (
        "applicants must C",
        "single_or_grouped info C",
        "large_firms must C",
        "large_lead_with_smes should C",
        "open_to_residents must S",
        "action must S",
        "value must C",
        "own_share must C",
        "de_minimis must C",
        "territorial_network should C",
        "linked_to_m1 should C",
        "later_call info C",
        *EVERY_MEASURE,
    ),
}


@pytest.mark.parametrize(("code", "lines"), [("wecare-2017", STRATEGY), ("calls-2017-2019", CALLS)])
def test_a_rule_set_holds_the_rules_of_its_source_with_severity_and_letter(
    code: str, lines: dict[str, tuple[str, ...]]
) -> None:
    found: dict[str, list[str]] = {measure: [] for measure in MEASURES}
    for rule in RULE_SETS[code]["rules"]:
        measure, _dot, name = rule["code"].partition(".")
        assert rule["measure"] == measure
        found[measure].append(f"{name} {rule['severity']} {rule['source']}")
    assert {measure: sorted(names) for measure, names in found.items()} == {
        measure: sorted(names) for measure, names in lines.items()
    }


def test_rule_codes_are_unique_and_only_the_version_and_head_are_beside_them() -> None:
    for rule_set in RULE_SETS.values():
        codes = [rule["code"] for rule in rule_set["rules"]]
        assert len(codes) == len(set(codes))
        assert rule_set["version"] == 1


@EVERY_RULE
def test_a_rule_is_one_that_the_recommender_knows(code: str, rule: dict[str, Any]) -> None:
    made = Requirement.from_rule(rule["code"], rule["kind"], rule["severity"], rule["parameters"])
    assert made.severity is Severity(rule["severity"])
    assert rule.keys() <= {column.key for column in Rule.__table__.columns}


@EVERY_RULE
def test_whatever_comes_from_a_call_is_to_be_confirmed_and_nothing_else(
    code: str, rule: dict[str, Any]
) -> None:
    source = RuleSource(rule["source"])
    assert rule["to_confirm"] is (source is RuleSource.CALL)
    assert ("strategia" in rule["source_it"].lower()) is (source is not RuleSource.CALL)
    assert ("lettura" in rule["source_it"]) is (source is RuleSource.READING or rule["code"] == "M4.group")
    assert code == "calls-2017-2019" or source is not RuleSource.CALL


def codes_named(value: Any) -> set[str]:
    """Every word in a rule's parameters."""
    if isinstance(value, dict):
        return set().union(*map(codes_named, value.values()))
    if isinstance(value, list):
        return set().union(*map(codes_named, value))
    return {value} if isinstance(value, str) else set()


@EVERY_RULE
def test_every_code_that_a_rule_names_has_words(code: str, rule: dict[str, Any]) -> None:
    parameters = rule["parameters"]
    attributes = codes_named([parameters.get("condition", []), parameters.get("lead", [])])
    assert attributes <= ATTRIBUTES | {"region:piemonte"}
    assert attributes <= ATTRIBUTE_WORDS.keys()
    declarations = {*parameters.get("declarations", []), *codes_named(parameters.get("unless_declared"))}
    assert declarations <= catalogue()["declaration"].keys()
    assert set(parameters.get("forms", [])) <= catalogue()["partnership_form"].keys()
    vocabularies = {"themes": "theme", "services": "service", "actions": "welfare_action"}
    named = [catalogue()[vocabularies[field]] for field in parameters.get("fields", [])]
    assert set(parameters.get("any_of", [])) <= {term for vocabulary in named for term in vocabulary}


def test_every_statement_that_a_rule_asks_for_is_asked_of_that_measure() -> None:
    for _code, rule in RULES:
        for name in rule["parameters"].get("declarations", []):
            assert rule["measure"] in catalogue()["declaration"][name].facts["measures"]


@EVERY_RULE
def test_a_rule_speaks_both_languages_in_whole_sentences(code: str, rule: dict[str, Any]) -> None:
    for text in (rule["text_it"], rule["text_en"]):
        assert re.fullmatch(r"[A-ZÈ].*\.\)?", text)
        assert "  " not in text
    assert rule["text_it"] != rule["text_en"]
    for name in ("source_it", "source_en"):
        assert 10 < len(rule[name]) <= 300
    # An accent written as an apostrophe, or an accent the wrong way round.
    assert not re.search(r"\b\w+[aeiou]'(?=[ .,;:]|$)|perchè|poichè|nè\b|sè\b", rule["text_it"])


def requirements(code: str, measure: str) -> list[Requirement]:
    rules = [
        Rule(code=rule["code"], kind=rule["kind"], severity=Severity(rule["severity"]),
             parameters=rule["parameters"])
        for rule in RULE_SETS[code]["rules"]
        if rule["measure"] == measure
    ]  # fmt: skip
    return requirements_of(rules)


HERE = Place(region="piemonte", districts=frozenset({"pinerolo"}))
CISS = Candidate(
    1,
    "CISS",
    "public_body",
    frozenset({"public_body", "ente_gestore"}),
    place=HERE,
    manages=frozenset({"pinerolo"}),
)
COMUNE = Candidate(2, "Comune", "public_body", frozenset({"public_body", "municipality"}), place=HERE)
COOP = Candidate(
    3,
    "Cooperativa sociale",
    "third_sector",
    frozenset({"third_sector", "enterprise", "social_enterprise", "non_profit", "sme", "medium"}),
    place=HERE,
)
FOUNDATION = Candidate(4, "Fondazione", "third_sector", frozenset({"third_sector", "non_profit"}), place=HERE)
FIRM = Candidate(5, "Officina", "enterprise", frozenset({"enterprise", "sme", "small"}), place=HERE)
SECOND = Candidate(6, "Molino", "enterprise", frozenset({"enterprise", "sme", "micro"}), place=HERE)
PLANT = Candidate(7, "Stabilimento", "enterprise", frozenset({"enterprise", "large"}), place=HERE)


def verdict(
    code: str, project: Project, *members: Candidate, commitments: Commitments | None = None
) -> tuple[bool | None, set[str], set[str]]:
    """Whether a team led by the first member qualifies, with the musts refused and those not yet known."""
    team = Team(tuple(Member(body, Role.PARTNER if n else Role.LEAD) for n, body in enumerate(members)))
    findings = evaluate(requirements(code, project.measure), team, project, commitments or Commitments())
    musts = {f.requirement.partition(".")[2]: f.met for f in findings if f.severity is Severity.MUST}
    refused = {name for name, met in musts.items() if met is False}
    return qualifies(findings), refused, {name for name, met in musts.items() if met is None}


M1 = Project("M1", districts=frozenset({"pinerolo"}))


def test_measure_1_of_the_strategy_asks_for_a_public_lead_and_a_third_sector_body() -> None:
    assert verdict("wecare-2017", M1, CISS, COOP) == (True, set(), set())
    assert verdict("wecare-2017", M1, COMUNE, FOUNDATION, COOP) == (True, set(), set())
    assert verdict("wecare-2017", M1, CISS, COMUNE) == (False, {"third_sector"}, set())
    assert verdict("wecare-2017", M1, COOP) == (
        False,
        {"public_body", "public_lead"},
        {"public_governance"},
    )


def test_a_separate_governance_role_lets_another_lead() -> None:
    governed = Project("M1", districts=M1.districts, declared={"governance_role": True})
    denied = Project("M1", districts=M1.districts, declared={"governance_role": False})
    assert verdict("wecare-2017", M1, COOP, CISS) == (False, {"public_lead"}, {"public_governance"})
    assert verdict("wecare-2017", governed, COOP, CISS) == (True, set(), set())
    assert verdict("wecare-2017", denied, COOP, CISS) == (False, {"public_lead", "public_governance"}, set())


def test_measure_1_stands_at_the_level_of_a_district() -> None:
    two = frozenset({"pinerolo", "asti"})
    assert verdict("wecare-2017", Project("M1"), CISS, COOP) == (None, set(), {"district_level"})
    assert verdict("wecare-2017", Project("M1", districts=two), CISS, COOP)[1] == {"district_level"}
    assert verdict("wecare-2017", Project("M1", districts=two, aggregation=True), CISS, COOP)[0] is True


def test_the_calls_of_measure_1_ask_for_the_managing_body_the_form_and_the_notice() -> None:
    said = Project("M1", districts=M1.districts, form="ATS", declared={"public_notice": True})
    assert verdict("calls-2017-2019", said, CISS, COOP) == (True, set(), set())
    assert verdict("calls-2017-2019", M1, CISS, COOP) == (None, set(), {"form", "public_notice"})
    assert verdict("calls-2017-2019", said, COMUNE, COOP) == (False, {"lead_managing_body"}, set())
    busy = Commitments({COOP.id: 2})
    assert verdict("calls-2017-2019", said, CISS, COOP, commitments=busy) == (False, {"two_projects"}, set())
    elsewhere = Candidate(
        8, "Altro CISS", "public_body", CISS.attributes, place=HERE, manages=frozenset({"asti"})
    )
    assert verdict("calls-2017-2019", said, CISS, COOP, elsewhere)[1] == {"managers_same_district"}


def test_measure_2_is_for_the_third_sector_alone_or_together() -> None:
    project = Project("M2", themes=frozenset({"FRAGILITA"}))
    assert verdict("wecare-2017", project, COOP) == (True, set(), set())
    assert verdict("wecare-2017", project, FOUNDATION, COOP) == (True, set(), set())
    assert verdict("wecare-2017", project, COOP, COMUNE) == (False, {"applicants"}, set())
    assert verdict("calls-2017-2019", project, COOP) == (None, set(), {"line", "value"})
    said = Project("M2", budget=85_000, declared={"regional_scale": True})
    assert verdict("calls-2017-2019", said, COOP) == (True, set(), set())
    small = Project("M2", budget=84_000, declared={"regional_scale": True})
    assert verdict("calls-2017-2019", small, COOP) == (False, {"value"}, set())


def test_measure_3_is_for_social_enterprises_and_smes_on_its_themes() -> None:
    project = Project("M3", themes=frozenset({"SALUTE"}))
    for body in (COOP, FIRM, SECOND):
        assert verdict("wecare-2017", project, body) == (True, set(), set())
        assert verdict("calls-2017-2019", project, body) == (True, set(), set())
    assert verdict("wecare-2017", project, FOUNDATION) == (False, {"applicants"}, set())
    assert verdict("wecare-2017", Project("M3"), FIRM) == (None, set(), {"theme"})
    assert verdict("wecare-2017", Project("M3", frozenset({"COESIONE"})), FIRM) == (False, {"theme"}, set())
    medium = Candidate(9, "Media", "enterprise", frozenset({"enterprise", "sme", "medium"}), place=HERE)
    assert verdict("wecare-2017", project, medium)[0] is True
    assert verdict("calls-2017-2019", project, medium) == (False, {"line"}, set())


M4 = Project("M4", actions=frozenset({"NIDO"}), declared={"open_to_residents": True})


def test_measure_4_of_the_strategy_asks_for_two_smes_open_to_residents() -> None:
    assert verdict("wecare-2017", M4, FIRM, SECOND) == (True, set(), set())
    assert verdict("wecare-2017", M4, FIRM) == (False, {"group"}, set())
    assert verdict("wecare-2017", M4, FIRM, SECOND, PLANT) == (False, {"applicants"}, set())
    assert verdict("wecare-2017", Project("M4"), FIRM, SECOND) == (
        None,
        set(),
        {"open_to_residents", "action"},
    )
    closed = Project("M4", actions=M4.actions, declared={"open_to_residents": False})
    assert verdict("wecare-2017", closed, FIRM, SECOND) == (False, {"open_to_residents"}, set())


def test_the_calls_of_measure_4_let_one_firm_in_and_a_large_one_on_conditions() -> None:
    said = {"open_to_residents": True, "de_minimis": True}
    project = Project("M4", actions=M4.actions, budget=60_000, own_share=0.2, declared=said)
    shared = Project(
        "M4",
        actions=M4.actions,
        budget=200_000,
        own_share=0.5,
        declared=said | {"shared_with_local_bodies": True},
    )
    assert verdict("calls-2017-2019", project, FIRM) == (True, set(), set())
    assert verdict("calls-2017-2019", project, PLANT, FIRM) == (None, set(), {"large_firms"})
    assert verdict("calls-2017-2019", shared, PLANT, FIRM) == (True, set(), set())
    poor = Project("M4", actions=M4.actions, budget=59_000, own_share=0.1, declared=said)
    assert verdict("calls-2017-2019", poor, FIRM) == (False, {"value", "own_share"}, set())


def test_a_large_lead_with_local_smes_has_the_priority() -> None:
    (priority,) = [
        rule for rule in requirements("calls-2017-2019", "M4") if rule.code.endswith("large_lead_with_smes")
    ]
    project = Project("M4", districts=frozenset({"pinerolo"}))

    def met(*members: Candidate) -> bool | None:
        team = Team(tuple(Member(body, Role.PARTNER if n else Role.LEAD) for n, body in enumerate(members)))
        return priority.evaluate(team, project, Commitments()).met

    assert (met(PLANT, FIRM), met(FIRM, PLANT), met(PLANT), met(FIRM, SECOND)) == (True, False, False, False)
