"""What the API answers, described: every field is there, and no field that is not named here."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from matchmaker.api.fields import Shape
from matchmaker.measures.services import MEASURES
from matchmaker.partnerships.services import FLAVOURS
from recommender.types import Known, Role, Severity


def always(field: type[fields.Field[Any]], *, null: bool = False, **metadata: Any) -> fields.Field[Any]:
    """A plain field that every answer holds."""
    return field(required=True, allow_none=null, metadata=metadata)


def word(*choices: str, null: bool = False) -> fields.String:
    """One of a few words."""
    return fields.String(required=True, allow_none=null, validate=validate.OneOf([*choices]))


def many(item: Any) -> fields.List[Any]:
    """A list, perhaps empty."""
    return fields.List(item, required=True)


def strings() -> fields.List[Any]:
    """A list of texts."""
    return many(fields.String())


def nested(shape: type[Shape]) -> fields.Nested:
    """Another object."""
    return fields.Nested(shape, required=True)


class OrganisationRef(Shape):
    """What identifies a body; never its contacts."""

    id = always(fields.Integer)
    name = always(fields.String)
    tax_code = always(fields.String, null=True)
    ipa_code = always(fields.String, null=True)
    kind = always(fields.String)
    municipality = always(fields.String, null=True)
    on_platform = always(fields.Boolean)


class OrganisationPlace(OrganisationRef):
    """What identifies a body, and its district."""

    district = always(fields.String, null=True)


class Finding(Shape):
    """One rule looked at for one team; met is null when something has still to be said or confirmed."""

    rule = always(fields.String)
    severity = word(*Severity)
    met = always(fields.Boolean, null=True)
    text = always(fields.String)
    detail = always(fields.String)
    source = always(fields.String)
    to_confirm = always(fields.Boolean)
    repair = always(fields.String, null=True)


class Verdict(Shape):
    """Whether a team qualifies: null when nothing refuses it and something is still open."""

    qualifies = always(fields.Boolean, null=True)
    findings = many(fields.Nested(Finding))


class Check(Verdict):
    """A verdict, and under which rules."""

    measure = word(*MEASURES)
    ruleset = always(fields.String)


class Reason(Shape):
    """Why a body is suggested; the weights add up to its score."""

    code = always(fields.String)
    text = always(fields.String)
    weight = always(fields.Float)


class Suggestion(Shape):
    """One body that could join."""

    rank = always(fields.Integer)
    organisation = nested(OrganisationPlace)
    score = always(fields.Float)
    known = word(*Known)
    distance_km = always(fields.Float, null=True)
    reasons = many(fields.Nested(Reason))
    meets = strings()


class Suggestions(Shape):
    """Who could join, and where the asker stands alone."""

    measure = word(*MEASURES)
    ruleset = always(fields.String)
    organisation = nested(OrganisationPlace)
    districts = strings()
    suggestions = many(fields.Nested(Suggestion))
    check = nested(Verdict)


class ProposedMember(Shape):
    """A body in its part."""

    organisation = nested(OrganisationPlace)
    role = word(*Role)


class Proposal(Verdict):
    """A whole partnership that satisfies the rules, with its value and the proven bound."""

    flavour = word(*sorted(FLAVOURS))
    title = always(fields.String)
    members = many(fields.Nested(ProposedMember))
    to_invite = always(fields.Integer)
    objective = always(fields.Float)
    bound = always(fields.Float)


class Proposals(Shape):
    """Up to three partnerships, or the rules that block every one."""

    measure = word(*MEASURES)
    ruleset = always(fields.String)
    organisation = nested(OrganisationPlace)
    districts = strings()
    proposals = many(fields.Nested(Proposal))
    blocked = many(fields.Nested(Finding))
    none_because = always(fields.String, null=True)
    invite = many(fields.Nested(OrganisationRef))


class Listed(Shape):
    """Where in a long list one is; next_page is null on the last page."""

    page = always(fields.Integer)
    pages = always(fields.Integer)
    total = always(fields.Integer)
    page_length = always(fields.Integer)
    next_page = always(fields.Integer, null=True)


class DraftMember(Shape):
    """A body that somebody would like in a draft; it says nothing of the body's own will."""

    organisation = nested(OrganisationRef)
    role = word(*Role)


class DraftLine(Shape):
    """A draft in a list."""

    id = always(fields.Integer)
    title = always(fields.String)
    measure = word(*MEASURES)
    ruleset = always(fields.String)
    ruleset_version = always(fields.Integer)
    organisation = nested(OrganisationRef)
    flavour = always(fields.String, null=True)
    members = many(fields.Nested(DraftMember))
    created_at = always(fields.DateTime)
    updated_at = always(fields.DateTime)


class Drafts(Listed):
    """A page of drafts, the newest first."""

    partnerships = many(fields.Nested(DraftLine))


class Draft(DraftLine):
    """A draft, what its project says, whether it qualifies, and what the reader may do with it."""

    project = fields.Dict(required=True)
    check = nested(Verdict)
    actions = strings()
