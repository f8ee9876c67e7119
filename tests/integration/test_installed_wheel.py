"""The wheel holds everything: installed away from the checkout, the site finds pages, data and words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("graph", "recommender", "matchmaker", "templates")
LEFT_OUT = {".po", ".pot"}  # the compiled catalogue travels instead
ASK = """
import matchmaker
from matchmaker.cli import main
main(["init"], standalone_mode=False)
client = matchmaker.create_app().test_client()
print(matchmaker.__file__)
print(client.get("/", headers={"Accept-Language": "it"}).status_code)
print("lang=\\"en\\"" in client.get("/", headers={"Accept-Language": "en"}).text)
print(client.get("/static/vendor/bootstrap-italia/svg/sprites.svg").status_code)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from a copy so that the checkout stays as it is."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*PACKAGES, "requirements"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def test_every_file_of_the_packages_travels(wheel: Path) -> None:
    packed = set(ZipFile(wheel).namelist())
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in LEFT_OUT
    }
    renamed = {f"matchmaker/{name}" if name.startswith("templates/") else name for name in expected}
    assert not renamed - packed
    assert not any(name.startswith(("tests/", "templates/", "tools/")) for name in packed)


def test_the_installed_site_answers_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "fresh", with_pip=False, symlinks=os.name != "nt")
    packages = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(tmp_path / "fresh")}))
    ZipFile(wheel).extractall(packages)
    # The dependencies are those of this environment; its editable Matchmaker is not among them.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    python = Path(sysconfig.get_path("scripts", "venv", vars={"base": str(tmp_path / "fresh")})) / "python"
    database = {"MATCHMAKER_DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite'}"}
    done = subprocess.run(
        [python, "-c", ASK], cwd=tmp_path, env={**os.environ, **database}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    place, italian, english, icons = done.stdout.splitlines()[-4:]
    assert Path(place).is_relative_to(tmp_path)
    assert (italian, english, icons) == ("200", "True", "200")
