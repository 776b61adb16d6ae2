"""Compute what a printed number claims to be, from the review's own data: one rule per quantity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Min

from extraction.queries.long_table import FieldRow, field_rows, measurement_rows
from extraction.queries.studies import included_studies
from reviewsite.workspace.models import Review
from screening.models import SearchLine
from synthesis.domain.pooling import Scheme
from synthesis.domain.rounding import Number, exact
from synthesis.queries.cells import Cell
from synthesis.queries.flow import records_in, unlisted_in
from synthesis.queries.tables import OutcomeTable, outcome_tables

ALL = "all"
_PERIOD = re.compile(r"(before|from)_(\d{4})_(\d{2})")


@dataclass(frozen=True)
class Computed:
    """Hold a computed number with the studies and patients behind it, or why there is none.

    `k` is None for numbers that need no extraction, such as those of the flow.
    """

    value: Number | None
    k: int | None = None
    n: int | None = None
    note: str = ""
    unit: str = "patients"


@dataclass(frozen=True)
class _Arm:
    """Hold the settled answers of one pooled arm."""

    study: int
    group: str
    answers: Mapping[str, FieldRow]

    def number(self, key: str) -> int | Decimal | None:
        row = self.answers.get(key)
        answer = row.answer if row else None
        return answer if isinstance(answer, int | Decimal) else None


class Numbers:
    """Compute what a printed number claims to be; each part of the review is read once, when first needed."""

    def __init__(self, review: Review, scheme: Scheme) -> None:
        self.review = review
        self.scheme = scheme

    def compute(self, computes: Mapping[str, Any]) -> Computed:
        """Return the number that a vocabulary entry names."""
        kind = computes.get("kind", "none")
        if kind == "none":
            return Computed(None, note="The review holds nothing that it could be computed from.")
        rule = _KINDS.get(kind)
        if rule is None:
            return Computed(None, note=f"There is no rule for “{kind}”.")
        try:
            return rule(self, computes)
        except KeyError as missing:
            return Computed(None, note=f"The printed number does not say its {missing}.")

    @cached_property
    def n_studies(self) -> int:
        return included_studies(self.review).count()

    @cached_property
    def fields(self) -> list[FieldRow]:
        return field_rows(self.review)

    @cached_property
    def _arms(self) -> list[_Arm]:
        """Return the arms that belong to a group, with their answers by field."""
        answers: dict[tuple[int, str], dict[str, FieldRow]] = {}
        for row in self.fields:
            if row.arm_key is not None and row.group_key is not None:
                answers.setdefault((row.study_number, row.arm_key), {})[row.field_key] = row
        return [
            _Arm(study, next(iter(given.values())).group_key or "", given)
            for (study, _key), given in answers.items()
        ]

    def arms(self, computes: Mapping[str, Any]) -> list[_Arm]:
        """Return the arms of a group, or of all groups."""
        group = str(computes["group"]).casefold()
        return [arm for arm in self._arms if group in (ALL, arm.group.casefold())]

    @cached_property
    def outcomes(self) -> list[OutcomeTable]:
        return outcome_tables(self.review, self.scheme)

    @cached_property
    def studies_with_outcome(self) -> set[tuple[int, str, str]]:
        """Return study, outcome and group of every pooled arm with a measurement."""
        return {
            (row.study_number, row.outcome_key.casefold(), row.group_key.casefold())
            for row in measurement_rows(self.review)
            if row.group_key is not None
        }

    @cached_property
    def hits(self) -> dict[tuple[str, int], int | None]:
        lines = SearchLine.objects.filter(search__review=self.review).order_by("pk")
        return {
            (source, number): hits
            for source, number, hits in lines.values_list("search__source__key", "number", "n_hits")
        }

    @cached_property
    def designs(self) -> dict[str, set[int]]:
        """Return the studies by design; a design is named by the words of its choice."""
        studies: dict[str, set[int]] = {}
        for row in self.fields:
            if row.field_key == "design" and row.arm_key is None and isinstance(row.answer, str):
                studies.setdefault(_word(row.answer), set()).add(row.study_number)
        return studies

    @cached_property
    def _in_box(self) -> dict[str, dict[str, int]]:
        return {}

    def in_box(self, box: str) -> Mapping[str, int]:
        """Return how many records or reports a box counts by source, listed or not."""
        if box not in self._in_box:
            listed = records_in(self.review, box).order_by().values_list("source__key")
            counts = dict(listed.annotate(n=Count("pk")))
            for group in unlisted_in(self.review, box):
                counts[group.source.key] = counts.get(group.source.key, 0) + group.n
            self._in_box[box] = counts
        return self._in_box[box]

    @cached_property
    def first_years(self) -> dict[int, int | None]:
        """Return the year of each study's first report."""
        links = {"links__superseded_at__isnull": True}
        years = included_studies(self.review).filter(**links).values_list("number")
        return dict(years.annotate(year=Min("links__report__record__year")))


