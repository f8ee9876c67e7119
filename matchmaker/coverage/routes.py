"""Where a partnership can qualify, district by district."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.audit.services import record
from matchmaker.coverage import presenters
from matchmaker.coverage.pages import coverage_page, district_page
from matchmaker.coverage.services import compute_coverage
from matchmaker.database import db
from matchmaker.measures.models import RuleSet
from matchmaker.measures.services import MEASURES, UnknownRuleSet, rule_set_named
from matchmaker.permissions import current_reader

blueprint = Blueprint("coverage", __name__, url_prefix="/coverage")


@blueprint.get("/")
def index() -> str:
    """District by measure, as last computed."""
    rule_set = _chosen_rule_set(request.args.get("ruleset"))
    page = coverage_page(db.session, current_reader(), rule_set, request.args)
    return render_template("coverage/index.html", page=page, words=presenters)


@blueprint.get("/<district>")
def district(district: str) -> str:
    """One district: each measure's answer, what is missing and who could be invited."""
    rule_set = _chosen_rule_set(request.args.get("ruleset"))
    page = district_page(db.session, current_reader(), rule_set, district)
    if page is None:
        abort(404)
    return render_template("coverage/district.html", page=page, row=page.row)


@blueprint.post("/compute")
def compute() -> Response:
    """Compute again, for every district and measure."""
    rule_set = _chosen_rule_set(request.form.get("ruleset"))
    cells = compute_coverage(db.session, rule_set)
    person = current_reader().person
    record(db.session, person.id if person else None, "coverage.computed", ruleset=rule_set.code)
    districts = len(cells) // len(MEASURES)
    flash(_("Calcolato di nuovo per %(districts)s distretti.", districts=districts), "success")
    return redirect(url_for("coverage.index", ruleset=rule_set.code), code=303)


def _chosen_rule_set(wanted: str | None) -> RuleSet:
    try:
        return rule_set_named(db.session, wanted or current_app.config["SETTINGS"].default_ruleset)
    except UnknownRuleSet:
        abort(404)
