"""The examples in the docstrings are run: they are part of the documentation."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["collaboration", "proximity", "territory", "cohesion", "brokerage"])
def test_the_examples_of_a_module_give_what_they_say(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"graph.{name}"))

    assert result.attempted > 0
    assert result.failed == 0
