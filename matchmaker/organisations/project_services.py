"""Past projects that a body states: the ties between bodies that have worked together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.audit.services import record
from matchmaker.organisations.models import Organisation, Participation, PastProject
from matchmaker.organisations.services import mark_changed


@dataclass(frozen=True)
class StatedProject:
    """A past project as a body states it: its partners by id, the body itself left out."""

    title: str
    year: int | None = None
    description: str = ""
    partner_ids: frozenset[int] = frozenset()


def save_project(
    session: Session,
    actor_id: int,
    organisation: Organisation,
    stated: StatedProject,
    project: PastProject | None = None,
) -> PastProject:
    """Add a past project of a body, or change one that it stated itself."""
    project = project or PastProject(stated_by_id=organisation.id)
    project.title, project.start_year = stated.title, stated.year
    project.description = stated.description
    members = stated.partner_ids | {organisation.id}
    kept = [part for part in project.participations if part.organisation_id in members]
    new = members - {part.organisation_id for part in kept}
    project.participations = kept + [Participation(organisation_id=number) for number in sorted(new)]
    session.add(project)
    session.flush()
    record(session, actor_id, "save_project", project, organisation=organisation.id)
    mark_changed(session, organisation)
    return project


def remove_project(session: Session, actor_id: int, organisation: Organisation, project: PastProject) -> None:
    """Take back a project that the body stated; its ties go with it."""
    record(session, actor_id, "remove_project", project, organisation=organisation.id)
    session.delete(project)
    mark_changed(session, organisation)
