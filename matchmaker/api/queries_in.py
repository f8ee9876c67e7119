"""What may stand in the query of an address."""

from __future__ import annotations

from matchmaker.api.fields import InAddress, Shape, code, one_of
from matchmaker.coverage.models import CoverageAnswer
from matchmaker.measures.services import MEASURES
from matchmaker.organisations.search import NOT_YET, ON_PLATFORM, SORTS
from matchmaker.permissions import LARGEST_ID
from matchmaker.vocabularies.catalogue import catalogue


class Paged(Shape):
    """A part of a long list."""

    page = InAddress(least=1, most=LARGEST_ID, load_default=1)


class DirectoryQuery(Paged):
    """What narrows the directory, as on its page; a word that is no code is said."""

    q = code(metadata={"description": "Words of a name or profile, or a tax or IPA code."})
    kind = one_of(*catalogue()["kind"])
    form = one_of(*catalogue()["legal_form"])
    province = code(metadata={"description": "Two letters."})
    district = code()
    theme = one_of(*catalogue()["theme"])
    platform = one_of(ON_PLATFORM, NOT_YET)
    sort = one_of(*SORTS)


class CoverageQuery(Shape):
    """Which rules, measure and answers."""

    ruleset = code()
    measure = one_of(*MEASURES)
    answer = one_of(*CoverageAnswer)


class DraftsQuery(Paged):
    """Whose drafts; without a body, those of every body of the reader's."""

    organisation_id = InAddress(least=1, most=LARGEST_ID)
