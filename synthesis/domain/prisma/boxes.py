"""Register every box of the flow: its official title, unit, arm, band, definition and what it follows from.

This is the only place where these words stand; the figure, the tables, the drill-down lists and the exports
read them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Name what a box counts."""

    RECORD = "record"
    REPORT = "report"
    STUDY = "study"


class Arm(StrEnum):
    """Name the column of the diagram in which a box stands."""

    PREVIOUS = "previous"
    DBR = "dbr"
    OTHER = "other"
    ALL = "all"


class Band(StrEnum):
    """Name the side band beside which a box stands."""

    IDENTIFICATION = "identification"
    SCREENING = "screening"
    INCLUDED = "included"


class Kind(StrEnum):
    """Tell boxes of the official template from our additions."""

    OFFICIAL = "official"
    EXTENSION = "extension"  # a number without a box in the official template
    PENDING = "pending"  # open work; gone in a final figure


@dataclass(frozen=True)
class Box:
    """Describe one box; ``derived_from`` names the boxes from which its number follows."""

    key: str
    title: str
    unit: Unit
    arm: Arm
    band: Band
    definition: str
    derived_from: tuple[str, ...] = ()
    required: bool = False
    kind: Kind = Kind.OFFICIAL
    update_title: str = ""

    def title_for(self, *, is_update: bool) -> str:
        """Return the official wording for a new or for an updated review."""
        return self.update_title if is_update and self.update_title else self.title


_R, _P, _S = Unit.RECORD, Unit.REPORT, Unit.STUDY
_DBR, _OTH, _ALL = Arm.DBR, Arm.OTHER, Arm.ALL
_ID, _SC, _IN = Band.IDENTIFICATION, Band.SCREENING, Band.INCLUDED
_EXT, _PEND = Kind.EXTENSION, Kind.PENDING
_REMOVED = ("duplicates", "excluded_automatic", "excluded_other")

_PREVIOUS = (
    Box("previous_studies", "Studies included in previous version of review", _S, Arm.PREVIOUS, _ID,
        "Studies that the last published version of this review included. "
        "They are carried forward, not screened again.", required=True),
    Box("previous_reports", "Reports of studies included in previous version of review", _P,
        Arm.PREVIOUS, _ID,
        "Reports that describe the studies of the last published version. "
        "One study may have several.", required=True),
)  # fmt: skip

