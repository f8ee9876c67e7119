"""What can be wrong with a graph, or with a question put to it."""

from __future__ import annotations


class GraphError(ValueError):
    """Base of every error of this package."""


class UnknownNode(GraphError):
    """A question about a node that the graph does not hold."""

    def __init__(self, node: object) -> None:
        super().__init__(f"the graph holds no node {node!r}")
        self.node = node


class CircularContainment(GraphError):
    """A territory that, through its parents, would contain itself."""

    def __init__(self, code: str) -> None:
        super().__init__(f"territory {code!r} is contained in itself")
        self.code = code


class NotConverged(GraphError):
    """A power iteration that did not settle within its steps."""

    def __init__(self, steps: int, change: float) -> None:
        super().__init__(f"no fixed point after {steps} steps (last change {change:.2e})")
        self.steps, self.change = steps, change
