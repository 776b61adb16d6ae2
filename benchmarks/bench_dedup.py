"""Accuracy of the search for duplicates on public labelled sets and on generated libraries.

The sets are not part of the project; WORKBENCH_BENCH names their folder. The figures of the peer, bib-dedupe
0.11, were measured once on the same files with the same scoring; they are constants here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import dedup_scores as scores
from benchmarks.table import Row
from screening.domain.dedup import Settings

PEER = "bib-dedupe 0.11"
# Sensitivity, works lost.
PEER_FIGURES = {
    "tafenoquine": (75 / 75, 0),
    "diabetes": (1261 / 1261, 0),
    "stroke": (312 / 313, 0),
    "haematology": (121 / 124, 0),
    "misq_baseline": (1513 / 1534, 4),
    "misq_mixed": (3228 / 3281, 21),
    "pairs_bibdedupe": (6 / 10, 8),
    "generated, seed 7": (3944 / 4160, 29),
}
N_GENERATED = 10_000
SEEDS = (1, 2, 3, 7)


def run() -> list[Row]:
    """Score all sets that are present, then generated libraries."""
    folder = scores.folder()
    if not folder.is_dir():
        return [Row("duplicates", "share", None, note=f"no benchmark folder {folder}; set WORKBENCH_BENCH")]
    rows: list[Row] = []
    for path in sorted(folder.glob("*.csv")):
        within = "database" if path.stem.startswith("pairs_") else ""
        rows += _rows(scores.read_library(path, within=within), path.stem)
    generator = folder / "synthesize.py"
    if generator.is_file():
        for seed in SEEDS:
            rows += _rows(_generated(generator, seed), f"generated, seed {seed}")
    return rows


def _generated(generator: Path, seed: int) -> scores.Library:
    with tempfile.TemporaryDirectory() as there:
        path = Path(there) / "generated.csv"
        command = [sys.executable, str(generator), str(N_GENERATED), str(path), "--seed", str(seed)]
        subprocess.run(command, check=True, capture_output=True)
        return scores.read_library(path)


def _rows(library: scores.Library, name: str) -> list[Row]:
    matches, possible = scores.search(library, Settings())
    result = scores.score(library, matches, possible)
    peer_sensitivity, peer_lost = PEER_FIGURES.get(name, (None, None))
    left = result.left or 0
    recovered = f"{result.recovered} of {left} remaining duplicates are among them" if left else "none remain"
    return [
        Row(
            what=f"{name}: sensitivity",
            unit="share",
            ours=result.sensitivity,
            peer_name=PEER,
            peer=peer_sensitivity,
            note=f"{result.removed} of {result.removed + left} surplus records of {result.n_records}",
        ),
        Row(
            what=f"{name}: works lost",
            unit="works",
            ours=result.lost,
            peer_name=PEER,
            peer=peer_lost,
            lower_is_better=True,
            note=f"{result.mixed} mixed groups",
        ),
        Row(
            what=f"{name}: pairs for people",
            unit="per 100 records",
            ours=result.pairs_per_100,
            lower_is_better=True,
            note=recovered,
        ),
    ]
