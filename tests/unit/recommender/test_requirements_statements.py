"""Rules about the project alone, each answer by hand; who joins changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.requirements import KINDS, BadRule, Requirement
from recommender.types import Candidate, Commitments, Project, Reason, Role, Severity, Team
from tests.unit.recommender.worlds import rule, team

COOP = Candidate(1, "Cooperativa", "third_sector", frozenset({"third_sector"}))


def look(requirement: Requirement, project: Project) -> tuple[bool | None, list[Reason], list[Reason]]:
    finding = requirement.evaluate(team(COOP), project, Commitments())
    return finding.met, list(finding.because), list(finding.missing)


def named(*codes: str) -> list[Reason]:
    return [Reason("named", {"fields": ["themes", "services"], "codes": [*codes]})]


TWO_OF_THREE = rule(
    "field", "project_names", fields=["themes", "services"], any_of=["C", "B", "A"], minimum=2
)
NAME_ONE = [Reason("name_one_of", {"fields": ["themes", "services"], "codes": ["A", "B", "C"]})]


def naming(*themes: str, services: tuple[str, ...] = (), **lists: Any) -> Project:
    return Project("M2", frozenset(themes), services=frozenset(services), **lists)


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        (naming("A", services=("B",)), (True, named("A", "B"), [])),
        (naming("A", "B", "C", "D"), (True, named("A", "B", "C"), [])),
        (naming("A", "D"), (False, named("A"), NAME_ONE)),
        (naming("D", "E"), (False, [], NAME_ONE)),
        (naming(), (None, [], NAME_ONE)),
        (naming(targets=frozenset("AB"), actions=frozenset("AB")), (None, [], NAME_ONE)),
    ],
)
def test_a_project_names_enough_of_the_codes(project: Project, expected: tuple[Any, ...]) -> None:
    assert look(TWO_OF_THREE, project) == expected


def test_where_the_codes_are_examples_others_count() -> None:
    examples = rule(
        "field",
        "project_names",
        fields=["themes", "services"],
        any_of=["A", "B", "C"],
        minimum=2,
        others_allowed=True,
    )
    assert look(examples, naming("A", "Z")) == (True, named("A", "Z"), [])
    assert look(examples, naming("Z")) == (False, named("Z"), NAME_ONE)
    assert look(examples, naming()) == (None, [], NAME_ONE)


FORM = rule("form", "form_among", forms=["ATS", "ATI"])


@pytest.mark.parametrize(("form", "met"), [("ATS", True), ("ATI", True), ("RTI", False), (None, None)])
def test_the_form_is_among_those_allowed(form: str | None, met: bool | None) -> None:
    missing = [] if met else [Reason("choose_form", {"forms": ["ATS", "ATI"]})]
    assert look(FORM, Project("M1", form=form)) == (met, [], missing)


@pytest.mark.parametrize(
    ("said", "all_of", "any_of"),
    [
        ({"a": True, "b": True}, True, True),
        ({"a": True, "b": False}, False, True),
        ({"a": True}, None, True),
        ({"a": False}, False, None),
        ({"a": False, "b": False}, False, False),
        ({}, None, None),
        ({"c": True}, None, None),
    ],
)
def test_all_statements_are_made_or_any_of_them(
    said: dict[str, bool], all_of: bool | None, any_of: bool | None
) -> None:
    project = Project("M1", declared=said)
    for enough, met in (("all", all_of), ("any", any_of)):
        found = look(rule("x", "declared", declarations=["a", "b"], enough=enough), project)
        unsaid = [name for name in ("a", "b") if said.get(name) is not True]
        assert found == (met, [], [] if met else [Reason("say", {"declarations": unsaid})])


@pytest.mark.parametrize(
    ("parameters", "budget", "met"),
    [
        ({"minimum": 60_000, "maximum": 200_000}, 60_000, True),
        ({"minimum": 60_000, "maximum": 200_000}, 200_000, True),
        ({"minimum": 60_000, "maximum": 200_000}, 59_999.99, False),
        ({"minimum": 60_000, "maximum": 200_000}, 200_000.01, False),
        ({"minimum": 60_000, "maximum": 200_000}, None, None),
        ({"minimum": 85_000}, 10_000_000, True),
        ({"minimum": 85_000}, 84_999, False),
        ({"maximum": 100}, 1, True),
        ({"maximum": 100}, 101, False),
    ],
)
def test_the_value_lies_between_the_limits_both_included(
    parameters: dict[str, float], budget: float | None, met: bool | None
) -> None:
    limits = {"minimum": parameters.get("minimum"), "maximum": parameters.get("maximum")}
    missing = [] if met else [Reason("say_budget", limits)]
    found = look(rule("value", "amount_between", **parameters), Project("M4", budget=budget))
    assert found == (met, [], missing)


@pytest.mark.parametrize(
    ("share", "met"), [(0.2, True), (12_000 / 60_000, True), (1.0, True), (0.1999, False), (None, None)]
)
def test_the_own_share_is_at_least_the_least(share: float | None, met: bool | None) -> None:
    missing = [] if met else [Reason("say_own_share", {"minimum": 0.2})]
    found = look(rule("own", "own_share_at_least", minimum=0.2), Project("M4", own_share=share))
    assert found == (met, [], missing)


def test_a_note_is_always_met() -> None:
    assert look(rule("note", "note", Severity.INFO), Project("M1")) == (True, [], [])


@pytest.mark.parametrize(
    ("kind", "parameters", "why"),
    [
        ("project_names", {"fields": "themes", "any_of": ["A"]}, "fields is a list of names"),
        ("project_names", {"fields": ["budget"], "any_of": ["A"]}, "fields are out of"),
        ("project_names", {"fields": ["themes"], "any_of": []}, "any_of is a list of names"),
        ("project_names", {"fields": ["themes"], "any_of": ["A"], "minimum": 0}, "at least 1"),
        ("form_among", {"forms": "ATS"}, "forms is a list of names"),
        ("declared", {"declarations": []}, "declarations is a list of names"),
        ("declared", {"declarations": ["a"], "enough": "most"}, "enough is all or any, not 'most'"),
        ("amount_between", {}, "a minimum, a maximum or both"),
        ("amount_between", {"minimum": 2, "maximum": 1}, "no amount lies between 2 and 1"),
        ("amount_between", {"minimum": float("nan")}, "no amount lies between"),
        ("amount_between", {"minimum": -1}, "no amount lies between"),
        ("amount_between", {"minimum": "much"}, "could not convert"),
        ("own_share_at_least", {"minimum": 20}, "a share between 0 and 1, not 20"),
        ("own_share_at_least", {"minimum": None}, "must be a string or a real number"),
        ("note", {"text": "x"}, "note has no parameter text"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(kind: str, parameters: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRule, match=why):
        rule("x", kind, **parameters)


def test_what_the_project_alone_decides_is_the_same_for_every_team() -> None:
    projects = [Project("M1"), Project("M1", form="ATS", districts=frozenset({"asti"}))]
    statements = [rule(kind, kind, **PARAMETERS.get(kind, {})) for kind in ALONE]
    for statement in statements:
        for project in projects:
            verdicts = {
                statement.evaluate(looked_at, project, Commitments()).met
                for looked_at in (Team(), team(COOP), team(None, COOP), Team().joined_by(COOP, Role.NETWORK))
            }
            assert len(verdicts) == 1
            assert statement.waits_for(project)


ALONE = [kind for kind, found in KINDS.items() if not found.about_members]
PARAMETERS: dict[str, dict[str, Any]] = {
    "project_names": {"fields": ["themes"], "any_of": ["A"]},
    "form_among": {"forms": ["ATS"]},
    "declared": {"declarations": ["a"]},
    "amount_between": {"minimum": 1},
    "own_share_at_least": {"minimum": 0.5},
}


def test_the_kinds_about_the_project_alone_are_known() -> None:
    assert sorted(ALONE) == [
        "amount_between",
        "declared",
        "district_in_one_project",
        "district_level",
        "form_among",
        "note",
        "own_share_at_least",
        "project_names",
    ]
