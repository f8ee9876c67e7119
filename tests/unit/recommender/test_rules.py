"""What each candidate would do to the rules, against looking at each one by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recommender.index import Coder
from recommender.requirements import evaluate
from recommender.rules import RuleEffects, rule_effects, team_of
from recommender.types import Commitments, Role, Severity
from recommender.world import Query, World
from tests.unit.recommender.worlds import (
    M1_RULES,
    body,
    manager,
    on_poverty,
    over_worlds,
    queries,
    rule,
    team,
    world,
    worlds,
)

ASKER = body(1)


def effects_of(known: World, query: Query) -> RuleEffects:
    coder = Coder(known.thesaurus, 0.5)
    return rule_effects(coder.fit(known), coder, query)


def test_an_ente_gestore_of_the_district_mends_what_a_cooperative_lacks() -> None:
    query = on_poverty(ASKER, requirements=M1_RULES, team=team(None, ASKER))

    effects = effects_of(world(ASKER, manager(2), manager(3, "asti"), body(4)), query)

    assert effects.mended_by(1) == ("public", "lead_public", "lead_manages")
    assert effects.mended_by(2) == ("public",)
    assert effects.mended_by(3) == ()


def test_a_lead_must_satisfy_every_rule_about_the_lead() -> None:
    there = rule("lead_there", "lead_works_in_district")
    query = on_poverty(ASKER, requirements=(*M1_RULES, there), team=team(None, ASKER))

    effects = effects_of(world(ASKER, manager(2), body(3)), query)

    assert "lead_there" in effects.mended_by(1)
    assert "lead_there" not in effects.mended_by(2)


def test_without_rules_nothing_is_mended_or_broken() -> None:
    assert effects_of(world(ASKER), on_poverty(ASKER)) == RuleEffects()


def test_candidates_that_mend_the_same_musts_share_a_gap_and_shoulds_make_none() -> None:
    wanted = rule("wanted", "minimum_members", Severity.SHOULD, condition=[["enterprise"]])
    query = on_poverty(ASKER, requirements=(*M1_RULES, wanted), team=team(None, ASKER))

    effects = effects_of(world(ASKER, manager(2), manager(3), body(4, kind="enterprise")), query)

    gaps = effects.gaps(4)
    assert gaps[1] == gaps[2] > 0
    assert gaps[3] == 0
    assert effects.mended_by(3) == ("wanted",)


def test_an_asker_without_a_team_leads() -> None:
    assert team_of(on_poverty(ASKER)).lead is ASKER


@over_worlds
@given(worlds(), st.data())
def test_looking_once_at_alike_candidates_finds_what_looking_at_each_finds(
    known: World, data: st.DataObject
) -> None:
    asked = data.draw(queries(known))
    committed = data.draw(st.dictionaries(st.integers(1, 8), st.integers(0, 3)))
    role = data.draw(st.sampled_from([Role.PARTNER, Role.NETWORK]))
    query = Query(asked.asker, asked.project, M1_RULES, commitments=Commitments(committed), role=role)
    effects = effects_of(known, query)
    alone = team_of(query)

    def refused(joined: object) -> set[str]:
        findings = evaluate(M1_RULES, joined, query.project, query.commitments)
        return {f.requirement for f in findings if f.met is False and f.severity is Severity.MUST}

    for row, candidate in enumerate(known.candidates):
        broken = refused(alone.joined_by(candidate, role)) - refused(alone)
        assert set(effects.broken_by(row)) == broken
