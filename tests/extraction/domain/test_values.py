"""Turning typed input into values, with sentences for what cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extraction.domain.values import (
    FieldKind,
    FieldSpec,
    InvalidAnswer,
    Missing,
    parse,
    parse_missing,
    parse_multiple,
    show,
)

AGE = FieldSpec("age", "Mean age", FieldKind.NUMBER, minimum=Decimal(0), maximum=Decimal(120), unit="years")
PATIENTS = FieldSpec("n", "Patients", FieldKind.INTEGER, minimum=Decimal(0))
DESIGN = FieldSpec("design", "Design", FieldKind.CHOICE, ("prospective", "retrospective"))
SITES = FieldSpec("sites", "Sites", FieldKind.MULTIPLE, ("breast", "lung", "kidney"))
ENDED = FieldSpec("ended", "Search ended", FieldKind.DATE)
NOTE = FieldSpec("note", "Note", FieldKind.TEXT)
CHANGE = FieldSpec("change", "Change", FieldKind.NUMBER)


@pytest.mark.parametrize(
    ("text", "value"),
    [("62.56", "62.56"), ("62,56", "62.56"), (" 7 ", "7"), ("0,125", "0.125"), (".5", "0.5")],
)
def test_a_number_takes_a_decimal_point_or_comma(text: str, value: str) -> None:
    assert parse(AGE, text) == Decimal(value)


def test_a_typographic_minus_is_a_minus() -> None:
    assert parse(CHANGE, "\N{MINUS SIGN}4.7") == Decimal("-4.7")


def test_the_decimals_as_typed_are_kept() -> None:
    assert str(parse(AGE, "62.50")) == "62.50"


@pytest.mark.parametrize("field", [AGE, PATIENTS, DESIGN, SITES, ENDED, NOTE])
def test_an_empty_input_is_blank_and_not_zero(field: FieldSpec) -> None:
    assert parse(field, "  ") is None


def test_zero_is_a_value() -> None:
    assert parse(PATIENTS, "0") == 0


@pytest.mark.parametrize("text", ["1,234.5", "1.234,5", "1 234", "1'234", "12,345,678"])
def test_thousands_separators_are_refused(text: str) -> None:
    with pytest.raises(InvalidAnswer, match="without thousands separators"):
        parse(CHANGE, text)


def test_a_comma_that_can_mean_two_things_is_refused_with_both() -> None:
    with pytest.raises(InvalidAnswer, match=r"“2,091” can mean 2\.091 or 2091"):
        parse(PATIENTS, "2,091")


@pytest.mark.parametrize("text", ["abc", "1e5", "NaN", "inf", "5-6", "٣"])
def test_what_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidAnswer, match=r"Change: “.*” is not a number"):
        parse(CHANGE, text)


def test_a_percent_sign_is_explained() -> None:
    with pytest.raises(InvalidAnswer, match="Leave out the percent sign"):
        parse(CHANGE, "37.9 %")


@pytest.mark.parametrize(
    ("text", "mark"), [("NR", "not reported"), ("n/a", "not applicable"), ("?", "unclear")]
)
def test_words_for_a_missing_value_point_to_the_mark(text: str, mark: str) -> None:
    with pytest.raises(InvalidAnswer, match=f"Choose the mark “{mark}”"):
        parse(PATIENTS, text)


def test_a_fraction_of_a_patient_is_refused() -> None:
    with pytest.raises(InvalidAnswer, match=r"“12\.5” is not a whole number"):
        parse(PATIENTS, "12.5")


@pytest.mark.parametrize(
    ("text", "words"),
    [("-1", "below the smallest allowed value, 0"), ("121", "above the largest allowed value, 120")],
)
def test_limits_are_named(text: str, words: str) -> None:
    with pytest.raises(InvalidAnswer, match=words):
        parse(AGE, text)


def test_too_many_digits_are_refused() -> None:
    with pytest.raises(InvalidAnswer, match="more than 15 digits"):
        parse(CHANGE, "1234567890123456")


def test_a_date_is_year_month_day() -> None:
    assert parse(ENDED, "2018-01-03") == date(2018, 1, 3)


@pytest.mark.parametrize(
    ("text", "words"), [("3.1.2018", "year-month-day"), ("2018-02-30", "no day 2018-02-30")]
)
def test_other_dates_are_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidAnswer, match=words):
        parse(ENDED, text)


def test_a_choice_must_be_among_the_options() -> None:
    with pytest.raises(
        InvalidAnswer, match="“cohort” is not among the choices “prospective”, “retrospective”"
    ):
        parse(DESIGN, "cohort")


def test_several_choices_come_once_each_in_the_order_of_the_form() -> None:
    assert parse_multiple(SITES, ["kidney", "breast", "kidney"]) == ("breast", "kidney")


def test_several_choices_can_be_typed_with_semicolons() -> None:
    assert parse(SITES, "lung; breast") == ("breast", "lung")


def test_a_text_may_say_unclear_without_being_the_mark() -> None:
    assert parse(NOTE, "unclear") != Missing.UNCLEAR


def test_an_unknown_mark_is_refused() -> None:
    with pytest.raises(InvalidAnswer, match="not_reported, not_applicable, unclear"):
        parse_missing("lost")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (None, ""),
        (0, "0"),
        (Missing.NOT_REPORTED, "not reported"),
        (("a", "b"), "a; b"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_answers_as_text(answer: object, text: str) -> None:
    assert show(answer) == text  # type: ignore[arg-type]


def test_a_choice_field_needs_choices() -> None:
    with pytest.raises(ValueError, match="needs choices"):
        FieldSpec("x", "X", FieldKind.CHOICE)


def test_a_tolerance_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative tolerance"):
        FieldSpec("x", "X", FieldKind.NUMBER, tolerance=Decimal(-1))


@pytest.mark.parametrize("text", ["0", "120"])
def test_the_limits_themselves_are_allowed(text: str) -> None:
    assert parse(AGE, text) == Decimal(text)
