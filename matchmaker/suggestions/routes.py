"""Pages of suggestions: who could join, why, and the organisation's own shortlist."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.database import db
from matchmaker.permissions import current_reader
from matchmaker.redirects import inside
from matchmaker.suggestions import pages, shortlists

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/organisations/<int:organisation_id>/suggestions")
def index(organisation_id: int) -> str | tuple[str, int]:
    """Partners for the body's project, grouped by the gap that they would fill."""
    question = pages.read_question(db.session, g.subject, request.args)
    page = pages.suggestions_page(db.session, g.subject, question)
    status = 200 if question.valid else 422
    return (
        render_template(
            "suggestions/index.html",
            organisation=g.subject,
            page=page,
            form=question.form,
            filters=question.filters,
        ),
        status,
    )


@blueprint.get("/organisations/<int:organisation_id>/suggestions/<int:candidate>")
def show(organisation_id: int, candidate: int) -> str | tuple[str, int]:
    """One suggestion with every reason and its weight, or why it is not suggested."""
    question = pages.read_question(db.session, g.subject, request.args)
    page = pages.suggestion_page(db.session, current_reader(), g.subject, question, candidate)
    return render_template("suggestions/show.html", organisation=g.subject, page=page)


@blueprint.get("/organisations/<int:organisation_id>/shortlist")
def shortlist(organisation_id: int) -> str:
    """The bodies that the organisation has set aside."""
    entries = shortlists.entries_seen_by(db.session, current_reader(), g.subject)
    return render_template("suggestions/shortlist.html", organisation=g.subject, entries=entries)


@blueprint.post("/organisations/<int:organisation_id>/shortlist")
def add_to_shortlist(organisation_id: int) -> Response:
    """Set a body aside."""
    candidate = pages.visible_body(db.session, current_reader(), request.form.get("candidate", ""))
    shortlists.add(db.session, g.subject, candidate, current_reader().person)
    flash(_("%(name)s è nella vostra lista.", name=candidate.name), "success")
    return redirect(inside(request.form.get("next"), f"ente-{candidate.id}") or _list_of(organisation_id))


@blueprint.post("/organisations/<int:organisation_id>/shortlist/remove")
def remove_from_shortlist(organisation_id: int) -> Response:
    """Take a body off the shortlist."""
    candidate = pages.visible_body(db.session, current_reader(), request.form.get("candidate", ""))
    shortlists.remove(db.session, g.subject, candidate, current_reader().person)
    flash(_("%(name)s non è più nella vostra lista.", name=candidate.name), "success")
    return redirect(_list_of(organisation_id))


def _list_of(organisation_id: int) -> str:
    return url_for("suggestions.shortlist", organisation_id=organisation_id)
