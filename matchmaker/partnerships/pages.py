"""What the pages of partnerships show, put together from question, answer and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import abort, url_for
from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.i18n import language
from matchmaker.measures.services import rule_set_named
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import find_by_words
from matchmaker.partnerships.documents import wording_of
from matchmaker.partnerships.models import Partnership, PartnershipMember
from matchmaker.partnerships.presenters import (
    MemberLine,
    ProposalCard,
    invitations,
    member_lines,
    proposal_cards,
    why_none,
)
from matchmaker.partnerships.proposing import propose_partnerships
from matchmaker.permissions import Reader, sees
from matchmaker.snapshots import current_snapshot
from matchmaker.suggestions.asking import Asking, project_from
from matchmaker.suggestions.pages import Question, asks_by_public_notice, visible_body
from matchmaker.suggestions.presenters import TreeGroup, project_line, tree
from matchmaker.suggestions.services import Check, check_team
from matchmaker.suggestions.teams import team_with_roles
from matchmaker.suggestions.wording import Wording, organisations_by_id
from matchmaker.vocabularies.catalogue import catalogue
from recommender.types import Reason, Role

MOST_FOUND = 8
MOST_FITTING = 5


@dataclass(frozen=True)
class ProposalsPage:
    """What templates/partnerships/proposals.html shows."""

    asking: Asking | None = None
    asked: bool = False
    project_line: str = ""
    assumed_district: bool = False
    public_notice: bool = False
    proposals: list[ProposalCard] = field(default_factory=list)
    why_none: str = ""
    blocked: list[TreeGroup] = field(default_factory=list)
    invite: list[Organisation] = field(default_factory=list)
    arguments: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def all_qualify(self) -> bool:
        """True when nothing has to be said or confirmed of any proposal."""
        return all(proposal.qualifies for proposal in self.proposals)


@dataclass(frozen=True)
class Addition:
    """A body that could be added to a draft, in a role."""

    body: Organisation
    place: str | None
    why: str
    role: str


@dataclass(frozen=True)
class AdditionGroup:
    """Bodies found by search, or fitting a gap."""

    title: str
    cards: list[Addition]


@dataclass(frozen=True)
class DraftPage:
    """What templates/partnerships/show.html shows."""

    owner: Organisation
    project_line: str
    next_step: str
    qualifies: bool | None
    tree: list[TreeGroup]
    newer_rules: str
    members: list[MemberLine]
    cost: str
    search: str
    additions: list[AdditionGroup]


@dataclass(frozen=True)
class DraftLine:
    """A draft in a list."""

    id: int
    title: str
    line: str


def proposals_page(session: Session, organisation: Organisation, question: Question) -> ProposalsPage:
    """Assemble partnerships for one body's question."""
    if question.asking is None:
        return ProposalsPage(asked=question.asked, arguments=question.arguments)
    asking = question.asking
    answer = propose_partnerships(session, organisation, asking)
    wording = wording_of(session, answer)
    return ProposalsPage(
        asking=asking,
        asked=True,
        project_line=project_line(asking, wording),
        assumed_district=asking.assumed_district,
        public_notice=asks_by_public_notice(organisation, asking),
        proposals=proposal_cards(answer, wording),
        why_none="" if answer.assembly.proposals else why_none(answer.assembly),
        blocked=tree(answer.blocked, wording) if answer.blocked else [],
        invite=[wording.organisations[body] for body in answer.invite],
        arguments=question.arguments,
    )


def members_in(session: Session, reader: Reader, text: str) -> dict[int, Role]:
    """Read ``id:role,id:role`` as a proposal's form sends it; bodies unseen by the reader are a 404."""
    roles: dict[int, Role] = {}
    for part in filter(None, text.split(",")):
        identifier, _separator, role = part.partition(":")
        if role not in set(Role):
            abort(400)
        roles[visible_body(session, reader, identifier).id] = Role(role)
    if list(roles.values()).count(Role.LEAD) > 1:
        abort(400)
    return roles


def drafts_of(session: Session, reader: Reader, organisation: Organisation) -> list[DraftLine]:
    """Return an organisation's drafts, newest first."""
    query = select(Partnership).where(Partnership.owner_id == organisation.id)
    rows = session.scalars(
        query.options(selectinload(Partnership.members).joinedload(PartnershipMember.organisation)).order_by(
            Partnership.updated_at.desc()
        )
    )
    return [DraftLine(row.id, row.title, _draft_line(reader, row)) for row in rows]


