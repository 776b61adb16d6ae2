"""Where a record ends in the flow: the one place that turns its states into a box of the diagram."""

from __future__ import annotations

from dataclasses import dataclass

from synthesis.domain.prisma.flow import DBR_SOURCES, PATHS

SOURCE_BOXES = {
    "database": "database_results",
    "register": "register_results",
    "website": "website_results",
    "organisation": "organisation_results",
    "citation_search": "citations_results",
    "previous_review": "other_specific_results",
    "contact": "other_specific_results",
    "other": "other_specific_results",
}
"""Kind of source → the box in which its records are identified."""

_FULL_TEXT_ENDS = {
    "awaiting_retrieval": ("pending_retrieval", "pending_other_retrieval"),
    "not_retrieved": ("dbr_notretrieved_reports", "other_notretrieved_reports"),
    "awaiting": ("pending_eligibility", "pending_other_eligibility"),
    "conflict": ("pending_eligibility", "pending_other_eligibility"),
    "reason_conflict": ("pending_eligibility", "pending_other_eligibility"),
    "included": ("dbr_included_reports", "other_included_reports"),
    "excluded": ("dbr_excluded", "other_excluded"),
}

_UNLISTED_ENDS = {
    "duplicates": ("duplicates", "other_duplicates"),
    "excluded_automatic": ("excluded_automatic", ""),
    "excluded_other": ("excluded_other", ""),
    "records_excluded": ("records_excluded", "other_records_excluded"),
    "notretrieved_reports": ("dbr_notretrieved_reports", "other_notretrieved_reports"),
    "reports_excluded": ("dbr_excluded", "other_excluded"),
}


@dataclass(frozen=True)
class Fate:
    """What decides a record's way: its kind of source, whether it is a duplicate, and its two statuses.

    A status is None where the record never entered the stage.
    """

    source_kind: str
    is_duplicate: bool = False
    title_abstract: str | None = None
    full_text: str | None = None

    @property
    def source_box(self) -> str:
        """Return the box in which the record is identified."""
        return SOURCE_BOXES[self.source_kind]

    @property
    def is_other(self) -> bool:
        """Tell whether the record came by other methods than databases and registers."""
        return self.source_box not in DBR_SOURCES

    @property
    def terminal(self) -> str:
        """Return the box in which the record ends now."""
        return self._ends()[self.is_other]

    @property
    def path(self) -> tuple[str, ...]:
        """Return every box that counts the record, or its report from “sought” on."""
        boxes = (self.source_box, *PATHS[self.terminal], self.terminal)
        return (*boxes, "new_reports") if self.terminal.endswith("_included_reports") else boxes

    def _ends(self) -> tuple[str, str]:
        """Return the terminal box for the databases' arm and for the other methods' arm."""
        if self.is_duplicate:
            return "duplicates", "other_duplicates"
        if self.full_text is not None:
            return _FULL_TEXT_ENDS[self.full_text]
        if self.title_abstract == "excluded":
            return "records_excluded", "other_records_excluded"
        if self.title_abstract == "included":
            return _FULL_TEXT_ENDS["awaiting_retrieval"]
        return "pending_screening", "pending_other_screening"


def unlisted_end(source_kind: str, box: str) -> str:
    """Return the terminal box of an unlisted group, given what its source is.

    Raises ValueError where the arm of other methods has no such box.
    """
    is_other = SOURCE_BOXES[source_kind] not in DBR_SOURCES
    end = _UNLISTED_ENDS[box][is_other]
    if not end:
        raise ValueError(f"Other methods have no box “{box}”.")
    return end
