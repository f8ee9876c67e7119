"""What a draft's project says, as a form that writes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from matchmaker.i18n import language
from matchmaker.partnerships.models import Partnership
from matchmaker.suggestions.forms import NO, YES, QuestionForm, question_form, said_in
from matchmaker.suggestions.pages import district_choices

TITLE_LENGTH = 200


class DraftForm(QuestionForm):
    """The question's fields with a title; the app's own guard checks the token of what writes."""

    title = StringField(
        _l("Titolo della bozza"),
        [
            DataRequired(message=_l("Date un titolo alla bozza.")),
            Length(max=TITLE_LENGTH, message=_l("Al massimo %(max)d caratteri.")),
        ],
    )


def draft_form(session: Session, partnership: Partnership, data: MultiDict[str, str] | None) -> DraftForm:
    """Make a draft's form, filled with what was sent, else with what the draft says."""
    filled = MultiDict(data) if data is not None else _said(partnership)
    choices = district_choices(session)
    form = question_form(filled, partnership.measure, choices, [], language(), DraftForm)
    for name in ("measure", "ruleset"):
        delattr(form, name)
    return form


def said_of(form: DraftForm) -> dict[str, Any]:
    """Return what a valid form says of the project."""
    return {name: value for name, value in said_in(form).items() if name not in ("title", "csrf_token")}


def _said(partnership: Partnership) -> MultiDict[str, Any]:
    project = partnership.project
    filled: MultiDict[str, Any] = MultiDict({"title": partnership.title})
    for name, value in project.items():
        if isinstance(value, list):
            filled.setlist(name, value)
        elif name == "declared":
            for code, answer in value.items():
                filled[f"declared-{code}"] = YES if answer else NO
        elif value not in (None, False):
            filled[name] = str(value * 100 if name == "own_share" else value)
    return filled
