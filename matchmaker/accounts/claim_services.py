"""Bodies and the people who act for them: registering a new one, taking over one of the directory."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Claim, ClaimState, Membership, MembershipRole, Person
from matchmaker.audit.services import record
from matchmaker.database import utc_now
from matchmaker.errors import MatchmakerError
from matchmaker.organisations.models import Organisation, Origin, ProfileTerm, TermField, Visibility
from matchmaker.organisations.profile_services import CodeTaken
from matchmaker.organisations.services import mark_changed
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.inference import infer
from matchmaker.vocabularies.names import fold_name


class AlreadyMember(MatchmakerError):
    """The person acts for the body already."""


class AlreadyAsked(MatchmakerError):
    """The person has asked for the body and waits for an answer."""


class AlreadyDecided(MatchmakerError):
    """Somebody has answered the claim meanwhile."""


@dataclass(frozen=True)
class NewOrganisation:
    """What is asked of a body when it registers; codes are checked and in their kept form."""

    name: str
    kind: str
    municipality_id: int
    legal_form: str | None = None
    tax_code: str | None = None
    vat_number: str | None = None
    ipa_code: str | None = None


def register_organisation(session: Session, person: Person, new: NewOrganisation) -> Organisation:
    """Put a new body on the platform, with the person as its administrator.

    Raises:
        CodeTaken: its tax code or IPA code stands in the directory.
    """
    organisation = Organisation(
        name=new.name.strip(),
        folded_name=fold_name(new.name)[:300],
        kind=new.kind,
        legal_form=new.legal_form,
        size_class=size_of_form(new.legal_form),
        tax_code=new.tax_code,
        vat_number=new.vat_number,
        ipa_code=new.ipa_code,
        municipality_id=new.municipality_id,
        visibility=Visibility.PUBLIC,
        origin=Origin.REGISTERED,
        joined_at=utc_now(),
    )
    try:
        with session.begin_nested():
            session.add(organisation)
    except IntegrityError as error:
        raise CodeTaken(new.tax_code or new.ipa_code or "") from error
    read_off_name(organisation)
    add_member(session, person, organisation, MembershipRole.ADMINISTRATOR)
    record(session, person.id, "register_organisation", organisation)
    mark_changed(session, organisation)
    return organisation


def read_off_name(organisation: Organisation) -> None:
    """Add what the name of a new body tells, marked as inferred until the body says otherwise."""
    inference = infer(organisation.name)
    if organisation.legal_form is None and inference.kind == organisation.kind:
        organisation.legal_form = inference.legal_form
        organisation.legal_form_rule = inference.legal_form_rule
    fields = {field.value: field for field in TermField}
    organisation.terms = [
        ProfileTerm(
            field=fields[term.vocabulary],
            code=term.code,
            inference_rule=term.rule,
            evidence=term.evidence[:200],
        )
        for term in inference.terms
        if term.vocabulary in fields
    ]


def size_of_form(legal_form: str | None) -> str | None:
    """The size that a legal form says by itself (a micro enterprise is micro), or None."""
    term = catalogue()["legal_form"].get(legal_form or "")
    return term.facts.get("size_class") if term is not None else None


def add_member(
    session: Session, person: Person, organisation: Organisation, role: MembershipRole
) -> Membership:
    """Give a person a role within a body, in place of the one they had."""
    membership = membership_of(session, person.id, organisation.id)
    if membership is None:
        membership = Membership(person_id=person.id, organisation_id=organisation.id, role=role)
        session.add(membership)
    membership.role = role
    session.flush()
    return membership


def membership_of(session: Session, person_id: int, organisation_id: int) -> Membership | None:
    """A person's part in a body, or None."""
    return session.scalar(
        select(Membership).where(
            Membership.person_id == person_id, Membership.organisation_id == organisation_id
        )
    )


def request_claim(session: Session, person: Person, organisation: Organisation, message: str = "") -> Claim:
    """Ask to act for a directory body; nothing changes for the body until a facilitator confirms.

    Raises:
        AlreadyMember: the person acts for it.
        AlreadyAsked: the person waits for an answer.
    """
    if membership_of(session, person.id, organisation.id) is not None:
        raise AlreadyMember
    claim = Claim(person_id=person.id, organisation_id=organisation.id, message=message.strip())
    try:
        with session.begin_nested():
            session.add(claim)
    except IntegrityError as error:
        raise AlreadyAsked from error
    record(session, person.id, "request_claim", claim, organisation=organisation.id)
    return claim


def confirm_claim(session: Session, actor_id: int, claim: Claim) -> Organisation:
    """Let the person act for the body as its administrator; the body joins the platform.

    Raises:
        AlreadyDecided: the claim waits no more.
    """
    _decide(session, actor_id, claim, ClaimState.CONFIRMED)
    organisation = claim.organisation
    add_member(session, claim.person, organisation, MembershipRole.ADMINISTRATOR)
    if organisation.joined_at is None:
        organisation.joined_at = utc_now()
        mark_changed(session, organisation)
    return organisation


def refuse_claim(session: Session, actor_id: int, claim: Claim) -> None:
    """Say no to a claim: the body stays as it was.

    Raises:
        AlreadyDecided: the claim waits no more.
    """
    _decide(session, actor_id, claim, ClaimState.REFUSED)


def _decide(session: Session, actor_id: int, claim: Claim, state: ClaimState) -> None:
    # The condition is in the statement: of two facilitators at once, one finds nothing to decide.
    decided = session.execute(
        update(Claim)
        .where(Claim.id == claim.id, Claim.state == ClaimState.WAITING)
        .values(state=state, decided_at=utc_now(), decided_by_id=actor_id)
        .returning(Claim.id)
    ).scalar()
    if decided is None:
        raise AlreadyDecided
    session.refresh(claim)
    record(session, actor_id, f"{state.value}_claim", claim, organisation=claim.organisation_id)
