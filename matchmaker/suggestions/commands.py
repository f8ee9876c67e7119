"""suggest, check and propose on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.database import db
from matchmaker.measures.services import MEASURES
from matchmaker.organisations.lookup import OrganisationNotFound, find_organisation
from matchmaker.organisations.models import Organisation
from matchmaker.partnerships.documents import proposals_document
from matchmaker.partnerships.proposing import propose_partnerships
from matchmaker.snapshots import candidate_of, current_snapshot
from matchmaker.suggestions.asking import Asking, ImpossibleAmount, UnknownCode, ask
from matchmaker.suggestions.documents import Document, check_document, suggestions_document
from matchmaker.suggestions.services import check_team, suggest_partners
from matchmaker.suggestions.teams import UnknownLead, team_of
from matchmaker.suggestions.wording import Wording

Command = Callable[..., Any]

QUESTION_OPTIONS = (
    click.option("--measure", required=True, type=click.Choice(MEASURES), help="M1, M2, M3 or M4."),
    click.option("--ruleset", help="Rule set; the strategy's when none is given."),
    click.option("--theme", "themes", multiple=True, help="Code of a theme; repeat for more."),
    click.option("--district", "districts", multiple=True, help="Code of a district; repeat for more."),
    click.option("--aggregation", is_flag=True, help="The districts apply as one aggregation."),
    click.option("--text", default="", help="What the project is about, in a few lines."),
    click.option("--target", "targets", multiple=True, help="Code of a target group."),
    click.option("--service", "services", multiple=True, help="Code of a service."),
    click.option("--action", "actions", multiple=True, help="Code of a corporate-welfare action."),
    click.option("--form", help="Code of the partnership's form: ATS, ATI..."),
    click.option("--budget", type=float, help="Value of the project in euro."),
    click.option("--own-share", type=float, help="Own share of the value, between 0 and 1."),
    click.option("--open-to-residents/--closed-to-residents", default=None, help="Whom services serve."),
    click.option("--declare", "declares", multiple=True, help="Code of a statement that holds."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
)
PROJECT_FIELDS = (
    "themes",
    "districts",
    "aggregation",
    "text",
    "targets",
    "services",
    "actions",
    "form",
    "budget",
    "own_share",
)


def question_options(command: Command) -> Command:
    """Add the options of a question to a command."""
    for option in reversed(QUESTION_OPTIONS):
        command = option(command)
    return command


@click.command("suggest")
@click.argument("org")
@click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True)
@question_options
def suggest_command(org: str, top: int, as_json: bool, **options: Any) -> None:
    """Suggest partners for ORG (cf:TAXCODE, ipa:CODE, id:N, or a bare value)."""
    organisation = _find(db.session, org)
    asking = _ask(db.session, options, organisation)
    document = suggestions_document(db.session, suggest_partners(db.session, organisation, asking, top=top))
    _answer(document, as_json, _suggestion_lines)


@click.command("propose")
@click.argument("org")
@question_options
def propose_command(org: str, as_json: bool, **options: Any) -> None:
    """Propose whole partnerships for ORG (cf:TAXCODE, ipa:CODE, id:N, or a bare value)."""
    organisation = _find(db.session, org)
    asking = _ask(db.session, options, organisation)
    document = proposals_document(db.session, propose_partnerships(db.session, organisation, asking))
    _answer(document, as_json, _proposal_lines)


@click.command("check")
@click.option("--members", required=True, help="Bodies of the team, separated by commas.")
@click.option("--lead", help="The one of the members that leads.")
@question_options
def check_command(members: str, lead: str | None, as_json: bool, **options: Any) -> None:
    """Check whether a team qualifies, and say what would mend it."""
    bodies = [_find(db.session, reference) for reference in members.split(",") if reference.strip()]
    leading = _find(db.session, lead) if lead else None
    asking = _ask(db.session, options, leading or next(iter(bodies), None))
    try:
        team = team_of(db.session, bodies, leading)
    except UnknownLead:
        raise click.UsageError(_("Il capofila non è tra i membri.")) from None
    check = check_team(current_snapshot(db.session), asking, team)
    document = check_document(check, Wording.for_check(db.session, check))
    _answer({"measure": asking.measure, "ruleset": asking.rule_set.code, **document}, as_json, _check_lines)


def _find(session: Session, reference: str) -> Organisation:
    try:
        return find_organisation(session, reference)
    except OrganisationNotFound as error:
        raise click.ClickException(error.message()) from None


def _ask(session: Session, options: dict[str, Any], organisation: Organisation | None) -> Asking:
    said = {name: options[name] for name in PROJECT_FIELDS}
    said["declared"] = dict.fromkeys(options["declares"], True)
    if options["open_to_residents"] is not None:
        said["declared"]["open_to_residents"] = options["open_to_residents"]
    rule_set = options["ruleset"] or current_app.config["SETTINGS"].default_ruleset
    seat = candidate_of(session, organisation) if organisation is not None else None
    try:
        return ask(session, options["measure"], rule_set, said, seat)
    except (UnknownCode, ImpossibleAmount) as error:
        _wrong_usage(error)


def _wrong_usage(error: UnknownCode | ImpossibleAmount) -> NoReturn:
    raise click.UsageError(f"{error.field}: {error.message()}") from error


def _answer(document: Document, as_json: bool, lines: Callable[[Document], Iterable[str]]) -> None:
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in lines(document):
            click.echo(line)


def _suggestion_lines(document: Document) -> Iterable[str]:
    yield f"{document['measure']} · {document['ruleset']} · {document['organisation']['name']}"
    for row in document["suggestions"]:
        body = row["organisation"]
        mark = "" if body["on_platform"] else f" ({_('non ancora sulla piattaforma')})"
        yield f"{row['rank']:>3}. {body['name']} — {body['municipality']}{mark}"
        why = sorted(row["reasons"], key=lambda reason: -reason["weight"])
        yield "     " + "; ".join(reason["text"] for reason in why[:3] if reason["text"])


def _proposal_lines(document: Document) -> Iterable[str]:
    for proposal in document["proposals"]:
        yield f"{proposal['title']} · {_verdict(proposal['qualifies'])}"
        for member in proposal["members"]:
            body = member["organisation"]
            yield f"  {member['role']:<8} {body['name']} — {body['municipality']}"
        yield from _finding_lines(proposal["findings"])
    if not document["proposals"]:
        yield document["none_because"]
        yield from _finding_lines(document["blocked"])


def _check_lines(document: Document) -> Iterable[str]:
    yield _verdict(document["qualifies"])
    yield from _finding_lines(document["findings"])


def _finding_lines(findings: Iterable[Document]) -> Iterable[str]:
    marks = {True: "✓", False: "✗", None: "?"}
    for finding in findings:
        yield f"  {marks[finding['met']]} [{finding['severity']}] {finding['text']} ({finding['source']})"
        for extra in (finding["detail"], finding["repair"]):
            if extra:
                yield f"      {extra}"


def _verdict(qualifies: bool | None) -> str:
    if qualifies is None:
        return _("Si qualificherebbe, se quanto segue viene detto o confermato.")
    return _("Si qualifica.") if qualifies else _("Non si qualifica.")
