"""What the pages of suggestions show, put together from question, answer and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.datastructures import MultiDict

from matchmaker.i18n import language
from matchmaker.measures.models import RuleSet, RuleSetState
from matchmaker.measures.services import MEASURES
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import LARGEST_ID, Reader, current_reader, sees
from matchmaker.snapshots import candidate_of
from matchmaker.suggestions import shortlists
from matchmaker.suggestions.asking import Asking, ask
from matchmaker.suggestions.first_measure import FirstMeasure, first_measure_of
from matchmaker.suggestions.forms import FilterForm, QuestionForm, choices, question_form, said_in
from matchmaker.suggestions.groups import Card, Group, group_by_gap, make_card
from matchmaker.suggestions.presenters import TreeGroup, project_line, reason_text, tree
from matchmaker.suggestions.services import Filters, explain_suggestion, suggest_partners
from matchmaker.suggestions.wording import Wording, district_names, reasons_of
from matchmaker.vocabularies.catalogue import catalogue

LENGTH = 40
"""How many suggestions are ranked before they are grouped by gap."""
FILTER_ARGUMENTS = ("kind", "within", "platform")
LINKED_MEASURES = frozenset({"M2", "M4"})
"""Measures whose projects gain by a link with the territory's measure-1 partnership."""


@dataclass(frozen=True)
class Question:
    """A question as read from an address: its form, and the asking when it can be answered."""

    form: QuestionForm
    filters: FilterForm
    asking: Asking | None
    arguments: Mapping[str, list[str]]
    valid: bool

    @property
    def asked(self) -> bool:
        """True once a measure was chosen, whether or not the rest can be answered."""
        return "measure" in self.arguments

    def narrowing(self) -> Filters:
        """The filters that the reader set."""
        return Filters(
            kind=self.filters.kind.data or None,
            max_distance_km=self.filters.within.data,
            on_platform=True if self.filters.platform.data else None,
        )


@dataclass(frozen=True)
class SuggestionsPage:
    """What templates/suggestions/index.html shows."""

    asking: Asking | None = None
    asked: bool = False
    project_line: str = ""
    assumed_district: bool = False
    public_notice: bool = False
    qualifies: bool | None = None
    tree: list[TreeGroup] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    pool: int = 0
    shortlist_size: int = 0
    first_measure: FirstMeasure | None = None
    looser: list[Choice] = field(default_factory=list)
    arguments: Mapping[str, list[str]] = field(default_factory=dict)
    hidden: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """A link that drops a filter, with how many bodies it brings back."""

    label: str
    url: str


@dataclass(frozen=True)
class SuggestionPage:
    """What templates/suggestions/show.html shows."""

    asking: Asking
    project_line: str
    body: Organisation
    card: Card | None
    weights: list[tuple[str, float]]
    total: float
    why_not: list[str]
    arguments: Mapping[str, list[str]]


def read_question(session: Session, organisation: Organisation, arguments: MultiDict[str, str]) -> Question:
    """Read the question from an address; without a measure there is only an empty form."""
    measure = arguments.get("measure", "")
    asked = measure in MEASURES
    data = MultiDict(arguments)
    data.setdefault("ruleset", default_rule_set())
    form: QuestionForm = question_form(
        data if asked else None,
        measure if asked else MEASURES[0],
        district_choices(session),
        rule_set_choices(session),
        language(),
    )
    if not asked:
        form.ruleset.data = default_rule_set()
    filters = _filter_form(arguments)
    valid = not measure or (asked and form.validate() and filters.validate())
    asking = None
    if asked and valid:
        seat = candidate_of(session, organisation)
        asking = ask(session, measure, form.ruleset.data, said_in(form), seat)
    return Question(form, filters, asking, _kept(arguments), valid)


def suggestions_page(session: Session, organisation: Organisation, question: Question) -> SuggestionsPage:
    """Answer the question for one body."""
    if question.asking is None:
        return SuggestionsPage(asked=question.asked, arguments=question.arguments)
    asking = question.asking
    answer = suggest_partners(session, organisation, asking, filters=question.narrowing(), top=LENGTH)
    wording = Wording.for_answer(session, answer)
    kept = shortlists.candidate_ids(session, current_reader(), organisation)
    return SuggestionsPage(
        asking=asking,
        asked=True,
        project_line=project_line(asking, wording),
        assumed_district=asking.assumed_district,
        public_notice=asks_by_public_notice(organisation, asking),
        qualifies=answer.check.qualifies,
        tree=tree(answer.check, wording),
        groups=group_by_gap(answer, wording, kept),
        pool=answer.pool,
        shortlist_size=len(kept),
        first_measure=_linked(session, asking),
        looser=[] if answer.suggestions else list(_looser(session, organisation, question, asking)),
        arguments=question.arguments,
        hidden=[(name, value) for name, values in question.arguments.items() for value in values],
    )


