"""Hold the numbers of one PRISMA 2020 flow diagram as a frozen value.

Keys are those of the PRISMA2020 package's CSV, plus extension keys for numbers that the official template
has no box for. ``None`` means *not reported* and is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, NamedTuple


class Template(StrEnum):
    """Name the four official templates."""

    T1 = "T1"  # new review, databases and registers only
    T2 = "T2"  # new review, with other methods
    T3 = "T3"  # updated review, databases and registers only
    T4 = "T4"  # updated review, with other methods

    @property
    def is_update(self) -> bool:
        """Tell whether the template has the column of the previous version."""
        return self in (Template.T3, Template.T4)

    @property
    def has_other_methods(self) -> bool:
        """Tell whether the template has the arm of other methods."""
        return self in (Template.T2, Template.T4)


class Line(NamedTuple):
    """Hold one labelled number inside a box: a source or an exclusion reason."""

    label: str
    n: int | None


class Provenance(StrEnum):
    """Say how a number is known that no listed record stands behind."""

    REPORTED = "reported"
    INFERRED = "inferred"


@dataclass(frozen=True, kw_only=True)
class Pending:
    """Count what is still open at each step; zero at the end of a review."""

    screening: int = 0
    retrieval: int = 0
    eligibility: int = 0
    other_screening: int = 0
    other_retrieval: int = 0
    other_eligibility: int = 0

    @property
    def total(self) -> int:
        """Return the number of open records and reports over all steps."""
        return sum(getattr(self, item.name) for item in fields(self))


DBR_SOURCES = ("database_results", "register_results")
OTHER_SOURCES = ("website_results", "organisation_results", "citations_results", "other_specific_results")

_DBR_STEPS = ("records_screened", "dbr_sought_reports", "dbr_assessed")
_OTHER_STEPS = ("other_sought_reports", "other_assessed")

PATHS: dict[str, tuple[str, ...]] = {
    "duplicates": (),
    "excluded_automatic": (),
    "excluded_other": (),
    "pending_screening": (),
    "records_excluded": _DBR_STEPS[:1],
    "dbr_notretrieved_reports": _DBR_STEPS[:2],
    "pending_retrieval": _DBR_STEPS[:2],
    "dbr_excluded": _DBR_STEPS,
    "dbr_awaiting": _DBR_STEPS,
    "dbr_ongoing": _DBR_STEPS,
    "pending_eligibility": _DBR_STEPS,
    "dbr_included_reports": _DBR_STEPS,
    "other_duplicates": (),
    "other_records_excluded": (),
    "pending_other_screening": (),
    "other_notretrieved_reports": _OTHER_STEPS[:1],
    "pending_other_retrieval": _OTHER_STEPS[:1],
    "other_excluded": _OTHER_STEPS,
    "other_awaiting": _OTHER_STEPS,
    "other_ongoing": _OTHER_STEPS,
    "pending_other_eligibility": _OTHER_STEPS,
    "other_included_reports": _OTHER_STEPS,
}
"""Terminal box → the boxes between its source and itself."""


@dataclass(frozen=True, kw_only=True)
class Unlisted:
    """Hold a group of records of one source that is known only as a total.

    The group counts in its source's box, in every step up to ``ends_in`` and there. Refuses n < 1, an unknown
    terminal box and a terminal box of the other arm (ValueError).
    """

    source: str
    ends_in: str
    n: int
    provenance: Provenance
    reason: str = ""
    n_studies: int | None = None

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"An unlisted group needs at least one record, not {self.n}.")
        if self.ends_in not in PATHS:
            raise ValueError(f"No group can end in '{self.ends_in}': it is not a terminal box of the flow.")
        if self.source not in DBR_SOURCES + OTHER_SOURCES:
            raise ValueError(f"'{self.source}' is not a source box of the flow.")
        in_dbr = self.ends_in in DBR_ENDS
        if in_dbr != (self.source in DBR_SOURCES):
            raise ValueError(f"A group from '{self.source}' cannot end in '{self.ends_in}' of the other arm.")

    @property
    def path(self) -> tuple[str, ...]:
        """Return every box in which the group counts, from its source to the end."""
        boxes = (self.source, *PATHS[self.ends_in], self.ends_in)
        return (*boxes, "new_reports") if self.ends_in.endswith("_included_reports") else boxes


_OTHER_PREFIXES = ("other_", "pending_other_")
DBR_ENDS = frozenset(key for key in PATHS if not key.startswith(_OTHER_PREFIXES))


def unlisted_totals(groups: Iterable[Unlisted]) -> dict[str, int]:
    """Return, for each box, how many of its records or reports are not listed."""
    totals: dict[str, int] = {}
    for group in groups:
        for key in group.path:
            totals[key] = totals.get(key, 0) + group.n
        if group.n_studies:
            totals["new_studies"] = totals.get("new_studies", 0) + group.n_studies
    return totals


Lines = tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Hold every number of a flow diagram; None = not reported, never zero."""

    template: Template

    previous_studies: int | None = None
    previous_reports: int | None = None

    database_results: int | None = None
    database_specific_results: Lines | None = None
    register_results: int | None = None
    register_specific_results: Lines | None = None
    duplicates: int | None = None
    excluded_automatic: int | None = None
    excluded_other: int | None = None
    records_screened: int | None = None
    records_excluded: int | None = None
    dbr_sought_reports: int | None = None
    dbr_notretrieved_reports: int | None = None
    dbr_assessed: int | None = None
    dbr_excluded: Lines | None = None

    website_results: int | None = None
    organisation_results: int | None = None
    citations_results: int | None = None
    other_sought_reports: int | None = None
    other_notretrieved_reports: int | None = None
    other_assessed: int | None = None
    other_excluded: Lines | None = None

    new_studies: int | None = None
    new_reports: int | None = None
    total_studies: int | None = None
    total_reports: int | None = None
    total_studies_ma: int | None = None
    total_reports_ma: int | None = None

    # Extension keys: numbers without a box in the official template.
    records_excluded_human: int | None = None
    records_excluded_automation: int | None = None
    report_adjustment: int | None = None  # signed: reports gained or lost on the way
    dbr_late_duplicates: int | None = None
    dbr_excluded_stated: int | None = None
    dbr_awaiting: int | None = None
    dbr_ongoing: int | None = None
    other_specific_results: Lines | None = None
    other_duplicates: int | None = None
    other_records_excluded: int | None = None
    other_excluded_stated: int | None = None
    other_awaiting: int | None = None
    other_ongoing: int | None = None
    new_reports_of_previous_studies: int | None = None
    extra_study_links: int | None = None  # links beyond the first, of reports on several studies
    previous_studies_dropped: int | None = None
    previous_reports_dropped: int | None = None
    partition_studies: Lines | None = None

    pending: Pending = field(default_factory=Pending)
    unlisted: tuple[Unlisted, ...] = ()

    def number(self, key: str) -> int | None:
        """Return the number that the box ``key`` shows; the sum of its lines where the box is a list."""
        if key.startswith("pending_"):
            return int(getattr(self.pending, key.removeprefix("pending_")))
        value = getattr(self, key)
        if key in ("dbr_excluded", "other_excluded") and value is None:
            return self.number(f"{key}_stated")
        if isinstance(value, tuple):
            return total(value)
        return None if value is None else int(value)


