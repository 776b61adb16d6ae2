"""Compare boxes and findings with published and constructed flow diagrams of the benchmark folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from synthesis.domain.prisma import Template, check, derive, flow_from_mapping

PROJECT = Path(__file__).resolve().parents[3]
BENCH = Path(os.environ.get("WORKBENCH_BENCH") or PROJECT.parent / "shared" / "bench")
CASES_FILE = BENCH / "prisma" / "cases.json"
ABSENT = pytest.param(
    {},
    id="absent",
    marks=pytest.mark.skip(reason=f"{CASES_FILE} is absent (WORKBENCH_BENCH names its folder)"),
)

pytestmark = pytest.mark.bench


def _cases() -> list[Any]:
    if not CASES_FILE.is_file():
        return [ABSENT]
    cases = json.loads(CASES_FILE.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in cases]


@pytest.mark.parametrize("case", _cases())
def test_upstream_numbers_imply_the_expected_boxes(case: dict[str, Any]) -> None:
    flow = flow_from_mapping(case["input"], template=Template(case["template"][:2]))
    implied = derive(flow)
    expected = case["expected"]["boxes"]
    assert {key: implied[key] for key in expected} == expected


@pytest.mark.parametrize("case", _cases())
def test_findings_are_exactly_the_expected_ones(case: dict[str, Any]) -> None:
    flow = flow_from_mapping(case["input"], template=Template(case["template"][:2]))
    found = sorted((f.code, f.severity.value, f.delta) for f in check(flow))
    expected = sorted((f["code"], f["severity"], f["delta"]) for f in case["expected"]["findings"])
    assert found == expected
