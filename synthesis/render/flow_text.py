"""Compose the text of the flow diagram's boxes from a flow's numbers, in the official wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from synthesis.domain.prisma import BOX, Flow, Line
from synthesis.domain.prisma.flow import total

NBSP = "\u00a0"

_THOUSANDS = {"en": ",", "de": ".", "es": NBSP, "fr": NBSP, "it": ".", "nl": ".", "pt": "."}

Translate = Callable[[str], str]

# Characters that XML forbids or that have no shape.
_SHAPELESS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return a text typed by a person on one line, without characters that no figure can show."""
    return " ".join(_SHAPELESS.sub("", text).split())


class Look(StrEnum):
    """Name how a paragraph is set."""

    TITLE = "title"
    PLAIN = "plain"
    NOTE = "note"  # italic: what is not listed in the tool
    PENDING = "pending"  # amber, dashed: open work


@dataclass(frozen=True)
class Paragraph:
    """Hold one paragraph of a box; ``key`` is the box key whose number it tells, ``indent`` counts steps."""

    text: str
    key: str
    look: Look = Look.PLAIN
    indent: int = 0


@dataclass(frozen=True)
class Block:
    """Hold the text of one drawn box; ``key`` names it, ``is_grey`` is true outside the databases' arm."""

    key: str
    paragraphs: tuple[Paragraph, ...]
    is_grey: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the numbers in the box, in reading order."""
        return tuple(dict.fromkeys(paragraph.key for paragraph in self.paragraphs))

    @property
    def label(self) -> str:
        """Return the whole text on one line, for those who do not see the box."""
        return label_of(self.paragraphs)


def label_of(paragraphs: Sequence[Paragraph]) -> str:
    """Join paragraphs to one line: numbers stay with their title, the rest is set off by semicolons."""
    text = ""
    for paragraph in paragraphs:
        part = paragraph.text
        joint = "" if not text else " " if part.startswith("(") or text.endswith(":") else "; "
        text += joint + part
    return text.replace(NBSP, " ")


class Writer:
    """Write the paragraphs of each box for one flow and language."""

    def __init__(self, flow: Flow, *, lang: str = "en", translate: Translate = str) -> None:
        self.flow = flow
        self.translate = translate
        self._separator = _THOUSANDS.get(lang.split("-")[0], ",")

    def count(self, n: int) -> str:
        """Return a number with the thousands separator of the language."""
        return f"{n:,}".replace(",", self._separator)

    def n(self, number: int | None) -> str:
        """Return "(n = 1,234)", unbroken, or "(not reported)"."""
        if number is None:
            return self.translate("(not reported)").replace(" ", NBSP)
        return f"(n{NBSP}={NBSP}{self.count(number)})"

    def title(self, key: str) -> str:
        """Return the official title of a box for this template."""
        return self.translate(BOX[key].title_for(is_update=self.flow.template.is_update))

    def identified(self) -> Block:
        """Write the records identified from databases and registers, with their sources."""
        flow = self.flow
        text = [Paragraph(self.translate("Records identified from:"), "database_results", Look.TITLE)]
        text += self._source("database_results", flow.database_specific_results)
        text += self._source("register_results", flow.register_specific_results)
        return Block("database_results", tuple(text))

    def removed(self) -> Block:
        """Write the records removed before screening."""
        title = self.translate("Records removed before screening:")
        text = [Paragraph(title, "duplicates", Look.TITLE)]
        for key in ("duplicates", "excluded_automatic", "excluded_other"):
            text += self._source(key, None)
        return Block("duplicates", tuple(text))

    def identified_elsewhere(self) -> Block:
        """Write the records identified from other methods."""
        flow = self.flow
        first = "website_results"
        lines: list[Paragraph] = []
        for key in ("website_results", "organisation_results", "citations_results"):
            lines += self._source(key, None)
        for line in flow.other_specific_results or ():
            lines.append(
                Paragraph(f"{clean(line.label)} {self.n(line.n)}", "other_specific_results", indent=1)
            )
        lines += self._unlisted("other_specific_results", indent=1)
        if not lines:
            lines = [Paragraph(self.n(None), first)]
        mark = "†" if flow.other_duplicates or flow.other_records_excluded else ""
        title = self.translate("Records identified from:").replace(":", f"{mark}:")
        head = Paragraph(title, lines[0].key, Look.TITLE)
        text = (head, *lines, *self._pending("pending_other_screening"))
        return Block(first, text, is_grey=True)

    def single(self, key: str, *, pending: str = "", mark: str = "", is_grey: bool = False) -> Block:
        """Write a box of one number, its open work and its unlisted groups."""
        text = [
            Paragraph(self.title(key) + mark, key, Look.TITLE),
            Paragraph(self.n(self.flow.number(key)), key),
            *self._unlisted(key),
        ]
        if pending:
            text += self._pending(pending)
        return Block(key, tuple(text), is_grey)

    def excluded(self, key: str, *, is_grey: bool = False) -> Block:
        """Write the reports excluded, one line per primary reason."""
        reasons = getattr(self.flow, key)
        heading = f"{self.title(key)} {self.n(self.flow.number(key))}"
        text = [Paragraph(f"{heading}:" if reasons else heading, key, Look.TITLE)]
        if reasons is None and self.flow.number(key):
            text.append(Paragraph(self.translate("Reasons not given"), key, indent=1))
        text += self._lines(key, reasons, indent=1, unnamed=self.translate("Reasons not given"))
        return Block(key, (*text, *self._unlisted(key, indent=1)), is_grey)

    def neither(self, arm: str, *, is_grey: bool = False) -> Block | None:
        """Write the reports that are neither excluded nor included, or None where none are reported."""
        keys = [key for key in (f"{arm}_awaiting", f"{arm}_ongoing") if self.flow.number(key) is not None]
        text: list[Paragraph] = []
        for key in keys:
            text.append(Paragraph(self.title(key), key, Look.PLAIN if text else Look.TITLE))
            text += [Paragraph(self.n(self.flow.number(key)), key), *self._unlisted(key)]
        return Block(keys[0], tuple(text), is_grey) if text else None

    def studies_and_reports(self, stem: str, *, suffix: str = "", is_grey: bool = False) -> Block:
        """Write a box of studies and their reports: previous, new, total or in the meta-analysis."""
        text: list[Paragraph] = []
        for unit in ("studies", "reports"):
            key = f"{stem}_{unit}{suffix}"
            text.append(Paragraph(self.title(key), key, Look.PLAIN if text else Look.TITLE))
            text += [Paragraph(self.n(self.flow.number(key)), key), *self._unlisted(key)]
        return Block(f"{stem}_studies{suffix}", tuple(text), is_grey)

    def _source(self, key: str, lines: tuple[Line, ...] | None) -> list[Paragraph]:
        """Write one line with a number and what it consists of; nothing where it may be left out."""
        number = self.flow.number(key)
        if number is None:
            number = total(lines)
        if number is None and lines is None and not BOX[key].required:
            return []
        text = [Paragraph(f"{self.title(key)} {self.n(number)}", key, indent=1)]
        return [*text, *self._lines(key, lines, indent=2), *self._unlisted(key, indent=2)]

    def _lines(
        self, key: str, lines: tuple[Line, ...] | None, *, indent: int, unnamed: str = ""
    ) -> list[Paragraph]:
        return [
            Paragraph(f"{clean(line.label) or unnamed} {self.n(line.n)}".strip(), key, indent=indent)
            for line in lines or ()
        ]

    def _unlisted(self, key: str, *, indent: int = 0) -> list[Paragraph]:
        """Write what ends in this box without being listed, by how it is known."""
        totals: dict[str, int] = {}
        for group in self.flow.unlisted:
            end = group.path[-1]
            if end == key:
                totals[group.provenance] = totals.get(group.provenance, 0) + group.n
        sentence = self.translate("of these {n} not listed in the tool; {provenance}")
        return [
            Paragraph(
                sentence.format(n=self.count(n), provenance=self.translate(provenance)),
                key,
                Look.NOTE,
                indent,
            )
            for provenance, n in sorted(totals.items(), reverse=True)
        ]

    def _pending(self, key: str) -> list[Paragraph]:
        n = self.flow.number(key)
        if not n:
            return []
        text = f"{self.translate('Interim:')} {self.title(key)[0].lower()}{self.title(key)[1:]} {self.n(n)}"
        return [Paragraph(text, key, Look.PENDING)]
