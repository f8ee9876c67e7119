"""Proposals and drafts in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from matchmaker.organisations.models import Organisation
from matchmaker.partnerships.proposing import ProposalAnswer
from matchmaker.suggestions.presenters import TreeGroup, tree
from matchmaker.suggestions.services import Check
from matchmaker.suggestions.wording import Wording
from recommender.assembly import Assembly
from recommender.types import Member, Proposal, Role

PROVEN_GAP = 1e-4
"""Value and bound this close, relative to the bound, count as proven equal."""


@dataclass(frozen=True)
class MemberLine:
    """A member of a proposal or draft as shown."""

    body: Organisation
    place: str | None
    role: str
    is_owner: bool
    other_roles: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ProposalCard:
    """One proposal as shown."""

    flavour: str
    title: str
    aim: str
    qualifies: bool | None
    cost: str
    proof: str
    members: list[MemberLine]
    tree: list[TreeGroup]
    hidden: dict[str, str]


def why_none(assembly: Assembly) -> str:
    """Why there is no proposal, in a line: time, nobody to lead, or the rules."""
    if assembly.out_of_time:
        return _(
            "Il calcolo è stato fermato prima della fine: non sappiamo se un partenariato esiste. Riprovate."
        )
    if any(reason.code == "nobody_leads" for reason in assembly.because):
        return _("Nessuno degli enti che possono entrare ora può fare da capofila")
    return _("Con queste regole oggi nessun partenariato si qualifica")


def flavour_words(flavour: str) -> tuple[str, str]:
    """The title of a flavour, and what it puts first."""
    return {
        "strongest_ties": (
            _("Legami più forti"),
            _("Chi vi è più vicino per storia, lavoro e territorio."),
        ),
        "best_coverage": (
            _("Copertura più ampia"),
            _("Chi insieme copre più temi, servizi e bisogni del progetto."),
        ),
        "newcomers": (
            _("Più volti nuovi"),
            _("Enti adatti che non hanno ancora lavorato in questi progetti."),
        ),
    }[flavour]


def role_word(role: Role) -> str:
    """The word for a role."""
    return {Role.LEAD: _("Capofila"), Role.PARTNER: _("Partner"), Role.NETWORK: _("Rete")}[role]


def proposal_cards(answer: ProposalAnswer, wording: Wording) -> list[ProposalCard]:
    """Return the proposals as cards."""
    return [
        proposal_card(answer, proposal, check, wording)
        for proposal, check in zip(answer.assembly.proposals, answer.checks, strict=True)
    ]


def proposal_card(answer: ProposalAnswer, proposal: Proposal, check: Check, wording: Wording) -> ProposalCard:
    """Return one proposal in words."""
    title, aim = flavour_words(proposal.flavour)
    members = ",".join(f"{m.candidate.id}:{m.role.value}" for m in proposal.team.members)
    return ProposalCard(
        flavour=proposal.flavour,
        title=title,
        aim=aim,
        qualifies=check.qualifies,
        cost=invitations(len(answer.to_invite(proposal))),
        proof=proof(proposal),
        members=member_lines(proposal.team.members, wording, answer.asker.id),
        tree=tree(check, wording),
        hidden={"flavour": proposal.flavour, "members": members},
    )


def member_lines(members: tuple[Member, ...], wording: Wording, owner_id: int) -> list[MemberLine]:
    """Name the members, the lead first, then the owner."""
    order = {Role.LEAD: 0, Role.PARTNER: 1, Role.NETWORK: 2}
    ordered = sorted(members, key=lambda m: (order[m.role], m.candidate.id != owner_id, m.candidate.name))
    return [_member_line(member, wording.organisations[member.candidate.id], owner_id) for member in ordered]


def _member_line(member: Member, body: Organisation, owner_id: int) -> MemberLine:
    others = {
        Role.LEAD: _("Fate capofila"),
        Role.PARTNER: _("Fate partner"),
        Role.NETWORK: _("Solo nella rete"),
    }
    return MemberLine(
        body=body,
        place=body.municipality.name if body.municipality else body.place_text,
        role=role_word(member.role),
        is_owner=body.id == owner_id,
        other_roles=[(role.value, label) for role, label in others.items() if role is not member.role],
    )


def invitations(number: int) -> str:
    """What it takes to get there."""
    if number == 0:
        return _("Tutti sono già sulla piattaforma.")
    return ngettext(
        "%(num)d ente da invitare: non è ancora sulla piattaforma.",
        "%(num)d enti da invitare: non sono ancora sulla piattaforma.",
        number,
    )


def proof(proposal: Proposal) -> str:
    """How good the proposal is proven to be."""
    gap = proposal.bound - proposal.objective
    if gap <= PROVEN_GAP * max(1.0, abs(proposal.bound)):
        return _("Dimostrato: con questi criteri non c’è un partenariato migliore.")
    share = 100 * gap / max(abs(proposal.bound), PROVEN_GAP)
    return _("Al più il %(share)s %% sotto il migliore possibile.", share=format_decimal(round(share, 1)))
