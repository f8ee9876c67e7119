"""The invented bodies and the work that they say they did together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from matchmaker.accounts.claim_services import read_off_name
from matchmaker.demo.files import Row
from matchmaker.organisations.models import (
    Contact,
    Organisation,
    Origin,
    Participation,
    PastProject,
    ProfileTerm,
    SearchToken,
    TermField,
    Visibility,
    WorkTerritory,
)
from matchmaker.organisations.services import next_revision, search_tokens
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.names import fold_name
from recommender.types import Capacity, Role

MARK = "(demo)"
"""Ends every invented name: lists, letters, exports and the command line carry it along."""
SOURCE = "Ente inventato per la dimostrazione"
TERM_LISTS = {
    "themes": TermField.THEME,
    "targets": TermField.TARGET,
    "services": TermField.SERVICE,
    "welfare_actions": TermField.WELFARE_ACTION,
    "offers": TermField.OFFER,
    "needs": TermField.NEED,
}

Bodies = dict[str, Organisation]
"""The invented bodies by the key that the files call them by."""
Places = Mapping[tuple[TerritoryKind, str], Territory]


def load_bodies(session: Session, rows: Iterable[Row]) -> tuple[Bodies, list[Organisation]]:
    """Add the bodies that are not there yet, known by their tax code.

    Returns:
        All of them by key, and the added ones.
    """
    standing = select(Organisation).where(Organisation.origin == Origin.DEMO)
    by_code = {body.tax_code: body for body in session.scalars(standing)}
    places = _places(session)
    bodies: Bodies = {}
    added = []
    for row in rows:
        body = by_code.get(row["tax_code"])
        if body is None:
            body = new_body(row, places)
            session.add(body)
            added.append(body)
        bodies[row["key"]] = body
    session.flush()
    return bodies, added


def new_body(row: Row, places: Places) -> Organisation:
    """Make one body out of its row."""
    name = f"{row['name']} {MARK}"
    municipality = places.get((TerritoryKind.MUNICIPALITY, row["municipality"]))
    body = Organisation(
        name=name,
        folded_name=fold_name(name),
        kind=catalogue()["legal_form"][row["legal_form"]].facts["kind"],
        legal_form=row["legal_form"],
        tax_code=row["tax_code"],
        vat_number=row.get("vat_number"),
        municipality=municipality,
        place_text=None if municipality else row["place"],
        website=row.get("website"),
        size_class=row.get("size_class"),
        description=row.get("description", ""),
        capacity=Capacity(row.get("capacity", Capacity.UNSAID)),
        capacity_from=date.fromisoformat(row["capacity_from"]) if "capacity_from" in row else None,
        visibility=Visibility(row.get("visibility", Visibility.PUBLIC)),
        origin=Origin.DEMO,
        source=SOURCE,
        joined_at=_morning(row["joined"]) if "joined" in row else None,
        work_territories=[WorkTerritory(territory=place) for place in _works_in(row, places)],
        contacts=[Contact(**contact, source=SOURCE) for contact in row.get("contacts", ())],
    )
    _give_terms(body, row)
    return body


def load_past_projects(session: Session, rows: Iterable[Row], bodies: Bodies) -> list[PastProject]:
    """Add the past projects whose lead has not stated them yet; return the added ones."""
    stated = select(PastProject.title, PastProject.stated_by_id)
    there = {(title, stated_by) for title, stated_by in session.execute(stated)}
    missing = [row for row in rows if (row["title"], bodies[row["lead"]].id) not in there]
    added = [_new_project(row, bodies) for row in missing]
    session.add_all(added)
    session.flush()
    return added


def publish(session: Session, changed: Iterable[Organisation]) -> None:
    """Show changed bodies to search and matching, all under one revision.

    What :func:`matchmaker.organisations.services.mark_changed` does for one.
    """
    by_id = {body.id: body for body in changed}
    if not by_id:
        return
    revision = next_revision(session)
    for body in by_id.values():
        body.revision = revision
    session.flush()
    tokens = [(body.id, token) for body in by_id.values() for token in sorted(search_tokens(body))]
    session.execute(delete(SearchToken).where(SearchToken.organisation_id.in_(by_id)))
    session.execute(
        insert(SearchToken), [{"organisation_id": body, "token": token} for body, token in tokens]
    )


def _places(session: Session) -> Places:
    standing = select(Territory).where(Territory.valid_to.is_(None))
    return {(place.kind, place.code): place for place in session.scalars(standing)}


def _works_in(row: Row, places: Places) -> list[Territory]:
    # A district that the Region's own table has closed meanwhile is left out.
    keys = (entry.split(":") for entry in row.get("works_in", ()))
    found = (places.get((TerritoryKind(kind), code)) for kind, code in keys)
    return [place for place in found if place is not None]


def _give_terms(body: Organisation, row: Row) -> None:
    said = [(field, code) for name, field in TERM_LISTS.items() for code in row.get(name, ())]
    if said:
        body.terms = [ProfileTerm(field=field, code=code) for field, code in said]
    else:
        read_off_name(body)


def _new_project(row: Row, bodies: Bodies) -> PastProject:
    lead = bodies[row["lead"]]
    partners = [Participation(organisation=bodies[key]) for key in row["partners"]]
    return PastProject(
        title=row["title"],
        description=row["description"],
        start_year=row["start_year"],
        measure=row.get("measure"),
        stated_by_id=lead.id,
        participations=[Participation(organisation=lead, role=Role.LEAD.value), *partners],
    )


def _morning(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=UTC).replace(hour=9)
