"""A body's profile: one short step at a time, each saved by itself."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.database import db
from matchmaker.organisations import profile_presenters as presenters
from matchmaker.organisations.forms import AboutForm, StepForm
from matchmaker.organisations.places import municipality_labels
from matchmaker.organisations.profile_projects import (
    ProjectChange,
    RemovedProject,
    check_project,
    own_project,
    project_fields,
)
from matchmaker.organisations.profile_queries import ShownProject, projects_of
from matchmaker.organisations.profile_services import (
    STEPS,
    ChangedMeanwhile,
    CodeTaken,
    StepEdit,
    Values,
    edit_profile,
    form_is_of_kind,
    read_step,
)
from matchmaker.organisations.profile_steps import Editing, filled_form, sent_form, values_of
from matchmaker.organisations.routes import blueprint
from matchmaker.permissions import current_reader

STEP_NAMES = tuple(STEPS)
ALL = "all"


PROJECT_FIELDS = (
    "project_id",
    "project_seen",
    "project_title",
    "project_year",
    "project_text",
    "partners",
    "partner_names",
)


@blueprint.get("/<int:organisation_id>/profile")
def profile(organisation_id: int) -> str:
    """One step of the profile, filled with what is there."""
    editing = _editing(request.args.get("step", STEP_NAMES[0]))
    more: dict[str, Any] = {}
    if editing.step == "about":
        shown = own_project(_projects(editing), request.args.get("project"))
        more = project_fields(shown) if shown else {}
    return _page(editing, filled_form(editing, read_step(g.subject, editing.step), **more))


@blueprint.post("/<int:organisation_id>/profile")
def save_profile(organisation_id: int) -> Response | tuple[str, int]:
    """Save one step; the person goes on to the next one, or stays."""
    editing = _editing(request.form.get("step", ""), otherwise=400)
    form = sent_form(editing)
    if form.validate():
        values = _confirmed(values_of(db.session, form, editing.step))
        try:
            if not form.errors and _kept(editing, form, values):
                return redirect(_onward(editing), code=303)
        except ChangedMeanwhile as clash:
            return _page(editing, filled_form(editing, clash.wanted, **_beside(form)), clash), 409
    return _page(editing, form), 422


def _editing(step: str, otherwise: int = 404) -> Editing:
    if step not in STEPS:
        abort(otherwise)
    return Editing(db.session, current_reader(), g.subject, step)


def _kept(editing: Editing, form: StepForm, values: Values) -> bool:
    project = _project(editing, form) if isinstance(form, AboutForm) else ProjectChange()
    if form.errors:
        return False
    try:
        edit = StepEdit(editing.step, values, form.seen.data or "")
        changed = edit_profile(db.session, editing.actor_id, g.subject, edit)
    except CodeTaken as error:
        form[str(error)].errors = [
            _("C’è già un ente con questo codice. Se è il vostro, scrivete al facilitatore.")
        ]
        return False
    project.write(editing)
    if changed or project.changes:
        flash(_("Salvato."), "success")
    return True


def _project(editing: Editing, form: AboutForm) -> ProjectChange:
    projects = _projects(editing)
    removed = own_project(projects, request.form.get("remove_project"))
    if removed is not None:
        return RemovedProject(removed.project)
    return check_project(editing, form, projects) if form.says_project() else ProjectChange()


def _confirmed(values: Values) -> Values:
    """Add what was inferred from the name and confirmed with one tap to what the form says."""
    name, _colon, code = request.form.get("confirm", "").partition(":")
    words = presenters.inferred_words(g.subject, name) if name in values else []
    codes = {word.code for word in words if code in (word.code, ALL)}
    if name == "legal_form":
        fitting = [form for form in codes if form_is_of_kind(form, values["kind"])]
        return values | {name: fitting[0]} if fitting else values
    return values | {name: sorted({*values[name], *codes})} if codes else values


def _beside(form: StepForm) -> dict[str, Any]:
    # What was typed of a project is no part of the step's values, and must not be lost with them.
    return {name: form[name].data for name in PROJECT_FIELDS if name in form}


def _projects(editing: Editing) -> list[ShownProject]:
    return projects_of(editing.session, editing.reader, editing.organisation)


def _onward(editing: Editing) -> str:
    number = editing.organisation.id
    if request.form.get("go") != "next":
        return url_for("organisations.profile", organisation_id=number, step=editing.step)
    following = STEP_NAMES[STEP_NAMES.index(editing.step) + 1 :]
    if not following:
        return url_for("organisations.show", organisation_id=number)
    return url_for("organisations.profile", organisation_id=number, step=following[0])


def _page(editing: Editing, form: StepForm, clash: ChangedMeanwhile | None = None) -> str:
    return render_template(
        "organisations/profile.html",
        organisation=editing.organisation,
        step=editing.step,
        steps=presenters.STEP_WORDS,
        form=form,
        clash=clash,
        completeness=presenters.completeness(editing.organisation),
        projects=_projects(editing) if editing.step == "about" else (),
        municipalities=municipality_labels(editing.session) if editing.step == "place" else (),
        presenters=presenters,
    )
