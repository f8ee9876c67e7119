"""The question as a form: read from the address, so that it can be kept, shared and printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from matchmaker.fields import WholeNumberField
from matchmaker.measures.services import MEASURES
from matchmaker.vocabularies.catalogue import catalogue

TEXT_LENGTH = 1500
YES, NO = "yes", "no"
ANSWERS = {YES: True, NO: False}


class QuestionForm(FlaskForm):
    """Measure, rule set, and what the project is about."""

    class Meta:
        """Only reads, so it carries no token."""

        csrf = False

    measure = RadioField(_l("Misura"))
    ruleset = SelectField(_l("Regole"))
    themes = SelectMultipleField(_l("Temi del progetto"))
    districts = SelectMultipleField(_l("Distretti della coesione sociale"))
    aggregation = BooleanField(_l("I distretti indicati si presentano come aggregazione"))
    text = TextAreaField(
        _l("Il progetto in poche righe"),
        [Optional(), Length(max=TEXT_LENGTH, message=_l("Al massimo %(max)d caratteri."))],
    )
    targets = SelectMultipleField(_l("Persone a cui si rivolge"))
    services = SelectMultipleField(_l("Servizi previsti"))
    actions = SelectMultipleField(_l("Azioni di welfare aziendale"))
    form = SelectField(_l("Forma del partenariato"), default="")
    budget = DecimalField(
        _l("Valore del progetto, in euro"),
        [Optional(), NumberRange(min=1, max=1e9, message=_l("Un importo maggiore di zero."))],
    )
    own_share = DecimalField(
        _l("Quota propria, in percentuale"),
        [Optional(), NumberRange(min=0, max=100, message=_l("Un numero da 0 a 100."))],
    )


FIELDS_OF_MEASURE = {
    "M1": ("themes", "districts", "aggregation", "text", "targets", "services", "form", "budget"),
    "M2": ("themes", "districts", "text", "targets", "services", "form", "budget"),
    "M3": ("themes", "districts", "text", "targets", "services", "form", "budget"),
    "M4": ("actions", "districts", "text", "services", "form", "budget", "own_share"),
}
HEAD_FIELDS = ("measure", "ruleset")
PROJECT_FIELDS = frozenset(name for names in FIELDS_OF_MEASURE.values() for name in names)


AnyQuestionForm = TypeVar("AnyQuestionForm", bound=QuestionForm)


class FilterForm(FlaskForm):
    """How the reader narrows the list."""

    class Meta:
        """Only reads, so it carries no token."""

        csrf = False

    kind = SelectField(_l("Tipo di ente"), default="")
    within = WholeNumberField(
        _l("Entro quanti chilometri"),
        [Optional(), NumberRange(min=1, max=500, message=_l("Un numero da 1 a 500."))],
    )
    platform = BooleanField(_l("Solo enti già sulla piattaforma"))


def question_form(
    data: Any,
    measure: str,
    districts: list[tuple[str, str]],
    rule_sets: list[tuple[str, str]],
    language: str,
    base: type[AnyQuestionForm] = QuestionForm,
) -> AnyQuestionForm:
    """Make the form of one measure, with only the fields that its rules read.

    Args:
        data: what was sent, or None for an empty form.
        base: the form to add the measure's statements to.
    """
    declarations = _declaration_fields(measure, language)
    form_class = type("MeasureQuestionForm", (base,), {"declared": FormField(declarations)})
    form: AnyQuestionForm = form_class(data)
    for name in PROJECT_FIELDS - set(FIELDS_OF_MEASURE[measure]):
        delattr(form, name)
    _fill_choices(form, districts, rule_sets, language)
    return form


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Turn codes and labels into a field's choices."""
    return [SelectChoice(code, label) for code, label in pairs]


def _declaration_fields(measure: str, language: str) -> type[Form]:
    fields = {
        term.code: RadioField(
            term.text("question", language),
            choices=choices([("", _l("non ancora detto")), (YES, _l("sì")), (NO, _l("no"))]),
            default="",
        )
        for term in catalogue()["declaration"].values()
        if measure in term.facts.get("measures", MEASURES)
    }
    return type("DeclarationFields", (Form,), fields)


def _fill_choices(
    form: QuestionForm, districts: list[tuple[str, str]], rule_sets: list[tuple[str, str]], language: str
) -> None:
    form.measure.choices = choices(
        (code, f"{code} · {catalogue()['measure'][code].label(language)}") for code in MEASURES
    )
    form.ruleset.choices = choices(rule_sets)
    vocabularies = {
        "themes": "theme",
        "targets": "target_group",
        "services": "service",
        "actions": "welfare_action",
    }
    for name, vocabulary in vocabularies.items():
        if name in form:
            terms = catalogue()[vocabulary].values()
            form[name].choices = choices((t.code, t.label(language)) for t in terms if t.welfare)
    if "districts" in form:
        form.districts.choices = choices(districts)
    if "form" in form:
        forms = catalogue()["partnership_form"].choices(language)
        form.form.choices = choices([("", _l("non ancora deciso")), *forms])


def said_in(form: QuestionForm) -> dict[str, Any]:
    """Return what a valid form says, by the fields of recommender.types.Project."""
    said = {
        name: field.data
        for name, field in form._fields.items()
        if name not in (*HEAD_FIELDS, "declared", "own_share", "csrf_token")
    }
    answers = form.declared.data if "declared" in form else {}
    said["declared"] = {code: ANSWERS[answer] for code, answer in answers.items() if answer in ANSWERS}
    if "own_share" in form and form.own_share.data is not None:
        said["own_share"] = float(form.own_share.data) / 100
    return said
