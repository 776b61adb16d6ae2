"""Form fields and their typed answers; blank, zero, not reported and not applicable are four things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum


class FieldKind(StrEnum):
    """Name the type of answer that a field takes."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MULTIPLE = "multiple"


class Missing(Enum):
    """Say why there is no value; not a string, so that a text answer “unclear” stays a text."""

    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    UNCLEAR = "unclear"


Value = str | int | Decimal | date | tuple[str, ...]
# None is a blank: nobody has answered yet.
Answer = Value | Missing | None


class InvalidAnswer(ValueError):
    """Refuse an input with a sentence that says how to mend it."""


@dataclass(frozen=True)
class FieldSpec:
    """Hold the definition of one field: its type, its limits and the numeric tolerance of a comparison."""

    key: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    tolerance: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        has_choices = self.kind in (FieldKind.CHOICE, FieldKind.MULTIPLE)
        if has_choices != bool(self.choices):
            word = "needs" if has_choices else "cannot have"
            raise ValueError(f"Field “{self.label}” of type {self.kind.value} {word} choices.")
        if self.tolerance < 0:
            raise ValueError(f"Field “{self.label}” has a negative tolerance. Use zero or more.")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"Field “{self.label}” has a minimum above its maximum.")


_MARKS = {
    "not reported": ("nr", "n.r.", "not reported", "not stated", "unknown"),
    "not applicable": ("na", "n/a", "n.a.", "not applicable"),
    "unclear": ("unclear", "?"),
}
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ '\u2019\u00a0\u202f.,]\d{3})+(?:[.,]\d+)?", re.ASCII)
_MAX_DIGITS = 15


def parse(field: FieldSpec, text: str) -> Value | None:
    """Turn the typed text of one field into its value; an empty input is a blank (None), never a zero.

    Raises InvalidAnswer with a sentence. Not reported, not applicable and unclear are marks beside the input
    (`parse_missing`), not words in it. For several choices use `parse_multiple`.
    """
    stripped = text.strip()
    if not stripped:
        return None
    if field.kind is FieldKind.TEXT:
        return stripped
    if field.kind is FieldKind.MULTIPLE:
        return parse_multiple(
            field, [part for part in (each.strip() for each in stripped.split(";")) if part]
        )
    if field.kind is FieldKind.CHOICE:
        return _choice(field, stripped)
    _refuse_marks(field, stripped)
    if field.kind is FieldKind.DATE:
        return _date(field, stripped)
    number = _number(field, stripped)
    _check_range(field, number, stripped)
    if field.kind is FieldKind.NUMBER:
        return number
    if number != number.to_integral_value():
        raise InvalidAnswer(f"{field.label}: “{stripped}” is not a whole number.")
    return int(number)


def parse_multiple(field: FieldSpec, texts: list[str]) -> tuple[str, ...] | None:
    """Return the chosen options once each, in the order of the form; None when nothing is chosen."""
    chosen = {_choice(field, text) for text in texts}
    return tuple(option for option in field.choices if option in chosen) or None


def parse_missing(code: str) -> Missing:
    """Turn a stored code into its mark; raises InvalidAnswer for an unknown one."""
    try:
        return Missing(code)
    except ValueError:
        known = ", ".join(each.value for each in Missing)
        raise InvalidAnswer(f"“{code}” is not a reason for a missing value. Use one of: {known}.") from None


def show(answer: Answer) -> str:
    """Return an answer as text for a table or a file; a blank is empty, a mark is its words."""
    if answer is None:
        return ""
    if isinstance(answer, Missing):
        return answer.value.replace("_", " ")
    if isinstance(answer, tuple):
        return "; ".join(answer)
    if isinstance(answer, Decimal):
        return format(answer, "f")
    return answer.isoformat() if isinstance(answer, date) else str(answer)


def _refuse_marks(field: FieldSpec, text: str) -> None:
    for mark, spellings in _MARKS.items():
        if text.lower() in spellings:
            raise InvalidAnswer(f"{field.label}: “{text}” is not a value. Choose the mark “{mark}” instead.")


def _number(field: FieldSpec, text: str) -> Decimal:
    plain = text.translate(_MINUS)
    if not _PLAIN_NUMBER.fullmatch(plain):
        if _GROUPED.fullmatch(plain):
            raise InvalidAnswer(f"{field.label}: write “{text}” without thousands separators.")
        hint = " Leave out the percent sign." if plain.endswith("%") else ""
        raise InvalidAnswer(f"{field.label}: “{text}” is not a number.{hint}")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", plain):
        point, joined = plain.replace(",", "."), plain.replace(",", "")
        raise InvalidAnswer(f"{field.label}: “{text}” can mean {point} or {joined}. Write one of these.")
    if sum(character.isdigit() for character in plain) > _MAX_DIGITS:
        raise InvalidAnswer(f"{field.label}: “{text}” has more than {_MAX_DIGITS} digits.")
    return Decimal(plain.replace(",", "."))


def _check_range(field: FieldSpec, number: Decimal, text: str) -> None:
    if field.minimum is not None and number < field.minimum:
        raise InvalidAnswer(f"{field.label}: {text} is below the smallest allowed value, {field.minimum}.")
    if field.maximum is not None and number > field.maximum:
        raise InvalidAnswer(f"{field.label}: {text} is above the largest allowed value, {field.maximum}.")


def _date(field: FieldSpec, text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise InvalidAnswer(f"{field.label}: write “{text}” as year-month-day, for example 2018-01-03.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidAnswer(f"{field.label}: there is no day {text} in the calendar.") from None


def _choice(field: FieldSpec, text: str) -> str:
    if text not in field.choices:
        options = ", ".join(f"“{option}”" for option in field.choices)
        raise InvalidAnswer(f"{field.label}: “{text}” is not among the choices {options}.")
    return text
