"""Lists come in: upload, trial, confirmation; and the empty files to fill in."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from matchmaker.database import db, utc_now
from matchmaker.imports.forms import UploadForm
from matchmaker.imports.limits import LIMITS
from matchmaker.imports.presenters import run_line, run_page
from matchmaker.imports.presets import PRESETS, template_file
from matchmaker.imports.queries import recent_runs
from matchmaker.imports.runs import confirm_run, start_after_commit, upload_file
from matchmaker.imports.words import PRESET_NAMES
from matchmaker.permissions import current_reader

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
REFRESH_SECONDS = 2


@blueprint.get("/")
def index() -> str:
    """The form, the templates, and the latest runs."""
    return _index_page(UploadForm())


@blueprint.post("/")
def upload() -> Answer | tuple[str, int]:
    """Keep the file and try it in the background."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form), 422
    file = form.file.data
    run = upload_file(db.session, _actor_id(), file.filename or "", file.read(), form.preset.data)
    _start(run.id)
    return redirect(url_for("imports.show", import_run_id=run.id), code=303)


@blueprint.get("/<int:import_run_id>")
def show(import_run_id: int) -> Response:
    """A run: preview, progress while it works, then counts and what is wrong."""
    page = run_page(g.subject, utc_now())
    still = "still" in request.args
    response = make_response(render_template("imports/show.html", page=page, still=still))
    if page.working and not still:
        # Without script; the reader may stop it (WCAG 2.2.2).
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@blueprint.post("/<int:import_run_id>/load")
def load(import_run_id: int) -> Answer:
    """Load what was tried; or take up again what broke off."""
    if confirm_run(db.session, _actor_id(), g.subject):
        _start(import_run_id)
    else:
        flash(_("Questo file non aspetta conferma: qualcuno l’ha già fatto."), "warning")
    return redirect(url_for("imports.show", import_run_id=import_run_id), code=303)


@blueprint.get("/template/<preset>.csv")
def template(preset: str) -> Response:
    """An empty file with the right header, as Excel in Italy opens it."""
    if preset not in PRESETS:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="matchmaker-{preset}.csv"'}
    return Response(template_file(PRESETS[preset]), mimetype="text/csv", headers=headers)


def _index_page(form: UploadForm) -> str:
    now = utc_now()
    runs = [run_line(run, now) for run in recent_runs(db.session)]
    return render_template("imports/index.html", form=form, runs=runs, presets=PRESET_NAMES, limits=LIMITS)


def _actor_id() -> int | None:
    person = current_reader().person
    return person.id if person else None


def _start(run_id: int) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    start_after_commit(app, db.session, run_id, _actor_id())
