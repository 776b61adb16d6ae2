"""Time and memory of the search for duplicates on generated libraries of 10,000, 50,000 and 100,000 records.

Each size runs in a process of its own; CPU seconds count reading the table, too. The figures of the peer,
bib-dedupe 0.11, were measured once on files of the same generator: 75 CPU s and 188 MB for 10,000 records,
460 CPU s and 757 MB for 50,000.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import dedup_scores as scores
from benchmarks.table import Row

PEER = "bib-dedupe 0.11"
PEER_FIGURES = {10_000: (75.0, 188.0), 50_000: (460.0, 757.0)}
SIZES = (10_000, 50_000, 100_000)
_WORK = """
import sys
from pathlib import Path
from benchmarks.dedup_scores import read_library, search
from screening.domain.dedup import Settings
search(read_library(Path(sys.argv[1])), Settings())
"""


def run() -> list[Row]:
    """Measure each size, and how the time grows from 50,000 to 100,000 records."""
    generator = scores.folder() / "synthesize.py"
    if not generator.is_file():
        return [Row("duplicates, speed", "CPU s", None, note="no generator; set WORKBENCH_BENCH")]
    rows: list[Row] = []
    seconds: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as there:
        for size in SIZES:
            path = Path(there) / f"{size}.csv"
            subprocess.run(
                [sys.executable, str(generator), str(size), str(path)], check=True, capture_output=True
            )
            seconds[size], megabytes = _measure(path)
            rows += _rows(size, seconds[size], megabytes)
    growth = seconds[100_000] / seconds[50_000]
    rows.append(Row("find duplicates: time of 100,000 to that of 50,000", "×", growth, note="bar 2.2"))
    return rows


def _measure(path: Path) -> tuple[float, float]:
    """Return CPU seconds and peak memory in MB of a search in its own process."""
    process = subprocess.Popen([sys.executable, "-c", _WORK, str(path)], cwd=scores.PROJECT)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"The search ended with code {process.returncode}.")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _rows(size: int, seconds: float, megabytes: float) -> list[Row]:
    peer_seconds, peer_megabytes = PEER_FIGURES.get(size, (None, None))
    what = f"find duplicates among {size:,} records"
    return [
        Row(what, "CPU s", seconds, PEER, peer_seconds, lower_is_better=True),
        Row(what, "MB", megabytes, PEER, peer_megabytes, lower_is_better=True),
    ]
