"""The ten identities on sets of ids: every record has one fate, and errors that cancel are still found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.domain.prisma import Finding, Template, Unit, check_lengths, check_sets, flow_from_mapping
from synthesis.domain.prisma.flow import DBR_ENDS, DBR_SOURCES, OTHER_SOURCES, PATHS

Sets = dict[str, set[int]]


def report(record: int) -> int:
    """Number reports apart from records, one report for each."""
    return record + 1000


def study(record: int) -> int:
    """Number studies apart from both."""
    return record + 2000


RECORD_ENDS = frozenset(key for key in PATHS if not PATHS[key]) | {"records_excluded"}


def flow_of(fates: dict[int, tuple[str, str]]) -> Sets:
    """Build the boxes of records with (source, terminal box)."""
    sets: Sets = {}
    for record, (source, end) in fates.items():
        sets.setdefault(source, set()).add(record)
        for key in (*PATHS[end], end):
            is_report = key != "records_screened" and end not in RECORD_ENDS
            sets.setdefault(key, set()).add(report(record) if is_report else record)
        if end.endswith("_included_reports"):
            sets.setdefault("new_reports", set()).add(report(record))
            sets.setdefault("new_studies", set()).add(study(record))
    return sets


FATES = {
    1: ("database_results", "duplicates"),
    2: ("database_results", "records_excluded"),
    3: ("database_results", "dbr_notretrieved_reports"),
    4: ("register_results", "dbr_excluded"),
    5: ("register_results", "dbr_included_reports"),
    6: ("citations_results", "other_excluded"),
    7: ("citations_results", "other_included_reports"),
    8: ("database_results", "pending_screening"),
}
REPORTS_OF = {record: [report(record)] for record in range(1, 400)}
STUDIES_OF = {report(record): [study(record)] for record in range(1, 400)}


def findings(sets: Sets, **more: object) -> list[Finding]:
    links = {"reports_of": REPORTS_OF, "studies_of": STUDIES_OF} | more
    return check_sets(sets, **links)  # type: ignore[arg-type]


def test_a_flow_in_which_every_record_has_one_fate_is_clean() -> None:
    assert findings(flow_of(FATES)) == []


def _lose(key: str, item: int) -> Callable[[Sets], None]:
    return lambda sets: sets[key].discard(item)


def _add(key: str, item: int) -> Callable[[Sets], None]:
    return lambda sets: sets.setdefault(key, set()).add(item)


@pytest.mark.parametrize(
    ("damage", "identity", "unit", "ids"),
    [
        (_add("register_results", 1), 1, Unit.RECORD, (1,)),
        (_lose("duplicates", 1), 2, Unit.RECORD, (1,)),
        (_add("duplicates", 2), 2, Unit.RECORD, (2,)),
        (_lose("records_excluded", 2), 3, Unit.RECORD, (2,)),
        (_add("dbr_sought_reports", report(2)), 3, Unit.REPORT, (report(2),)),
        (_lose("dbr_notretrieved_reports", report(3)), 4, Unit.REPORT, (report(3),)),
        (_add("dbr_awaiting", report(4)), 5, Unit.REPORT, (report(4),)),
        (_lose("other_sought_reports", report(6)), 6, Unit.RECORD, (6,)),
        (_add("other_notretrieved_reports", report(6)), 7, Unit.REPORT, (report(6),)),
        (_lose("other_excluded", report(6)), 8, Unit.REPORT, (report(6),)),
        (_lose("new_reports", report(7)), 9, Unit.REPORT, (report(7),)),
        (_add("new_studies", study(9)), 9, Unit.STUDY, (study(9),)),
        (_add("excluded_other", 99), 10, Unit.RECORD, (99,)),
        (_add("records_excluded", 1), 10, Unit.RECORD, (1,)),
    ],
)
def test_each_identity_names_the_ids_that_break_it(
    damage: Callable[[Sets], None], identity: int, unit: Unit, ids: tuple[int, ...]
) -> None:
    sets = flow_of(FATES)
    damage(sets)
    found = [(f.identity, f.unit, f.ids) for f in findings(sets)]
    assert (identity, unit, ids) in found


def test_two_errors_that_cancel_in_the_sum_are_found() -> None:
    sets = flow_of(FATES)
    sets["dbr_excluded"] = {report(3)}
    (split,) = [f for f in findings(sets) if f.identity == 5]
    assert (split.delta, split.ids) == (0, (report(3), report(4)))


def test_lines_must_hold_each_id_once() -> None:
    sets = flow_of(FATES | {9: ("register_results", "dbr_excluded")})
    good = {"dbr_excluded": {"Wrong design": {report(4)}, "Wrong population": {report(9)}}}
    bad = {"dbr_excluded": {"Wrong design": {report(4), report(9)}, "Wrong population": {report(9)}}}
    assert findings(sets, lines=good) == []
    assert [(f.identity, f.ids, f.delta) for f in findings(sets, lines=bad)] == [(1, (report(9),), 1)]


def test_two_records_of_one_report_are_one_report_sought() -> None:
    sets = flow_of(FATES)
    sets["database_results"].add(9)
    sets["records_screened"].add(9)
    assert findings(sets, reports_of=REPORTS_OF | {9: [report(5)]}) == []


def test_two_reports_of_one_study_are_both_included() -> None:
    sets = flow_of(FATES | {9: ("database_results", "dbr_included_reports")})
    sets["new_studies"].discard(study(9))
    assert findings(sets, studies_of=STUDIES_OF | {report(9): [study(5)]}) == []


def test_an_included_report_without_a_study_is_named() -> None:
    (finding, *_) = findings(flow_of(FATES), studies_of={report(5): [study(5)]})
    assert (finding.identity, finding.ids) == (9, (report(7),))


def test_unlisted_totals_count_on_both_sides() -> None:
    path = ("database_results", "records_screened", "records_excluded")
    assert findings(flow_of(FATES), unlisted=dict.fromkeys(path, 73)) == []
    (second, *_) = findings(flow_of(FATES), unlisted={"database_results": 73})
    assert (second.identity, second.delta, second.ids) == (2, -73, ())


def test_a_box_says_as_many_as_its_list_and_its_unlisted_groups_hold() -> None:
    flow = flow_from_mapping({"records_excluded": 75}, template=Template.T1)
    assert check_lengths(flow, {"records_excluded": {1, 2}}, {"records_excluded": 73}) == []
    (finding,) = check_lengths(flow, {"records_excluded": {1, 2, 3}}, {"records_excluded": 73})
    assert (finding.code, finding.delta) == ("X2", -1)


def test_pending_lists_are_compared_too() -> None:
    flow = flow_from_mapping({}, template=Template.T1)
    assert [f.delta for f in check_lengths(flow, {"pending_screening": {4}})] == [-1]


ANY_FATES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(DBR_SOURCES), st.sampled_from(sorted(DBR_ENDS))),
        st.tuples(st.sampled_from(OTHER_SOURCES), st.sampled_from(sorted(set(PATHS) - DBR_ENDS))),
    ),
    min_size=1,
    max_size=30,
).map(lambda fates: dict(enumerate(fates, start=1)))


@given(ANY_FATES)
def test_any_flow_with_one_fate_per_record_is_clean(fates: dict[int, tuple[str, str]]) -> None:
    assert findings(flow_of(fates)) == []


@given(ANY_FATES, st.data())
def test_a_record_dropped_from_any_box_is_found(
    fates: dict[int, tuple[str, str]], data: st.DataObject
) -> None:
    sets = flow_of(fates)
    key = data.draw(st.sampled_from(sorted(sets)))
    lost = data.draw(st.sampled_from(sorted(sets[key])))
    sets[key].discard(lost)
    related = {lost, lost % 1000, report(lost % 1000), study(lost % 1000)}
    found = {item for finding in findings(sets) for item in finding.ids}
    assert found & related
