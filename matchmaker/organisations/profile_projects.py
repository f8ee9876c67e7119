"""The past project on the profile's page: filling its fields, finding its partners, keeping it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from matchmaker.organisations.forms import AboutForm
from matchmaker.organisations.models import PastProject
from matchmaker.organisations.profile_queries import Named, ShownProject, bodies_named
from matchmaker.organisations.profile_services import marks_of, plain_text
from matchmaker.organisations.profile_steps import Editing, offer_partners
from matchmaker.organisations.project_services import StatedProject, remove_project, save_project

MOST_NAMES = 30


def project_fields(shown: ShownProject) -> dict[str, Any]:
    """What the form's fields hold for a project that is being changed."""
    project = shown.project
    return {
        "project_id": str(project.id),
        "project_seen": project_marks(project),
        "project_title": project.title,
        "project_year": project.start_year,
        "project_text": project.description,
        "partners": [body.id for body in shown.partners],
    }


def project_marks(project: PastProject) -> str:
    """The marks of what a project holds now."""
    members = sorted(part.organisation_id for part in project.participations)
    return marks_of(
        {
            "title": project.title,
            "year": project.start_year,
            "text": project.description,
            "members": members,
        }
    )


def own_project(projects: Sequence[ShownProject], number: str | None) -> ShownProject | None:
    """The project of a number among those that the body stated itself."""
    return next((shown for shown in projects if shown.own and str(shown.project.id) == number), None)


class ProjectChange:
    """What is to be written of a project: nothing, unless a kind of change says more."""

    changes = False

    def write(self, editing: Editing) -> None:
        """Leave the projects as they are."""


@dataclass(frozen=True)
class RemovedProject(ProjectChange):
    """A project of the body that it takes back."""

    project: PastProject
    changes = True

    def write(self, editing: Editing) -> None:
        """Take the project back."""
        remove_project(editing.session, editing.actor_id, editing.organisation, self.project)


@dataclass(frozen=True)
class SavedProject(ProjectChange):
    """A project to add, or one to change."""

    stated: StatedProject
    project: PastProject | None
    changes = True

    def write(self, editing: Editing) -> None:
        """Keep the project."""
        save_project(editing.session, editing.actor_id, editing.organisation, self.stated, self.project)


def check_project(editing: Editing, form: AboutForm, projects: Sequence[ShownProject]) -> ProjectChange:
    """Return the project that a form says; what is wrong with it is said beside the fields."""
    shown = own_project(projects, form.project_id.data)
    if shown is not None and form.project_seen.data != project_marks(shown.project):
        form.project_seen.data = project_marks(shown.project)
        form.project_title.errors = [
            _("Un’altra persona ha cambiato questo progetto intanto: se salvate di nuovo, vale il vostro.")
        ]
    if not form.project_title.data:
        form.project_title.errors = [_("Date un titolo al progetto.")]
    partners = _partners(editing, form)
    if form.errors:
        return ProjectChange()
    # Partners that the body may no longer see stay in the project, unseen.
    unseen = shown.unseen if shown else frozenset[int]()
    stated = StatedProject(
        title=form.project_title.data,
        year=form.project_year.data,
        description=plain_text(form.project_text.data) or "",
        partner_ids=(partners | unseen) - {editing.organisation.id},
    )
    return SavedProject(stated, shown.project if shown else None)


def _partners(editing: Editing, form: AboutForm) -> frozenset[int]:
    """Turn the names that were typed into partners; those that need a choice are offered unticked."""
    lines = [line.strip() for line in (form.partner_names.data or "").splitlines() if line.strip()]
    chosen, offered, unknown = set(form.partners.data or ()), set[int](), lines[MOST_NAMES:]
    if unknown:
        form.partner_names.errors = [_("Al massimo %(number)s nomi alla volta.", number=MOST_NAMES)]
    for line in lines[:MOST_NAMES]:
        named = bodies_named(editing.session, editing.reader, line)
        _explain(form, line, named)
        if named.certain is not None:
            chosen.add(named.certain.id)
        elif named.possible:
            offered |= {body.id for body in named.possible}
        else:
            unknown.append(line)
    form.partners.data = sorted(chosen)
    form.partner_names.data = "\n".join(unknown)
    offer_partners(editing.session, editing.reader, form, chosen | offered)
    return frozenset(chosen)


def _explain(form: AboutForm, line: str, named: Named) -> None:
    if named.certain is not None:
        return
    if named.possible:
        problem = _("«%(name)s» può essere più di un ente: spuntate quello giusto qui sopra.", name=line)
    else:
        problem = _(
            "Nessun ente dell’elenco risponde a «%(name)s»: provate con il codice fiscale.", name=line
        )
    form.partner_names.errors = [*form.partner_names.errors, problem]
