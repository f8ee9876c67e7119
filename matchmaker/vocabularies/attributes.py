"""What a body is for the rules of the measures, read off its kind, legal form and size.

Kind is not eligibility: a social cooperative is third sector and enterprise, and may be an SME by its size.
"""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.vocabularies.catalogue import Term, catalogue

SIZES = frozenset({"sme", "micro", "small", "medium", "large"})
ATTRIBUTES = SIZES | {
    "public_body",
    "third_sector",
    "enterprise",
    "social_enterprise",
    "volunteer",
    "non_profit",
    "municipality",
    "health_body",
    "ente_gestore",
}
# What stands in while a body of a kind has not said its form.
_FORM_OF_KIND = {"public_body": "PB_ALTRO", "third_sector": "TS_ALTRO", "enterprise": "IM_IMPRESA"}
# Never open: these two are read off the form and the territories, not asked.
_NEVER_OPEN = frozenset({"ente_gestore", "municipality", "health_body"})


@dataclass(frozen=True, slots=True)
class Standing:
    """attributes are true, unknown are open, every other attribute is known to be false."""

    attributes: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def standing_of(kind: str, legal_form: str | None = None, size_class: str | None = None) -> Standing:
    """Tell what is true and what is open of a body.

    A code that is no longer in its vocabulary counts as not said. ``ente_gestore`` is never told
    here: it comes with the territories.
    """
    form = _form(kind, legal_form)
    if form is None:
        standing = Standing(frozenset(), ATTRIBUTES - _NEVER_OPEN)
    else:
        standing = Standing(form.attributes, form.unknown)
    size = catalogue()["size_class"].get(size_class or "")
    return standing if size is None else _with_size(standing, size)


def _form(kind: str, legal_form: str | None) -> Term | None:
    forms = catalogue()["legal_form"]
    return forms.get(legal_form or "") or forms.get(_FORM_OF_KIND.get(kind, ""))


def _with_size(standing: Standing, size: Term) -> Standing:
    """A size makes an enterprise an SME or not; of a body that is no enterprise it says nothing."""
    attributes, unknown = standing.attributes - SIZES, standing.unknown - SIZES
    if "enterprise" in attributes:
        return Standing(attributes | size.attributes, unknown)
    if "enterprise" in unknown:
        return Standing(attributes, unknown | size.attributes)
    return standing