LIST_KEYS = frozenset(
    {
        "database_specific_results",
        "register_specific_results",
        "other_specific_results",
        "dbr_excluded",
        "other_excluded",
        "partition_studies",
    }
)
COUNT_KEYS = tuple(
    item.name for item in fields(Flow) if item.name not in LIST_KEYS | {"template", "pending", "unlisted"}
)


def total(lines: Lines | None) -> int | None:
    """Return the sum of the lines, or None where there are none to add or one has no number."""
    if lines is None:
        return None
    numbers = [line.n for line in lines]
    known = [n for n in numbers if n is not None]
    return sum(known) if len(known) == len(numbers) else None


def flow_from_mapping(values: Mapping[str, Any], *, template: Template | None = None) -> Flow:
    """Build a flow from keys and values as the PRISMA2020 package's CSV names them.

    A missing key is *not reported*. A bare number for a list of exclusion reasons is kept as the stated
    total. Without ``template`` the keys decide. Refuses unknown keys, numbers that are not whole and lists
    that are not pairs of label and number (ValueError).
    """
    given = dict(values)
    is_update = bool(given.pop("is_update", False))
    for key in ("dbr_excluded", "other_excluded"):
        if isinstance(given.get(key), int):
            given[f"{key}_stated"] = given.pop(key)
    unknown = sorted(set(given) - set(COUNT_KEYS) - LIST_KEYS)
    if unknown:
        raise ValueError(f"Unknown flow keys: {', '.join(unknown)}.")
    known: dict[str, Any] = {
        key: _lines(key, value) if key in LIST_KEYS else _count(key, value) for key, value in given.items()
    }
    chosen = template or _guess_template(known, is_update=is_update)
    if is_update and not chosen.is_update:
        raise ValueError(f"The numbers are of an updated review, but template {chosen} is for new ones.")
    return Flow(template=chosen, **known)


def _count(key: str, value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"'{key}' must be a whole number or not reported, not {value!r}.")


def _lines(key: str, value: Any) -> Lines | None:
    if value is None:
        return None
    try:
        pairs = [(str(label), n) for label, n in value]
    except (TypeError, ValueError) as error:
        raise ValueError(f"'{key}' must be a list of pairs of label and number.") from error
    return tuple(Line(label, _count(key, n)) for label, n in pairs)


def _guess_template(known: Mapping[str, object], *, is_update: bool) -> Template:
    updated = is_update or any(known.get(key) is not None for key in ("previous_studies", "previous_reports"))
    others = any(known.get(key) is not None for key in (*OTHER_SOURCES, *_OTHER_STEPS))
    if updated:
        return Template.T4 if others else Template.T3
    return Template.T2 if others else Template.T1
