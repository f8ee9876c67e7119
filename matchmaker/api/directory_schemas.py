"""Bodies, rules, words and districts as the API answers them, described."""

from __future__ import annotations

from marshmallow import fields

from matchmaker.api.fields import Shape
from matchmaker.api.schemas import (
    Listed,
    OrganisationPlace,
    OrganisationRef,
    always,
    many,
    nested,
    strings,
    word,
)
from matchmaker.coverage.models import CoverageAnswer
from matchmaker.measures.models import RuleSource
from matchmaker.measures.services import MEASURES
from recommender.types import Known, Role, Severity


class Terms(Shape):
    """Codes that the body said, and codes that a rule read off its name."""

    said = strings()
    inferred = strings()


class OrganisationLine(OrganisationPlace):
    """A body as a list names it."""

    province = always(fields.String, null=True)
    legal_form = always(fields.String, null=True)
    demo = always(fields.Boolean)
    themes = nested(Terms)


class FacetCount(Shape):
    """A value that narrows the directory, and how many bodies it leaves."""

    code = always(fields.String)
    count = always(fields.Integer)


class Facets(Shape):
    """What the directory can be narrowed by."""

    kind = many(fields.Nested(FacetCount))
    form = many(fields.Nested(FacetCount))
    province = many(fields.Nested(FacetCount))
    district = many(fields.Nested(FacetCount))
    theme = many(fields.Nested(FacetCount))
    platform = many(fields.Nested(FacetCount))


class DirectoryPage(Listed):
    """A page of the directory."""

    organisations = many(fields.Nested(OrganisationLine))
    facets = nested(Facets)


class PastProject(Shape):
    """Work done with others, as far as the reader may see them."""

    title = always(fields.String)
    description = always(fields.String)
    year = always(fields.Integer, null=True)
    measure = always(fields.String, null=True)
    role = always(fields.String)
    partners = many(fields.Nested(OrganisationRef))


class OrganisationOut(OrganisationLine):
    """A body's public facts."""

    targets = nested(Terms)
    services = nested(Terms)
    actions = nested(Terms)
    offers = nested(Terms)
    needs = nested(Terms)
    known = word(*Known)
    districts = strings()
    size_class = always(fields.String, null=True)
    capacity = always(fields.String)
    capacity_from = always(fields.Date, null=True)
    description = always(fields.String)
    website = always(fields.String, null=True)
    source = always(fields.String)
    projects = many(fields.Nested(PastProject))


class MeasureOut(Shape):
    """A measure at a glance."""

    code = word(*MEASURES)
    title = always(fields.String)
    short = always(fields.String)
    who = always(fields.String)
    with_whom = always(fields.String)
    what = always(fields.String)
    how_much = always(fields.String)


class RuleOut(Shape):
    """One rule, with its source."""

    code = always(fields.String)
    measure = word(*MEASURES)
    kind = always(fields.String)
    parameters = fields.Dict(required=True)
    severity = word(*Severity)
    text = always(fields.String)
    source = always(fields.String)
    source_kind = word(*RuleSource)
    to_confirm = always(fields.Boolean)


class RuleSetOut(Shape):
    """One version of the rules of all measures."""

    code = always(fields.String)
    version = always(fields.Integer)
    title = always(fields.String)
    note = always(fields.String)
    valid_from = always(fields.Date)
    valid_to = always(fields.Date, null=True)
    rules = many(fields.Nested(RuleOut))


class Measures(Shape):
    """Measures, and rule sets in force."""

    measures = many(fields.Nested(MeasureOut))
    rulesets = many(fields.Nested(RuleSetOut))


class VocabularyName(Shape):
    """A vocabulary's code, and its name in the reader's language."""

    code = always(fields.String)
    label = always(fields.String)


class Vocabularies(Shape):
    """Which vocabularies there are."""

    vocabularies = many(fields.Nested(VocabularyName))


class TermOut(Shape):
    """A code and its words."""

    code = always(fields.String)
    label_it = always(fields.String)
    label_en = always(fields.String)
    alt_it = strings()
    alt_en = strings()
    broader = always(fields.String, null=True)


class VocabularyOut(Shape):
    """A vocabulary in both languages."""

    code = always(fields.String)
    label_it = always(fields.String)
    label_en = always(fields.String)
    terms = many(fields.Nested(TermOut))


class District(Shape):
    """A district of social cohesion."""

    code = always(fields.String)
    name = always(fields.String)
    municipalities = always(fields.Integer)
    to_confirm = always(fields.Boolean)


class Districts(Shape):
    """Every district in force."""

    districts = many(fields.Nested(District))


class PlaceToFill(Shape):
    """A place of the easiest partnership that an invitation would fill: who could, and how many more."""

    role = word(*Role)
    organisations = many(fields.Integer())
    others = always(fields.Integer)


class MeasureAnswer(Shape):
    """Whether a partnership is possible: with bodies on the platform, of the directory, or not."""

    answer = word(*CoverageAnswer)
    blocking = strings()
    to_confirm = strings()
    invite = many(fields.Nested(PlaceToFill))


class DistrictAnswers(Shape):
    """A district's answers by measure; one that was never computed is absent."""

    code = always(fields.String)
    name = always(fields.String)
    to_confirm = always(fields.Boolean)
    bodies = always(fields.Integer)
    on_platform = always(fields.Integer)
    measures = fields.Dict(keys=fields.String(), values=fields.Nested(MeasureAnswer), required=True)


class CoverageOut(Shape):
    """What is possible where; computed_at is null when it was never computed."""

    ruleset = always(fields.String)
    computed_at = always(fields.DateTime, null=True)
    stale = always(fields.Boolean)
    with_demo = always(fields.Boolean)
    districts = many(fields.Nested(DistrictAnswers))
