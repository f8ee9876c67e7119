"""Questions over the API: who could join, whole partnerships, whether a team qualifies."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify, request
from werkzeug.exceptions import BadRequest

from matchmaker.api import problems, schemas
from matchmaker.api.questions import RankedQuestionIn, TeamIn, lead_of, read_asking, read_roles
from matchmaker.api.tokens import by_token
from matchmaker.database import db
from matchmaker.extensions import csrf
from matchmaker.organisations.models import Organisation
from matchmaker.partnerships.documents import proposals_document
from matchmaker.partnerships.proposing import propose_partnerships
from matchmaker.permissions import current_reader
from matchmaker.snapshots import current_snapshot
from matchmaker.suggestions.asking import ImpossibleAmount, UnknownCode
from matchmaker.suggestions.documents import check_document, suggestions_document
from matchmaker.suggestions.services import check_team, suggest_partners
from matchmaker.suggestions.teams import team_with_roles
from matchmaker.suggestions.wording import Wording

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1")
MOST_BYTES = 256 * 1024


@blueprint.before_request
def read_body() -> None:
    """Refuse what is too large, or is no JSON that can be read, before anything looks at it."""
    request.max_content_length = MOST_BYTES
    if request.is_json:
        try:
            request.get_json()
        except RecursionError:
            raise BadRequest from None


@blueprint.before_request
def protect_cookies() -> None:
    """Ask a form's token of whoever comes with a cookie: a browser sends that one by itself."""
    if current_app.config.get("WTF_CSRF_ENABLED", True) and not by_token():
        csrf.protect()


@blueprint.errorhandler(problems.Refused)
def refused(error: problems.Refused) -> Response:
    """Say which field to change."""
    return problems.problem_of_refusal(error)


@blueprint.errorhandler(UnknownCode)
@blueprint.errorhandler(ImpossibleAmount)
def misunderstood(error: UnknownCode | ImpossibleAmount) -> Response:
    """Say which field of the question cannot be."""
    return problems.problem_of_refusal(problems.Refused(error.field, error.message()))


@blueprint.post("/organisations/<int:organisation_id>/suggestions")
@blueprint.input(RankedQuestionIn, arg_name="body")
@blueprint.output(schemas.Suggestions)
def suggest(organisation_id: int, body: dict[str, Any]) -> Response:
    """Suggest partners for an organisation's project, with reasons; the same as `matchmaker suggest`."""
    asking = read_asking(db.session, body, g.subject)
    answer = suggest_partners(db.session, g.subject, asking, top=body["top"])
    return jsonify(suggestions_document(db.session, answer))


@blueprint.post("/organisations/<int:organisation_id>/proposals")
@blueprint.input(RankedQuestionIn, arg_name="body")
@blueprint.output(schemas.Proposals)
def propose(organisation_id: int, body: dict[str, Any]) -> Response:
    """Propose whole partnerships that qualify, or say what blocks; the same as `matchmaker propose`."""
    asking = read_asking(db.session, body, g.subject)
    answer = propose_partnerships(db.session, g.subject, asking)
    return jsonify(proposals_document(db.session, answer))


@blueprint.post("/check")
@blueprint.input(TeamIn, arg_name="body")
@blueprint.output(schemas.Check)
def check(body: dict[str, Any]) -> Response:
    """Check whether a team qualifies, and say what would mend it; the same as `matchmaker check`."""
    roles = read_roles(db.session, current_reader(), body)
    asking = read_asking(db.session, body, db.session.get(Organisation, lead_of(roles)))
    found = check_team(current_snapshot(db.session), asking, team_with_roles(db.session, roles))
    document = check_document(found, Wording.for_check(db.session, found))
    return jsonify({"measure": asking.measure, "ruleset": asking.rule_set.code, **document})
