"""Check the flow on sets of ids, where two errors cannot cancel as they can in sums.

The flow's ten identities. A box stands for the set of its records (up to screening), reports (from "sought"
on) or studies; ⊎ is a union in which no id may stand twice. What is known only as a total is added to both
sides.

1.  A box that is broken down equals its lines: databases and registers ⊎ = identified, and each source ⊎ of
    its named lines; reports excluded = ⊎ of the primary reasons.
2.  Identified = removed (duplicates, automation, other reasons) ⊎ screened ⊎ pending.
3.  Screened = excluded ⊎ the records whose reports are sought; every report sought comes from such a
    record. Several records of one report, or several reports of one record, make the adjustment J.
4.  Sought = not retrieved ⊎ assessed ⊎ retrieval open (⊎ late duplicates not yet moved).
5.  Assessed = excluded ⊎ included ⊎ awaiting classification ⊎ ongoing ⊎ open.
6.  Other methods: records identified = duplicates ⊎ excluded on title ⊎ pending ⊎ records whose reports are
    sought.
7.  Other methods: identity 4.
8.  Other methods: identity 5.
9.  Included reports ↔ studies: the included reports of both arms are the reports of the included studies;
    each belongs to at least one included study and each included study has at least one of them.
10. Every record stands in exactly one terminal box, itself or through each of its reports; nothing stands
    in a terminal box that was never identified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from synthesis.domain.prisma.boxes import BOX, Unit
from synthesis.domain.prisma.findings import Finding, Severity
from synthesis.domain.prisma.flow import DBR_SOURCES, OTHER_SOURCES, PATHS, Flow

Ids = Collection[int]
Links = Mapping[int, Ids]
UnlistedTotals = Mapping[str, int]

_REMOVED = ("duplicates", "excluded_automatic", "excluded_other")
_RECORD_ENDS_DBR = (*_REMOVED, "pending_screening", "records_excluded")
_RECORD_ENDS_OTHER = ("other_duplicates", "other_records_excluded", "pending_other_screening")
_RECORD_ENDS = _RECORD_ENDS_DBR + _RECORD_ENDS_OTHER
_REPORT_ENDS = (*(key for key in PATHS if key not in _RECORD_ENDS), "dbr_late_duplicates")

_SPLITS: tuple[tuple[int, Unit, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        2,
        Unit.RECORD,
        DBR_SOURCES,
        (*_REMOVED, "records_screened", "pending_screening"),
    ),
    (
        4,
        Unit.REPORT,
        ("dbr_sought_reports",),
        ("dbr_notretrieved_reports", "dbr_assessed", "pending_retrieval", "dbr_late_duplicates"),
    ),
    (
        5,
        Unit.REPORT,
        ("dbr_assessed",),
        ("dbr_excluded", "dbr_included_reports", "dbr_awaiting", "dbr_ongoing", "pending_eligibility"),
    ),
    (
        7,
        Unit.REPORT,
        ("other_sought_reports",),
        ("other_notretrieved_reports", "other_assessed", "pending_other_retrieval"),
    ),
    (
        8,
        Unit.REPORT,
        ("other_assessed",),
        (
            "other_excluded",
            "other_included_reports",
            "other_awaiting",
            "other_ongoing",
            "pending_other_eligibility",
        ),
    ),
)
"""(identity, unit, the whole, its parts) of the plain splits."""

_PASSAGES = (
    (3, ("records_screened",), ("records_excluded",), "dbr_sought_reports"),
    (6, OTHER_SOURCES, _RECORD_ENDS_OTHER, "other_sought_reports"),
)
"""(identity, records that arrive, records that stop, the box of reports that the others lead to)."""


@dataclass(frozen=True)
class _Sets:
    """Give the ids and the unlisted total of a box; a box without an entry is empty."""

    boxes: Mapping[str, Ids]
    unlisted: UnlistedTotals

    def ids(self, *keys: str) -> set[int]:
        return {item for key in keys for item in self.boxes.get(key, ())}

    def size(self, *keys: str) -> int:
        return sum(len(set(self.boxes.get(key, ()))) + self.unlisted.get(key, 0) for key in keys)

    def repeated(self, *keys: str) -> set[int]:
        seen = Counter(item for key in keys for item in set(self.boxes.get(key, ())))
        return {item for item, times in seen.items() if times > 1}


def check_sets(
    sets: Mapping[str, Ids],
    *,
    reports_of: Links,
    studies_of: Links,
    lines: Mapping[str, Mapping[str, Ids]] | None = None,
    unlisted: UnlistedTotals | None = None,
) -> list[Finding]:
    """Return what breaks the ten identities, each finding with the offending ids (code X1).

    ``sets`` maps box keys to ids: records up to screening, reports from "sought" on, studies in
    ``new_studies``. ``reports_of`` leads from record to reports, ``studies_of`` from report to studies,
    ``lines`` gives the ids by source or reason of a box, ``unlisted`` the number of items in a box that
    stand behind no id. The total ``delta`` is parts − whole and may be 0 where two errors cancel.
    """
    known = _Sets(sets, unlisted or {})
    return [
        *_check_lines(known, lines or {}),
        *(finding for split in _SPLITS[:1] for finding in _check_split(known, *split)),
        *_check_passage(known, reports_of, *_PASSAGES[0]),
        *(finding for split in _SPLITS[1:3] for finding in _check_split(known, *split)),
        *_check_passage(known, reports_of, *_PASSAGES[1]),
        *(finding for split in _SPLITS[3:] for finding in _check_split(known, *split)),
        *_check_studies(known, studies_of),
        *_check_terminal(known, reports_of),
    ]


def check_lengths(
    flow: Flow, sets: Mapping[str, Ids], unlisted: UnlistedTotals | None = None
) -> list[Finding]:
    """Return each box whose number differs from the length of its list plus its unlisted total (code X2)."""
    known = _Sets(sets, unlisted or {})
    findings = []
    for key in sets:
        box = BOX[key]
        n = flow.number(key) if hasattr(flow, key) or key.startswith("pending_") else None
        size = known.size(key)
        if n is not None and n != size:
            message = f"“{box.title}” says {n:,}, but its list and its unlisted groups have {size:,}."
            findings.append(Finding("X2", Severity.ERROR, n - size, message, (key,), box.unit))
    return findings


def _finding(
    identity: int, unit: Unit, delta: int, boxes: Iterable[str], faults: Mapping[str, set[int]]
) -> Iterator[Finding]:
    """Yield one finding that says how many ids go wrong in which way, or nothing."""
    ids = sorted(set().union(*faults.values()))
    if not ids and delta == 0:
        return
    said = [f"{len(found):,} {fault}" for fault, found in faults.items() if found]
    if not ids:
        said = [f"the unlisted totals differ by {abs(delta):,}"]
    message = f"Identity {identity} fails for {unit}s: {'; '.join(said)}."
    yield Finding("X1", Severity.ERROR, delta, message, tuple(boxes), unit, tuple(ids), identity)


def _check_lines(known: _Sets, lines: Mapping[str, Mapping[str, Ids]]) -> Iterator[Finding]:
    for keys in (DBR_SOURCES, OTHER_SOURCES):
        faults = {"in two kinds of source": known.repeated(*keys)}
        yield from _finding(1, Unit.RECORD, 0, keys, faults)
    for key, by_label in lines.items():
        parts = _Sets(by_label, {})
        whole, union = known.ids(key), parts.ids(*by_label)
        faults = {
            "on no line": whole - union,
            "on several lines": parts.repeated(*by_label),
            "on a line but not in the box": union - whole,
        }
        yield from _finding(1, BOX[key].unit, parts.size(*by_label) - len(whole), (key,), faults)


def _check_split(
    known: _Sets, identity: int, unit: Unit, whole: tuple[str, ...], parts: tuple[str, ...]
) -> Iterator[Finding]:
    arrived, left = known.ids(*whole), known.ids(*parts)
    faults = {
        "without a next box": arrived - left,
        "in two boxes at once": known.repeated(*parts),
        "that never arrived": left - arrived,
    }
    yield from _finding(identity, unit, known.size(*parts) - known.size(*whole), (*whole, *parts), faults)


def _check_passage(
    known: _Sets,
    reports_of: Links,
    identity: int,
    whole: tuple[str, ...],
    stops: tuple[str, ...],
    sought: str,
) -> Iterator[Finding]:
    """Check that records either stop or lead to reports sought; the unlisted lead to one report each."""
    arrived, stopped, reports = known.ids(*whole), known.ids(*stops), known.ids(sought)
    passed = arrived - stopped
    led_to = {report for record in passed for report in reports_of.get(record, ())}
    lost = {record for record in passed if reports.isdisjoint(reports_of.get(record, ()))}
    faults = {
        "neither excluded nor leading to a report sought": lost,
        "in two boxes at once": known.repeated(*stops),
        "that never arrived": stopped - arrived,
    }
    unlisted = sum(known.unlisted.get(key, 0) for key in (*stops, sought)) - sum(
        known.unlisted.get(key, 0) for key in whole
    )
    delta = unlisted + len(stopped - arrived) - len(lost)
    boxes = (*whole, *stops, sought)
    yield from _finding(identity, Unit.RECORD, delta, boxes, faults)
    wrong = {
        "sought without a record that passed": reports - led_to,
        "of a record that passed but not sought": led_to - reports,
    }
    yield from _finding(identity, Unit.REPORT, len(reports) - len(led_to), boxes, wrong)


def _check_studies(known: _Sets, studies_of: Links) -> Iterator[Finding]:
    arms = ("dbr_included_reports", "other_included_reports")
    boxes = ("new_reports", "new_reports_of_previous_studies")
    included, counted, studies = known.ids(*arms), known.ids(*boxes), known.ids("new_studies")
    of_new = known.ids("new_reports")
    linked = {report: set(studies_of.get(report, ())) for report in included | counted}
    faults = {
        "included at full text but not counted as included": included - counted,
        "counted as included but not included at full text": counted - included,
        "without a study": {report for report in included if not linked[report]},
        "counted for a new study but linked to none": {
            report for report in of_new if linked[report] and not linked[report] & studies
        },
        "counted twice": known.repeated(*boxes),
    }
    delta = known.size(*boxes) - known.size(*arms)
    yield from _finding(9, Unit.REPORT, delta, (*arms, *boxes, "new_studies"), faults)
    described = {study for report in included for study in linked[report]}
    lone = {"without an included report": studies - described}
    yield from _finding(9, Unit.STUDY, 0, ("new_studies", *boxes), lone)


def _check_terminal(known: _Sets, reports_of: Links) -> Iterator[Finding]:
    ends = Counter(item for key in _RECORD_ENDS for item in set(known.boxes.get(key, ())))
    report_ends = Counter(item for key in _REPORT_ENDS for item in set(known.boxes.get(key, ())))
    identified = known.ids(*DBR_SOURCES, *OTHER_SOURCES)
    on_the_way = {record for record in identified if not ends[record]}
    astray = {
        record
        for record in on_the_way
        if not reports_of.get(record) or any(not report_ends[report] for report in reports_of[record])
    }
    faults = {
        "in no terminal box": astray,
        "in several terminal boxes": {record for record, times in ends.items() if times > 1},
        "in a terminal box but never identified": set(ends) - identified,
    }
    boxes = (*DBR_SOURCES, *OTHER_SOURCES)
    delta = sum(known.unlisted.get(key, 0) for key in (*_RECORD_ENDS, *_REPORT_ENDS))
    delta -= sum(known.unlisted.get(key, 0) for key in boxes)
    yield from _finding(10, Unit.RECORD, delta, boxes, faults)
    reachable = {report for record in identified for report in reports_of.get(record, ())}
    wrong = {
        "in several terminal boxes": {report for report, times in report_ends.items() if times > 1},
        "in a terminal box but of no identified record": set(report_ends) - reachable,
    }
    yield from _finding(10, Unit.REPORT, 0, boxes, wrong)
