"""What came of a file: counts, what was refused and left out, what a facilitator should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from matchmaker.imports.problems import FileRefused, RowProblem


@dataclass(frozen=True, slots=True)
class Noticed:
    """A directory notice in the words of a report: names, not numbers that a dry run does not have yet."""

    code: str
    detail: str
    name: str
    place: str
    other: str = ""


@dataclass(slots=True)
class Report:
    """The outcome of one run. ``rows`` is the sum of created, updated, unchanged and refused."""

    filename: str
    preset: str = ""
    dry_run: bool = False
    strict: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RowProblem] = field(default_factory=list)
    left_out: list[RowProblem] = field(default_factory=list)
    """Cells without which their row was loaded: an address that is none."""
    notices: Counter[str] = field(default_factory=Counter)
    noticed: list[Noticed] = field(default_factory=list)
    refusal: FileRefused | None = None
    """Why nothing was loaded, when the whole file was refused."""

    @property
    def loads(self) -> bool:
        """True when there is something that may be written."""
        return not self.dry_run and self.refusal is None

    def refuse(self, refusal: FileRefused) -> None:
        """Note that nothing is loaded, and take back what would have been."""
        self.refusal = refusal
        self.created = self.updated = self.unchanged = 0

    def counts(self) -> dict[str, int]:
        """The figures by name."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": len(self.refused),
            "left_out": len(self.left_out),
        }

    def as_json(self, most: int) -> dict[str, Any]:
        """Codes and figures, to be kept with a run; of each list no more than ``most``."""
        return {
            "counts": self.counts(),
            "notices": dict(self.notices),
            "refused": [problem.as_json() for problem in self.refused[:most]],
            "left_out": [problem.as_json() for problem in self.left_out[:most]],
            "noticed": [[n.code, n.detail, n.name, n.place, n.other] for n in self.noticed[:most]],
        }
