"""Reads about people and about bodies that may already be here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import ApiToken, Claim, ClaimState, Membership, MembershipRole, Person
from matchmaker.organisations.identifiers import (
    WrongCode,
    clean_ipa_code,
    clean_tax_code,
    clean_vat_number,
)
from matchmaker.organisations.models import Organisation, SearchToken
from matchmaker.permissions import Reader, visible_organisations
from matchmaker.vocabularies.names import fold_name
from recommender.text import stems

MOST_FOUND = 20
MOST_NEAR = 5
MOST_DECIDED = 20
NEAR = 0.8
"""From this share of equal letters on, two names of one municipality are shown as near-same."""
SHORTEST_TELLING = 4


@dataclass(frozen=True)
class Found:
    """Bodies that answer to a question; ``more`` when the list is cut."""

    bodies: Sequence[Organisation]
    more: bool = False


def find_bodies(session: Session, reader: Reader, text: str) -> Found:
    """Find visible bodies by tax code, VAT number, IPA code or words of their name and place."""
    exact = _with_codes(text)
    query = _shown().where(visible_organisations(reader), or_(false(), *exact, *_with_words(text)))
    order = (Organisation.folded_name != fold_name(text), func.length(Organisation.name), Organisation.id)
    bodies = session.scalars(query.order_by(*order).limit(MOST_FOUND + 1)).all()
    return Found(bodies[:MOST_FOUND], len(bodies) > MOST_FOUND)


def _shown() -> Any:
    return select(Organisation).options(joinedload(Organisation.municipality))


def _with_codes(text: str) -> list[Any]:
    conditions = []
    columns = {
        clean_tax_code: (Organisation.tax_code,),
        clean_vat_number: (Organisation.tax_code, Organisation.vat_number),
        clean_ipa_code: (Organisation.ipa_code,),
    }
    for clean, answering in columns.items():
        try:
            conditions += [column == clean(text) for column in answering]
        except WrongCode:
            continue
    return conditions


def _with_words(text: str) -> list[Any]:
    conditions: list[Any] = []
    folded = fold_name(text)
    if len(folded) >= SHORTEST_TELLING:
        conditions.append(Organisation.folded_name.contains(folded, autoescape=True))
    if wanted := set(stems(text)):
        having_all = (
            select(SearchToken.organisation_id)
            .where(SearchToken.token.in_(wanted))
            .group_by(SearchToken.organisation_id)
            .having(func.count() == len(wanted))
        )
        conditions.append(Organisation.id.in_(having_all))
    return conditions


@dataclass(frozen=True)
class Codes:
    """The codes by which a new body may turn out to stand in the directory."""

    tax_code: str | None = None
    vat_number: str | None = None
    ipa_code: str | None = None


def standing_bodies(session: Session, codes: Codes) -> Sequence[Organisation]:
    """Return bodies that have one of the codes, hidden ones too: who asks must not show those.

    A VAT number counts when the tax codes do not say otherwise: the members of a VAT group share one.
    """
    same = [
        column == value
        for column, value in (
            (Organisation.tax_code, codes.tax_code),
            (Organisation.ipa_code, codes.ipa_code),
            (Organisation.tax_code, codes.vat_number),
        )
        if value
    ]
    if codes.vat_number:
        undecided = Organisation.tax_code.is_(None) if codes.tax_code else Organisation.id.is_not(None)
        same.append(and_(Organisation.vat_number == codes.vat_number, undecided))
    if not same:
        return []
    return session.scalars(_shown().where(or_(*same)).order_by(Organisation.id)).all()


def near_bodies(session: Session, reader: Reader, name: str, municipality_id: int) -> list[Organisation]:
    """Return visible bodies of a municipality whose name is nearly the given one, the nearest first."""
    wanted = fold_name(name)
    rows = session.execute(
        select(Organisation.id, Organisation.folded_name).where(
            Organisation.municipality_id == municipality_id, visible_organisations(reader)
        )
    )
    scored = [(nearness(wanted, folded), identifier) for identifier, folded in rows]
    near = sorted(((score, -identifier) for score, identifier in scored if score >= NEAR), reverse=True)
    wanted_ids = [-identifier for _score, identifier in near[:MOST_NEAR]]
    bodies = session.scalars(_shown().where(Organisation.id.in_(wanted_ids)))
    return sorted(bodies, key=lambda body: wanted_ids.index(body.id))


def nearness(one: str, other: str) -> float:
    """How near two folded names are, 0 to 1: at least NEAR when the words of one all stand in the other."""
    words, others = set(one.split()), set(other.split())
    shared = words & others
    within = shared in (words, others) and any(len(word) >= SHORTEST_TELLING for word in shared)
    matcher = SequenceMatcher(a=one, b=other, autojunk=False)
    ratio = matcher.ratio() if within or matcher.quick_ratio() >= NEAR else 0.0
    return max(ratio, NEAR) if within else ratio


@dataclass(frozen=True)
class WaitingClaim:
    """A claim with the people who act for the body already."""

    claim: Claim
    administrators: tuple[str, ...]


def waiting_claims(session: Session) -> list[WaitingClaim]:
    """Claims that wait for an answer, the oldest first."""
    claims = session.scalars(
        _claims().where(Claim.state == ClaimState.WAITING).order_by(Claim.created_at, Claim.id)
    ).all()
    names = _administrators(session, {claim.organisation_id for claim in claims})
    return [WaitingClaim(claim, names.get(claim.organisation_id, ())) for claim in claims]


def decided_claims(session: Session) -> Sequence[Claim]:
    """The claims decided last."""
    decided = _claims().where(Claim.state != ClaimState.WAITING)
    return session.scalars(decided.order_by(Claim.decided_at.desc(), Claim.id).limit(MOST_DECIDED)).all()


def claims_of(session: Session, reader: Reader, person_id: int) -> Sequence[Claim]:
    """A person's claims on bodies that they may see, the newest first."""
    seen = Claim.organisation_id.in_(select(Organisation.id).where(visible_organisations(reader)))
    own = _claims().where(Claim.person_id == person_id, seen)
    return session.scalars(own.order_by(Claim.created_at.desc(), Claim.id.desc())).all()


def waiting_claim_of(session: Session, person_id: int, organisation_id: int) -> Claim | None:
    """The claim by which a person waits for a body, or None."""
    return session.scalar(
        select(Claim).where(
            Claim.person_id == person_id,
            Claim.organisation_id == organisation_id,
            Claim.state == ClaimState.WAITING,
        )
    )


def _claims() -> Any:
    return select(Claim).options(
        joinedload(Claim.person), joinedload(Claim.organisation).joinedload(Organisation.municipality)
    )


def _administrators(session: Session, organisation_ids: set[int]) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(Membership.organisation_id, Person.name)
        .join(Person, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role == MembershipRole.ADMINISTRATOR,
        )
        .order_by(Person.name)
    )
    names: dict[int, tuple[str, ...]] = {}
    for organisation_id, name in rows:
        names[organisation_id] = (*names.get(organisation_id, ()), name)
    return names


def memberships_of(session: Session, person_id: int) -> Sequence[Membership]:
    """The bodies a person acts for, in the order of joining them."""
    return session.scalars(
        select(Membership)
        .options(joinedload(Membership.organisation).joinedload(Organisation.municipality))
        .where(Membership.person_id == person_id)
        .order_by(Membership.created_at, Membership.id)
    ).all()


def tokens_of(session: Session, person_id: int) -> Sequence[ApiToken]:
    """A person's tokens, the newest first, revoked ones too."""
    return session.scalars(
        select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id.desc())
    ).all()
