"""The practice review's studies, two extractions of seven of them, and what was settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from extraction.domain.compare import Difference, Slot
from extraction.domain.values import Answer, Missing, parse, parse_missing, show
from extraction.models import ArmGroup, Entry, FormVersion, Study
from extraction.queries.entries import MEASURES, comparison_specs, measurement_row
from extraction.services.consensus import GivenChoice, findings_of, settle_entries
from extraction.services.entries import Given, open_entry, save_answers, submit_entry
from extraction.services.measurements import GivenMeasurement, read_measurement, save_measurement
from extraction.services.studies import add_arm, form_study
from reviewsite.portal.example.answers import Typed, by_leakage_unit, choice_labels, given, measurement
from reviewsite.portal.example.files import PRACTICE, Row, rows
from reviewsite.portal.example.people import People
from reviewsite.workspace.models import Review
from screening.models import Record, Report

EXTRACTORS = ("extractor_a", "extractor_b")
CONSENSUS = "consensus"

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Filled:
    """What one entry of a study says, as typed."""

    answers: list[Given]
    measurements: list[GivenMeasurement]


def extract(
    people: People,
    review: Review,
    version: FormVersion,
    records: Mapping[tuple[str, str], Record],
    *,
    form: Mapping[str, Any],
) -> None:
    """Form the studies with their companion reports, submit both entries, settle what the files settle."""
    reports = {report.record_id: report for report in Report.objects.filter(review=review)}
    entries = _by_study_and_entry()
    links = rows(PRACTICE, "studies.csv")
    for key, members in groupby(links, key=lambda row: row["study"]):
        linked = list(members)
        study = form_study(
            user=people["extractor_a"],
            review=review,
            label=linked[0]["label"],
            reports=[reports[records[row["file"], row["key"]].pk] for row in linked],
            note=" ".join(row["note"] for row in linked if row["note"]),
        )
        if key in entries:
            _fill(people, study, version, entries[key], choice_labels(form))


def _by_study_and_entry() -> dict[str, dict[str, list[Row]]]:
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(PRACTICE, "extraction.csv"):
        found[row["study"]][row["entry"]].append(row)
    return found


def _fill(
    people: People, study: Study, version: FormVersion, typed: Mapping[str, list[Row]], labels: Labels
) -> None:
    arms = _add_arms(people, study, typed["extractor_a"])
    submitted = [
        _submit(people, role, study, version, _filled(typed[role], arms, labels)) for role in EXTRACTORS
    ]
    if typed.get(CONSENSUS):
        _settle(people, study, submitted, _filled(typed[CONSENSUS], arms, labels))


def _add_arms(people: People, study: Study, typed: list[Row]) -> dict[str, str]:
    """Add the arms and return their keys by the names in the files."""
    groups = {group.key: group for group in ArmGroup.objects.filter(review=study.review_id)}
    return {
        row["arm"]: add_arm(
            user=people["extractor_a"],
            review=study.review,
            study=study,
            label=row["arm"],
            group=groups.get(row["value"]),
        ).key
        for row in typed
        if row["kind"] == "arm"
    }


def _filled(typed: list[Row], arms: Mapping[str, str], labels: Labels) -> Filled:
    cells: dict[str, dict[str, Typed]] = defaultdict(dict)
    for row in typed:
        if row["kind"] == "field":
            missing = "" if row["state"] == "value" else row["state"]
            cells[row["arm"]][row["item"]] = Typed(row["value"], missing, _note(row))
    answers: list[Given] = []
    for arm, of_arm in cells.items():
        answers += given(by_leakage_unit(of_arm), labels, slot=arms.get(arm, ""))
    measurements = [
        measurement(row, arm=arms[row["arm"]], outcome=row["item"], note=_note(row))
        for row in typed
        if row["kind"] == "measurement"
    ]
    return Filled(answers, measurements)


def _note(row: Row) -> str:
    """Return the extractor's note; one on a deliberate error is the course leader's and gives it away."""
    return "" if row["deliberate_error"] else row["note"]


def _submit(people: People, role: str, study: Study, version: FormVersion, filled: Filled) -> Entry:
    user, review = people[role], study.review
    entry = open_entry(user=user, review=review, study=study, version=version)
    save_answers(user=user, review=review, entry=entry, seen=entry.edit_count, given=filled.answers)
    for each in filled.measurements:
        save_measurement(user=user, review=review, entry=entry, given=each)
    return submit_entry(user=user, review=review, entry=entry)


def _settle(people: People, study: Study, submitted: list[Entry], filled: Filled) -> None:
    first, second = submitted
    agreed = _agreed(first, filled)
    differences = [each for each in findings_of(first, second) if isinstance(each, Difference)]
    settle_entries(
        user=people["adjudicator"],
        review=study.review,
        study=study,
        version=first.version,
        choices=[_choice(each, *agreed.get(each.slot, (None, ""))) for each in differences],
    )


def _agreed(entry: Entry, filled: Filled) -> dict[Slot, tuple[Answer, str]]:
    """Return what was settled, slot by slot, with the reason."""
    specs = {spec.key: spec for spec in comparison_specs(entry.version)}
    agreed: dict[Slot, tuple[Answer, str]] = {}
    for each in filled.answers:
        answer = parse_missing(each.missing) if each.missing else parse(specs[each.key], each.text)
        agreed[Slot(each.key, arm=each.slot)] = answer, each.source
    for typed in filled.measurements:
        row = read_measurement(entry, typed)
        for spec in MEASURES:
            agreed[Slot(spec.key, *measurement_row(row))] = getattr(row, spec.key), typed.note
    return agreed


def _choice(difference: Difference, agreed: Answer, reason: str) -> GivenChoice:
    if agreed in (difference.a, difference.b):
        return GivenChoice(difference.slot, source="a" if agreed == difference.a else "b", reason=reason)
    if isinstance(agreed, Missing):
        return GivenChoice(difference.slot, source="third", missing=agreed.value, reason=reason)
    return GivenChoice(difference.slot, source="third", text=show(agreed), reason=reason)
