"""Planned changes, kept on disk: a file of any length takes the memory of one batch."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Any

from matchmaker.imports.bodies import BodyState, changed_columns

HELD_IN_MEMORY = 2**20


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of one body. ``ref`` is its id; negative while it has none."""

    ref: int
    created: bool
    state: BodyState
    columns: tuple[str, ...]
    terms: bool
    email: bool

    @classmethod
    def between(cls, ref: int, before: BodyState | None, after: BodyState) -> Change:
        """Return what has to be written to get from one state to another."""
        return cls(
            ref=ref,
            created=before is None,
            state=after,
            columns=tuple(changed_columns(before, after)),
            terms=(before.inferred if before else ()) != after.inferred,
            email=(before.email if before else None) != after.email,
        )

    def __bool__(self) -> bool:
        """True when anything has to be written."""
        return bool(self.created or self.columns or self.terms or self.email)

    def followed_by(self, later: Change) -> Change:
        """Return both changes to one body as one."""
        return Change(
            ref=self.ref,
            created=self.created,
            state=later.state,
            columns=tuple(dict.fromkeys((*self.columns, *later.columns))),
            terms=self.terms or later.terms,
            email=self.email or later.email,
        )


class Spool:
    """Changes in the order in which they were planned; each can be read back."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY)  # noqa: SIM115 (closed on leaving)
        self._last: dict[int, int] = {}
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        """How many bodies have changes."""
        return len(self._last)

    def add(self, change: Change) -> None:
        """Keep a change."""
        line = json.dumps([change.ref, change.created, change.columns, change.terms, change.email])
        self._file.seek(self._end)
        self._file.write(f"{line}\t{json.dumps(change.state.as_json())}\n".encode())
        self._last[change.ref] = self._end
        self._end = self._file.tell()

    def state(self, ref: int) -> BodyState | None:
        """Return a body's state after its last change; None when it has none."""
        if ref not in self._last:
            return None
        self._file.seek(self._last[ref])
        return _read(self._file.readline()).state

    def batches(self, size: int) -> Iterator[list[Change]]:
        """Yield the changes in order, in lists of at most ``size``; within one, each body stands once."""
        self._file.seek(0)
        while lines := list(islice(self._file, size)):
            changes: dict[int, Change] = {}
            for change in map(_read, lines):
                earlier = changes.get(change.ref)
                changes[change.ref] = earlier.followed_by(change) if earlier else change
            yield list(changes.values())


def _read(line: bytes) -> Change:
    head, _tab, state = line.partition(b"\t")
    ref, created, columns, terms, email = json.loads(head)
    values: dict[str, Any] = json.loads(state)
    return Change(ref, created, BodyState.from_json(values), tuple(columns), terms, email)