def _word(text: str) -> str:
    """Return a label as a word of the vocabulary: “Case series” → case_series."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def _flow_box(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    box, source = computes["box"], computes.get("source")
    if box == "new_studies":
        return Computed(numbers.n_studies)
    counts = numbers.in_box(box)
    return Computed(counts.get(source, 0) if source else sum(counts.values()))


def _search_line_hits(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    hits = numbers.hits.get((computes["source"], computes["line"]))
    return Computed(hits, note="" if hits is not None else "The search log has no hits for this line.")


def _design_count(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    k = len(set().union(*numbers.designs.values()))
    if not k:
        return Computed(None, note="No study at hand states its design.")
    return Computed(len(numbers.designs.get(_word(computes["design"]), set())), k=k)


def _study_count(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    outcome, group = computes["outcome"].casefold(), str(computes["group"]).casefold()
    settled = {study for study, _outcome, _group in numbers.studies_with_outcome}
    if not settled:
        return Computed(None, note="No study at hand has measurements.")
    found = {
        study
        for study, measured, arm_group in numbers.studies_with_outcome
        if measured == outcome and group in (ALL, arm_group)
    }
    k = len({row.study_number for row in numbers.fields} | settled)
    return Computed(len(found), k=k)


def _pooled(numbers: Numbers, computes: Mapping[str, Any]) -> Cell | str:
    """Return the cell of an outcome table, or why there is none."""
    outcome = str(computes["outcome"]).casefold()
    table = next((each for each in numbers.outcomes if each.outcome.key.casefold() == outcome), None)
    if table is None:
        return f"The review has no outcome “{computes['outcome']}”."
    group = str(computes["group"]).casefold()
    line = next((each for each in table.lines if (each.group_key or ALL).casefold() == group), None)
    cell = line.cells.get(computes["interval"]) if line else None
    if cell is None:
        return "The pooled tables have no such group or interval."
    if cell.value is None:
        return _why_empty(cell)
    return cell


def _why_empty(cell: Cell) -> str:
    if not cell.dropped:
        return "No study at hand reports it."
    reasons = "; ".join(dict.fromkeys(each.reason.rstrip(".") for each in cell.dropped))
    n = len(cell.dropped)
    return f"{n} value{'s' * (n != 1)} at hand, none usable under this scheme: {reasons}."


def _pooled_mean(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    cell = _pooled(numbers, computes)
    if isinstance(cell, str):
        return Computed(None, note=cell)
    return Computed(cell.value, k=cell.k, n=cell.n, note=_fallback(cell))


def _pooled_n(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    cell = _pooled(numbers, computes)
    if isinstance(cell, str):
        return Computed(None, note=cell)
    return Computed(cell.n, k=cell.k, note=_fallback(cell))


def _fallback(cell: Cell) -> str:
    return f"Arms weighted by the number enrolled: {cell.n_fallback}." if cell.n_fallback else ""


def _together(arms: Iterable[_Arm], *keys: str) -> list[tuple[_Arm, tuple[int | Decimal, ...]]]:
    """Return the arms that report every field, with the numbers."""
    found = []
    for arm in arms:
        values = [value for key in keys if (value := arm.number(key)) is not None]
        if len(values) == len(keys):
            found.append((arm, tuple(values)))
    return found


def _missing(numbers: Numbers, *keys: str) -> Computed:
    asked = {row.field_key for row in numbers.fields}
    for key in keys:
        if key not in asked:
            return Computed(None, note=f"No study at hand has an answer to the item “{key}”.")
    return Computed(None, note="No arm at hand reports what is needed.")


def _k(pairs: Sequence[tuple[_Arm, object]]) -> int:
    return len({arm.study for arm, _values in pairs})


def _total(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    pairs = _together(numbers.arms(computes), computes["field"])
    if not pairs:
        return _missing(numbers, computes["field"])
    return Computed(sum(value for _arm, (value,) in pairs), k=_k(pairs))


def _total_n(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    keys = (computes["field"], computes["denominator"])
    pairs = _together(numbers.arms(computes), *keys)
    if not pairs:
        return _missing(numbers, *keys)
    return Computed(sum(values[1] for _arm, values in pairs), k=_k(pairs))


def _mean(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    """Return Σ wᵢxᵢ / Σ wᵢ over the arms that report both."""
    keys = (computes["field"], computes["weight"])
    pairs = _together(numbers.arms(computes), *keys)
    n = sum(weight for _arm, (_value, weight) in pairs)
    if not n:
        return _missing(numbers, *keys)
    weighted = sum((exact(value) * exact(weight) for _arm, (value, weight) in pairs), exact(0))
    return Computed(weighted / exact(n), k=_k(pairs), n=int(n))


def _mean_n(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    mean = _mean(numbers, computes)
    return Computed(mean.n, k=mean.k, note=mean.note)


def _ratio(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    """Return Σ numerators / Σ denominators over the arms that report both."""
    keys = (computes["numerator"], computes["denominator"])
    arms = _in_period(numbers, numbers.arms(computes), computes)
    pairs = [(arm, (part, of)) for arm, (part, of) in _together(arms, *keys) if part >= 0 and of > 0]
    if computes["kind"] == "characteristic_pct":
        pairs = [(arm, (part, of)) for arm, (part, of) in pairs if part <= of]
    whole = sum(of for _arm, (_part, of) in pairs)
    if not whole:
        return _missing(numbers, *keys)
    units = _units(pairs, computes["numerator"])
    if len(units) > 1:
        return Computed(None, note=f"The arms count it per {' and per '.join(units)}, which cannot be added.")
    part = sum((exact(value) for _arm, (value, _of) in pairs), exact(0))
    return Computed(
        part / exact(whole),
        k=_k(pairs),
        n=int(whole),
        note=_period_note(computes),
        unit=next(iter(units)) or "patients",
    )


def _units(pairs: Iterable[tuple[_Arm, object]], key: str) -> list[str]:
    """Return what the denominators count: the unit of the field, or the answer to the field that it names."""
    units = set()
    for arm, _values in pairs:
        unit = arm.answers[key].denominator_unit
        named = arm.answers.get(unit)
        units.add(named.answer if named and isinstance(named.answer, str) else unit)
    return sorted(units)


def _ratio_n(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    ratio = _ratio(numbers, computes)
    return Computed(ratio.n, k=ratio.k, note=ratio.note)


def _pct(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    """Return a share of the reporting arms, or of all arms where the count is part of a partition."""
    if any(row.field_key == computes["numerator"] and row.partition for row in numbers.fields):
        return _part_of_all(numbers, computes)
    ratio = _ratio(numbers, computes)
    if ratio.value is None:
        return ratio
    return replace(ratio, value=100 * exact(ratio.value))


def _part_of_all(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    arms = _in_period(numbers, numbers.arms(computes), computes)
    sized = _together(arms, computes["numerator"], computes["denominator"])
    parts = [(arm, part) for arm, (part, of) in sized if 0 <= part <= of]
    whole = sum(value for _arm, (value,) in _together(arms, computes["denominator"]))
    if not parts or not whole:
        return _missing(numbers, computes["numerator"], computes["denominator"])
    part = sum(value for _arm, value in parts)
    return Computed(100 * exact(part) / exact(whole), k=_k(parts), n=int(whole), note=_period_note(computes))


def _in_period(numbers: Numbers, arms: Iterable[_Arm], computes: Mapping[str, Any]) -> list[_Arm]:
    """Keep the arms of studies first published before or from a month; that year itself is left out."""
    period = _PERIOD.fullmatch(computes.get("period", ""))
    if period is None:
        return list(arms)
    side, limit = period[1], int(period[2])
    years = ((arm, numbers.first_years.get(arm.study)) for arm in arms)
    return [
        arm
        for arm, year in years
        if year is not None and (year < limit if side == "before" else year > limit)
    ]


def _period_note(computes: Mapping[str, Any]) -> str:
    period = _PERIOD.fullmatch(computes.get("period", ""))
    if period is None:
        return ""
    return f"Studies of {period[2]} are left out: the months of their publication are not known."


def _remainder(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    """Return the whole minus its parts; a part that an arm does not report counts as not named."""
    pairs = _together(numbers.arms(computes), computes["whole"])
    if not pairs:
        return _missing(numbers, computes["whole"])
    whole = sum(value for _arm, (value,) in pairs)
    named = sum(arm.number(part) or 0 for arm, _values in pairs for part in computes["parts"])
    return Computed(whole - named, k=_k(pairs), n=int(whole))


def _remainder_pct(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    rest = _remainder(numbers, computes)
    if rest.value is None or not rest.n:
        return Computed(None, note=rest.note)
    return Computed(100 * exact(rest.value) / rest.n, k=rest.k, n=rest.n)


def _share(numbers: Numbers, computes: Mapping[str, Any]) -> Computed:
    part, whole = _total(numbers, computes), _total(numbers, {**computes, "group": ALL})
    if part.value is None or not whole.value:
        return Computed(None, note=part.note or whole.note)
    return Computed(100 * exact(part.value) / exact(whole.value), k=whole.k, n=int(whole.value))


_KINDS: dict[str, Callable[[Numbers, Mapping[str, Any]], Computed]] = {
    "flow_box": _flow_box,
    "search_line_hits": _search_line_hits,
    "design_count": _design_count,
    "study_count": _study_count,
    "pooled_mean": _pooled_mean,
    "pooled_n": _pooled_n,
    "characteristic_total": _total,
    "characteristic_total_n": _total_n,
    "characteristic_remainder": _remainder,
    "characteristic_remainder_pct": _remainder_pct,
    "characteristic_mean": _mean,
    "characteristic_mean_n": _mean_n,
    "characteristic_ratio": _ratio,
    "characteristic_ratio_n": _ratio_n,
    "characteristic_pct": _pct,
    "group_share_pct": _share,
}
"""Each quantity that a printed number can claim to be; “none” is not derivable by definition."""
