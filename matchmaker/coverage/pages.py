"""What the pages of coverage show, put together from reads and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.coverage.dots import DotMap, dot_map
from matchmaker.coverage.presenters import MeasureCoverage, invited_ids, kept_rows, measure_coverage
from matchmaker.coverage.queries import (
    Coverage,
    DistrictCoverage,
    coverage,
    managing_organisations,
    visible_bodies,
)
from matchmaker.measures.models import RuleSet
from matchmaker.measures.presenters import MeasureCard, measure_cards
from matchmaker.measures.queries import published_rule_sets
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Reader


@dataclass(frozen=True)
class CoveragePage:
    """Districts by measure, as filtered; chosen holds the filters in use.

    dots: the answers to the first of the measures shown, as a picture.
    """

    coverage: Coverage
    rows: Sequence[DistrictCoverage]
    cards: Sequence[MeasureCard]
    chosen: Mapping[str, str]
    rule_sets: Sequence[RuleSet]
    dots: DotMap | None


@dataclass(frozen=True)
class DistrictPage:
    """One district: an answer per measure, and the bodies that manage its social services."""

    coverage: Coverage
    row: DistrictCoverage
    rule_set: RuleSet
    measures: Sequence[MeasureCoverage]
    managers: Sequence[Organisation]
    dots: DotMap | None


def coverage_page(
    session: Session, reader: Reader, rule_set: RuleSet, arguments: Mapping[str, str]
) -> CoveragePage:
    """Return the table of all districts, narrowed to a measure and to an answer where asked."""
    measure, answer = arguments.get("measure", ""), arguments.get("answer", "")
    cards = [card for card in measure_cards() if card.code == measure] or measure_cards()
    found = coverage(session, reader, rule_set.code)
    return CoveragePage(
        coverage=found,
        rows=kept_rows(found.rows, [card.code for card in cards], answer),
        cards=cards,
        chosen={"measure": measure, "answer": answer, "ruleset": rule_set.code},
        rule_sets=published_rule_sets(session),
        dots=dot_map(session, _answers(found, cards[0].code)),
    )


def _answers(found: Coverage, measure: str) -> Callable[[str], str]:
    cells = {row.district.code: row.cells.get(measure) for row in found.rows}

    def answer(district: str) -> str:
        cell = cells.get(district)
        return cell.answer.value if cell is not None else "elsewhere"

    return answer


def district_page(session: Session, reader: Reader, rule_set: RuleSet, district: str) -> DistrictPage | None:
    """Return one district's page; None for a code that no district has."""
    found = coverage(session, reader, rule_set.code)
    row = next((row for row in found.rows if row.district.code == district), None)
    if row is None:
        return None
    bodies = visible_bodies(session, reader, invited_ids(row.cells.values()))
    rules = {rule.code: rule for rule in rule_set.rules}
    measures = [measure_coverage(card, row.cells.get(card.code), rules, bodies) for card in measure_cards()]
    return DistrictPage(
        coverage=found,
        row=row,
        rule_set=rule_set,
        measures=measures,
        managers=managing_organisations(session, reader, district),
        dots=dot_map(session, lambda code: "here" if code == district else "elsewhere"),
    )
