"""The person behind a form: new to the platform, or one who signs in on the way."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.accounts.forms import PersonForm
from matchmaker.accounts.limits import TooManyAttempts
from matchmaker.accounts.models import Person
from matchmaker.accounts.services import EmailTaken, NewPerson, authenticate, create_person

REGISTER, SIGN_IN = "person", "sign_in"


def identify(session: Session, form: PersonForm, go: str | None, address: str | None) -> Person | None:
    """Return the person that a form registers or signs in; None after saying beside the fields why not.

    go: which button was pressed, :data:`REGISTER` or :data:`SIGN_IN`.
    """
    if go == SIGN_IN:
        return sign_in(session, form, address, _no_match()) if _has_credentials(form) else None
    if not form.validate():
        return None
    new = NewPerson(form.person_name.data, form.email.data, form.password.data, form.language.data)
    try:
        return create_person(session, new)
    except EmailTaken:
        # Counted as a sign-in, so that asking for many e-mails one by one comes to an end.
        return sign_in(session, form, address, _not_new())


def sign_in(session: Session, form: Any, address: str | None, refusal: str | None = None) -> Person | None:
    """Return the person of a form's e-mail and password; None after saying why not beside the e-mail."""
    try:
        person = authenticate(session, form.email.data, form.password.data, address)
    except TooManyAttempts:
        form.email.errors = [too_many()]
        return None
    if person is None:
        form.email.errors = [refusal or _no_match()]
    return person


def too_many() -> str:
    """What is said after too many attempts, whether or not there is such an account."""
    return str(_("Troppi tentativi non riusciti. Riprovate tra un quarto d’ora."))


def _no_match() -> str:
    return str(_("E-mail e password non corrispondono."))


def _not_new() -> str:
    words = _(
        "Non possiamo creare un accesso con questo indirizzo e questa password. "
        "Se ne avete già uno, scrivete la sua password e premete «Ho già un accesso»."
    )
    return str(words)


def _has_credentials(form: PersonForm) -> bool:
    missing = {"email": _("Scrivete il vostro indirizzo e-mail."), "password": _("Scrivete la password.")}
    for name, message in missing.items():
        if not form[name].data:
            form[name].errors = [message]
    return not form.errors
