"""Where rows come from, and whose word weighs more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.organisations.models import Origin

SOURCE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Source:
    """A list that bodies are read from.

    A row corrects what its own list, or one of lower rank, has said of a body; of what a higher one
    said it fills the blanks. So the order in which lists are loaded does not matter.
    """

    name: str
    rank: int


IPA = Source("Indice delle pubbliche amministrazioni (IPA), novembre 2013", 30)
FIVE_PER_THOUSAND = Source("Agenzia delle Entrate, elenco del 5 per mille 2020", 20)
# The unified list is a copy of both that leaves columns out: it weighs a little less than they do.
IPA_COPIED = Source(f"{IPA.name} (dall'elenco unificato)", 29)
FIVE_PER_THOUSAND_COPIED = Source(f"{FIVE_PER_THOUSAND.name} (dall'elenco unificato)", 19)
FIRMS = Source("Elenco di imprese", 10)
OTHER_RANK = 5
REFERENCE_RANK = 100

_KNOWN: Mapping[str, Source] = {
    source.name: source for source in (IPA, FIVE_PER_THOUSAND, IPA_COPIED, FIVE_PER_THOUSAND_COPIED, FIRMS)
}
# How the unified list writes them.
_WRITTEN: Mapping[str, Source] = {
    "AdE_5x1000_2020": FIVE_PER_THOUSAND_COPIED,
    "IPA_via_publicbodies_2013": IPA_COPIED,
}


def source_written(text: str) -> Source:
    """Return the source that a cell names; one that is not known yet keeps its own words."""
    name = " ".join(text.split())[:SOURCE_CHARACTERS]
    return _WRITTEN.get(name) or _KNOWN.get(name) or Source(name, OTHER_RANK)


def rank_of(origin: Origin, source_name: str) -> int:
    """Return the rank of what stands in the directory already."""
    if origin is Origin.REFERENCE:
        return REFERENCE_RANK
    known = _KNOWN.get(source_name)
    return known.rank if known else OTHER_RANK
