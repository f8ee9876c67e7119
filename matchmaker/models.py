"""Every mapped class, imported once so that the metadata is complete."""

from matchmaker.accounts import models as accounts
from matchmaker.audit import models as audit
from matchmaker.coverage import models as coverage
from matchmaker.database import Base
from matchmaker.imports import models as imports
from matchmaker.measures import models as measures
from matchmaker.organisations import models as organisations
from matchmaker.partnerships import models as partnerships
from matchmaker.suggestions import models as suggestions
from matchmaker.territories import models as territories

__all__ = [
    "Base",
    "accounts",
    "audit",
    "coverage",
    "imports",
    "measures",
    "organisations",
    "partnerships",
    "suggestions",
    "territories",
]
