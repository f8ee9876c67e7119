"""Pages of a long list."""

from __future__ import annotations

from dataclasses import dataclass

NEIGHBOURS = 1


@dataclass(frozen=True)
class Page:
    """Which part of a list is shown: number counts from 1 to count; total is of rows."""

    number: int
    count: int
    total: int
    length: int

    @classmethod
    def of(cls, number: int, total: int, length: int) -> Page:
        """Return a page of a list; a number beyond either end is the page at that end."""
        count = max(1, -(-total // length))
        return cls(min(max(number, 1), count), count, total, length)

    @property
    def offset(self) -> int:
        """How many rows stand before the page."""
        return (self.number - 1) * self.length

    @property
    def first(self) -> int:
        """The place of the page's first row, counting from 1; 0 in an empty list."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The place of the page's last row."""
        return min(self.offset + self.length, self.total)

    @property
    def shown(self) -> list[int | None]:
        """The numbers to offer: both ends and the neighbours; None stands for a gap."""
        near = range(self.number - NEIGHBOURS, self.number + NEIGHBOURS + 1)
        offered = sorted({1, self.count, *(number for number in near if 1 <= number <= self.count)})
        shown: list[int | None] = []
        for number in offered:
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown
