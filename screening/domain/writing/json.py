"""Write records as JSON: what the export was made from, then one record per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from screening.domain.writing.model import BIBLIOGRAPHIC, ExportFacts, ExportRecord

FORMAT = "workbench-records/1"


def write_json(records: Iterable[ExportRecord], facts: ExportFacts) -> Iterator[str]:
    """Yield one object with `format`, `review`, `made_from` and `records`; what is not given is left out."""
    head = {
        "format": FORMAT,
        "review": {"slug": facts.review, "title": facts.title},
        "made_from": {
            "made_at": facts.made_at,
            "n_records": facts.n_records,
            "filter": dict(facts.filter),
            "has_decisions": facts.has_decisions,
        },
    }
    yield f'{_text(head)[:-1]},\n"records": ['
    for n_before, record in enumerate(records):
        yield f"{',' if n_before else ''}\n{_text(_record(record))}"
    yield "\n]}\n"


def _record(record: ExportRecord) -> dict[str, Any]:
    """Return the filled fields of a record; lists of decisions are left out where none may be seen."""
    found: dict[str, Any] = {"id": record.id, "number": record.number}
    for name in (*BIBLIOGRAPHIC, "remark", "sources", "databases", "duplicates", "duplicate_of"):
        if value := getattr(record, name):
            found[name] = list(value) if isinstance(value, tuple) else value
    found["status"] = {outcome.stage: outcome.status for outcome in record.outcomes}
    for outcome in record.outcomes:
        if outcome.reason:
            found["exclusion_reason"] = outcome.reason
    if record.decisions:
        found["decisions"] = [
            {
                "reviewer": decision.reviewer,
                "stage": decision.stage,
                "verdict": decision.verdict,
                "reason": decision.reason,
                "on": decision.on,
                "is_blind": decision.is_blind,
                "is_imported": decision.is_imported,
            }
            for decision in record.decisions
        ]
    return found


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
