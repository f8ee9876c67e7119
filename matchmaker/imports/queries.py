"""Reads of the import: bodies as they stand, notices, runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.imports.bodies import COLUMNS, BodyState
from matchmaker.imports.findings import Finding, Key
from matchmaker.imports.models import ImportRun
from matchmaker.imports.readings import InferredTerm
from matchmaker.organisations.models import Contact, DirectoryNotice, Organisation, ProfileTerm

RUNS_SHOWN = 30


def body_states(session: Session, ids: Collection[int]) -> dict[int, BodyState]:
    """Return bodies as lists see them, in three queries; empty for no ids."""
    if not ids:
        return {}
    inferred, said = _terms(session, ids)
    emails = _emails(session, ids)
    columns = [getattr(Organisation, name) for name in COLUMNS]
    query = select(Organisation.id, Organisation.origin, Organisation.joined_at, *columns)
    states = {}
    for id_, origin, joined_at, *values in session.execute(query.where(Organisation.id.in_(ids))):
        email, email_source = emails.get(id_, (None, ""))
        states[id_] = BodyState(
            **dict(zip(COLUMNS, values, strict=True)),
            origin=origin,
            joined=joined_at is not None,
            inferred=tuple(sorted(inferred[id_])),
            said=tuple(sorted(said[id_])),
            email=email,
            email_source=email_source,
        )
    return states


def _terms(
    session: Session, ids: Collection[int]
) -> tuple[dict[int, list[InferredTerm]], dict[int, list[tuple[str, str]]]]:
    inferred: dict[int, list[InferredTerm]] = defaultdict(list)
    said: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(
        ProfileTerm.organisation_id,
        ProfileTerm.field,
        ProfileTerm.code,
        ProfileTerm.inference_rule,
        ProfileTerm.evidence,
    )
    concerned = query.where(ProfileTerm.organisation_id.in_(ids))
    for id_, field, code, rule, evidence in session.execute(concerned):
        if rule is None:
            said[id_].append((field.value, code))
        else:
            inferred[id_].append((field.value, code, rule, evidence or ""))
    return inferred, said


def from_a_list() -> list[object]:
    """Conditions on Contact: an address that a list brought, and nobody has put a name to."""
    return [Contact.source != "", Contact.name == "", Contact.phone == ""]


def _emails(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    query = select(Contact.organisation_id, Contact.email, Contact.source)
    rows = session.execute(query.where(Contact.organisation_id.in_(ids), *from_a_list()))  # type: ignore[arg-type]
    return {id_: (email, source) for id_, email, source in rows}


def standing_notices(session: Session) -> dict[Key, tuple[int, Finding]]:
    """Return the notices that stand, with their ids."""
    columns = select(
        DirectoryNotice.id,
        DirectoryNotice.organisation_id,
        DirectoryNotice.code,
        DirectoryNotice.detail,
        DirectoryNotice.other_id,
    )
    rows = session.execute(columns)
    return {(body, code): (id_, Finding(detail, other)) for id_, body, code, detail, other in rows}


def recent_runs(session: Session) -> Sequence[ImportRun]:
    """The latest runs, newest first."""
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(RUNS_SHOWN)).all()
