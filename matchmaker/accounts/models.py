"""People, the organisations they belong to, the bodies they claim, and their API tokens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.database import Base, UtcDateTime, enum_type, utc_now
from matchmaker.organisations.models import Organisation


class PlatformRole(StrEnum):
    """What a person is to the platform, beside belonging to organisations."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


class MembershipRole(StrEnum):
    """What a person may do for an organisation; each includes the ones after it."""

    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    READER = "reader"


class ClaimState(StrEnum):
    """Where a request to take over a directory body stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Person(Base):
    """Someone who can sign in."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    """Lower case."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[PlatformRole] = mapped_column(enum_type(PlatformRole, "role"), default=PlatformRole.MEMBER)
    language: Mapped[str] = mapped_column(String(5), default="it")
    session_version: Mapped[int] = mapped_column(default=1)
    """Raised to end every session at once (password changed, role dropped, disabled)."""
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """False once disabled."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """The session's identity: a raised session version makes old cookies strangers."""
        return f"{self.id}.{self.session_version}"


class Membership(Base):
    """A person within an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[MembershipRole] = mapped_column(enum_type(MembershipRole, "role"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class Claim(Base):
    """A person's request to take over a directory body; a facilitator confirms or refuses."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_when_not_waiting"),
        Index(
            "uq_claim_one_waiting_per_person_and_body",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[ClaimState] = mapped_column(
        enum_type(ClaimState, "state"), default=ClaimState.WAITING, index=True
    )
    message: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()


class ApiToken(Base):
    """A personal token for the API; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class LoginAttempt(Base):
    """Failed sign-ins of one account or network since a window opened.

    The key is a hash: neither the e-mail that somebody typed nor an address is kept.
    """

    __tablename__ = "login_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failures: Mapped[int]
