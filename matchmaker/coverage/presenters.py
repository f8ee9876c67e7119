"""Coverage in words: answers, what blocks, whom to invite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.coverage.models import CoverageAnswer, CoverageCell
from matchmaker.coverage.queries import DistrictCoverage
from matchmaker.measures.models import Rule
from matchmaker.measures.presenters import MeasureCard
from matchmaker.organisations.models import Organisation

ANSWERS = {
    CoverageAnswer.PLATFORM: (_l("Possibile con gli iscritti"), "it-check-circle"),
    CoverageAnswer.DIRECTORY: (_l("Possibile con inviti"), "it-plus-circle"),
    CoverageAnswer.NO: (_l("Non ancora possibile"), "it-close-circle"),
}
MEANINGS = {
    CoverageAnswer.PLATFORM: _l("Gli enti già iscritti bastano per un partenariato che si qualifica."),
    CoverageAnswer.DIRECTORY: _l("Si può, se si invita qualche ente dell’elenco che non è ancora iscritto."),
    CoverageAnswer.NO: _l("Nemmeno con tutti gli enti dell’elenco: manca qualcosa che la misura chiede."),
}


@dataclass(frozen=True)
class AnswerView:
    """An answer as shown: state (for colour), word, sign, and whether something has to be confirmed."""

    state: str
    word: str
    sign: str
    to_confirm: bool = False


@dataclass(frozen=True)
class Place:
    """A place in the easiest partnership that an invitation would fill: who could, how many more."""

    role: str
    bodies: list[Organisation]
    others: int


@dataclass(frozen=True)
class MeasureCoverage:
    """What a district's page says of one measure."""

    measure: MeasureCard
    answer: AnswerView | None
    meaning: str = ""
    blocking: list[Rule] = field(default_factory=list)
    open_rules: list[Rule] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def answer_view(cell: CoverageCell | None) -> AnswerView | None:
    """Return an answer as shown; None when it was never computed."""
    if cell is None:
        return None
    word, sign = ANSWERS[cell.answer]
    return AnswerView(cell.answer.value, str(word), sign, bool(_rules(cell, met=None)))


def legend() -> list[tuple[AnswerView, str]]:
    """Return each answer with what it means."""
    return [
        (AnswerView(answer.value, str(word), sign), str(MEANINGS[answer]))
        for answer, (word, sign) in ANSWERS.items()
    ]


def answer_choices() -> list[tuple[str, str]]:
    """Return the answers for a list to choose from."""
    return [(answer.value, str(word)) for answer, (word, _sign) in ANSWERS.items()]


def tally(rows: Iterable[DistrictCoverage], measure: str) -> str:
    """Return how many districts have each answer for a measure, in a line."""
    counts = Counter(row.cells[measure].answer for row in rows if measure in row.cells)
    words: str = _(
        "%(platform)s con gli iscritti, %(directory)s con inviti, %(no)s non ancora",
        platform=counts[CoverageAnswer.PLATFORM],
        directory=counts[CoverageAnswer.DIRECTORY],
        no=counts[CoverageAnswer.NO],
    )
    return words


def kept_rows(
    rows: Iterable[DistrictCoverage], measures: Sequence[str], answer: str
) -> list[DistrictCoverage]:
    """Return the districts where one of the measures has an answer; all for no answer."""
    return [
        row
        for row in rows
        if not answer or any(row.cells[code].answer == answer for code in measures if code in row.cells)
    ]


def invited_ids(cells: Iterable[CoverageCell]) -> list[int]:
    """Return the ids of everyone whom the cells name for an invitation."""
    return [body for cell in cells for place in cell.blocked for body in place.get("invite", ())]


def measure_coverage(
    measure: MeasureCard,
    cell: CoverageCell | None,
    rules: Mapping[str, Rule],
    bodies: Mapping[int, Organisation],
) -> MeasureCoverage:
    """Return what a district's page says of one measure."""
    if cell is None:
        return MeasureCoverage(measure, None)
    return MeasureCoverage(
        measure=measure,
        answer=answer_view(cell),
        meaning=str(MEANINGS[cell.answer]),
        blocking=[rules[code] for code in _rules(cell, met=False) if code in rules],
        open_rules=[rules[code] for code in _rules(cell, met=None) if code in rules],
        places=_places(cell, bodies),
    )


def _rules(cell: CoverageCell, *, met: bool | None) -> list[str]:
    return [entry["rule"] for entry in cell.blocked if "rule" in entry and entry["met"] is met]


def _places(cell: CoverageCell, bodies: Mapping[int, Organisation]) -> list[Place]:
    places = []
    for entry in cell.blocked:
        seen = [bodies[body] for body in entry.get("invite", ()) if body in bodies]
        if seen:
            places.append(Place(entry["role"], seen, max(0, entry["fit"] - len(entry["invite"]))))
    return places
