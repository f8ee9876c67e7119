"""Municipalities as people write them: found by name, offered as a list."""

from __future__ import annotations

import re
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.territories.queries import municipality_by_name
from matchmaker.vocabularies.names import fold

# "Pinerolo (TO)": how places are offered, so that what was picked is found again.
_WITH_PROVINCE = re.compile(r"^(?P<name>.*?)\s*\(\s*(?P<province>[A-Za-z]{2})\s*\)$")
MOST_GUESSES = 5


def place_label(territory: Territory) -> str:
    """How a municipality is offered: its name with its province."""
    return f"{territory.name} ({territory.province})" if territory.province else territory.name


def municipality_labels(session: Session) -> list[str]:
    """Every municipality as it is offered, in alphabetical order."""
    rows = session.execute(
        select(Territory.name, Territory.province).where(*_MUNICIPALITY).order_by(Territory.folded_name)
    )
    return [f"{name} ({province})" if province else name for name, province in rows]


def find_municipalities(session: Session, text: str) -> list[Territory]:
    """Return the municipalities that a text names: none, one, or some of the same name.

    A name that a municipality no longer has finds the one that took its place.
    """
    matched = _WITH_PROVINCE.match(text.strip())
    name, province = (matched["name"], matched["province"].upper()) if matched else (text.strip(), None)
    query = select(Territory).where(*_MUNICIPALITY, Territory.folded_name == fold(name))
    if province:
        query = query.where(Territory.province == province)
    found = list(session.scalars(query.order_by(Territory.province)))
    successor = None if found else municipality_by_name(session, name, province)
    return found if successor is None else [successor]


def guess_municipalities(session: Session, text: str) -> list[str]:
    """Municipalities whose name looks like a text that names none, the likeliest first."""
    labels = municipality_labels(session)
    matched = _WITH_PROVINCE.match(text.strip())
    wanted = fold(matched["name"] if matched else text)
    by_name: dict[str, list[str]] = {}
    for label in labels:
        by_name.setdefault(fold(label.rsplit(" (", 1)[0]), []).append(label)
    close = get_close_matches(wanted, by_name, n=MOST_GUESSES, cutoff=0.7)
    longer = [name for name in by_name if len(wanted) > 2 and name.startswith(wanted) and name not in close]
    return [label for name in [*close, *longer] for label in by_name[name]][:MOST_GUESSES]


_MUNICIPALITY = (Territory.kind == TerritoryKind.MUNICIPALITY, Territory.valid_to.is_(None))
