"""Drafts of partnerships: opened from a proposal, changed, checked, deleted."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Person
from matchmaker.audit.services import record
from matchmaker.errors import MatchmakerError
from matchmaker.organisations.models import Organisation
from matchmaker.partnerships.models import Partnership, PartnershipMember
from matchmaker.suggestions.asking import Asking, project_json
from recommender.types import Project, Role

MOST_MEMBERS = 40
FLAVOURS = frozenset({"strongest_ties", "best_coverage", "newcomers"})


class AlreadyMember(MatchmakerError):
    """The body stands in the draft already."""


class TooManyMembers(MatchmakerError):
    """A draft holds at most MOST_MEMBERS bodies."""


class OwnerStays(MatchmakerError):
    """The organisation that owns a draft cannot be taken out of it."""


class NotAMember(MatchmakerError):
    """The body does not stand in the draft."""


def open_draft(
    session: Session,
    owner: Organisation,
    person: Person,
    asking: Asking,
    members: Mapping[int, Role],
    *,
    title: str,
    flavour: str | None = None,
) -> Partnership:
    """Save a composition as the owner's draft; the owner is in it whatever ``members`` says.

    Raises:
        TooManyMembers: more than MOST_MEMBERS bodies.
    """
    roles = {owner.id: Role.PARTNER} | dict(members)
    if len(roles) > MOST_MEMBERS:
        raise TooManyMembers(str(MOST_MEMBERS))
    partnership = Partnership(
        title=title,
        measure=asking.measure,
        rule_set=asking.rule_set,
        owner=owner,
        created_by=person,
        flavour=flavour,
        project=project_json(asking.project),
        members=[PartnershipMember(organisation_id=body, role=role) for body, role in roles.items()],
    )
    session.add(partnership)
    session.flush()
    record(session, person.id, "partnership.opened", partnership, measure=asking.measure, flavour=flavour)
    return partnership


def add_member(
    session: Session, partnership: Partnership, person: Person, organisation: Organisation, role: Role
) -> None:
    """Put a body into a draft; a new lead makes the former one a partner.

    Raises:
        AlreadyMember, TooManyMembers
    """
    if _member(partnership, organisation.id) is not None:
        raise AlreadyMember(organisation.name)
    if len(partnership.members) >= MOST_MEMBERS:
        raise TooManyMembers(str(MOST_MEMBERS))
    _make_room_for(session, partnership, role)
    partnership.members.append(PartnershipMember(organisation=organisation, role=role))
    session.flush()
    record(session, person.id, "partnership.member_added", partnership, organisation=organisation.id)


def change_role(
    session: Session, partnership: Partnership, person: Person, organisation_id: int, role: Role
) -> None:
    """Give a member another role; a new lead makes the former one a partner.

    Raises:
        NotAMember
    """
    member = _member(partnership, organisation_id)
    if member is None:
        raise NotAMember(str(organisation_id))
    _make_room_for(session, partnership, role)
    member.role = role
    session.flush()
    record(
        session, person.id, "partnership.role_changed", partnership, organisation=organisation_id, role=role
    )


def remove_member(session: Session, partnership: Partnership, person: Person, organisation_id: int) -> None:
    """Take a body out of a draft.

    Raises:
        OwnerStays, NotAMember
    """
    if organisation_id == partnership.owner_id:
        raise OwnerStays(partnership.owner.name)
    member = _member(partnership, organisation_id)
    if member is None:
        raise NotAMember(str(organisation_id))
    partnership.members.remove(member)
    session.flush()
    record(session, person.id, "partnership.member_removed", partnership, organisation=organisation_id)


def declare(session: Session, partnership: Partnership, person: Person, title: str, project: Project) -> None:
    """Write down what the project says now."""
    partnership.title = title
    partnership.project = project_json(project)
    session.flush()
    record(session, person.id, "partnership.declared", partnership)


def delete_draft(session: Session, partnership: Partnership, person: Person) -> None:
    """Delete a draft with its members; the audit trail keeps that it was there."""
    record(session, person.id, "partnership.deleted", partnership, measure=partnership.measure)
    session.delete(partnership)
    session.flush()


def _member(partnership: Partnership, organisation_id: int) -> PartnershipMember | None:
    return next((m for m in partnership.members if m.organisation_id == organisation_id), None)


def _make_room_for(session: Session, partnership: Partnership, role: Role) -> None:
    if role is not Role.LEAD:
        return
    for member in partnership.members:
        if member.role is Role.LEAD:
            member.role = Role.PARTNER
    # The index of one lead per draft looks at each statement: the old one steps down first.
    session.flush()
