"""Who may do what: one row per route, to be read by someone who does not program.

Each row says who may call the route, and which object of the address decides. A person
who may not see an object gets the same 404 as for one that does not exist. The same table
answers pages, API and the actions that a page shows (:func:`may`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized
from werkzeug.wrappers import Response

from matchmaker.accounts.models import (
    ApiToken,
    Claim,
    Membership,
    MembershipRole,
    Person,
    PlatformRole,
)
from matchmaker.database import db
from matchmaker.errors import for_programs
from matchmaker.imports.models import ImportRun
from matchmaker.organisations.models import Organisation, Visibility
from matchmaker.partnerships.models import Partnership


class Who(StrEnum):
    """The readers that the table tells apart."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    OBSERVER = "observer, facilitator or administrator"
    FACILITATOR = "facilitator or administrator"
    ADMINISTRATOR = "administrator"
    SEES_IT = "whoever may see the body"
    READER = "any person of the body, or a facilitator"
    EDITOR = "an editor of the body, or a facilitator"
    MANAGER = "an administrator of the body, or a facilitator"
    ONESELF = "the person whose it is"


#              endpoint                        who              object named in the address
TABLE: dict[str, tuple[Who, str | None]] = {
    "static": (Who.ANYONE, None),
    "home.index": (Who.ANYONE, None),
    "home.health": (Who.ANYONE, None),
    "home.choose_language": (Who.ANYONE, None),
    "home.accessibility": (Who.ANYONE, None),
    "home.privacy": (Who.ANYONE, None),
    "measures.index": (Who.ANYONE, None),
    "measures.show": (Who.ANYONE, None),
    "accounts.sign_in": (Who.ANYONE, None),
    "accounts.sign_out": (Who.SIGNED_IN, None),
    "accounts.find": (Who.ANYONE, None),
    "accounts.register": (Who.ANYONE, None),
    "accounts.claim": (Who.SEES_IT, "organisation"),
    "accounts.account": (Who.SIGNED_IN, None),
    "accounts.save_password": (Who.SIGNED_IN, None),
    "accounts.create_token": (Who.SIGNED_IN, None),
    "accounts.revoke_token": (Who.ONESELF, "token"),
    "accounts.claims": (Who.FACILITATOR, None),
    "accounts.confirm_claim": (Who.FACILITATOR, "claim"),
    "accounts.refuse_claim": (Who.FACILITATOR, "claim"),
    "organisations.index": (Who.ANYONE, None),
    "organisations.show": (Who.SEES_IT, "organisation"),
    "organisations.profile": (Who.EDITOR, "organisation"),
    "organisations.save_profile": (Who.EDITOR, "organisation"),
    "suggestions.index": (Who.READER, "organisation"),
    "suggestions.show": (Who.READER, "organisation"),
    "suggestions.shortlist": (Who.READER, "organisation"),
    "suggestions.add_to_shortlist": (Who.EDITOR, "organisation"),
    "suggestions.remove_from_shortlist": (Who.EDITOR, "organisation"),
    "partnerships.proposals": (Who.READER, "organisation"),
    "partnerships.index": (Who.READER, "organisation"),
    "partnerships.create": (Who.EDITOR, "organisation"),
    "partnerships.show": (Who.READER, "partnership"),
    "partnerships.declare": (Who.EDITOR, "partnership"),
    "partnerships.add_member": (Who.EDITOR, "partnership"),
    "partnerships.remove_member": (Who.EDITOR, "partnership"),
    "partnerships.change_role": (Who.EDITOR, "partnership"),
    "partnerships.delete": (Who.EDITOR, "partnership"),
    "coverage.index": (Who.ANYONE, None),
    "coverage.district": (Who.ANYONE, None),
    "coverage.compute": (Who.FACILITATOR, None),
    "imports.index": (Who.FACILITATOR, None),
    "imports.upload": (Who.FACILITATOR, None),
    "imports.template": (Who.FACILITATOR, None),
    "imports.show": (Who.FACILITATOR, "import_run"),
    "imports.load": (Who.FACILITATOR, "import_run"),
    "openapi.spec": (Who.ANYONE, None),
    "api.suggest": (Who.READER, "organisation"),
    "api.propose": (Who.READER, "organisation"),
    "api.check": (Who.SIGNED_IN, None),
    "api.organisations": (Who.ANYONE, None),
    "api.organisation": (Who.SEES_IT, "organisation"),
    "api.measures": (Who.ANYONE, None),
    "api.vocabularies": (Who.ANYONE, None),
    "api.vocabulary": (Who.ANYONE, None),
    "api.districts": (Who.ANYONE, None),
    "api.coverage": (Who.ANYONE, None),
    # The body stands in the question, not in the address: these two ask `demand` for the page's row.
    "api.partnerships": (Who.SIGNED_IN, None),
    "api.create_partnership": (Who.SIGNED_IN, None),
    "api.partnership": (Who.READER, "partnership"),
    "api.delete_partnership": (Who.EDITOR, "partnership"),
    "api.add_member": (Who.EDITOR, "partnership"),
    "api.change_role": (Who.EDITOR, "partnership"),
    "api.remove_member": (Who.EDITOR, "partnership"),
}

