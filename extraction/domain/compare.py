"""Compare two extraction entries answer by answer and settle each difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from extraction.domain.values import Answer, FieldKind, FieldSpec, InvalidAnswer, Missing


@dataclass(frozen=True, order=True)
class Slot:
    """Name the place of one answer: a field, and for measurements the arm, outcome and time point as well."""

    field: str
    arm: str = ""
    outcome: str = ""
    time_point: str = ""

    @property
    def row(self) -> tuple[str, str, str]:
        """Return the key by which measurement rows of two entries are matched."""
        return self.arm, self.outcome, self.time_point

    @property
    def is_measurement(self) -> bool:
        """Tell whether the slot belongs to a measurement row."""
        return any(self.row)


class Cause(StrEnum):
    """Say why two entries differ."""

    VALUE = "value"
    BLANK_IN_A = "blank_in_a"
    BLANK_IN_B = "blank_in_b"
    MARK = "mark"
    ROW_ONLY_IN_A = "row_only_in_a"
    ROW_ONLY_IN_B = "row_only_in_b"


_MIRRORED = {
    Cause.BLANK_IN_A: Cause.BLANK_IN_B,
    Cause.BLANK_IN_B: Cause.BLANK_IN_A,
    Cause.ROW_ONLY_IN_A: Cause.ROW_ONLY_IN_B,
    Cause.ROW_ONLY_IN_B: Cause.ROW_ONLY_IN_A,
}


@dataclass(frozen=True)
class Agreement:
    """Hold two answers that agree and the value to prefill; numbers within tolerance are not exact."""

    slot: Slot
    a: Answer
    b: Answer
    value: Answer
    is_exact: bool

    def mirrored(self) -> Agreement:
        """Return the same finding with the entries in the other order."""
        return replace(self, a=self.b, b=self.a)


@dataclass(frozen=True)
class Difference:
    """Hold two answers that differ and why; a person has to choose."""

    slot: Slot
    a: Answer
    b: Answer
    cause: Cause

    def mirrored(self) -> Difference:
        """Return the same finding with the entries in the other order."""
        return Difference(self.slot, self.b, self.a, _MIRRORED.get(self.cause, self.cause))


Finding = Agreement | Difference


def compare(a: Mapping[Slot, Answer], b: Mapping[Slot, Answer], fields: Iterable[FieldSpec]) -> list[Finding]:
    """Compare two entries slot by slot, plain fields first, in the order of the form.

    Blank and not reported differ. A measurement row that only one entry has is a difference in each of its
    answers. Swapping the entries mirrors every finding and changes nothing else.
    Raises ValueError for an answer whose field is not in the form.
    """
    specs = {spec.key: spec for spec in fields}
    position = {key: index for index, key in enumerate(specs)}
    unknown = sorted({slot.field for slot in (*a, *b)} - set(specs))
    if unknown:
        raise ValueError(
            f"The form has no field {', '.join(unknown)}. Compare entries of the same form version."
        )
    rows_a, rows_b = _rows(a), _rows(b)
    slots = sorted(a.keys() | b.keys(), key=lambda slot: (*slot.row, position[slot.field]))
    return [
        _compare_slot(slot, a.get(slot), b.get(slot), specs[slot.field], _lone_row(slot, rows_a, rows_b))
        for slot in slots
    ]


def differences(findings: Iterable[Finding]) -> list[Difference]:
    """Return the findings that need a choice."""
    return [finding for finding in findings if isinstance(finding, Difference)]


class Source(StrEnum):
    """Say where a consensus value comes from."""

    A = "a"
    B = "b"
    THIRD = "third"


@dataclass(frozen=True)
class Choice:
    """Hold the consensus value of one difference and its source; a third value carries its reason."""

    slot: Slot
    value: Answer
    source: Source
    reason: str = ""


def choose(
    difference: Difference, source: Source, field: FieldSpec, *, value: Answer = None, reason: str = ""
) -> Choice:
    """Settle one difference with A, B or a third value.

    Refuses, with InvalidAnswer, a third value that is blank, equals A or B, does not fit the field or has no
    reason.
    """
    if source is not Source.THIRD:
        return Choice(
            difference.slot, difference.a if source is Source.A else difference.b, source, reason.strip()
        )
    if value is None:
        raise InvalidAnswer(f"{field.label}: enter the agreed value, or mark it as not reported.")
    for name, answer in (("A", difference.a), ("B", difference.b)):
        if _is_equal(value, answer, field):
            raise InvalidAnswer(f"{field.label}: this is the value of entry {name}. Choose {name} instead.")
    if not reason.strip():
        raise InvalidAnswer(f"{field.label}: say why neither entry is right.")
    if not _fits(value, field):
        raise InvalidAnswer(
            f"{field.label}: the agreed value does not fit a field of type {field.kind.value}."
        )
    return Choice(difference.slot, value, source, reason.strip())


def unsettled(findings: Iterable[Finding], choices: Sequence[Choice]) -> list[Difference]:
    """Return the differences that nobody has settled yet."""
    settled = {choice.slot for choice in choices}
    return [difference for difference in differences(findings) if difference.slot not in settled]


def _rows(entry: Mapping[Slot, Answer]) -> set[tuple[str, str, str]]:
    """Return the keys of the measurement rows in which something is answered."""
    return {slot.row for slot, answer in entry.items() if slot.is_measurement and answer is not None}


def _lone_row(
    slot: Slot, rows_a: set[tuple[str, str, str]], rows_b: set[tuple[str, str, str]]
) -> Cause | None:
    in_a, in_b = slot.row in rows_a, slot.row in rows_b
    if not slot.is_measurement or in_a == in_b:
        return None
    return Cause.ROW_ONLY_IN_A if in_a else Cause.ROW_ONLY_IN_B


def _compare_slot(slot: Slot, a: Answer, b: Answer, field: FieldSpec, lone_row: Cause | None) -> Finding:
    if a is None and b is None:
        return Agreement(slot, None, None, None, is_exact=True)
    if lone_row is not None:
        return Difference(slot, a, b, lone_row)
    if a is None or b is None:
        return Difference(slot, a, b, Cause.BLANK_IN_A if a is None else Cause.BLANK_IN_B)
    if _is_equal(a, b, field):
        return Agreement(slot, a, b, _more_precise(a, b), is_exact=True)
    if isinstance(a, Missing) or isinstance(b, Missing):
        return Difference(slot, a, b, Cause.MARK)
    if _is_within_tolerance(a, b, field):
        return Agreement(slot, a, b, _more_precise(a, b), is_exact=False)
    return Difference(slot, a, b, Cause.VALUE)


def _is_within_tolerance(a: Answer, b: Answer, field: FieldSpec) -> bool:
    if not isinstance(a, int | Decimal) or not isinstance(b, int | Decimal):
        return False
    return abs(Decimal(a) - Decimal(b)) <= field.tolerance


def _is_equal(a: Answer, b: Answer, field: FieldSpec) -> bool:
    """Tell whether two answers say the same: numbers by value, choices as sets, texts but for spaces."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return set(a) == set(b)
    if field.kind is FieldKind.TEXT and isinstance(a, str) and isinstance(b, str):
        return " ".join(a.split()) == " ".join(b.split())
    return a == b


