"""Run every `bench_*.py` of this folder and print one table: `make bench`, or `run.py parsing` for one.

Each module has `run() -> list[Row]`. A comparison is made in one run on one machine: only the ratios travel.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from benchmarks.table import Row, as_text  # noqa: E402


def main(wanted: list[str]) -> int:
    """Run the named benchmarks, or all; return the exit status."""
    present = {path.stem.removeprefix("bench_"): path.stem for path in sorted(FOLDER.glob("bench_*.py"))}
    unknown = sorted(set(wanted) - set(present))
    if unknown:
        print(
            f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(present)}.", file=sys.stderr
        )
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n", flush=True)
    rows: list[Row] = []
    for name in wanted or present:
        print(f"running {name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{present[name]}").run()
    print(as_text(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
