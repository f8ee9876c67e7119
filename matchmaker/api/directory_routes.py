"""What everybody may read: the directory, the rules, the words, the districts and what is possible there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, abort, g, jsonify
from marshmallow import RAISE

from matchmaker.api import directory_schemas as schemas
from matchmaker.api import documents
from matchmaker.api.queries_in import CoverageQuery, DirectoryQuery
from matchmaker.api.questions import read_rule_set
from matchmaker.api.routes import blueprint
from matchmaker.coverage.presenters import kept_rows
from matchmaker.coverage.queries import coverage as coverage_of
from matchmaker.database import db
from matchmaker.i18n import language
from matchmaker.measures.queries import published_rule_sets
from matchmaker.measures.services import MEASURES
from matchmaker.organisations.pages import organisation_page
from matchmaker.organisations.queries import directory
from matchmaker.organisations.search import Search
from matchmaker.permissions import current_reader
from matchmaker.territories.queries import districts as districts_of
from matchmaker.vocabularies.catalogue import catalogue


@blueprint.get("/organisations")
@blueprint.input(DirectoryQuery, location="query", arg_name="query", unknown=RAISE)
@blueprint.output(schemas.DirectoryPage)
def organisations(query: dict[str, Any]) -> Response:
    """Search the directory; a page beyond the last is the last one."""
    found = directory(db.session, current_reader(), Search.read(query), query["page"])
    return jsonify(documents.directory_document(db.session, found))


@blueprint.get("/organisations/<int:organisation_id>")
@blueprint.output(schemas.OrganisationOut)
def organisation(organisation_id: int) -> Response:
    """One body's public facts; contacts are never among them."""
    page = organisation_page(db.session, current_reader(), g.subject)
    return jsonify(documents.organisation_page_document(db.session, page))


@blueprint.get("/measures")
@blueprint.output(schemas.Measures)
def measures() -> Response:
    """The four measures, and every rule set with its rules."""
    return jsonify(documents.measures_document(published_rule_sets(db.session)))


@blueprint.get("/vocabularies")
@blueprint.output(schemas.Vocabularies)
def vocabularies() -> Response:
    """The names of the vocabularies."""
    found = [{"code": each.code, "label": each.label(language())} for each in catalogue().values()]
    return jsonify({"vocabularies": found})


@blueprint.get("/vocabularies/<name>")
@blueprint.output(schemas.VocabularyOut)
def vocabulary(name: str) -> Response:
    """One vocabulary: codes, words in both languages, synonyms."""
    if name not in catalogue():
        abort(404)
    return jsonify(documents.vocabulary_document(catalogue()[name]))


@blueprint.get("/territories/districts")
@blueprint.output(schemas.Districts)
def districts() -> Response:
    """The districts of social cohesion."""
    found = [
        {"code": d.code, "name": d.name, "municipalities": d.municipalities, "to_confirm": d.to_confirm}
        for d in districts_of(db.session)
    ]
    return jsonify({"districts": found})


@blueprint.get("/coverage")
@blueprint.input(CoverageQuery, location="query", arg_name="query", unknown=RAISE)
@blueprint.output(schemas.CoverageOut)
def coverage(query: dict[str, Any]) -> Response:
    """Where a qualifying partnership is possible, per district and measure, as last computed."""
    reader = current_reader()
    rule_set = read_rule_set(db.session, query.get("ruleset"))
    found = coverage_of(db.session, reader, rule_set.code)
    wanted = [query["measure"]] if "measure" in query else list(MEASURES)
    rows = kept_rows(found.rows, wanted, query.get("answer", ""))
    narrowed = replace(found, rows=rows)
    return jsonify(documents.coverage_document(db.session, reader, rule_set, narrowed, wanted))
