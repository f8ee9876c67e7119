"""The front door: what this is, the reader's language, statements, and whether the site is well."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, request, session, url_for
from sqlalchemy import text
from werkzeug.wrappers import Response

from matchmaker.database import db
from matchmaker.home.presenters import doors
from matchmaker.home.queries import figures
from matchmaker.i18n import LANGUAGES
from matchmaker.permissions import current_reader
from matchmaker.redirects import inside

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    """What this is, for whom, and three doors."""
    return render_template("home/index.html", figures=figures(db.session), doors=doors(current_reader()))


@blueprint.post("/language")
def choose_language() -> Response:
    """Remember the language, for the session and for the person, and go back."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    person = current_reader().person
    if person is not None:
        person.language = chosen
    return redirect(inside(request.form.get("next")) or url_for("home.index"), code=303)


@blueprint.get("/accessibility")
def accessibility() -> str:
    """What is done for everyone to be able to use the site."""
    return render_template("home/accessibility.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept, what is shown to whom, and which cookies."""
    return render_template("home/privacy.html")


@blueprint.get("/healthz")
def health() -> Response:
    """Say that the process answers and reaches its database."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")
