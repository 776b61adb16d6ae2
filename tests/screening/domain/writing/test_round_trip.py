"""What is written is read again as it was: parse(write(x)) == x for every format.

`normal.py` says which x there are. A format that cannot hold a field says so here, with the reason.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.parsing import ParsedFile, parse_bytes
from screening.domain.writing.layouts import Layout, write
from screening.domain.writing.model import ExportFacts, ExportRecord
from screening.render.workbook import write_workbook
from tests.screening.domain.writing.normal import RECORDS, differences

COMPLETE = [layout for layout in Layout if layout.program == "complete"]
# RIS and BibTeX have closed lists of types: a type of another list comes back as the one that it means.
BESIDES = {Layout.COMPLETE_RIS: ("type",), Layout.COMPLETE_BIBTEX: ("type",)}
# A range of pages has one kind of dash in BibTeX, and an address no brace or backslash, which would break the
# entry and which RFC 3986 does not allow.
_DASH = re.compile("(?: ?[-–—]+ ?)+")
_NOT_IN_ADDRESS = {ord("\\"): "%5C", ord("{"): "%7B", ord("}"): "%7D"}
FORMATS = {
    Layout.COMPLETE_RIS: "ris",
    Layout.COMPLETE_BIBTEX: "bibtex",
    Layout.COMPLETE_CSV: "csv",
    Layout.COMPLETE_XLSX: "xlsx",
    Layout.COMPLETE_JSON: "workbench_json",
}
slow = settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def written(layout: Layout, records: Sequence[ExportRecord]) -> bytes:
    facts = ExportFacts(review="cement", title="Cement", made_at="2026-01-05", n_records=len(records))
    if layout is not Layout.COMPLETE_XLSX:
        return "".join(write(layout, records, facts)).encode()
    file = io.BytesIO()
    write_workbook(records, facts, file)
    return file.getvalue()


def read(layout: Layout, records: Sequence[ExportRecord]) -> ParsedFile:
    parsed = parse_bytes(written(layout, records))
    assert parsed.format == FORMATS[layout]
    return parsed


@pytest.mark.parametrize("layout", COMPLETE)
@given(record=RECORDS)
@slow
def test_what_is_written_is_read_again(layout: Layout, record: ExportRecord) -> None:
    if layout is Layout.COMPLETE_BIBTEX:
        record = replace(
            record, pages=_DASH.sub("-", record.pages), url=record.url.translate(_NOT_IN_ADDRESS)
        )
    parsed = read(layout, [record])
    assert [differences(record, found, *BESIDES.get(layout, ())) for found in parsed.records] == [{}]
    assert parsed.n_lost == 0


@pytest.mark.parametrize("layout", COMPLETE)
@given(records=st.lists(RECORDS, min_size=2, max_size=5))
@settings(slow, max_examples=30)
def test_many_records_stay_apart_and_in_order(layout: Layout, records: list[ExportRecord]) -> None:
    numbered = [replace(record, id=f"cement-{n}", number=n) for n, record in enumerate(records, start=1)]
    parsed = read(layout, numbered)
    assert parsed.n_in_file == len(records)
    assert [found.title for found in parsed.records] == [record.title for record in records]
