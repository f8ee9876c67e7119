"""Measures and their rules in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from matchmaker.i18n import language
from matchmaker.measures.models import Rule, RuleSource
from matchmaker.vocabularies.catalogue import Term, catalogue
from recommender.types import Severity

SOURCES = {
    RuleSource.STRATEGY: (
        _l("Strategia"),
        _l("È scritto nella strategia pubblicata dalla Regione il 31 maggio 2017."),
    ),
    RuleSource.READING: (
        _l("Nostra lettura"),
        _l("La strategia lo lascia intendere senza dirlo: è la nostra lettura, e può cambiare."),
    ),
    RuleSource.CALL: (
        _l("Bando"),
        _l("Viene dai bandi che sono seguiti, letti in pagine pubbliche che li citano."),
    ),
}
SEVERITIES = {
    Severity.MUST: (_l("Serve per partecipare"), _l("Senza, la domanda non è ammissibile.")),
    Severity.SHOULD: (_l("Conta a vostro favore"), _l("Non blocca: dà priorità o migliora la valutazione.")),
    Severity.INFO: (_l("Buono a sapersi"), _l("Non è una richiesta: aiuta a capire la misura.")),
}


@dataclass(frozen=True)
class MeasureCard:
    """A measure at a glance: who, with whom, on what, how much."""

    code: str
    title: str
    short: str
    who: str
    with_whom: str
    what: str
    how_much: str

    @property
    def number(self) -> str:
        """The measure's number, as the strategy counts."""
        return self.code.removeprefix("M")


@dataclass(frozen=True)
class RuleGroup:
    """The rules of one severity, with what the severity means."""

    severity: Severity
    title: str
    meaning: str
    rules: list[Rule]


def measure_cards() -> list[MeasureCard]:
    """Return the four measures in the reader's language."""
    return [measure_card(code) for code in catalogue()["measure"]]


def measure_card(code: str) -> MeasureCard:
    """Return one measure in the reader's language."""
    return _card(catalogue()["measure"][code])


def _card(term: Term) -> MeasureCard:
    tongue = language()
    return MeasureCard(
        code=term.code,
        title=term.label(tongue),
        short=term.text("short", tongue),
        who=term.text("who", tongue),
        with_whom=term.text("with_whom", tongue),
        what=term.text("what", tongue),
        how_much=term.text("how_much", tongue),
    )


def rule_groups(rules: Sequence[Rule]) -> list[RuleGroup]:
    """Group a measure's rules by severity, the blocking ones first; empty groups are left out."""
    groups = [
        RuleGroup(severity, str(title), str(meaning), [rule for rule in rules if rule.severity is severity])
        for severity, (title, meaning) in SEVERITIES.items()
    ]
    return [group for group in groups if group.rules]


def source_word(source: RuleSource) -> str:
    """The word of a source's badge."""
    return str(SOURCES[source][0])


def sources_explained() -> list[tuple[str, str]]:
    """Each source's word and what it means."""
    return [(str(word), str(meaning)) for word, meaning in SOURCES.values()]