def suggestion_page(
    session: Session, reader: Reader, organisation: Organisation, question: Question, candidate_id: int
) -> SuggestionPage:
    """Explain one body to another in full, or say why it is not suggested."""
    body = visible_body(session, reader, str(candidate_id))
    if question.asking is None or body.id == organisation.id:
        abort(404)
    suggestion, why_not = explain_suggestion(session, organisation, question.asking, body.id)
    reasons = [*why_not, *(reasons_of(suggestion) if suggestion else [])]
    wording = Wording.read(session, question.asking, {organisation.id, body.id}, reasons)
    kept = shortlists.candidate_ids(session, reader, organisation)
    shown = suggestion.reasons if suggestion else ()
    return SuggestionPage(
        asking=question.asking,
        project_line=project_line(question.asking, wording),
        body=body,
        card=make_card(suggestion, wording, kept) if suggestion else None,
        weights=[(reason_text(reason, wording), reason.weight) for reason in shown],
        total=suggestion.score if suggestion else 0.0,
        why_not=[reason_text(reason, wording) for reason in why_not],
        arguments=question.arguments,
    )


def visible_body(session: Session, reader: Reader, identifier: str) -> Organisation:
    """Return a body that the reader may see; anything else is the same 404."""
    number = int(identifier) if identifier.isdecimal() and len(identifier) < 11 else 0
    query = select(Organisation).where(Organisation.id == number)
    body = (
        session.scalar(query.options(joinedload(Organisation.municipality)))
        if 0 < number <= LARGEST_ID
        else None
    )
    if body is None or not sees(reader, body):
        abort(404)
    return body


def asks_by_public_notice(organisation: Organisation, asking: Asking) -> bool:
    """True for a public body in measure 1: its private partners answer a public notice."""
    return asking.measure == "M1" and organisation.kind == "public_body"


def rule_set_choices(session: Session) -> list[tuple[str, str]]:
    """Published rule sets by code, newest title."""
    rows = session.scalars(
        select(RuleSet).where(RuleSet.state == RuleSetState.PUBLISHED).order_by(RuleSet.valid_from)
    )
    return list({row.code: row.title_en if language() == "en" else row.title_it for row in rows}.items())


def default_rule_set() -> str:
    """The rule set of a question that names none."""
    return str(current_app.config["SETTINGS"].default_ruleset)


def district_choices(session: Session) -> list[tuple[str, str]]:
    """Districts by code, in the order of their names."""
    return sorted(district_names(session).items(), key=lambda pair: pair[1])


def _filter_form(arguments: MultiDict[str, str]) -> FilterForm:
    form = FilterForm(MultiDict(arguments))
    form.kind.choices = choices([("", _("tutti")), *catalogue()["kind"].choices(language())])
    return form


def _kept(arguments: MultiDict[str, str]) -> dict[str, list[str]]:
    # What the next page needs: the question without filters and empty fields.
    return {
        name: [value for value in values if value]
        for name, values in arguments.lists()
        if name not in FILTER_ARGUMENTS and any(values)
    }


def _linked(session: Session, asking: Asking) -> FirstMeasure | None:
    if asking.measure not in LINKED_MEASURES:
        return None
    return first_measure_of(session, asking.project.districts)


def _looser(
    session: Session, organisation: Organisation, question: Question, asking: Asking
) -> Iterator[Choice]:
    labels = {
        "kind": _("Togliete il tipo di ente"),
        "within": _("Togliete la distanza"),
        "platform": _("Anche enti non ancora sulla piattaforma"),
    }
    used = {name: question.filters[name].data for name in FILTER_ARGUMENTS if question.filters[name].data}
    for name in used:
        others: dict[str, Any] = {other: value for other, value in used.items() if other != name}
        narrowing = Filters(
            kind=others.get("kind"),
            max_distance_km=others.get("within"),
            on_platform=True if others.get("platform") else None,
        )
        answer = suggest_partners(session, organisation, asking, filters=narrowing, top=LENGTH)
        arguments = {**question.arguments, **others, "organisation_id": organisation.id}
        label = _("%(filter)s: tornano %(number)s enti", filter=labels[name], number=len(answer.suggestions))
        yield Choice(label, url_for("suggestions.index", **arguments))