def _more_precise(a: Answer, b: Answer) -> Answer:
    """Return the number with more decimals, else the smaller, so that the order of entries has no effect."""
    if isinstance(a, int | Decimal) and isinstance(b, int | Decimal):
        return min(a, b, key=lambda number: (_exponent(number), number))
    return min(a, b, key=repr)


def _exponent(number: int | Decimal) -> int:
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    return exponent if isinstance(exponent, int) else 0


def _fits(value: Answer, field: FieldSpec) -> bool:
    """Tell whether a value has the type of the field and lies within its choices and limits."""
    if value is None or isinstance(value, Missing):
        return True
    if field.kind is FieldKind.MULTIPLE:
        return isinstance(value, tuple) and set(value) <= set(field.choices)
    if field.kind is FieldKind.CHOICE:
        return isinstance(value, str) and value in field.choices
    if field.kind in (FieldKind.NUMBER, FieldKind.INTEGER):
        return isinstance(value, int | Decimal) and _is_allowed(value, field)
    if field.kind is FieldKind.TEXT:
        return isinstance(value, str)
    return not isinstance(value, str | int | Decimal | tuple)


def _is_allowed(number: int | Decimal, field: FieldSpec) -> bool:
    if field.kind is FieldKind.INTEGER and number != int(number):
        return False
    is_high_enough = field.minimum is None or number >= field.minimum
    return is_high_enough and (field.maximum is None or number <= field.maximum)
