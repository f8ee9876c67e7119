"""Pages of partnerships: whole proposals, and the drafts opened from them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Person
from matchmaker.database import db
from matchmaker.partnerships import pages, services
from matchmaker.partnerships.forms import draft_form, said_of
from matchmaker.partnerships.presenters import flavour_words
from matchmaker.permissions import current_reader
from matchmaker.suggestions.asking import project_from
from matchmaker.suggestions.pages import read_question, visible_body
from recommender.types import Role

blueprint = Blueprint("partnerships", __name__)


@blueprint.get("/organisations/<int:organisation_id>/proposals")
def proposals(organisation_id: int) -> tuple[str, int]:
    """Three whole partnerships that satisfy the measure, or what blocks them."""
    question = read_question(db.session, g.subject, request.args)
    page = pages.proposals_page(db.session, g.subject, question)
    html = render_template(
        "partnerships/proposals.html", organisation=g.subject, page=page, form=question.form
    )
    return html, 200 if question.valid else 422


@blueprint.get("/organisations/<int:organisation_id>/partnerships")
def index(organisation_id: int) -> str:
    """The organisation's drafts."""
    drafts = pages.drafts_of(db.session, current_reader(), g.subject)
    return render_template("partnerships/index.html", organisation=g.subject, drafts=drafts)


@blueprint.post("/organisations/<int:organisation_id>/partnerships")
def create(organisation_id: int) -> Response:
    """Save a proposal as a draft of the organisation."""
    question = read_question(db.session, g.subject, request.args)
    if question.asking is None:
        abort(400)
    members = pages.members_in(db.session, current_reader(), request.form.get("members", ""))
    flavour = request.form.get("flavour") or None
    title = flavour_words(flavour)[0] if flavour in services.FLAVOURS else _("Partenariato")
    try:
        draft = services.open_draft(
            db.session,
            g.subject,
            _person(),
            question.asking,
            members,
            title=f"{question.asking.measure} · {title}",
            flavour=flavour if flavour in services.FLAVOURS else None,
        )
    except services.TooManyMembers:
        abort(400)
    flash(_("La bozza è salvata. Nessuno degli enti è stato avvisato né impegnato."), "success")
    return redirect(pages.page_of(draft), code=303)


@blueprint.get("/partnerships/<int:partnership_id>")
def show(partnership_id: int) -> str:
    """A draft: its members, whether it qualifies, and what would mend it."""
    form = draft_form(db.session, g.subject, None)
    return _draft(form)


@blueprint.post("/partnerships/<int:partnership_id>")
def declare(partnership_id: int) -> str | Response | tuple[str, int]:
    """Write down what the project says, and check again."""
    form = draft_form(db.session, g.subject, request.form)
    if not form.validate_on_submit():
        return _draft(form), 422
    project = project_from(db.session, g.subject.measure, said_of(form))
    services.declare(db.session, g.subject, _person(), form.title.data, project)
    flash(_("Salvato e ricontrollato."), "success")
    return redirect(pages.page_of(g.subject), code=303)


@blueprint.post("/partnerships/<int:partnership_id>/members")
def add_member(partnership_id: int) -> Response:
    """Put a body into the draft."""
    body = visible_body(db.session, current_reader(), request.form.get("organisation", ""))
    try:
        services.add_member(db.session, g.subject, _person(), body, _role())
        flash(_("%(name)s è nella bozza.", name=body.name), "success")
    except services.AlreadyMember:
        flash(_("%(name)s era già nella bozza.", name=body.name), "info")
    except services.TooManyMembers:
        flash(_("Una bozza tiene al massimo %(most)d enti.", most=services.MOST_MEMBERS), "error")
    return redirect(pages.page_of(g.subject), code=303)


@blueprint.post("/partnerships/<int:partnership_id>/members/role")
def change_role(partnership_id: int) -> Response:
    """Give a member another role."""
    body = visible_body(db.session, current_reader(), request.form.get("organisation", ""))
    try:
        services.change_role(db.session, g.subject, _person(), body.id, _role())
        flash(_("Ruolo cambiato: %(name)s.", name=body.name), "success")
    except services.NotAMember:
        flash(_("%(name)s non è più nella bozza.", name=body.name), "info")
    return redirect(pages.page_of(g.subject), code=303)


@blueprint.post("/partnerships/<int:partnership_id>/members/remove")
def remove_member(partnership_id: int) -> Response:
    """Take a body out of the draft."""
    body = visible_body(db.session, current_reader(), request.form.get("organisation", ""))
    try:
        services.remove_member(db.session, g.subject, _person(), body.id)
        flash(_("%(name)s non è più nella bozza.", name=body.name), "success")
    except services.NotAMember:
        flash(_("%(name)s non era nella bozza.", name=body.name), "info")
    except services.OwnerStays:
        flash(_("La bozza è del vostro ente: non può uscirne."), "error")
    return redirect(pages.page_of(g.subject), code=303)


@blueprint.post("/partnerships/<int:partnership_id>/delete")
def delete(partnership_id: int) -> Response:
    """Delete the draft."""
    owner_id = g.subject.owner_id
    services.delete_draft(db.session, g.subject, _person())
    flash(_("La bozza è eliminata."), "success")
    return redirect(url_for("partnerships.index", organisation_id=owner_id), code=303)


def _draft(form: object) -> str:
    page = pages.draft_page(db.session, current_reader(), g.subject, request.args.get("cerca", "").strip())
    return render_template("partnerships/show.html", partnership=g.subject, page=page, form=form)


def _person() -> Person:
    person = current_reader().person
    if person is None:  # the permission table lets nobody without account come here
        abort(403)
    return person


def _role() -> Role:
    value = request.form.get("role", Role.PARTNER.value)
    if value not in set(Role):
        abort(400)
    return Role(value)