_DATABASES = (
    Box("database_results", "Databases", _R, _DBR, _ID,
        "Records as imported from bibliographic databases, before any was removed. "
        "The same report found in two databases counts twice here.", required=True),
    Box("register_results", "Registers", _R, _DBR, _ID,
        "Records as imported from trial and study registers, before any was removed. "
        "A register entry is a record of its own, even if an article exists."),
    Box("duplicates", "Duplicate records removed", _R, _DBR, _ID,
        "Surplus records of the same report: the size of each group of duplicates less one, added up. "
        "The record that stays goes on to screening.", required=True),
    Box("excluded_automatic", "Records marked as ineligible by automation tools", _R, _DBR, _ID,
        "Records that a rule, a classifier or a stopping rule set aside. "
        "No person judged them."),
    Box("excluded_other", "Records removed for other reasons", _R, _DBR, _ID,
        "Records that left before screening for another stated reason, such as a date or language limit. "
        "Duplicates and automation are counted apart."),
    Box("records_screened", "Records screened", _R, _DBR, _SC,
        "Unique records with a final outcome on title and abstract. "
        "Records still waiting or in conflict are shown apart as interim.",
        (*("database_results", "register_results"), *_REMOVED), required=True),
    Box("pending_screening", "Records awaiting a title and abstract outcome", _R, _DBR, _SC,
        "Unique records not yet screened, waiting for a further decision or in conflict. "
        "None may be left in a final figure.", kind=_PEND),
    Box("records_excluded", "Records excluded", _R, _DBR, _SC,
        "Records whose final outcome on title and abstract is exclude. "
        "Single decisions that were overruled do not count.", required=True),
    Box("dbr_sought_reports", "Reports sought for retrieval", _P, _DBR, _SC,
        "Reports of the records that passed title and abstract screening. "
        "Two records of one report count once.", ("records_screened", "records_excluded"), required=True),
    Box("pending_retrieval", "Reports not yet retrieved", _P, _DBR, _SC,
        "Reports whose full text is still being looked for. "
        "Each ends as retrieved or as not retrieved.", kind=_PEND),
    Box("dbr_notretrieved_reports", "Reports not retrieved", _P, _DBR, _SC,
        "Reports whose full text was looked for and not obtained; the search for it is closed. "
        "This is not an exclusion.", required=True),
    Box("dbr_late_duplicates", "Duplicates found after screening", _P, _DBR, _SC,
        "Reports found to be duplicates only after screening and not yet moved to the duplicates. "
        "They leave between retrieval and assessment.", kind=_EXT),
    Box("dbr_assessed", "Reports assessed for eligibility", _P, _DBR, _SC,
        "Reports whose full text is in hand and was read against the criteria. "
        "Those without a final outcome are also shown as interim.",
        ("dbr_sought_reports", "dbr_notretrieved_reports", "dbr_late_duplicates"), required=True),
    Box("pending_eligibility", "Reports awaiting a full-text outcome", _P, _DBR, _SC,
        "Reports in hand that wait for a decision or are in conflict. "
        "None may be left in a final figure.", kind=_PEND),
    Box("dbr_excluded", "Reports excluded", _P, _DBR, _SC,
        "Reports excluded at full text, each under its one primary reason. "
        "Further reasons are kept but not counted.", required=True),
    Box("dbr_awaiting", "Reports awaiting classification", _P, _DBR, _SC,
        "Reports that cannot be judged yet for lack of information. "
        "They are neither excluded nor included.", kind=_EXT),
    Box("dbr_ongoing", "Reports of ongoing studies", _P, _DBR, _SC,
        "Reports of eligible studies that have no results yet. "
        "They are neither excluded nor included.", kind=_EXT),
    Box("dbr_included_reports", "Reports included from databases and registers", _P, _DBR, _IN,
        "Reports from databases and registers that met the criteria at full text. "
        "They describe new studies or studies that were already included.",
        ("dbr_assessed", "dbr_excluded", "dbr_awaiting", "dbr_ongoing"), kind=_EXT),
)  # fmt: skip

_OTHERS = (
    Box("website_results", "Websites", _R, _OTH, _ID,
        "Records found by browsing or searching websites. "
        "They do not pass the removal and screening boxes of the databases."),
    Box("organisation_results", "Organisations", _R, _OTH, _ID,
        "Records supplied by or found at organisations. "
        "They do not pass the removal and screening boxes of the databases."),
    Box("citations_results", "Citation searching", _R, _OTH, _ID,
        "Records found in reference lists or among citing works. "
        "They do not pass the removal and screening boxes of the databases."),
    Box("other_specific_results", "Other sources", _R, _OTH, _ID,
        "Records from further sources, each under its own name, such as an earlier review or an expert. "
        "They add to websites, organisations and citation searching."),
    Box("other_duplicates", "Duplicates of records already found", _R, _OTH, _ID,
        "Records from other methods that the databases or registers had already given. "
        "The official diagram has no box for them; a footnote says so.", kind=_EXT),
    Box("other_records_excluded", "Records excluded on title and abstract", _R, _OTH, _ID,
        "Records from other methods that were excluded before a full text was sought. "
        "The official diagram has no box for them; a footnote says so.", kind=_EXT),
    Box("pending_other_screening", "Records awaiting a decision to seek the report", _R, _OTH, _ID,
        "Records from other methods without an outcome on title and abstract. "
        "None may be left in a final figure.", kind=_PEND),
    Box("other_sought_reports", "Reports sought for retrieval", _P, _OTH, _SC,
        "Reports from other methods whose full text was wanted. "
        "Duplicates of the databases and records excluded on title are left out.",
        ("website_results", "organisation_results", "citations_results", "other_specific_results",
         "other_duplicates", "other_records_excluded"), required=True),
    Box("pending_other_retrieval", "Reports not yet retrieved", _P, _OTH, _SC,
        "Reports from other methods whose full text is still being looked for. "
        "Each ends as retrieved or as not retrieved.", kind=_PEND),
    Box("other_notretrieved_reports", "Reports not retrieved", _P, _OTH, _SC,
        "Reports from other methods whose full text was looked for and not obtained. "
        "This is not an exclusion.", required=True),
    Box("other_assessed", "Reports assessed for eligibility", _P, _OTH, _SC,
        "Reports from other methods whose full text is in hand and was read against the criteria. "
        "Those without a final outcome are also shown as interim.",
        ("other_sought_reports", "other_notretrieved_reports"), required=True),
    Box("pending_other_eligibility", "Reports awaiting a full-text outcome", _P, _OTH, _SC,
        "Reports from other methods in hand that wait for a decision or are in conflict. "
        "None may be left in a final figure.", kind=_PEND),
    Box("other_excluded", "Reports excluded", _P, _OTH, _SC,
        "Reports from other methods excluded at full text, each under its one primary reason. "
        "Further reasons are kept but not counted.", required=True),
    Box("other_awaiting", "Reports awaiting classification", _P, _OTH, _SC,
        "Reports from other methods that cannot be judged yet for lack of information. "
        "They are neither excluded nor included.", kind=_EXT),
    Box("other_ongoing", "Reports of ongoing studies", _P, _OTH, _SC,
        "Reports from other methods of eligible studies that have no results yet. "
        "They are neither excluded nor included.", kind=_EXT),
    Box("other_included_reports", "Reports included from other methods", _P, _OTH, _IN,
        "Reports from other methods that met the criteria at full text. "
        "They describe new studies or studies that were already included.",
        ("other_assessed", "other_excluded", "other_awaiting", "other_ongoing"), kind=_EXT),
)  # fmt: skip

