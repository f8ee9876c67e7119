"""Draft partnerships over the API: the same services as the pages."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, g, jsonify, url_for
from flask_babel import gettext as _
from marshmallow import RAISE

from matchmaker.accounts.models import Person
from matchmaker.api import schemas
from matchmaker.api.drafts import DraftIn, NewMemberIn, RoleIn, draft_document, drafts_page, open_from
from matchmaker.api.problems import Refused, problem_of_refusal
from matchmaker.api.queries_in import DraftsQuery
from matchmaker.api.questions import find_visible, read_role
from matchmaker.api.routes import blueprint
from matchmaker.database import db
from matchmaker.organisations.models import Organisation
from matchmaker.partnerships import services
from matchmaker.partnerships.models import Partnership
from matchmaker.permissions import current_reader, demand
from matchmaker.suggestions.pages import visible_body

CREATED, CONFLICT = 201, 409


@blueprint.errorhandler(services.AlreadyMember)
def already_member(error: services.AlreadyMember) -> Response:
    """A body stands in a draft once."""
    text = _("%(name)s era già nella bozza.", name=str(error))
    return problem_of_refusal(Refused("organisation", text, CONFLICT))


@blueprint.errorhandler(services.TooManyMembers)
def too_many_members(_error: services.TooManyMembers) -> Response:
    """A draft has room for so many."""
    text = _("Una bozza tiene al massimo %(most)d enti.", most=services.MOST_MEMBERS)
    return problem_of_refusal(Refused("members", text, CONFLICT))


@blueprint.errorhandler(services.OwnerStays)
def owner_stays(_error: services.OwnerStays) -> Response:
    """The draft's own body cannot leave it."""
    text = _("La bozza è del vostro ente: non può uscirne.")
    return problem_of_refusal(Refused("organisation_id", text, CONFLICT))


@blueprint.errorhandler(services.NotAMember)
def not_a_member(error: services.NotAMember) -> Response:
    """The body is not there to be changed."""
    text = _("L’ente non è nella bozza.")
    return problem_of_refusal(Refused("organisation_id", text, CONFLICT))


@blueprint.get("/partnerships")
@blueprint.input(DraftsQuery, location="query", arg_name="query", unknown=RAISE)
@blueprint.output(schemas.Drafts)
@blueprint.doc(responses={404: "No such body."})
def partnerships(query: dict[str, Any]) -> Response:
    """Drafts of one body, or of every body of the reader's, newest first."""
    owner = _owner("partnerships.index", query["organisation_id"]) if "organisation_id" in query else None
    return jsonify(drafts_page(db.session, current_reader(), owner, query["page"]))


@blueprint.post("/partnerships")
@blueprint.input(DraftIn, arg_name="body")
@blueprint.output(schemas.Draft, status_code=201)
@blueprint.doc(responses={409: "Too many members."})
def create_partnership(body: dict[str, Any]) -> Response:
    """Open a draft; none of its bodies is told or bound."""
    owner = _owner("partnerships.create", body["organisation_id"])
    draft = open_from(db.session, current_reader(), _person(), owner, body)
    response = _draft(draft, CREATED)
    response.headers["Location"] = url_for("api.partnership", partnership_id=draft.id)
    return response


@blueprint.get("/partnerships/<int:partnership_id>")
@blueprint.output(schemas.Draft)
def partnership(partnership_id: int) -> Response:
    """A draft with its check, and what the reader may do with it."""
    return _draft(g.subject)


@blueprint.delete("/partnerships/<int:partnership_id>")
@blueprint.output({}, status_code=204)
def delete_partnership(partnership_id: int) -> Response:
    """Delete a draft."""
    services.delete_draft(db.session, g.subject, _person())
    gone = Response(status=204)
    del gone.headers["Content-Type"]
    return gone


@blueprint.post("/partnerships/<int:partnership_id>/members")
@blueprint.input(NewMemberIn, arg_name="body")
@blueprint.output(schemas.Draft, status_code=201)
@blueprint.doc(responses={409: "Already in it, or too many members."})
def add_member(partnership_id: int, body: dict[str, Any]) -> Response:
    """Put a body into a draft; a new lead makes the former one a partner."""
    found = find_visible(db.session, current_reader(), body["organisation"], "organisation")
    role = read_role(body.get("role"), "role")
    services.add_member(db.session, g.subject, _person(), found, role)
    return _draft(g.subject, CREATED)


@blueprint.put("/partnerships/<int:partnership_id>/members/<int:organisation_id>")
@blueprint.input(RoleIn, arg_name="body")
@blueprint.output(schemas.Draft)
@blueprint.doc(responses={409: "Not in it."})
def change_role(partnership_id: int, organisation_id: int, body: dict[str, Any]) -> Response:
    """Give a member another role; a new lead makes the former one a partner."""
    found = visible_body(db.session, current_reader(), str(organisation_id))
    services.change_role(db.session, g.subject, _person(), found.id, read_role(body["role"], "role"))
    return _draft(g.subject)


@blueprint.delete("/partnerships/<int:partnership_id>/members/<int:organisation_id>")
@blueprint.output(schemas.Draft)
@blueprint.doc(responses={409: "Not in it, or the draft is its own."})
def remove_member(partnership_id: int, organisation_id: int) -> Response:
    """Take a body out of a draft."""
    found = visible_body(db.session, current_reader(), str(organisation_id))
    services.remove_member(db.session, g.subject, _person(), found.id)
    return _draft(g.subject)


def _owner(endpoint: str, organisation_id: int) -> Organisation:
    found = db.session.get(Organisation, organisation_id)
    demand(current_reader(), endpoint, found)
    return cast("Organisation", found)


def _person() -> Person:
    # The permission table lets nobody here who is not signed in.
    return cast("Person", current_reader().person)


def _draft(row: Partnership, status: int = 200) -> Response:
    response = jsonify(draft_document(db.session, current_reader(), row))
    response.status_code = status
    return response
