"""The real lists of Piedmont, whole: how long, how much memory, what is refused and why."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchmaker.organisations.models import DirectoryNotice, NoticeCode, Organisation
from tests.databases import BACKENDS, Databases
from tests.import_files import FIRMS, csv_bytes, firm, shared_file
from tests.import_world import World

UNIFIED, IPA, FIVE = (
    "organisations_piemonte_unified.csv",
    "enti_pubblici_ipa_piemonte.csv",
    "enti_5x1000_2020_piemonte.csv",
)


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[World]:
    made = databases[request.param]
    url = made.make("reference")
    world = World(url)
    yield world
    world.app.extensions["engine"].dispose()
    made.drop(url)


def test_the_unified_list_is_loaded_in_time_and_again_without_a_change(world: World) -> None:
    content = shared_file(UNIFIED).read_bytes()
    started = time.process_time()
    report = world.load(content)
    # Of this process: the machine may be busy with other tests.
    assert time.process_time() - started < 30
    assert (report.rows, report.refused) == (6408, [])
    assert report.created + report.updated == 6408
    assert len(report.left_out) == 14
    assert {problem.problems[0].code for problem in report.left_out} == {"unusable_website"}
    again = world.load(content)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 6408)


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_the_three_lists_make_one_directory_and_settle(world: World) -> None:
    contents = {name: shared_file(name).read_bytes() for name in (UNIFIED, IPA, FIVE)}
    first = [world.load(content) for content in contents.values()]
    # Two municipalities of Trentino stand in the list under the names of two of Piedmont.
    assert [(p.line, p.problems[0].code) for report in first for p in report.refused] == [
        (3083, "other_province"),
        (4147, "other_province"),
    ]
    for content in contents.values():
        again = world.load(content)
        assert (again.created, again.updated) == (0, 0)
    with world.reading() as session:
        communes = select(func.count()).where(Organisation.legal_form == "PB_COMUNE")
        joined = communes.where(Organisation.tax_code.is_not(None), Organisation.ipa_code.is_not(None))
        assert session.scalar(communes) == 1218
        assert (session.scalar(joined) or 0) > 1180
        unplaced = select(func.count()).where(Organisation.municipality_id.is_(None))
        assert session.scalar(unplaced) == 0
        counts = select(DirectoryNotice.code, func.count()).group_by(DirectoryNotice.code)
        notices = {row.code: row[1] for row in session.execute(counts)}
    assert 90 <= notices[NoticeCode.POSSIBLY_ABOLISHED] <= 110
    assert 20 <= notices[NoticeCode.TRUNCATED_NAME] <= 35
    assert 30 <= notices[NoticeCode.POSSIBLE_DUPLICATE] <= 70


PEAK = """
import resource, sys
from tests.import_world import World
world = World(sys.argv[1])
report = world.load(open(sys.argv[2], "rb").read())
assert report.refusal is None, report.refusal
print(report.created, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_fifty_thousand_rows_go_in_with_little_more_memory_than_a_thousand(
    databases: dict[str, Databases], tmp_path: Path
) -> None:
    made, peaks = databases["sqlite"], {}
    for rows in (1_000, 50_000):
        path = tmp_path / f"{rows}.csv"
        path.write_bytes(csv_bytes(FIRMS, *(firm(n, f"Officina {n:x} S.r.l.") for n in range(rows))))
        url = made.make("reference")
        command = [sys.executable, "-c", PEAK, url, str(path)]
        result = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        made.drop(url)
        assert result.returncode == 0, result.stderr
        created, peaks[rows] = map(int, result.stdout.split())
        assert created == rows
    # Kilobytes: under two per row, for recognising the bodies; the rows themselves are streamed.
    assert peaks[50_000] - peaks[1_000] < 100_000
