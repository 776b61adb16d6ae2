"""Rows that go in at once are stored as saving each of them would."""

from __future__ import annotations

from django.forms import model_to_dict

from reviewsite.workspace.models import Review, User
from screening.models import Record, StageState
from screening.services.rows import insert, make_alike, make_ready
from tests.screening.builders import make_record

TEXTS = {"title": "Südhoff’s “trial”", "abstract": "50 % of %s", "doi": "10.9999/ex.1", "raw": "TY  - JOUR"}


def without_key(row: Record | StageState, *keys: str) -> dict[str, object]:
    return {name: value for name, value in model_to_dict(row).items() if name not in {"id", *keys}}


def test_inserted_rows_equal_saved_ones(owner: User, review: Review) -> None:
    values = {**TEXTS, "authors": ["Example, A.", "Größe, B."], "keywords": [], "year": None, "line": 7}
    saved = make_record(review, owner, **values)
    fields = {name: getattr(saved, name) for name in ("review", "batch", "source")}
    insert(make_ready([Record(number=number, **fields, **values) for number in (2, 3)]))
    first, *others = Record.objects.order_by("number")
    assert [without_key(each, "number") for each in others] == [without_key(first, "number")] * 2


def test_alike_rows_differ_in_their_columns_alone(owner: User, review: Review) -> None:
    records = [make_record(review, owner, enters=False) for _ in range(3)]
    state = StageState(review=review, record=records[0], stage="title_abstract", status="awaiting")
    insert(make_alike(state, record_id=[each.pk for each in records], priority=[30, 20, 10]))
    stored = StageState.objects.order_by("record")
    assert [(each.record, each.priority) for each in stored] == list(zip(records, [30, 20, 10], strict=True))
    assert {(each.review, each.stage, each.status, each.reason, each.changed_at) for each in stored} == {
        (review, "title_abstract", "awaiting", None, state.changed_at)
    }
