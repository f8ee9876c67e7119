"""What a facilitator should look at: possible duplicates, damaged names, abolished bodies, unknown places.

All of it follows from the directory as it stands, so a second look finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matchmaker.imports.damage import damage_of
from matchmaker.imports.directory import Directory, Known
from matchmaker.imports.duplicates import duplicates
from matchmaker.imports.places import Places, own_name
from matchmaker.imports.readings import COMMUNE
from matchmaker.organisations.models import NoticeCode, Origin
from matchmaker.territories.reference import abolished_body, former_municipality
from matchmaker.vocabularies.catalogue import catalogue

Key = tuple[int, NoticeCode]


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a body is noticed: ``detail`` is a code, with a name behind a colon where there is one."""

    detail: str = ""
    other: int | None = None


def findings_of(directory: Directory, places: Places) -> dict[Key, Finding]:
    """Look at every body that lists brought; registered and invented ones are only compared with."""
    found: dict[Key, Finding] = {}
    real = (known for known in directory if known.origin is not Origin.DEMO)
    # In the order of their ids, which those without one will get in the order of their lines.
    bodies = sorted(real, key=lambda known: (known.ref < 0, abs(known.ref)))
    for known in bodies:
        if known.open:
            found |= {(known.ref, code): finding for code, finding in _about(known, places)}
    for known, other, detail in duplicates(bodies, places):
        if known.open:
            found.setdefault((known.ref, NoticeCode.POSSIBLE_DUPLICATE), Finding(detail, other.ref))
    return found


def _about(known: Known, places: Places) -> Iterator[tuple[NoticeCode, Finding]]:
    if known.municipality_id is None and known.place_text:
        yield NoticeCode.PLACE_UNKNOWN, Finding(known.place_text)
    if damage := damage_of(known.name):
        yield NoticeCode.TRUNCATED_NAME, Finding(damage)
    if reason := why_abolished(known, places):
        yield NoticeCode.POSSIBLY_ABOLISHED, Finding(reason)


def why_abolished(known: Known, places: Places) -> str | None:
    """Say by which rule a public body may have ended since its list was made; None when none holds."""
    if known.kind != "public_body":
        return None
    body = abolished_body(known.ipa_code) if known.ipa_code else None
    if body is not None:
        return f"followed_by:{body.successor}"
    form = catalogue()["legal_form"].get(known.legal_form or "")
    if form is not None and "abolished_since" in form.facts:
        return "form_abolished"
    if known.legal_form == COMMUNE:
        former = former_municipality(own_name(known.name))
        if former is not None and former.ended:
            return f"municipality_ended:{places.name(known.municipality_id) or ''}"
    return None
