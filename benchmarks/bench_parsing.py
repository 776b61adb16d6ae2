"""Speed of reading 10,000 RIS records, beside rispy, the reader of most open-source tools of the field."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable

import rispy

from benchmarks.table import Row
from screening.domain.parsing import parse_bytes

N_RECORDS = 10_000
N_ROUNDS = 7
WORDS = (
    "randomised trial of early against late treatment in adults with fracture pain function follow-up "
    "blinded outcome mean difference confidence interval placebo group months quality life score analysis"
).split()


def generated_ris(n_records: int, *, seed: int = 1) -> bytes:
    """Return RIS records of about the size that a database exports, the same ones for the same seed."""
    draw = random.Random(seed)
    return "".join(_record(draw, number) for number in range(n_records)).encode()


def _record(draw: random.Random, number: int) -> str:
    def prose(n_words: int) -> str:
        return " ".join(draw.choices(WORDS, k=n_words)).capitalize()

    authors = [f"AU  - {prose(1)}, {draw.choice('ABCDE')}." for _ in range(draw.randint(1, 9))]
    keywords = [f"KW  - {prose(2)}" for _ in range(draw.randint(2, 8))]
    lines = [
        "TY  - JOUR",
        *authors,
        f"TI  - {prose(14)} {number}",
        f"T2  - Journal of {prose(2)}",
        f"PY  - {draw.randint(1980, 2025)}",
        f"VL  - {draw.randint(1, 80)}",
        f"SP  - {number}",
        f"EP  - {number + 9}",
        f"DO  - 10.1000/example.{number}",
        f"AB  - {prose(180)}.",
        *keywords,
        "ER  - ",
        "",
    ]
    return "\r\n".join(lines) + "\r\n"


def _best_seconds(*readers: Callable[[], int]) -> list[float]:
    """Return each reader's best of several rounds; the rounds alternate, so that a busy moment hits all.

    Seconds of the processor's time: what else the machine does counts as little as possible.
    """
    best = [float("inf")] * len(readers)
    for _ in range(N_ROUNDS):
        for number, read in enumerate(readers):
            gc.collect()
            start = time.process_time()
            n_read = read()
            best[number] = min(best[number], time.process_time() - start)
            if n_read != N_RECORDS:
                raise AssertionError(f"{n_read} of {N_RECORDS} records were read.")
    return best


def run() -> list[Row]:
    """Compare records per second."""
    content = generated_ris(N_RECORDS)
    ours, peer = _best_seconds(
        lambda: len(parse_bytes(content, "generated.ris").records),
        lambda: len(rispy.loads(content.decode("utf-8-sig"))),
    )
    return [
        Row(
            what=f"read {N_RECORDS:,} RIS records",
            unit="records/s",
            ours=N_RECORDS / ours,
            peer_name=f"rispy {rispy.__version__}",
            peer=N_RECORDS / peer,
            note=f"{len(content) / 1e6:.1f} MB",
        )
    ]
