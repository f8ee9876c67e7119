"""The house: which way the arrows point, what each room holds, what must never be committed."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.sockets import is_near, stay_near

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
ROUTINE_FILES = {
    "routes.py",
    "models.py",
    "forms.py",
    "services.py",
    "queries.py",
    "presenters.py",
    "commands.py",
}
PACKAGES = ("graph", "recommender", "matchmaker")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|lorem ipsum)\b", re.IGNORECASE)
REGISTRY = re.compile(
    r'"resolved":|index-url|find-links|://[^\s"]*/simple/|registry\.npmjs|files\.pythonhosted'
)
HOME_FOLDER = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is, or is about to be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def _texts(*suffixes: str) -> list[tuple[Path, str]]:
    files = [path for path in tracked() if path.suffix in suffixes]
    return [(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in files]


def test_the_arrows_point_one_way() -> None:
    done = subprocess.run([LINT_IMPORTS, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_machine_path_and_no_registry_stands_in_a_file() -> None:
    own = {Path("tests/test_architecture.py"), Path("tools/lock")}
    found = [
        f"{path}: {line.strip()[:80]}"
        for path, text in _texts(".py", ".txt", ".json", ".cfg", ".toml", ".md", ".html", ".in", ".yml", "")
        if path not in own
        for line in text.splitlines()
        if REGISTRY.search(line) or HOME_FOLDER.search(line)
    ]
    assert not found, "\n".join(found)


def test_nothing_unfinished_is_left_in_the_code() -> None:
    found = [
        f"{path}: {line.strip()}"
        for path, text in _texts(".py", ".html")
        if path.parts[0] in (*PACKAGES, "templates")
        for line in text.splitlines()
        if UNFINISHED.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_error_is_swallowed() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, text in _texts(".py")
        if path.parts[0] in PACKAGES
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body)
    ]
    assert not found, found


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(r"<[^>]+\s(?:style|on\w+)\s*=|<script(?![^>]*\bsrc=)", re.IGNORECASE)
    found = [
        f"{path}: {line.strip()[:80]}"
        for path, text in _texts(".html")
        if "mail" not in path.parts
        for line in text.splitlines()
        if inline.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_is(package: str) -> None:
    silent = [
        str(path)
        for path, text in _texts(".py")
        if path.parts[0] == package and text.strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert not silent


def test_each_feature_uses_the_same_file_names() -> None:
    features = [path for path in (ROOT / "matchmaker").iterdir() if (path / "routes.py").exists()]
    assert len(features) >= 8
    for feature in features:
        assert {path.name for path in feature.glob("*.py")} & ROUTINE_FILES


def test_publiccode_holds_what_its_standard_asks_for() -> None:
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    mandatory = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"}
    assert mandatory | {"description", "legal", "maintenance", "localisation"} <= set(told)
    assert set(told["description"]) == {"it", "en"}
    for text in told["description"].values():
        assert len(text["genericName"]) <= 35
        assert len(text["shortDescription"]) <= 150
        assert 500 <= len(text["longDescription"]) <= 10_000


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", b"2001:db8::1"])
def test_no_test_reaches_another_machine(host: str | bytes) -> None:
    assert not is_near(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", None])
def test_this_machine_is_near(host: str | None) -> None:
    assert is_near(host)


def test_a_swallowed_way_out_still_fails_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = stay_near(monkeypatch)
    next(guard)
    with suppress(OSError):
        socket.create_connection(("192.0.2.1", 9), timeout=1)
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        next(guard)