_INCLUDED_REPORTS = ("dbr_included_reports", "other_included_reports")

_INCLUDED = (
    Box("new_studies", "Studies included in review", _S, _ALL, _IN,
        "Studies with at least one report that met the criteria at full text. "
        "A study counts once, however many reports describe it.",
        required=True, update_title="New studies included in review"),
    Box("new_reports", "Reports of included studies", _P, _ALL, _IN,
        "Reports that met the criteria, companion reports of the same study among them. "
        "Each belongs to at least one included study.",
        (*_INCLUDED_REPORTS, "new_reports_of_previous_studies"), required=True,
        update_title="Reports of new included studies"),
    Box("new_reports_of_previous_studies", "New reports of previously included studies", _P, _ALL, _IN,
        "Reports included now that describe a study of the previous version. "
        "They add a report, but no study.", kind=_EXT),
    Box("previous_studies_dropped", "Previously included studies dropped", _S, _ALL, _IN,
        "Studies of the previous version that this update no longer includes. "
        "The change of criteria or the retraction should be stated.", kind=_EXT),
    Box("previous_reports_dropped", "Previously included reports dropped", _P, _ALL, _IN,
        "Reports of the previous version that this update no longer includes. "
        "They leave the total of reports.", kind=_EXT),
    Box("total_studies", "Total studies included in review", _S, _ALL, _IN,
        "Studies of the previous version and new ones, less those dropped. "
        "Only updated reviews show this box.",
        ("previous_studies", "new_studies", "previous_studies_dropped"), required=True),
    Box("total_reports", "Reports of total included studies", _P, _ALL, _IN,
        "Reports of the previous version and new ones, less those dropped. "
        "Only updated reviews show this box.",
        ("previous_reports", "new_reports", "new_reports_of_previous_studies", "previous_reports_dropped"),
        required=True),
    Box("total_studies_ma", "Studies included in meta-analysis", _S, _ALL, _IN,
        "Included studies that contribute to at least one pooled result. "
        "The official diagram has no such box; it is optional.", kind=_EXT),
    Box("total_reports_ma", "Reports of studies included in meta-analysis", _P, _ALL, _IN,
        "Reports of the studies that contribute to at least one pooled result. "
        "The official diagram has no such box; it is optional.", kind=_EXT),
)  # fmt: skip

BOXES: tuple[Box, ...] = _PREVIOUS + _DATABASES + _OTHERS + _INCLUDED
"""All boxes in reading order: previous version, databases and registers, other methods, included."""

BOX: dict[str, Box] = {box.key: box for box in BOXES}
