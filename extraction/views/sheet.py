"""An entry's answers as a page of controls: read from the database or from what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from extraction.models import Arm, Entry, Field
from extraction.models.entries import MISSING_CHOICES
from extraction.queries.forms import fields_of
from extraction.queries.settled import text_of
from extraction.services.entries import Given

MARKS = MISSING_CHOICES


@dataclass(frozen=True)
class Cell:
    """One answer of one field: what stands in its controls, and what is wrong with it."""

    field: Field
    arm: Arm | None
    given: Given
    error: str = ""
    saved: str = ""
    """What another window saved meanwhile, where it differs."""

    @property
    def name(self) -> str:
        """Return the start of the names of this cell's controls."""
        return f"f{self.field.pk}-{self.arm.pk if self.arm else 0}"

    @property
    def has_passage(self) -> bool:
        """Tell whether a quote, page or source is there."""
        return bool(self.given.quote or self.given.page or self.given.source)


@dataclass(frozen=True)
class Row:
    """One field with a cell per arm, or a single one."""

    field: Field
    cells: list[Cell]


@dataclass(frozen=True)
class Section:
    """A titled part of the form."""

    title: str
    rows: list[Row]


class Sheet:
    """The cells of one entry, in the order of its form."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = list(cells)

    @property
    def sections(self) -> list[Section]:
        """Return the cells by section and field."""
        return [
            Section(title, [Row(field, list(cells)) for field, cells in groupby(part, _field_of)])
            for title, part in groupby(self.cells, lambda cell: cell.field.section)
        ]

    @property
    def errors(self) -> list[Cell]:
        """Return the cells with an error."""
        return [cell for cell in self.cells if cell.error]

    @property
    def n_blank(self) -> int:
        """Return how many answers are blank."""
        return sum(not (cell.given.text or cell.given.missing) for cell in self.cells)

    @property
    def n_answered(self) -> int:
        """Return how many answers are values or marks."""
        return len(self.cells) - self.n_blank

    def given(self) -> list[Given]:
        """Return what stands in the controls, for the service."""
        return [cell.given for cell in self.cells]

    def with_errors(self, errors: Mapping[tuple[str, str], str]) -> Sheet:
        """Return the sheet with a sentence beside each wrong answer."""
        return Sheet(
            replace(cell, error=errors.get((cell.given.key, cell.given.slot), "")) for cell in self.cells
        )

    def beside(self, saved: Sheet) -> Sheet:
        """Return the sheet with what is saved now beside each answer that differs from it."""
        words = dict(MARKS)
        return Sheet(
            replace(typed, saved=str(words.get(now.given.missing, now.given.text)) or "–")
            if (typed.given.text, typed.given.missing) != (now.given.text, now.given.missing)
            else typed
            for typed, now in zip(self.cells, saved.cells, strict=True)
        )


def _field_of(cell: Cell) -> Field:
    return cell.field


def saved_sheet(entry: Entry, arms: list[Arm]) -> Sheet:
    """Return what the entry holds; two queries."""
    values = {(value.field_id, value.slot): value for value in entry.values.all()}
    cells = []
    for field, arm in _places(entry, arms):
        slot = arm.key if arm else ""
        given = Given(field.key, slot=slot)
        value = values.get((field.pk, slot))
        if value is not None:
            given = Given(
                field.key,
                text="" if value.missing else text_of(value),
                slot=slot,
                missing=value.missing or "",
                quote=value.quote,
                page=value.page,
                source=value.source,
            )
        cells.append(Cell(field, arm, given))
    return Sheet(cells)


def typed_sheet(entry: Entry, arms: list[Arm], data: Mapping[str, str]) -> Sheet:
    """Return what was typed on the page; one query."""
    cells = []
    for field, arm in _places(entry, arms):
        empty = Cell(field, arm, Given(field.key, slot=arm.key if arm else ""))
        parts = {
            part: data.get(f"{empty.name}-{part}", "")
            for part in ("text", "missing", "quote", "page", "source")
        }
        cells.append(replace(empty, given=replace(empty.given, **parts)))
    return Sheet(cells)


def _places(entry: Entry, arms: list[Arm]) -> list[tuple[Field, Arm | None]]:
    """Return every field with each arm it is asked for."""
    return [
        (field, arm)
        for field in fields_of(entry.version)
        for arm in (arms if field.scope == Field.Scope.ARM else [None])
    ]
