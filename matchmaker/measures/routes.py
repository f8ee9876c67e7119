"""The four measures and what each demands."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template, request

from matchmaker.database import db
from matchmaker.measures.models import RuleSet
from matchmaker.measures.presenters import (
    measure_card,
    measure_cards,
    rule_groups,
    source_word,
    sources_explained,
)
from matchmaker.measures.queries import districts_to_confirm, published_rule_sets
from matchmaker.measures.services import MEASURES, UnknownRuleSet, rule_set_named, rules_of

blueprint = Blueprint("measures", __name__, url_prefix="/measures")


@blueprint.get("/")
def index() -> str:
    """The four measures at a glance."""
    return render_template("measures/index.html", measures=measure_cards())


@blueprint.get("/<measure>")
def show(measure: str) -> str:
    """One measure: its rules as sentences, each with its source, under the rule set chosen."""
    if measure not in MEASURES:
        abort(404)
    chosen = _chosen_rule_set()
    return render_template(
        "measures/show.html",
        measure=measure_card(measure),
        rule_set=chosen,
        rule_sets=published_rule_sets(db.session),
        groups=rule_groups(rules_of(chosen, measure)),
        source_word=source_word,
        sources=sources_explained(),
        districts_to_confirm=districts_to_confirm(db.session),
    )


def _chosen_rule_set() -> RuleSet:
    wanted = request.args.get("ruleset") or current_app.config["SETTINGS"].default_ruleset
    try:
        return rule_set_named(db.session, wanted)
    except UnknownRuleSet:
        abort(404)
