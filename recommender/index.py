"""The world as arrays: one row per candidate, and inverted lists from terms and words to rows.

Built once by :meth:`Coder.fit`; afterwards single rows are replaced without refitting. Everything a
query reads is here, so that another store (saved, shared, remote) can stand in its place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.postings import Codebook, Postings
from recommender.text import Lexicon, Term, concept, stems
from recommender.types import Candidate, Capacity, Profile
from recommender.weights import group_of
from recommender.world import Thesaurus, World

FIELDS = ("theme", "target_group", "service", "welfare_action", "asset")
"""Vocabularies that profiles draw on; the columns of :attr:`Columns.known`, in this order."""
SAID_LISTS = (
    ("theme", "themes"),
    ("target_group", "targets"),
    ("service", "services"),
    ("welfare_action", "welfare_actions"),
)
CAPACITIES = tuple(Capacity)
WORKS_SHARE = 0.8
"""A body that works in a district without a seat there stands a little further from it."""
COMMON_WORD = 0.1
"""A word that more than this share of the bodies holds tells nothing apart..."""
COMMON_FROM = 1000
"""...once there are this many bodies."""


@dataclass(frozen=True)
class Columns:
    """One entry per candidate.

    Attributes:
        ids: candidate ids.
        lat, lon: degrees, NaN when the seat is unknown.
        municipality: number of the seat's municipality, -1 when unknown.
        kind: number of the kind.
        group: number of the group of alike legal forms (see :func:`recommender.weights.group_of`).
        signature: number of what rules look at whatever the project (see :func:`rule_key`).
        capacity: position in CAPACITIES.
        on_platform: somebody of it is on the platform.
        known: shape (n, len(FIELDS)), whether any code of the field is known, said or inferred.
        outside: all its known themes are outside welfare.
        themes_said: it named themes itself.
    """

    ids: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    municipality: NDArray[np.int32]
    kind: NDArray[np.int32]
    group: NDArray[np.int32]
    signature: NDArray[np.int32]
    capacity: NDArray[np.int8]
    on_platform: NDArray[np.bool_]
    known: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    themes_said: NDArray[np.bool_]

    def joined(self, keep: NDArray[np.bool_], other: Columns) -> Columns:
        """Return the kept entries followed by another's."""
        return Columns(
            *(
                np.concatenate([getattr(self, column.name)[keep], getattr(other, column.name)])
                for column in fields(self)
            )
        )


@dataclass(frozen=True)
class Index:
    """Candidates, their columns, and their postings.

    Attributes:
        terms: codes of FIELDS but assets; offers, needs: assets (columns as in terms).
        districts: 1 where the body sits or manages services, less where it only works.
        text: cosine space of stems and concepts.
        position: row of each candidate id.
    """

    candidates: tuple[Candidate, ...]
    columns: Columns
    terms: Postings
    offers: Postings
    needs: Postings
    districts: Postings
    text: Postings
    position: Mapping[int, int]

    def __len__(self) -> int:
        return len(self.candidates)

    def joined(self, keep: NDArray[np.bool_], other: Index) -> Index:
        """Return the kept candidates followed by another index's."""
        kept = [c for c, stays in zip(self.candidates, keep, strict=True) if stays]
        candidates = (*kept, *other.candidates)
        return Index(
            candidates=candidates,
            columns=self.columns.joined(keep, other.columns),
            terms=self.terms.joined(keep, other.terms),
            offers=self.offers.joined(keep, other.offers),
            needs=self.needs.joined(keep, other.needs),
            districts=self.districts.joined(keep, other.districts),
            text=self.text.joined(keep, other.text),
            position={candidate.id: at for at, candidate in enumerate(candidates)},
        )


