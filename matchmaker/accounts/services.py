"""People: creating them, letting them in, their passwords, roles and tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.accounts.limits import count_attempt, forgive
from matchmaker.accounts.models import ApiToken, Person, PlatformRole
from matchmaker.accounts.passwords import hash_password, needs_rehash, verify_password
from matchmaker.audit.services import record
from matchmaker.database import utc_now
from matchmaker.errors import MatchmakerError

TOKEN_PREFIX = "mm_"  # noqa: S105 - a mark by which leaked tokens are recognised, no secret
TOKEN_BYTES = 32


class EmailTaken(MatchmakerError):
    """Somebody is registered with this e-mail already."""


class WrongPassword(MatchmakerError):
    """The password given to prove who is asking is not the right one."""


@dataclass(frozen=True)
class NewPerson:
    """What is asked of a person; the e-mail in any case, the password in clear."""

    name: str
    email: str
    password: str
    language: str = "it"
    role: PlatformRole = PlatformRole.MEMBER


def normal_email(email: str) -> str:
    """The one form in which e-mails are kept and compared."""
    return email.strip().lower()


def create_person(session: Session, new: NewPerson, actor_id: int | None = None) -> Person:
    """Add a person; without an actor they are the actor of their own registration.

    Raises:
        EmailTaken: the e-mail belongs to a person.
    """
    person = Person(
        email=normal_email(new.email),
        name=new.name.strip(),
        password_hash=hash_password(new.password),
        role=new.role,
        language=new.language,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise EmailTaken(person.email) from error
    record(session, actor_id or person.id, "create_person", person, role=person.role)
    return person


def find_person(session: Session, email: str) -> Person | None:
    """Return the person with an e-mail, in whatever case it was typed."""
    return session.scalar(select(Person).where(Person.email == normal_email(email)))


def authenticate(
    session: Session, email: str, password: str, address: str | None, now: datetime | None = None
) -> Person | None:
    """Return the active person that e-mail and password belong to, or None, in even time.

    The attempt is counted in the running transaction: commit it also when the answer is None.

    Raises:
        TooManyAttempts: the account or the network has failed too often lately.
    """
    count_attempt(session, normal_email(email), address, now or utc_now())
    person = find_person(session, email)
    right = verify_password(person.password_hash if person else None, password)
    if person is None or not right or not person.is_active:
        return None
    forgive(session, person.email, address)
    if needs_rehash(person.password_hash):
        person.password_hash = hash_password(password)
    session.flush()
    return person


def change_account(session: Session, person: Person, name: str, language: str) -> None:
    """Change how a person is called and addressed."""
    before = {"name": person.name, "language": person.language}
    person.name, person.language = name.strip(), language
    changed = sorted(field for field, value in before.items() if getattr(person, field) != value)
    if changed:
        record(session, person.id, "change_account", person, fields=changed)
    session.flush()


def change_password(session: Session, person: Person, current: str, new: str, address: str | None) -> None:
    """Change a password, ending every session of the person.

    Raises:
        WrongPassword: ``current`` is not the password.
        TooManyAttempts: it was tried too often.
    """
    if authenticate(session, person.email, current, address) is None:
        raise WrongPassword
    person.password_hash = hash_password(new)
    end_sessions(session, person)
    record(session, person.id, "change_password", person)


def change_role(session: Session, person: Person, role: PlatformRole, actor_id: int | None) -> None:
    """Change a person's part on the platform; their sessions end when it changes."""
    if person.role is role:
        return
    record(session, actor_id, "change_role", person, before=person.role, after=role)
    person.role = role
    end_sessions(session, person)


def end_sessions(session: Session, person: Person) -> None:
    """Make every cookie of a person a stranger's."""
    session.execute(
        update(Person).where(Person.id == person.id).values(session_version=Person.session_version + 1)
    )
    session.refresh(person)


def create_api_token(session: Session, person: Person, name: str, days: int) -> tuple[ApiToken, str]:
    """Make a token that is valid for some days; returns its row and the secret, shown only once."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken(
        person_id=person.id,
        name=name.strip(),
        token_hash=_token_hash(secret),
        expires_at=utc_now() + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    record(session, person.id, "create_api_token", token, days=days)
    return token, secret


def find_token(session: Session, secret: str, now: datetime | None = None) -> ApiToken | None:
    """Return the token of a secret while it is valid and its person active, else None."""
    token = session.scalar(select(ApiToken).where(ApiToken.token_hash == _token_hash(secret)))
    if token is None or token.revoked_at is not None or token.expires_at <= (now or utc_now()):
        return None
    return token if token.person.is_active else None


def revoke_token(session: Session, actor_id: int, token: ApiToken) -> None:
    """End a token; doing it twice changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = utc_now()
        record(session, actor_id, "revoke_api_token", token)
    session.flush()


def _token_hash(secret: str) -> str:
    # The secret has 256 random bits: a plain hash cannot be searched backwards.
    return hashlib.sha256(secret.encode()).hexdigest()
