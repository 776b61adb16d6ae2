"""Check the search for duplicates on public labelled sets, where the benchmark folder is present."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import dedup_scores as scores
from screening.domain.dedup import Settings

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("name", ["tafenoquine", "diabetes", "stroke", "haematology", "pairs_bibdedupe"])
def test_no_work_is_lost_and_nearly_all_duplicates_go(name: str, bench: Path) -> None:
    path = bench / "dedup" / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"{path} is absent.")
    library = scores.read_library(path, within="database" if name.startswith("pairs") else "")
    matches, possible = scores.search(library, Settings())
    result = scores.score(library, matches, possible)
    assert (result.lost, result.mixed) == (0, 0)
    assert result.sensitivity is not None
    assert result.sensitivity >= 0.98
