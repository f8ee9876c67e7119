"""Draft partnerships as JSON: what is sent, what is read, what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import Person
from matchmaker.api.documents import page_document
from matchmaker.api.fields import Reference, Shape, Whole, Words, code, one_of
from matchmaker.api.questions import Body, TeamIn, read_asking, read_roles
from matchmaker.organisations.models import Organisation
from matchmaker.paging import Page
from matchmaker.partnerships.models import Partnership, PartnershipMember
from matchmaker.partnerships.pages import asking_of
from matchmaker.partnerships.presenters import flavour_words
from matchmaker.partnerships.services import FLAVOURS, open_draft
from matchmaker.permissions import LARGEST_ID, Reader, may, sees
from matchmaker.snapshots import current_snapshot
from matchmaker.suggestions.documents import Document, check_document, organisation_row_document
from matchmaker.suggestions.services import check_team
from matchmaker.suggestions.teams import team_with_roles
from matchmaker.suggestions.wording import Wording
from recommender.types import Role

TITLE_LENGTH = 200
PAGE_LENGTH = 20
ACTIONS = ("delete_partnership", "add_member", "change_role", "remove_member")
ROLES = {"enum": [role.value for role in Role]}


class DraftIn(TeamIn):
    """A team to keep as a draft of one organisation, which is in it whatever the members say."""

    organisation_id = Whole(least=1, most=LARGEST_ID, required=True)
    title = Words(least=1, most=TITLE_LENGTH)
    flavour = one_of(*sorted(FLAVOURS))


class NewMemberIn(Shape):
    """A body to put into a draft."""

    organisation = Reference(required=True)
    role = code(metadata=ROLES)


class RoleIn(Shape):
    """A member's new part."""

    role = code(required=True, metadata=ROLES)


def open_from(
    session: Session, reader: Reader, person: Person, owner: Organisation, body: Body
) -> Partnership:
    """Save what was sent as the owner's draft.

    Raises:
        Refused, UnknownCode, ImpossibleAmount: naming the field.
        TooManyMembers: with the owner they are too many.
    """
    asking = read_asking(session, body, owner)
    flavour = body.get("flavour")
    named = flavour_words(flavour)[0] if flavour else _("Partenariato")
    title = body.get("title") or f"{asking.measure} · {named}"
    roles = read_roles(session, reader, body)
    return open_draft(session, owner, person, asking, roles, title=title, flavour=flavour)


def drafts_page(session: Session, reader: Reader, owner: Organisation | None, number: int) -> Document:
    """Return a page of the drafts of one body, or of every body of the reader's."""
    whose = Partnership.owner_id.in_(reader.organisation_ids if owner is None else [owner.id])
    total = session.scalar(select(func.count()).select_from(Partnership).where(whose)) or 0
    page = Page.of(number, total, PAGE_LENGTH)
    rows = _drafts(session, whose, page)
    return {
        **page_document(page.number, page.count, page.total, page.length),
        "partnerships": [draft_line(reader, row) for row in rows],
    }


def _drafts(session: Session, whose: ColumnElement[bool], page: Page) -> Sequence[Partnership]:
    members = selectinload(Partnership.members).joinedload(PartnershipMember.organisation)
    query = (
        select(Partnership)
        .where(whose)
        .options(
            members.joinedload(Organisation.municipality),
            joinedload(Partnership.owner).joinedload(Organisation.municipality),
            joinedload(Partnership.rule_set),
        )
        .order_by(Partnership.updated_at.desc(), Partnership.id.desc())
    )
    return session.scalars(query.offset(page.offset).limit(page.length)).all()


def draft_line(reader: Reader, row: Partnership) -> Document:
    """Return a draft as a list names it; a member that has hidden itself since is not told."""
    return {
        "id": row.id,
        "title": row.title,
        "measure": row.measure,
        "ruleset": row.rule_set.code,
        "ruleset_version": row.rule_set.version,
        "organisation": organisation_row_document(row.owner),
        "flavour": row.flavour,
        "members": [
            {"organisation": organisation_row_document(m.organisation), "role": m.role.value}
            for m in row.members
            if sees(reader, m.organisation)
        ],
        "created_at": row.created_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }


def draft_document(session: Session, reader: Reader, row: Partnership) -> Document:
    """Return a draft with its check, and what the reader may do with it."""
    asking = asking_of(session, row)
    roles = {m.organisation_id: m.role for m in row.members if sees(reader, m.organisation)}
    found = check_team(current_snapshot(session), asking, team_with_roles(session, roles))
    verdict: dict[str, Any] = check_document(found, Wording.for_check(session, found))
    return {
        **draft_line(reader, row),
        "project": row.project,
        "check": verdict,
        "actions": [action for action in ACTIONS if may(reader, f"api.{action}", row)],
    }
