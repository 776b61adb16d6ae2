"""Read the JSON of this workbench, also where somebody edited or cut it."""

from __future__ import annotations

import json

import pytest

from screening.domain.parsing import UnreadableFile, parse_bytes

HEAD = '{"format": "workbench-records/1", "review": {"slug": "cement", "title": "A \\"records\\": [ B"},\n'
FIRST = '{"id": "cement-1", "title": "First", "authors": ["Example, A."], "year": 2012, "status": {}}'
SECOND = '{"id": "cement-2", "title": "Second", "status": {"title_abstract": "included"}, "remark": "Cut."}'


def test_records_have_their_text_their_line_and_what_has_no_field() -> None:
    parsed = parse_bytes(f'{HEAD}"records": [\n{FIRST},\n{SECOND}\n]}}\n'.encode())
    first, second = parsed.records
    assert (parsed.format, parsed.n_in_file, parsed.problems) == ("workbench_json", 2, ())
    assert (first.raw, first.line, first.notes) == (FIRST, 3, ("WORKBENCH-ID: cement-1",))
    assert (second.raw, second.line) == (SECOND, 4)
    assert second.others == (("remark", "Cut."), ("status", '{"title_abstract": "included"}'))


def test_file_that_was_laid_out_anew_is_read_too() -> None:
    text = json.dumps(json.loads(f'{HEAD}"records": [{FIRST}, {SECOND}]}}'), indent=2)
    assert [record.title for record in parse_bytes(text.encode()).records] == ["First", "Second"]


def test_file_that_breaks_off_keeps_what_came_before_and_says_where() -> None:
    parsed = parse_bytes(f'{HEAD}"records": [\n{FIRST},\n{SECOND[:40]}'.encode())
    assert [record.title for record in parsed.records] == ["First"]
    assert [(problem.line, problem.lost) for problem in parsed.problems] == [(4, True)]


@pytest.mark.parametrize("item", ['{"id": "cement-3"}', "[]", '"text"', "{}", "3"])
def test_what_is_no_record_is_reported(item: str) -> None:
    parsed = parse_bytes(f'{HEAD}"records": [{FIRST}, {item}]}}'.encode())
    assert (parsed.n_in_file, len(parsed.records), parsed.n_lost) == (2, 1, 1)


@pytest.mark.parametrize("value", ["null", "{}", "[[1], {}]", "true", '"text"'])
def test_value_of_another_kind_is_no_error(value: str) -> None:
    item = '{"title": "T", "authors": X, "year": X, "keywords": X, "abstract": X}'.replace("X", value)
    assert len(parse_bytes(f'{HEAD}"records": [{item}]}}'.encode()).records) == 1


def test_file_without_a_list_of_records_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="holds no list of records"):
        parse_bytes(f'{HEAD}"other": 1}}'.encode())
