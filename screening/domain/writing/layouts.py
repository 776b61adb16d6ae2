"""Know the layouts in which records leave: one for each program that reads them and each format it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from screening.domain.writing import labels
from screening.domain.writing.bibtex import write_bibtex
from screening.domain.writing.json import write_json
from screening.domain.writing.model import ExportFacts, ExportRecord
from screening.domain.writing.ris import Notes, write_ris, write_ris_for_endnote
from screening.domain.writing.table import RAYYAN_COLUMNS, asreview_columns, columns, write_csv


class Layout(StrEnum):
    """Name a program and a format."""

    COMPLETE_XLSX = "complete-xlsx"
    COMPLETE_CSV = "complete-csv"
    COMPLETE_JSON = "complete-json"
    COMPLETE_RIS = "complete-ris"
    COMPLETE_BIBTEX = "complete-bib"
    ENDNOTE = "endnote-ris"
    ZOTERO_RIS = "zotero-ris"
    ZOTERO_BIBTEX = "zotero-bib"
    RAYYAN_CSV = "rayyan-csv"
    RAYYAN_RIS = "rayyan-ris"
    COVIDENCE = "covidence-ris"
    ASREVIEW_CSV = "asreview-csv"
    ASREVIEW_RIS = "asreview-ris"
    REVMAN = "revman-ris"

    @property
    def program(self) -> str:
        """Return the part before the hyphen."""
        return self.partition("-")[0]

    @property
    def extension(self) -> str:
        """Return the ending of the file's name."""
        return self.partition("-")[2]


# Where screening goes on blind, and where only references are wanted, no outcome goes along.
_WITH_ID_ALONE = frozenset({Layout.RAYYAN_RIS, Layout.COVIDENCE, Layout.REVMAN})
_ASREVIEW = frozenset({Layout.ASREVIEW_CSV, Layout.ASREVIEW_RIS})
HOLD_DECISIONS = frozenset(
    {
        Layout.COMPLETE_XLSX,
        Layout.COMPLETE_CSV,
        Layout.COMPLETE_JSON,
        Layout.COMPLETE_RIS,
        Layout.COMPLETE_BIBTEX,
        Layout.ENDNOTE,
        Layout.ZOTERO_RIS,
        Layout.ZOTERO_BIBTEX,
    }
)
"""The layouts with room for the decisions of single reviewers."""


def write(layout: Layout, records: Iterable[ExportRecord], facts: ExportFacts) -> Iterator[str]:
    """Yield the text of the file piece by piece; a workbook is no text and is not written here."""
    match layout:
        case Layout.COMPLETE_JSON:
            return write_json(records, facts)
        case Layout.COMPLETE_CSV:
            return write_csv(records, columns(with_decisions=facts.has_decisions))
        case Layout.RAYYAN_CSV:
            return write_csv(records, RAYYAN_COLUMNS)
        case Layout.ASREVIEW_CSV:
            return write_csv(records, asreview_columns(facts.stage))
        case Layout.COMPLETE_BIBTEX | Layout.ZOTERO_BIBTEX:
            return write_bibtex(records, _notes(layout, facts))
        case Layout.ENDNOTE:
            return write_ris_for_endnote(records, _notes(layout, facts), facts.stage)
        case Layout.COMPLETE_XLSX:
            raise ValueError("A workbook is written by render/workbook.py.")
    return write_ris(records, _notes(layout, facts))


def _notes(layout: Layout, facts: ExportFacts) -> Notes:
    if layout in _WITH_ID_ALONE:
        return labels.id_note
    if layout in _ASREVIEW:
        return lambda record: labels.asreview_note(record, facts.stage)
    return lambda record: labels.notes(record, facts.stage)
