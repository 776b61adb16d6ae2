"""Write the footnotes and the spoken description that belong under a flow diagram."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.render.flow_text import Block, Writer, clean


def has_split(writer: Writer) -> bool:
    """Tell whether records were excluded by automation as well as by people."""
    return bool(writer.flow.records_excluded_automation)


def footnotes(writer: Writer, *, as_of: str, more: Sequence[str]) -> list[str]:
    """Return the notes under the figure: its date, what has no box in the official template, and ``more``."""
    flow, tr = writer.flow, writer.translate
    notes: list[str] = []
    if flow.pending.total:
        dated = tr("Interim figure, as of {date}.").format(date=as_of) if as_of else tr("Interim figure.")
        notes.append(dated)
    if has_split(writer):
        human = flow.records_excluded_human
        sentence = tr("** Excluded by people {human}, by automation tools {automation}.")
        automation = flow.records_excluded_automation
        notes.append(sentence.format(human=writer.n(human), automation=writer.n(automation)))
    if flow.other_duplicates or flow.other_records_excluded:
        sentence = tr("† Before retrieval: duplicates of records already found {a}, excluded on title {b}.")
        notes.append(
            sentence.format(a=writer.n(flow.other_duplicates), b=writer.n(flow.other_records_excluded))
        )
    for key in (
        "dbr_late_duplicates",
        "new_reports_of_previous_studies",
        "previous_studies_dropped",
        "previous_reports_dropped",
    ):
        if flow.number(key):
            notes.append(f"{writer.title(key)} {writer.n(flow.number(key))}.")
    return [*notes, *map(clean, more)]


def description(title: str, blocks: Sequence[Block], notes: Sequence[str]) -> str:
    """Return every box and note as sentences, in reading order."""
    sentences = [f"{title}.", *(f"{block.label.rstrip('.')}." for block in blocks), *notes]
    return " ".join(sentences).replace("\u00a0", " ")
