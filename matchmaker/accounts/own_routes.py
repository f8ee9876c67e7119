"""One's own account and tokens, and the facilitators' list of claims."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.accounts import entering, presenters, queries
from matchmaker.accounts.claim_services import AlreadyDecided, confirm_claim, refuse_claim
from matchmaker.accounts.forms import AccountForm, PasswordForm, TokenForm
from matchmaker.accounts.limits import TooManyAttempts
from matchmaker.accounts.models import Person
from matchmaker.accounts.routes import Answer, blueprint, keep_count
from matchmaker.accounts.services import (
    WrongPassword,
    change_account,
    change_password,
    create_api_token,
    revoke_token,
)
from matchmaker.accounts.sessions import enter
from matchmaker.database import db, utc_now
from matchmaker.permissions import current_reader


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    """Own data, language, bodies, password and tokens."""
    person = _oneself()
    form = AccountForm(data={"name": person.name, "language": person.language})
    if form.validate_on_submit():
        change_account(db.session, person, form.name.data, form.language.data)
        session["language"] = person.language
        flash(_("Salvato."), "success")
        return redirect(url_for("accounts.account"), code=303)
    return _account_page(form=form)


@blueprint.post("/account/password")
def save_password() -> Answer:
    """Change the password; every other session of the person ends."""
    person = _oneself()
    form = PasswordForm(person=person)
    if form.validate() and _password_changed(person, form):
        enter(person)
        flash(_("Password cambiata. Le altre sessioni aperte sono state chiuse."), "success")
        return redirect(url_for("accounts.account"), code=303)
    return _account_page(password_form=form)


def _password_changed(person: Person, form: PasswordForm) -> bool:
    try:
        change_password(db.session, person, form.current.data, form.new.data, request.remote_addr)
    except WrongPassword:
        form.current.errors = [_("Non è la vostra password.")]
    except TooManyAttempts:
        form.current.errors = [entering.too_many()]
    if form.errors:
        keep_count()
    return not form.errors


@blueprint.post("/account/tokens")
def create_token() -> Answer:
    """Make a token; its secret stands on this answer alone."""
    form = TokenForm()
    if not form.validate():
        return _account_page(token_form=form)
    _token, secret = create_api_token(db.session, _oneself(), form.token_name.data, int(form.days.data))
    return _account_page(token_form=TokenForm(formdata=None), secret=secret)


@blueprint.post("/account/tokens/<int:token_id>/revoke", endpoint="revoke_token")
def revoke(token_id: int) -> Response:
    """End a token of one's own."""
    revoke_token(db.session, _oneself().id, g.subject)
    flash(_("Il token «%(name)s» non vale più.", name=g.subject.name), "success")
    return redirect(url_for("accounts.account"), code=303)


@blueprint.get("/claims")
def claims() -> str:
    """Who asks to act for which body, and what was answered lately."""
    return render_template(
        "accounts/claims.html",
        waiting=queries.waiting_claims(db.session),
        decided=queries.decided_claims(db.session),
        presenters=presenters,
    )


@blueprint.post("/claims/<int:claim_id>/confirm", endpoint="confirm_claim")
def confirm(claim_id: int) -> Response:
    """Let the person act for the body."""
    return _decide(confirm_claim, _("Confermata: %(person)s gestisce ora %(name)s."))


@blueprint.post("/claims/<int:claim_id>/refuse", endpoint="refuse_claim")
def refuse(claim_id: int) -> Response:
    """Leave the body as it is."""
    return _decide(refuse_claim, _("Non accolta: la richiesta di %(person)s per %(name)s."))


def _decide(decide: Any, words: str) -> Response:
    names = {"person": g.subject.person.name, "name": g.subject.organisation.name}
    try:
        decide(db.session, _oneself().id, g.subject)
        flash(words % names, "success")
    except AlreadyDecided:
        flash(_("Qualcuno ha già deciso su questa richiesta."), "warning")
    return redirect(url_for("accounts.claims"), code=303)


def _account_page(**parts: Any) -> Answer:
    person = _oneself()
    forms: dict[str, Any] = {
        "form": AccountForm(formdata=None, data={"name": person.name, "language": person.language}),
        "password_form": PasswordForm(person=person, formdata=None),
        "token_form": TokenForm(formdata=None),
    } | {name: part for name, part in parts.items() if name != "secret"}
    page = render_template(
        "accounts/account.html",
        person=person,
        memberships=queries.memberships_of(db.session, person.id),
        claims=queries.claims_of(db.session, current_reader(), person.id),
        tokens=queries.tokens_of(db.session, person.id),
        secret=parts.get("secret"),
        now=utc_now(),
        presenters=presenters,
        **forms,
    )
    return page, 422 if any(form.errors for form in forms.values()) else 200


def _oneself() -> Person:
    person = current_reader().person
    if person is None:
        raise RuntimeError("the permission table lets nobody here who is not signed in")
    return person
