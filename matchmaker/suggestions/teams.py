"""Teams put together by a person: bodies with their roles, as the pure side reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from matchmaker.errors import MatchmakerError
from matchmaker.organisations.models import Organisation
from matchmaker.snapshots import load_candidates
from recommender.types import Member, Role, Team


class UnknownLead(MatchmakerError):
    """The lead is not one of the members."""


def team_of(session: Session, bodies: Sequence[Organisation], lead: Organisation | None) -> Team:
    """Return the team of some bodies; the first-named order is kept, a body named twice counts once.

    Raises:
        UnknownLead: the lead does not stand among them.
    """
    ids = list(dict.fromkeys(body.id for body in bodies))
    if lead is not None and lead.id not in ids:
        raise UnknownLead(lead.name)
    roles = {body: Role.LEAD if lead is not None and body == lead.id else Role.PARTNER for body in ids}
    return team_with_roles(session, roles)


def team_with_roles(session: Session, roles: Mapping[int, Role]) -> Team:
    """Return the team of bodies by id; hidden ones count too (the reader put them there)."""
    candidates = load_candidates(session, list(roles), hidden_too=True)
    return Team(tuple(Member(candidates[body], role) for body, role in roles.items() if body in candidates))
