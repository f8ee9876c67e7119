"""What may stand in the query of an address."""

from __future__ import annotations

from marshmallow import EXCLUDE

from matchmaker.api.fields import InAddress, Shape, code, one_of
from matchmaker.coverage.models import CoverageAnswer
from matchmaker.measures.services import MEASURES
from matchmaker.organisations.search import NOT_YET, ON_PLATFORM, SORTS
from matchmaker.permissions import LARGEST_ID


class Query(Shape):
    """Parameters of an address; others are not ours to judge."""

    class Meta:
        """Links carry marks of where they were followed from."""

        unknown = EXCLUDE


class Paged(Query):
    """A part of a long list."""

    page = InAddress(least=1, most=LARGEST_ID, load_default=1)


class DirectoryQuery(Paged):
    """What narrows the directory, as on its page; codes that nobody has find nobody."""

    q = code(metadata={"description": "Words of a name or profile, or a tax or IPA code."})
    kind = code("kind")
    form = code("legal_form")
    province = code(metadata={"description": "Two letters."})
    district = code()
    theme = code("theme")
    platform = one_of(ON_PLATFORM, NOT_YET)
    sort = one_of("", *SORTS)


class CoverageQuery(Query):
    """Which rules, measure and answers."""

    ruleset = code()
    measure = one_of(*MEASURES)
    answer = one_of(*CoverageAnswer)


class DraftsQuery(Paged):
    """Whose drafts; without a body, those of every body of the reader's."""

    organisation_id = InAddress(least=1, most=LARGEST_ID)
