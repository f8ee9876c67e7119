"""What the API tells of bodies, drafts, rules and places: public facts, as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.coverage.presenters import MeasureCoverage, invited_ids, measure_coverage
from matchmaker.coverage.queries import Coverage, DistrictCoverage, visible_bodies
from matchmaker.i18n import in_words
from matchmaker.measures.models import Rule, RuleSet
from matchmaker.measures.presenters import measure_cards
from matchmaker.organisations.models import Organisation, ProfileTerm, TermField
from matchmaker.organisations.pages import OrganisationPage, PastWork
from matchmaker.organisations.presenters import web_address
from matchmaker.organisations.queries import Directory
from matchmaker.permissions import Reader
from matchmaker.snapshots import load_candidates
from matchmaker.suggestions.documents import Document, organisation_document, organisation_row_document
from matchmaker.vocabularies.catalogue import Vocabulary
from recommender.types import Candidate

LISTS = {
    TermField.THEME: "themes",
    TermField.TARGET: "targets",
    TermField.SERVICE: "services",
    TermField.WELFARE_ACTION: "actions",
    TermField.OFFER: "offers",
    TermField.NEED: "needs",
}


def directory_document(session: Session, found: Directory) -> Document:
    """Return one page of the directory with its facets."""
    candidates = load_candidates(session, [body.id for body in found.bodies], hidden_too=True)
    return {
        **page_document(found.page.number, found.page.count, found.page.total, found.page.length),
        "organisations": [organisation_line(candidates[body.id], body) for body in found.bodies],
        "facets": {
            field: [{"code": value.code, "count": value.count} for value in values]
            for field, values in found.facets.items()
        },
    }


def page_document(number: int, count: int, total: int, length: int) -> Document:
    """Return where in a long list one is; next_page is null on the last one."""
    following = number + 1 if number < count else None
    return {"page": number, "pages": count, "total": total, "page_length": length, "next_page": following}


def organisation_line(candidate: Candidate, body: Organisation) -> Document:
    """Return a body as a list names it."""
    return {
        **organisation_document(candidate, {body.id: body}),
        "province": body.municipality.province if body.municipality else None,
        "legal_form": body.legal_form,
        "demo": body.is_demo,
        **term_lists(body.terms, {TermField.THEME: "themes"}),
    }


def term_lists(terms: Iterable[ProfileTerm], lists: Mapping[TermField, str]) -> Document:
    """Return each list's codes, those that the body said and those read off its name."""
    terms = list(terms)
    return {
        name: {
            "said": sorted(t.code for t in terms if t.field is field and t.inference_rule is None),
            "inferred": sorted(t.code for t in terms if t.field is field and t.inference_rule),
        }
        for field, name in lists.items()
    }


def organisation_page_document(session: Session, page: OrganisationPage) -> Document:
    """Return the public facts of one body."""
    body = page.organisation
    candidate = load_candidates(session, [body.id], hidden_too=True)[body.id]
    return {
        **organisation_line(candidate, body),
        **term_lists(body.terms, LISTS),
        "known": candidate.known.value,
        "districts": sorted(candidate.districts),
        "size_class": body.size_class,
        "capacity": body.capacity.value,
        "capacity_from": body.capacity_from.isoformat() if body.capacity_from else None,
        "description": body.description,
        "website": web_address(body) if body.website else None,
        "source": body.source,
        "projects": [_work_document(work) for work in page.works],
    }


def _work_document(work: PastWork) -> Document:
    project = work.project
    return {
        "title": project.title,
        "description": project.description,
        "year": project.start_year,
        "measure": project.measure,
        "role": work.role,
        "partners": [organisation_row_document(partner) for partner in work.partners],
    }


def measures_document(rule_sets: Sequence[RuleSet]) -> Document:
    """Return the measures, and each rule set with its rules."""
    cards = [{**vars(card)} for card in measure_cards()]
    return {"measures": cards, "rulesets": [_rule_set_document(rule_set) for rule_set in rule_sets]}


def _rule_set_document(rule_set: RuleSet) -> Document:
    return {
        "code": rule_set.code,
        "version": rule_set.version,
        "title": in_words(rule_set, "title"),
        "note": in_words(rule_set, "note"),
        "valid_from": rule_set.valid_from.isoformat(),
        "valid_to": rule_set.valid_to.isoformat() if rule_set.valid_to else None,
        "rules": [_rule_document(rule) for rule in rule_set.rules],
    }


def _rule_document(rule: Rule) -> Document:
    return {
        "code": rule.code,
        "measure": rule.measure,
        "kind": rule.kind,
        "parameters": rule.parameters,
        "severity": rule.severity.value,
        "text": in_words(rule, "text"),
        "source": in_words(rule, "source"),
        "source_kind": rule.source.value,
        "to_confirm": rule.to_confirm,
    }


def vocabulary_document(vocabulary: Vocabulary) -> Document:
    """Return a vocabulary with both languages' words."""
    return {
        "code": vocabulary.code,
        "label_it": vocabulary.label_it,
        "label_en": vocabulary.label_en,
        "terms": [
            {
                "code": term.code,
                "label_it": term.label_it,
                "label_en": term.label_en,
                "alt_it": list(term.alt_it),
                "alt_en": list(term.alt_en),
                "broader": term.broader,
            }
            for term in vocabulary.values()
        ],
    }


def coverage_document(
    session: Session, reader: Reader, rule_set: RuleSet, found: Coverage, measures: Sequence[str]
) -> Document:
    """Return the districts' answers for some measures, as last computed."""
    rows = [narrow(row, measures) for row in found.rows]
    bodies = visible_bodies(session, reader, invited_ids(cell for row in rows for cell in row.cells.values()))
    rules = {rule.code: rule for rule in rule_set.rules}
    return {
        "ruleset": rule_set.code,
        "computed_at": found.computed_at.isoformat() if found.computed_at else None,
        "stale": found.stale,
        "with_demo": found.with_demo,
        "districts": [_district_document(row, rules, bodies) for row in rows],
    }


def narrow(row: DistrictCoverage, measures: Sequence[str]) -> DistrictCoverage:
    """Return a district with its answers for some measures only."""
    return replace(row, cells={code: cell for code, cell in row.cells.items() if code in measures})


def _district_document(
    row: DistrictCoverage, rules: Mapping[str, Rule], bodies: Mapping[int, Organisation]
) -> Document:
    answers = (measure_coverage(card, row.cells.get(card.code), rules, bodies) for card in measure_cards())
    return {
        "code": row.district.code,
        "name": row.district.name,
        "to_confirm": row.district.to_confirm,
        "bodies": row.bodies.total,
        "on_platform": row.bodies.on_platform,
        "measures": {answer.measure.code: _answer_document(answer) for answer in answers if answer.answer},
    }


def _answer_document(found: MeasureCoverage) -> Document:
    places: list[dict[str, Any]] = [
        {"role": place.role, "organisations": [body.id for body in place.bodies], "others": place.others}
        for place in found.places
    ]
    return {
        "answer": found.answer.state if found.answer else None,
        "blocking": [rule.code for rule in found.blocking],
        "to_confirm": [rule.code for rule in found.open_rules],
        "invite": places,
    }
