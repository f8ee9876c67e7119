"""The demonstration from the shell."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from matchmaker.accounts.models import MembershipRole, Person, PlatformRole
from matchmaker.commands import init_command
from matchmaker.database import db
from matchmaker.demo.people import DEMO_PASSWORD
from matchmaker.demo.services import DemoSummary, demo_people, load_demo
from matchmaker.measures.services import rule_set_named


@click.command("demo")
@click.pass_context
def demo_command(context: click.Context) -> None:
    """Load the demonstration on top of whatever is there; safe to repeat."""
    context.invoke(init_command)
    with db.writing() as session:
        summary = load_demo(session)
        people = demo_people(session)
        if summary.changed:
            _compute_coverage(session)
    click.echo(_summary_text(summary))
    click.echo()
    click.echo(_logins_table(people))
    click.echo()
    click.echo(_("Password di tutti: %(password)s", password=DEMO_PASSWORD))
    click.echo(
        _("Attenzione: questa password è pubblica. Non caricate mai la dimostrazione su un sito in servizio.")
    )


def _compute_coverage(session: Session) -> None:
    # Only a demonstration that has changed waits for the solver to be loaded.
    from matchmaker.coverage.services import compute_coverage

    compute_coverage(session, rule_set_named(session, current_app.config["SETTINGS"].default_ruleset))


def _summary_text(summary: DemoSummary) -> str:
    if not summary.changed:
        return str(_("La dimostrazione c'era già: non è cambiato nulla."))
    parts = (
        ngettext("%(num)d ente inventato", "%(num)d enti inventati", summary.organisations),
        ngettext("%(num)d progetto passato", "%(num)d progetti passati", summary.past_projects),
        ngettext("%(num)d persona", "%(num)d persone", summary.people),
        ngettext("%(num)d bozza di partenariato", "%(num)d bozze di partenariato", summary.partnerships),
        ngettext("%(num)d ente messo da parte", "%(num)d enti messi da parte", summary.shortlist_entries),
    )
    return str(_("Dimostrazione caricata: %(parts)s.", parts=", ".join(parts)))


def _logins_table(people: Iterable[Person]) -> str:
    rows = [(_("E-mail"), _("Che cosa fa"), _("Per chi")), *map(_login, people)]
    width = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{row[0]:<{width[0]}}  {row[1]:<{width[1]}}  {row[2]}".rstrip() for row in rows)


def _login(person: Person) -> tuple[str, str, str]:
    if not person.memberships:
        return person.email, _platform_role(person.role), ""
    membership = person.memberships[0]
    body = membership.organisation
    name = body.name if body.is_demo else _("%(name)s (ente vero, accesso di prova)", name=body.name)
    return person.email, _membership_role(membership.role), name


def _membership_role(role: MembershipRole) -> str:
    words = {
        MembershipRole.ADMINISTRATOR: _("Amministra il proprio ente"),
        MembershipRole.EDITOR: _("Scrive per il proprio ente"),
        MembershipRole.READER: _("Legge per il proprio ente"),
    }
    return str(words[role])


def _platform_role(role: PlatformRole) -> str:
    words = {
        PlatformRole.MEMBER: _("Ha chiesto di rappresentare un ente"),
        PlatformRole.FACILITATOR: _("Facilita i partenariati"),
        PlatformRole.OBSERVER: _("Osserva i dati"),
        PlatformRole.ADMINISTRATOR: _("Amministra la piattaforma"),
    }
    return str(words[role])
