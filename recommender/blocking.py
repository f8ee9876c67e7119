"""Why no team exists at all: a smallest set of musts without which there would be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.model import TIME_LIMIT_SECONDS, AssemblyModel
from recommender.requirements import Requirement, evaluate
from recommender.rows import Objective
from recommender.types import Finding, Member, Severity, Team

# A must given up costs one. What only breaks ties stays below one in all: fewer members in the team
# that remains, and first the musts that the asker alone does not meet, which it can do something about.
_SMALLER_TEAM, _ASKERS_OWN = 0.5, 0.25


@dataclass(frozen=True)
class Block:
    """The musts given up, and the team nearest to all of them: it meets the others."""

    musts: tuple[Requirement, ...]
    nearest: Team


def smallest_block(
    model: AssemblyModel, requirements: Sequence[Requirement], *, seconds: float = TIME_LIMIT_SECONDS
) -> Block | None:
    """Find a smallest set of musts without which a team would stand, unknowns let in.

    One program finds it: each must may be missed, the fewest are (an elastic filter).

    Args:
        model: bodies and sizes, without any requirement. How small a team may be gives way: it is
            a wish, no rule.

    Returns:
        None when no team stands even without rules: nobody may lead.

    Raises:
        OutOfTime, SolverFailed: nothing was found out.
    """
    musts = [requirement for requirement in requirements if requirement.severity is Severity.MUST]
    elastic = model.copy()
    elastic.sizes = replace(model.sizes, smallest=1)
    for finding, must in zip(evaluate_alone(model, musts), musts, strict=True):
        tie = 0.0 if finding.met is False else _ASKERS_OWN / len(musts)
        elastic.prefer(must, 1.0 + tie, certain=False)
    fewer = np.full(len(model.candidates), -_SMALLER_TEAM / (model.sizes.largest + 1))
    solution = elastic.solve(Objective.of(fewer), seconds=seconds)
    return None if solution is None else Block(solution.missed, solution.team)


def block_findings(model: AssemblyModel, block: Block) -> tuple[Finding, ...]:
    """Say of each must given up why it is not met: by the asker alone, else by the nearest team."""
    nearest = evaluate(block.musts, block.nearest, model.project, model.commitments)
    pairs = zip(evaluate_alone(model, block.musts), nearest, strict=True)
    return tuple(alone if alone.met is False else near for alone, near in pairs)


def evaluate_alone(model: AssemblyModel, requirements: Sequence[Requirement]) -> list[Finding]:
    """Look at the asker alone, which nobody leads yet."""
    team = Team((Member(model.candidates[0]),))
    return evaluate(requirements, team, model.project, model.commitments)