def _draft_line(reader: Reader, row: Partnership) -> str:
    seen = [member for member in row.members if sees(reader, member.organisation)]
    number = ngettext("%(num)d ente", "%(num)d enti", len(seen))
    measure = catalogue()["measure"][row.measure].label(language())
    return " · ".join((measure, number, format_datetime(row.updated_at, "medium")))


def asking_of(session: Session, partnership: Partnership) -> Asking:
    """Return the question that a draft stands for, under the rules that it keeps."""
    project = project_from(session, partnership.measure, partnership.project)
    return Asking(partnership.measure, partnership.rule_set, project)


def draft_page(session: Session, reader: Reader, partnership: Partnership, search: str) -> DraftPage:
    """Check a draft as it stands and offer who could be added."""
    snapshot = current_snapshot(session)
    asking = asking_of(session, partnership)
    roles = {m.organisation_id: m.role for m in partnership.members if sees(reader, m.organisation)}
    check = check_team(snapshot, asking, team_with_roles(session, roles))
    wording = Wording.for_check(session, check)
    outside = [c for c in check.team.candidates if not c.on_platform]
    return DraftPage(
        owner=partnership.owner,
        project_line=project_line(asking, wording),
        next_step=_next_step(check, len(outside)),
        qualifies=check.qualifies,
        tree=tree(check, wording, place=_place),
        newer_rules=_newer_rules(session, partnership),
        members=member_lines(check.team.members, wording, partnership.owner_id),
        cost=invitations(len(outside)),
        search=search,
        additions=_additions(session, reader, check, roles, search),
    )


def _place(reason: Reason) -> tuple[str, str] | None:
    """Where on the draft's own page a reader mends something."""
    anchors = {
        "say": "#declared",
        "say_district": "#districts",
        "declare_aggregation": "#aggregation",
        "name_one_of": f"#{next(iter(reason.parameters.get('fields', ())), 'themes')}",
        "choose_form": "#form",
        "say_budget": "#budget",
        "say_own_share": "#own_share",
        "needs_members": "#add-title",
        "needs_lead": "#members-title",
        "needs_lead_in_district": "#members-title",
        "needs_managing_lead": "#members-title",
    }
    anchor = anchors.get(reason.code)
    return (_("Rispondete qui"), anchor) if anchor else None


def _next_step(check: Check, outside: int) -> str:
    if check.qualifies is False:
        return _("completare il partenariato con ciò che manca.")
    if check.qualifies is None:
        return _("dire o confermare i punti ancora aperti.")
    if outside:
        return invitations(outside)
    return _("parlare con i membri e scrivere l’idea di progetto.")


def _newer_rules(session: Session, partnership: Partnership) -> str:
    newest = rule_set_named(session, partnership.rule_set.code)
    if newest.version <= partnership.rule_set.version:
        return ""
    return _(
        "Questa bozza è verificata con la versione %(old)d delle regole; esiste la versione %(new)d.",
        old=partnership.rule_set.version,
        new=newest.version,
    )


def _additions(
    session: Session, reader: Reader, check: Check, roles: Mapping[int, Role], search: str
) -> list[AdditionGroup]:
    if search:
        found = find_by_words(session, reader, search, MOST_FOUND)
        cards = [_addition(body, "") for body in found if body.id not in roles]
        return [AdditionGroup(_("Trovati per «%(search)s»", search=search), cards)]
    groups = []
    for code, fitting in check.fit.items():
        bodies = organisations_by_id(session, list(fitting)[:MOST_FITTING])
        shown = [body for body in bodies.values() if sees(reader, body)]
        if shown:
            rule = next(rule for rule in check.asking.rules if rule.code == code)
            text = rule.text_en if language() == "en" else rule.text_it
            groups.append(AdditionGroup(text, [_addition(body, "") for body in shown]))
    return groups


def _addition(body: Organisation, why: str) -> Addition:
    place = body.municipality.name if body.municipality else body.place_text
    return Addition(body, place, why, Role.PARTNER.value)


def page_of(partnership: Partnership) -> str:
    """The address of a draft's page."""
    return url_for("partnerships.show", partnership_id=partnership.id)
