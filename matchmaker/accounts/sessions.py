"""Who is signed in: a cookie names a person and a session version, checked at each request."""

from __future__ import annotations

from flask import Flask, g, session
from flask_login import login_user

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


def enter(person: Person) -> None:
    """Sign a person in on a session of their own: nothing that was in it before stays in it."""
    leave()
    login_user(person)


def leave() -> None:
    """Forget who was here, and everything about them but the language."""
    kept = session.get("language")
    session.clear()
    if kept is not None:
        session["language"] = kept
    # What this request knew of its reader is no longer so.
    g.pop("reader", None)
    g.pop("_login_user", None)