class Coder:
    """Turns candidates and texts into rows, with what was learnt from one world."""

    def __init__(self, thesaurus: Thesaurus, read_share: float) -> None:
        self.thesaurus = thesaurus
        self.read_share = read_share
        self.lexicon = Lexicon(thesaurus.words)
        self.fields_of: dict[str, list[str]] = {}
        for name, code in thesaurus.words:
            self.fields_of.setdefault(code, []).append(name)
        self.terms, self.districts, self.municipalities = Codebook(), Codebook(), Codebook()
        self.kinds, self.groups, self.signatures = Codebook(), Codebook(), Codebook()
        self.vectorizer: TfidfVectorizer | None = None
        self.words: tuple[str, ...] = ()

    def fit(self, world: World) -> Index:
        """Learn the words of a world and return it as an index."""
        documents = [self.document(candidate) for candidate in world.candidates]
        past = [self.tokens(project.text) for project in world.past]
        # The thesaurus is read as documents too: its words and concepts are known from the start.
        entries = [[*stems(" ".join(w)), concept(t)] for t, w in self.thesaurus.words.items()]
        common = COMMON_WORD if len(documents) >= COMMON_FROM else 1.0
        self.vectorizer = TfidfVectorizer(
            analyzer=_as_it_is, sublinear_tf=True, max_df=common, dtype=np.float32
        )
        # A world without a single word still has a vocabulary.
        self.vectorizer.fit([*documents, *past, *entries, ["\0"]])
        self.words = tuple(self.vectorizer.get_feature_names_out())
        return self.encode(world.candidates, documents)

    def encode(
        self, candidates: Sequence[Candidate], documents: Sequence[Sequence[str]] | None = None
    ) -> Index:
        """Return candidates as an index of their own."""
        documents = documents or [self.document(candidate) for candidate in candidates]
        profiles = [self._weighted(candidate.profile) for candidate in candidates]
        rows = {
            "terms": [{c: w for c, (name, w) in row.items() if name != "asset"} for row in profiles],
            "offers": [{c: w for c, (name, w) in row.items() if name == "asset"} for row in profiles],
            "needs": [{self.asset(n): 1.0 for n in sorted(c.profile.needs)} for c in candidates],
        }
        districts = [self._districts(candidate) for candidate in candidates]
        postings = {name: Postings.of(held, len(self.terms)) for name, held in rows.items()}
        return Index(
            candidates=tuple(candidates),
            columns=self._columns(candidates, profiles),
            districts=Postings.of(districts, len(self.districts)),
            text=Postings(self.vectors(documents)),
            position={candidate.id: at for at, candidate in enumerate(candidates)},
            **postings,
        )

    def document(self, candidate: Candidate) -> list[str]:
        """Return the stems of a candidate's name, and the stems and concepts of its description.

        Concepts of a name are left to the inference rules, which read names better.
        """
        return [*stems(candidate.name), *self.tokens(candidate.text)]

    def tokens(self, text: str) -> list[str]:
        """Return the stems of a text and the concepts that they name."""
        stemmed = stems(text)
        return [*stemmed, *map(concept, self.lexicon.read(stemmed))]

    def vectors(self, documents: Sequence[Sequence[str]]) -> sparse.csr_array:
        """Return documents as rows of length one; words never met in the fitted world are dropped."""
        assert self.vectorizer is not None  # noqa: S101 - a Coder is handed out fitted
        if not documents:
            return sparse.csr_array((0, len(self.vectorizer.vocabulary_)), dtype=np.float32)
        return sparse.csr_array(self.vectorizer.transform(documents))

    def asset(self, code: str) -> int:
        """Return the column of an asset, among the terms."""
        return self.terms.number(("asset", code))

    def inferred_terms(self, profile: Profile) -> list[Term]:
        """Return the terms of the inferred codes; a code unknown to the thesaurus is taken as a theme."""
        return [
            (name, code)
            for code in sorted(profile.inferred)
            for name in self.fields_of.get(code, ["theme"])
            if name in FIELDS
        ]

    def _weighted(self, profile: Profile) -> dict[int, tuple[str, float]]:
        """Return field and weight by column: said codes 1, inferred codes less."""
        held = {
            self.terms.number((name, code)): (name, self.read_share)
            for name, code in self.inferred_terms(profile)
        }
        for name, attribute in (*SAID_LISTS, ("asset", "offers")):
            for code in sorted(getattr(profile, attribute)):
                held[self.terms.number((name, code))] = (name, 1.0)
        return held

    def _districts(self, candidate: Candidate) -> dict[int, float]:
        held = {self.districts.number(code): WORKS_SHARE for code in sorted(candidate.works_in)}
        for code in sorted(candidate.place.districts | candidate.manages):
            held[self.districts.number(code)] = 1.0
        return held

    def _columns(
        self, candidates: Sequence[Candidate], profiles: Sequence[Mapping[int, tuple[str, float]]]
    ) -> Columns:
        names = [{name for name, _ in row.values()} for row in profiles]
        themes = [self._themes(candidate.profile) for candidate in candidates]
        welfare = self.thesaurus.welfare
        return Columns(
            ids=_column((c.id for c in candidates), np.int64),
            lat=_column((_degrees(c.place.lat) for c in candidates), np.float64),
            lon=_column((_degrees(c.place.lon) for c in candidates), np.float64),
            municipality=_column((self._municipality(c) for c in candidates), np.int32),
            kind=_column((self.kinds.number(c.kind) for c in candidates), np.int32),
            group=_column((self.groups.number(group_of(c)) for c in candidates), np.int32),
            signature=_column((self.signatures.number(rule_key(c)) for c in candidates), np.int32),
            capacity=_column((CAPACITIES.index(c.capacity) for c in candidates), np.int8),
            on_platform=_column((c.on_platform for c in candidates), np.bool_),
            known=_column([[f in n for f in FIELDS] for n in names], np.bool_).reshape(-1, len(FIELDS)),
            outside=_column((bool(t) and not t & welfare for t in themes), np.bool_),
            themes_said=_column((bool(c.profile.themes) for c in candidates), np.bool_),
        )

    def _themes(self, profile: Profile) -> set[str]:
        return {*profile.themes, *(code for name, code in self.inferred_terms(profile) if name == "theme")}

    def _municipality(self, candidate: Candidate) -> int:
        code = candidate.place.municipality
        return -1 if code is None else self.municipalities.number(code)


def rule_key(candidate: Candidate) -> Hashable:
    """Return what rules look at in a candidate whatever the project (see recommender.rules)."""
    return (candidate.attributes, candidate.unknown, candidate.manages, candidate.place.region)


def _column(values: Iterable[Any], dtype: Any) -> NDArray[Any]:
    return np.array(list(values), dtype=dtype)


def _degrees(value: float | None) -> float:
    return np.nan if value is None else value


def _as_it_is(tokens: Sequence[str]) -> Sequence[str]:
    return tokens
