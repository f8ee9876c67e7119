"""Who is signed in: a cookie names a person and a session version, checked at each request."""

from __future__ import annotations

from flask import Flask

from matchmaker.accounts.models import Person
from matchmaker.database import db
from matchmaker.extensions import login_manager


def init_app(app: Flask) -> None:
    """Bind Flask-Login; unauthorised readers are handled by the permission table."""
    login_manager.init_app(app)
    login_manager.user_loader(load_person)


def load_person(identity: str) -> Person | None:
    """Return the person of a session, or None when it has been revoked or disabled."""
    person_id, _, version = identity.partition(".")
    if not person_id.isdecimal():
        return None
    person = db.session.get(Person, int(person_id))
    if person is None or not person.is_active or str(person.session_version) != version:
        return None
    return person