STAFF = frozenset({PlatformRole.FACILITATOR, PlatformRole.ADMINISTRATOR})
INCLUDES = {
    Who.READER: frozenset(MembershipRole),
    Who.EDITOR: frozenset({MembershipRole.ADMINISTRATOR, MembershipRole.EDITOR}),
    Who.MANAGER: frozenset({MembershipRole.ADMINISTRATOR}),
}
LOADED = {
    "organisation": Organisation,
    "partnership": Partnership,
    "import_run": ImportRun,
    "claim": Claim,
    "token": ApiToken,
}
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Reader:
    """Whoever is asking: a person with roles, or nobody (person is None)."""

    person: Person | None = None
    memberships: tuple[tuple[int, MembershipRole], ...] = ()

    @property
    def role(self) -> PlatformRole | None:
        """The person's part on the platform; None for a stranger."""
        return self.person.role if self.person is not None else None

    @property
    def is_staff(self) -> bool:
        """True for facilitators and administrators."""
        return self.role in STAFF

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Ids of the bodies that the reader belongs to."""
        return frozenset(organisation_id for organisation_id, _role in self.memberships)

    def belongs(self, organisation_id: int, roles: frozenset[MembershipRole]) -> bool:
        """True when the reader holds one of the roles in the body."""
        return any(body == organisation_id and role in roles for body, role in self.memberships)


def current_reader() -> Reader:
    """The reader of this request, with memberships, in one query per request."""
    if "reader" not in g:
        # The person itself, not the proxy: that one turns into nobody as soon as the session is renewed.
        person = current_user._get_current_object() if current_user.is_authenticated else None
        g.reader = reader_of(db.session, person)
    reader: Reader = g.reader
    return reader


def reader_of(session: Session, person: Person | None) -> Reader:
    """Return the reader that a person is."""
    if person is None:
        return Reader()
    rows = session.execute(
        select(Membership.organisation_id, Membership.role).where(Membership.person_id == person.id)
    )
    return Reader(person, tuple((body, role) for body, role in rows))


def sees(reader: Reader, organisation: Organisation) -> bool:
    """Tell whether a reader may know that a body exists."""
    if organisation.visibility is Visibility.PUBLIC or reader.is_staff:
        return True
    if organisation.id in reader.organisation_ids:
        return True
    return organisation.visibility is Visibility.MEMBERS and reader.person is not None


def visible_organisations(reader: Reader) -> Any:
    """The same as :func:`sees`, as an SQL condition on Organisation."""
    if reader.is_staff:
        return Organisation.id.is_not(None)
    levels = [Visibility.PUBLIC] + ([Visibility.MEMBERS] if reader.person is not None else [])
    return Organisation.visibility.in_(levels) | Organisation.id.in_(reader.organisation_ids)


def may(reader: Reader, endpoint: str, subject: Any = None) -> bool:
    """Tell whether a reader may call a route on an object; the answer of page and API alike."""
    who, _kind = TABLE[endpoint]
    if who is Who.ANYONE:
        return True
    if who is Who.SEES_IT:
        return subject is not None and sees(reader, subject)
    if reader.person is None:
        return False
    return _may_signed_in(reader, who, subject)


def _may_signed_in(reader: Reader, who: Who, subject: Any) -> bool:
    if who is Who.SIGNED_IN:
        return True
    if who is Who.OBSERVER:
        return reader.is_staff or reader.role is PlatformRole.OBSERVER
    if who is Who.FACILITATOR:
        return reader.is_staff
    if who is Who.ADMINISTRATOR:
        return reader.role is PlatformRole.ADMINISTRATOR
    if who is Who.ONESELF:
        return subject is not None and reader.person is not None and subject.person_id == reader.person.id
    return subject is not None and (reader.is_staff or reader.belongs(_body_of(subject), INCLUDES[who]))


def _body_of(subject: Any) -> int:
    return int(subject.owner_id if isinstance(subject, Partnership) else subject.id)


def init_app(app: Flask) -> None:
    """Guard every route by the table and give templates ``may`` and ``reader``."""
    app.before_request(guard)
    app.context_processor(
        lambda: {
            "reader": current_reader(),
            "may": lambda endpoint, subject=None: may(current_reader(), endpoint, subject),
        }
    )


def verify_all_routes_classified(app: Flask) -> None:
    """Refuse to start with a route that the table does not name.

    Raises:
        RuntimeError: naming the routes.
    """
    unclassified = {rule.endpoint for rule in app.url_map.iter_rules()} - TABLE.keys()
    if unclassified:
        raise RuntimeError(f"not in the permission table: {sorted(unclassified)}")


def guard() -> Response | None:
    """Before each request: load the object in the address, and let the table decide."""
    if request.endpoint is None:
        return None
    _who, kind = TABLE[request.endpoint]
    subject = load_subject(db.session, kind, request.view_args or {}) if kind else None
    g.subject = subject
    reader = current_reader()
    if kind and (subject is None or not _knows(reader, subject)):
        return _turn_away(reader, missing=True)
    if may(reader, request.endpoint, subject):
        return None
    # What a body keeps to itself is not there for whoever does not belong to it, as for a missing body.
    foreign = isinstance(subject, Organisation) and subject.id not in reader.organisation_ids
    return _turn_away(reader, missing=foreign)


def demand(reader: Reader, endpoint: str, subject: Any) -> None:
    """Ask the table about an object that no address names: the same answers as :func:`guard`.

    Raises:
        NotFound: there is no such object, as far as this reader may know.
        Forbidden: the reader may not call the route on it.
    """
    if subject is None or not _knows(reader, subject):
        raise NotFound
    if not may(reader, endpoint, subject):
        raise Forbidden


def load_subject(session: Session, kind: str, arguments: dict[str, Any]) -> Any:
    """Load the object that an address names (``<kind>_id``); None when there is none."""
    identifier = arguments[f"{kind}_id"]
    return session.get(LOADED[kind], identifier) if 0 < identifier <= LARGEST_ID else None


def _knows(reader: Reader, subject: Any) -> bool:
    # Bodies: whoever sees them. Everything else exists only for those who may act on it.
    if isinstance(subject, Organisation):
        return sees(reader, subject)
    if isinstance(subject, Partnership):
        return reader.is_staff or subject.owner_id in reader.organisation_ids
    if isinstance(subject, ApiToken):
        return reader.person is not None and subject.person_id == reader.person.id
    return reader.is_staff


def _turn_away(reader: Reader, *, missing: bool) -> Response:
    who, _kind = TABLE[str(request.endpoint)]
    if reader.person is None and who not in (Who.ANYONE, Who.SEES_IT):
        if for_programs():
            raise Unauthorized
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    raise NotFound if missing else Forbidden
