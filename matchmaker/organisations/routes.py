"""The directory and the page of a body."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from matchmaker.database import db
from matchmaker.organisations import presenters
from matchmaker.organisations.pages import organisation_page
from matchmaker.organisations.queries import directory
from matchmaker.organisations.search import Search
from matchmaker.permissions import current_reader

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")


@blueprint.get("/")
def index() -> str:
    """The directory: search, facets, a page of bodies."""
    search = Search.read(request.args)
    number = request.args.get("page", 1, type=int)
    found = directory(db.session, current_reader(), search, number)
    return render_template("organisations/index.html", directory=found, words=presenters)


@blueprint.get("/<int:organisation_id>")
def show(organisation_id: int) -> str:
    """Who a body is, what it offers and seeks, what it has done."""
    page = organisation_page(db.session, current_reader(), g.subject)
    return render_template(
        "organisations/show.html", page=page, organisation=page.organisation, words=presenters
    )
