"""Changes to organisations that everything else builds on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation, SearchToken, WorldRevision
from matchmaker.vocabularies.words import label_text
from recommender.text import stems

TOKEN_LENGTH = 60


def next_revision(session: Session) -> int:
    """Raise the world's revision and return it; the row stays locked until commit."""
    raised = session.execute(
        update(WorldRevision).values(number=WorldRevision.number + 1).returning(WorldRevision.number)
    ).scalar()
    if raised is None:
        session.execute(insert(WorldRevision).values(id=1, number=1))
        raised = 1
    return int(raised)


def current_revision(session: Session) -> int:
    """The world's revision; 0 before anything was written."""
    return session.scalar(select(WorldRevision.number)) or 0


def mark_changed(session: Session, organisation: Organisation) -> None:
    """Make a changed body visible to search and matching; call after every write to it."""
    session.flush()
    organisation.revision = next_revision(session)
    replace_search_tokens(session, organisation)
    session.flush()


def replace_search_tokens(session: Session, organisation: Organisation) -> None:
    """Store the stemmed words of what a body is and says."""
    session.execute(delete(SearchToken).where(SearchToken.organisation_id == organisation.id))
    tokens = search_tokens(organisation)
    if tokens:
        session.execute(
            insert(SearchToken),
            [{"organisation_id": organisation.id, "token": token} for token in sorted(tokens)],
        )


def search_tokens(organisation: Organisation) -> set[str]:
    """Return the stems under which a body is found: name, place, description, its terms' labels."""
    place = organisation.municipality.name if organisation.municipality else organisation.place_text or ""
    terms = [(term.field.value, term.code) for term in organisation.terms]
    return tokens_of(organisation.name, place, organisation.description, terms)


def tokens_of(name: str, place: str, description: str, terms: Iterable[tuple[str, str]]) -> set[str]:
    """The same as :func:`search_tokens`, from values: terms are pairs of field and code."""
    said = " ".join(label_text(field, code) for field, code in terms)
    return {token[:TOKEN_LENGTH] for token in stems(" ".join((name, place, description, said)))}
