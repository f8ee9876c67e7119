"""What can be wrong with a file, a row or a cell, as codes; presenters has the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matchmaker.errors import MatchmakerError

SHOWN_CHARACTERS = 60


class FileRefused(MatchmakerError):
    """The whole file cannot be used: nothing of it is loaded.

    ``code`` is a key of ``presenters.FILE_REFUSALS``; ``details`` fill its sentence.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one cell; ``code`` is a key of ``presenters.CELL_PROBLEMS``."""

    column: str
    code: str
    value: str = ""

    @classmethod
    def of(cls, column: str, code: str, value: str = "") -> CellProblem:
        """Make a problem with as much of the value as a reader needs to find it."""
        shown = " ".join(value.split())
        return cls(column, code, shown[:SHOWN_CHARACTERS])


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row and what is wrong in it, the first fault first."""

    line: int
    problems: tuple[CellProblem, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Codes only, to be kept in a report: words are put in when it is shown."""
        return {"line": self.line, "problems": [[p.column, p.code, p.value] for p in self.problems]}
