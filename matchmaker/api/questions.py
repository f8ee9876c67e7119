"""Questions as JSON: what a project says, and the bodies of a team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from matchmaker.api.fields import (
    REFERENCES,
    Amount,
    Flag,
    Reference,
    Shape,
    Spoken,
    Whole,
    Words,
    answers,
    code,
    codes,
    message,
)
from matchmaker.api.problems import Refused
from matchmaker.measures.models import RuleSet
from matchmaker.measures.queries import published_rule_sets
from matchmaker.measures.services import MEASURES, UnknownRuleSet, rule_set_named
from matchmaker.organisations.lookup import OrganisationNotFound, find_organisation
from matchmaker.organisations.models import Organisation
from matchmaker.partnerships.services import MOST_MEMBERS
from matchmaker.permissions import Reader, sees
from matchmaker.snapshots import candidate_of
from matchmaker.suggestions.asking import TEXT_LENGTH, Asking, ask
from matchmaker.suggestions.pages import default_rule_set
from recommender.types import Role

Body = Mapping[str, Any]


class QuestionIn(Shape):
    """What the project is about; only the measure is asked of everyone."""

    measure = code(required=True, metadata={"enum": list(MEASURES)})
    ruleset = code(metadata={"description": "Code of a rule set; the strategy's when none is given."})
    themes = codes("theme")
    districts = codes()
    aggregation = Flag(metadata={"description": "The districts apply as one aggregation."})
    text = Words(most=TEXT_LENGTH, metadata={"description": "What the project is about, in a few lines."})
    targets = codes("target_group")
    services = codes("service")
    actions = codes("welfare_action")
    form = code("partnership_form")
    budget = Amount(metadata={"exclusiveMinimum": 0, "description": "Value of the project in euro."})
    own_share = Amount(metadata={"minimum": 0, "maximum": 1, "description": "Own share of the value."})
    declared = answers()


class RankedQuestionIn(QuestionIn):
    """A question, and how many suggestions are wanted (proposals are at most three)."""

    top = Whole(least=1, most=100, load_default=10)


class MemberIn(Shape):
    """A body and its part in a team."""

    organisation = Reference(required=True)
    role = code()


MEMBER = {
    "type": "object",
    "required": ["organisation"],
    "additionalProperties": False,
    "properties": {
        "organisation": {"anyOf": list(REFERENCES)},
        "role": {"type": "string", "enum": list(Role), "default": Role.PARTNER.value},
    },
}
"""The same, as the description says it: the library does not look into a choice of shapes."""


class MemberField(Spoken):
    """A member as a reference alone (a partner), or as an object with its role."""

    def __init__(self) -> None:
        super().__init__(metadata={"anyOf": [*REFERENCES, MEMBER]})

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            loaded: dict[str, Any] = MemberIn().load(value)
            return loaded
        return {"organisation": Reference().deserialize(value)}


class TeamIn(QuestionIn):
    """A question, and the team that would answer it."""

    members = fields.List(
        MemberField(),
        required=True,
        validate=validate.Length(1, MOST_MEMBERS, error=message(_l("Da {min} a {max} enti."))),
        error_messages={**Spoken.default_error_messages, "invalid": _l("Serve una lista.")},
    )
    lead = Reference()


def read_asking(session: Session, body: Body, seat: Organisation | None) -> Asking:
    """Turn a body into a question; the districts are the seat's when none is said.

    Raises:
        UnknownCode, ImpossibleAmount: naming the field.
    """
    candidate = candidate_of(session, seat) if seat is not None else None
    return ask(session, body["measure"], body.get("ruleset") or default_rule_set(), body, candidate)


def read_rule_set(session: Session, code: str | None) -> RuleSet:
    """Return a rule set with its rules; the default one when none is named.

    Raises:
        Refused: there is no such rule set.
    """
    try:
        return rule_set_named(session, code or default_rule_set())
    except UnknownRuleSet:
        known = ", ".join(row.code for row in published_rule_sets(session))
        raise Refused("ruleset", _("Uno di questi: %(choices)s.", choices=known)) from None


def read_roles(session: Session, reader: Reader, body: Body) -> dict[int, Role]:
    """Return the roles of a team's bodies by id; a body named twice counts once.

    Raises:
        Refused: a body that the reader finds nowhere, an unknown role, no single lead among them.
    """
    roles: dict[int, Role] = {}
    for place, member in enumerate(body.get("members", ())):
        found = find_visible(session, reader, member["organisation"], f"members.{place}")
        roles.setdefault(found.id, read_role(member.get("role"), f"members.{place}.role"))
    if "lead" in body:
        lead = find_visible(session, reader, body["lead"], "lead")
        if lead.id not in roles:
            raise Refused("lead", _("Il capofila non è tra i membri."))
        roles[lead.id] = Role.LEAD
    if list(roles.values()).count(Role.LEAD) > 1:
        raise Refused("members", _("Il capofila è uno solo."))
    return roles


def read_role(word: str | None, field: str) -> Role:
    """Return the role of a word; partner when none is said.

    Raises:
        Refused: there is no such role.
    """
    if word is None:
        return Role.PARTNER
    if word not in set(Role):
        raise Refused(field, _("Uno di questi: %(choices)s.", choices=", ".join(Role)))
    return Role(word)


def find_visible(session: Session, reader: Reader, reference: str, field: str) -> Organisation:
    """Return the body of a reference; one that the reader may not see is not there.

    Raises:
        Refused: nothing answers to the reference.
    """
    try:
        found = find_organisation(session, reference)
    except OrganisationNotFound as error:
        raise Refused(field, error.message()) from None
    if not sees(reader, found):
        raise Refused(field, OrganisationNotFound(reference).message())
    return found


def lead_of(roles: Mapping[int, Role]) -> int | None:
    """Return whose seat stands for a team's: the lead's, else the first member's."""
    leading = [body for body, role in roles.items() if role is Role.LEAD]
    return next(iter(leading or roles), None)
