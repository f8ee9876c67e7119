"""Signing in and out, coming onto the platform, asking to act for a body that is on it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.accounts import entering
from matchmaker.accounts.claim_services import (
    AlreadyAsked,
    AlreadyMember,
    NewOrganisation,
    membership_of,
    register_organisation,
    request_claim,
)
from matchmaker.accounts.forms import ClaimForm, FindForm, OrganisationForm, PersonForm, SignInForm
from matchmaker.accounts.models import Person
from matchmaker.accounts.queries import Found, find_bodies, waiting_claim_of
from matchmaker.accounts.registration import Checked, check_body, prefilled
from matchmaker.accounts.sessions import enter, leave
from matchmaker.database import db
from matchmaker.i18n import language
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.places import municipality_labels
from matchmaker.organisations.profile_services import CodeTaken
from matchmaker.permissions import current_reader
from matchmaker.redirects import inside

blueprint = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.route("/login", methods=["GET", "POST"])
def sign_in() -> Answer:
    """Let a person in, and on to the page they came for."""
    form = SignInForm(data={"next": request.args.get("next", "")})
    if current_reader().person is not None and not form.is_submitted():
        return redirect(_onward(form.next.data))
    if form.validate_on_submit():
        person = entering.sign_in(db.session, form, request.remote_addr)
        if person is not None:
            enter(person)
            return redirect(_onward(form.next.data), code=303)
        keep_count()
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@blueprint.post("/logout")
def sign_out() -> Response:
    """Forget who was here."""
    leave()
    flash(_("Siete usciti."), "success")
    return redirect(url_for("home.index"), code=303)


@blueprint.get("/register")
def find() -> Answer:
    """Ask whether the body is here already: one field, and what answers to it."""
    form = FindForm(request.args)
    asked = bool(form.q.data) and form.validate()
    found = find_bodies(db.session, current_reader(), form.q.data) if asked else Found(())
    return render_template("accounts/find.html", form=form, asked=asked, found=found)


@blueprint.route("/register/new", methods=["GET", "POST"])
def register() -> Answer:
    """Register a body that is not here: the body first, then the person, both at the end."""
    form, person_form, go = _registration_forms()
    if not form.is_submitted() or go == "back":
        return _body_page(form, person_form, Checked())
    checked = check_body(db.session, current_reader(), form)
    if checked.body is None:
        return _body_page(form, person_form, checked)
    person = current_reader().person
    if person is None and go not in (entering.REGISTER, entering.SIGN_IN):
        return _person_page(form, person_form)
    person = person or entering.identify(db.session, person_form, go, request.remote_addr)
    if person is None:
        keep_count()
        return _person_page(form, person_form)
    return _registered(form, person_form, person, checked.body)


def _registration_forms() -> tuple[OrganisationForm, PersonForm, str | None]:
    form = OrganisationForm(data=prefilled(request.args))
    return form, PersonForm(data={"language": language()}), request.form.get("go")


def _body_page(form: OrganisationForm, person_form: PersonForm, checked: Checked) -> Answer:
    page = render_template(
        "accounts/register_body.html",
        form=form,
        person_form=person_form,
        checked=checked,
        municipalities=municipality_labels(db.session),
    )
    return page, 422 if form.errors else 200


def _person_page(form: OrganisationForm, person_form: PersonForm) -> Answer:
    page = render_template("accounts/register_person.html", form=form, person_form=person_form)
    return page, 422 if person_form.errors else 200


def _registered(
    form: OrganisationForm, person_form: PersonForm, person: Person, body: NewOrganisation
) -> Answer:
    try:
        organisation = register_organisation(db.session, person, body)
    except CodeTaken:
        # Somebody was quicker: what stands in the directory now answers as it does to anyone.
        return _body_page(form, person_form, check_body(db.session, current_reader(), form))
    if current_reader().person is None:
        enter(person)
    flash(
        _("%(name)s è sulla piattaforma. Completate il profilo un passo alla volta.", name=organisation.name),
        "success",
    )
    return redirect(url_for("organisations.profile", organisation_id=organisation.id), code=303)


@blueprint.route("/claim/<int:organisation_id>", methods=["GET", "POST"])
def claim(organisation_id: int) -> Answer:
    """Ask to act for a body of the directory; a facilitator answers."""
    form, person_form = ClaimForm(), PersonForm(data={"language": language()})
    person = current_reader().person
    if not form.is_submitted():
        return _claim_page(form, person_form)
    if form.validate():
        go = request.form.get("go")
        person = person or entering.identify(db.session, person_form, go, request.remote_addr)
        if person is not None:
            return _claimed(person, g.subject, form.message.data or "")
        keep_count()
    return _claim_page(form, person_form)


def _claim_page(form: ClaimForm, person_form: PersonForm) -> Answer:
    person, organisation = current_reader().person, g.subject
    page = render_template(
        "accounts/claim.html",
        form=form,
        person_form=person_form,
        organisation=organisation,
        member=person is not None and membership_of(db.session, person.id, organisation.id) is not None,
        waiting=waiting_claim_of(db.session, person.id, organisation.id) if person else None,
    )
    return page, 422 if form.errors or person_form.errors else 200


def _claimed(person: Person, organisation: Organisation, message: str) -> Response:
    names = {"name": organisation.name}
    try:
        request_claim(db.session, person, organisation, message)
        words = _("Richiesta inviata per %(name)s. Un facilitatore vi risponde.", **names)
    except AlreadyMember:
        words = _("Gestite già %(name)s.", **names)
    except AlreadyAsked:
        words = _("Avete già chiesto di gestire %(name)s: la richiesta è in attesa.", **names)
    if current_reader().person is None:
        enter(person)
    flash(words)
    return redirect(url_for("accounts.account"), code=303)


def keep_count() -> None:
    """Commit before refusing: the edge rolls back what it refuses, and attempts have to stay counted."""
    db.session.commit()


def _onward(target: str | None) -> str:
    # What a person came for; else a member's own search for partners, else the front door.
    if reachable := inside(target):
        return reachable
    bodies = current_reader().memberships
    return url_for("suggestions.index", organisation_id=bodies[0][0]) if bodies else url_for("home.index")
