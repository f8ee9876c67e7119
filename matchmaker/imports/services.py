"""Writing what an examination planned, in bulk, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEntry
from matchmaker.audit.services import record
from matchmaker.database import utc_now
from matchmaker.imports.examination import Examination
from matchmaker.imports.findings import Finding, Key
from matchmaker.imports.models import ImportRun
from matchmaker.imports.places import Places
from matchmaker.imports.queries import from_a_list, standing_notices
from matchmaker.imports.spool import Change
from matchmaker.organisations.models import (
    Contact,
    DirectoryNotice,
    Organisation,
    ProfileTerm,
    SearchToken,
    TermField,
    Visibility,
)
from matchmaker.organisations.services import next_revision, tokens_of
from recommender.types import Capacity

BATCH = 500
DETAIL_CHARACTERS = 300
Row = dict[str, Any]


class PlanOutdated(Exception):
    """Something was written since the examination: the plan may no longer fit."""


def load_examined(
    session: Session, examination: Examination, actor_id: int | None, run: ImportRun | None
) -> None:
    """Write every planned change, the notices and the audit rows; flushes, never commits.

    A file that changes nothing raises no revision and writes nothing but one audit row.

    Raises:
        PlanOutdated: the world has changed since; examine anew within this transaction.
    """
    ids: dict[int, int] = {}
    if len(examination.spool):
        # Raising the revision first also holds back every other writer until the commit.
        revision = next_revision(session)
        if revision != examination.revision + 1:
            raise PlanOutdated
        for changes in examination.spool.batches(BATCH):
            _write_bodies(session, changes, revision, ids)
            _write_terms(session, changes, ids)
            _write_emails(session, changes, ids)
            _write_tokens(session, changes, ids, examination.places)
            _write_audit(session, changes, ids, actor_id)
    _write_notices(session, examination.findings, ids)
    counts = examination.report.counts()
    record(session, actor_id, "import.loaded", run, preset=examination.report.preset, **counts)
    session.flush()


def _write_bodies(session: Session, changes: list[Change], revision: int, ids: dict[int, int]) -> None:
    created = [change for change in changes if change.ref < 0 and change.ref not in ids]
    if created:
        rows = [_new_row(change, revision) for change in created]
        statement = insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True)
        new_ids = session.execute(statement, rows).scalars()
        ids |= zip((change.ref for change in created), new_ids, strict=True)
    new = {change.ref for change in created}
    changed = [change for change in changes if change.ref not in new]
    if changed:
        session.execute(update(Organisation), [_changed_row(change, revision, ids) for change in changed])


def _new_row(change: Change, revision: int) -> Row:
    state = change.state
    return {name: getattr(state, name) for name in change.columns} | {
        "origin": state.origin,
        "visibility": Visibility.PUBLIC,
        "capacity": Capacity.UNSAID,
        "revision": revision,
    }


def _changed_row(change: Change, revision: int, ids: dict[int, int]) -> Row:
    values = {name: getattr(change.state, name) for name in change.columns}
    return values | {"id": _id(change, ids), "revision": revision, "updated_at": utc_now()}


def _id(change: Change, ids: dict[int, int]) -> int:
    return ids.get(change.ref, change.ref)


def _write_terms(session: Session, changes: list[Change], ids: dict[int, int]) -> None:
    """Replace what was read off names; what bodies have said stays."""
    concerned = [change for change in changes if change.terms]
    _delete_of(session, ProfileTerm, concerned, ids, ProfileTerm.inference_rule.is_not(None))
    rows = [
        {
            "organisation_id": _id(change, ids),
            "field": TermField(field),
            "code": code,
            "inference_rule": rule,
            "evidence": evidence,
        }
        for change in concerned
        for field, code, rule, evidence in change.state.inferred
        if (field, code) not in change.state.said
    ]
    _insert(session, ProfileTerm, rows)


def _write_emails(session: Session, changes: list[Change], ids: dict[int, int]) -> None:
    concerned = [change for change in changes if change.email]
    _delete_of(session, Contact, concerned, ids, *from_a_list())
    rows = [
        {
            "organisation_id": _id(change, ids),
            "email": change.state.email,
            "source": change.state.email_source,
        }
        for change in concerned
        if change.state.email
    ]
    _insert(session, Contact, rows)


def _write_tokens(session: Session, changes: list[Change], ids: dict[int, int], places: Places) -> None:
    """Store the words under which bodies are found: as organisations.services.mark_changed does for one."""
    _delete_of(session, SearchToken, changes, ids)
    rows = [
        {"organisation_id": _id(change, ids), "token": token}
        for change in changes
        for token in sorted(_tokens(change, places))
    ]
    _insert(session, SearchToken, rows)


def _tokens(change: Change, places: Places) -> set[str]:
    state = change.state
    terms = {(field, code) for field, code, _rule, _evidence in state.inferred} | set(state.said)
    place = places.name(state.municipality_id) or state.place_text or ""
    return tokens_of(state.name, place, state.description, sorted(terms))


def _write_audit(session: Session, changes: list[Change], ids: dict[int, int], actor_id: int | None) -> None:
    rows = [
        {
            "actor_id": actor_id,
            "action": "import.created" if change.created else "import.updated",
            "object_type": Organisation.__tablename__,
            "object_id": _id(change, ids),
            "detail": {"fields": _changed_fields(change), "source": change.state.source},
        }
        for change in changes
    ]
    _insert(session, AuditEntry, rows)


def _changed_fields(change: Change) -> list[str]:
    said = {"terms": change.terms, "contacts": change.email}
    return [*change.columns, *(name for name, is_new in said.items() if is_new)]


def _write_notices(session: Session, findings: dict[Key, Finding], ids: dict[int, int]) -> None:
    """Make the standing notices those that were found, touching only those that differ."""
    wanted = {
        (ids.get(ref, ref), code): Finding(
            finding.detail[:DETAIL_CHARACTERS],
            ids.get(finding.other, finding.other) if finding.other is not None else None,
        )
        for (ref, code), finding in findings.items()
    }
    standing = standing_notices(session)
    gone = iter([id_ for key, (id_, finding) in standing.items() if wanted.get(key) != finding])
    while some := list(islice(gone, BATCH)):
        session.execute(delete(DirectoryNotice).where(DirectoryNotice.id.in_(some)))
    kept = {key for key, (_id, finding) in standing.items() if wanted.get(key) == finding}
    rows = [
        {"organisation_id": body, "code": code, "detail": finding.detail, "other_id": finding.other}
        for (body, code), finding in wanted.items()
        if (body, code) not in kept
    ]
    _insert(session, DirectoryNotice, rows)


def _delete_of(
    session: Session, model: Any, changes: Iterable[Change], ids: dict[int, int], *conditions: Any
) -> None:
    """Delete the rows of bodies that had any before this import."""
    bodies = [_id(change, ids) for change in changes if not change.created]
    if bodies:
        session.execute(delete(model).where(model.organisation_id.in_(bodies), *conditions))


def _insert(session: Session, model: Any, rows: list[Row]) -> None:
    if rows:
        session.execute(insert(model), rows)
