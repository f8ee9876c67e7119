"""Organisations: what they are, what they do, what they did, and who may be called."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.database import Base, UtcDateTime, enum_type, utc_now
from matchmaker.territories.models import Territory
from recommender.types import Capacity


class Origin(StrEnum):
    """How a body came into the directory."""

    DIRECTORY = "directory"
    REFERENCE = "reference"
    REGISTERED = "registered"
    DEMO = "demo"


class Visibility(StrEnum):
    """Who sees a body: everyone, signed-in members, or nobody but itself and facilitators."""

    PUBLIC = "public"
    MEMBERS = "members"
    HIDDEN = "hidden"


class TermField(StrEnum):
    """Which list of a profile a term stands in."""

    THEME = "theme"
    TARGET = "target_group"
    SERVICE = "service"
    WELFARE_ACTION = "welfare_action"
    OFFER = "offer"
    NEED = "need"


class NoticeCode(StrEnum):
    """What looked wrong about a directory body; shown to facilitators."""

    POSSIBLE_DUPLICATE = "possible_duplicate"
    TRUNCATED_NAME = "truncated_name"
    POSSIBLY_ABOLISHED = "possibly_abolished"
    PLACE_UNKNOWN = "place_unknown"


class WorldRevision(Base):
    """One row: the number of the last change to anything that matching looks at."""

    __tablename__ = "world_revision"
    __table_args__ = (CheckConstraint("id = 1", name="only_one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class Organisation(Base):
    """A body of the directory, on the platform or not yet."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("tax_code"),
        UniqueConstraint("ipa_code"),
        CheckConstraint("capacity <> 'later' OR capacity_from IS NOT NULL", name="later_says_from_when"),
        Index("ix_organisation_visibility_name", "visibility", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    folded_name: Mapped[str] = mapped_column(String(300), index=True)
    """The name without case, accents and legal-form words: near-same names meet here."""
    kind: Mapped[str] = mapped_column(String(20), index=True)
    """Vocabulary ``kind``: public_body, third_sector, enterprise or other."""
    legal_form: Mapped[str | None] = mapped_column(String(40), index=True)
    legal_form_rule: Mapped[str | None] = mapped_column(String(60))
    """The inference rule that read the legal form off the name; None when it was said."""
    tax_code: Mapped[str | None] = mapped_column(String(16))
    vat_number: Mapped[str | None] = mapped_column(String(11), index=True)
    ipa_code: Mapped[str | None] = mapped_column(String(60))
    """Lower case: IPA codes are compared without case."""
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"), index=True)
    place_text: Mapped[str | None] = mapped_column(String(200))
    """The place as the source wrote it, when no municipality answers to it."""
    address: Mapped[str | None] = mapped_column(String(300))
    website: Mapped[str | None] = mapped_column(String(300))
    size_class: Mapped[str | None] = mapped_column(String(20))
    """Vocabulary ``size_class``: MICRO, SMALL, MEDIUM, LARGE (EU Rec. 2003/361)."""
    description: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[Capacity] = mapped_column(enum_type(Capacity, "capacity"), default=Capacity.UNSAID)
    capacity_from: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(
        enum_type(Visibility, "visibility"), default=Visibility.PUBLIC, index=True
    )
    origin: Mapped[Origin] = mapped_column(enum_type(Origin, "origin"))
    source: Mapped[str] = mapped_column(String(200), default="")
    """The list a directory body was read from, in words."""
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the body came onto the platform; None: in the directory only."""
    revision: Mapped[int] = mapped_column(default=0, index=True)
    """World revision of the last change (see :class:`WorldRevision`)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    manages_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"), index=True)
    """The ente gestore (a territory) whose social services the body manages."""

    municipality: Mapped[Territory | None] = relationship(foreign_keys=[municipality_id])
    manages: Mapped[Territory | None] = relationship(foreign_keys=[manages_id])
    terms: Mapped[list[ProfileTerm]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )
    work_territories: Mapped[list[WorkTerritory]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )
    participations: Mapped[list[Participation]] = relationship(back_populates="organisation")
    notices: Mapped[list[DirectoryNotice]] = relationship(
        foreign_keys="DirectoryNotice.organisation_id",
        back_populates="organisation",
        cascade="all, delete-orphan",
    )

    @property
    def on_platform(self) -> bool:
        """True when somebody of the body is on the platform."""
        return self.joined_at is not None

    @property
    def is_demo(self) -> bool:
        """True for the invented bodies of the demonstration."""
        return self.origin is Origin.DEMO


class ProfileTerm(Base):
    """One code in one list of a profile, said by the body or inferred from its name."""

    __tablename__ = "profile_term"
    __table_args__ = (
        UniqueConstraint("organisation_id", "field", "code"),
        Index("ix_profile_term_field_code", "field", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    field: Mapped[TermField] = mapped_column(enum_type(TermField, "field"))
    code: Mapped[str] = mapped_column(String(60))
    inference_rule: Mapped[str | None] = mapped_column(String(60))
    """The rule that read it off the name; None when the body said it."""
    evidence: Mapped[str | None] = mapped_column(String(200))
    """The words of the name that the rule matched."""

    organisation: Mapped[Organisation] = relationship(back_populates="terms")


class WorkTerritory(Base):
    """A territory where a body works, beside its seat."""

    __tablename__ = "work_territory"
    __table_args__ = (UniqueConstraint("organisation_id", "territory_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"), index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="work_territories")
    territory: Mapped[Territory] = relationship()


class Contact(Base):
    """Whom to call. Private: shown to the body itself, never in lists, search or exports."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(200), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="contacts")


class PastProject(Base):
    """Work that bodies did together before: the ties that the graph is made of."""

    __tablename__ = "past_project"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    start_year: Mapped[int | None]
    measure: Mapped[str | None] = mapped_column(String(20))
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    participations: Mapped[list[Participation]] = relationship(
        back_populates="project", cascade="all, delete-orphan"
    )


class Participation(Base):
    """A body's part in a past project."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("project_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("past_project.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(20), default="partner")

    project: Mapped[PastProject] = relationship(back_populates="participations")
    organisation: Mapped[Organisation] = relationship(back_populates="participations")


class SearchToken(Base):
    """A stemmed word of what a body is and says: search works the same on every database."""

    __tablename__ = "search_token"
    __table_args__ = (Index("ix_search_token_token_organisation_id", "token", "organisation_id"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[str] = mapped_column(String(60), primary_key=True)


class DirectoryNotice(Base):
    """Something a facilitator should look at: a duplicate, a cut name, an abolished body."""

    __tablename__ = "directory_notice"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    code: Mapped[NoticeCode] = mapped_column(enum_type(NoticeCode, "code"), index=True)
    detail: Mapped[str] = mapped_column(String(300), default="")
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))

    organisation: Mapped[Organisation] = relationship(
        foreign_keys=[organisation_id], back_populates="notices"
    )
