"""Comparing two extraction entries and settling their differences."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.compare import (
    Agreement,
    Cause,
    Choice,
    Difference,
    Slot,
    Source,
    choose,
    compare,
    differences,
    unsettled,
)
from extraction.domain.values import Answer, FieldKind, FieldSpec, InvalidAnswer, Missing

DESIGN = FieldSpec("design", "Design", FieldKind.TEXT)
SITES = FieldSpec("sites", "Sites", FieldKind.MULTIPLE, ("breast", "lung"))
N = FieldSpec("n", "Patients analysed", FieldKind.INTEGER, minimum=Decimal(0))
MEAN = FieldSpec("mean", "Mean", FieldKind.NUMBER, tolerance=Decimal("0.05"), maximum=Decimal(10))
FORM = (DESIGN, SITES, N, MEAN)


def row(field: str, time_point: str = "6 weeks") -> Slot:
    return Slot(field, "PVP", "VAS", time_point)


def causes(a: dict[Slot, Answer], b: dict[Slot, Answer]) -> list[Cause]:
    return [difference.cause for difference in differences(compare(a, b, FORM))]


answers: st.SearchStrategy[Answer] = st.one_of(
    st.none(),
    st.sampled_from(Missing),
    st.integers(0, 3),
    st.sampled_from([Decimal("1.00"), Decimal("1.04"), Decimal("1.1")]),
    st.sampled_from(["a", "a ", "b"]),
    st.sampled_from([("breast",), ("lung", "breast"), ("breast", "lung")]),
)
slots = st.builds(
    Slot,
    st.sampled_from([spec.key for spec in FORM]),
    st.sampled_from(["", "PVP", "KP"]),
    st.sampled_from(["", "VAS"]),
    st.sampled_from(["", "6 weeks"]),
)
entries = st.dictionaries(slots, answers, max_size=8)


@given(entries, entries)
def test_swapping_the_entries_only_mirrors_the_findings(a: dict[Slot, Answer], b: dict[Slot, Answer]) -> None:
    assert compare(b, a, FORM) == [finding.mirrored() for finding in compare(a, b, FORM)]


@given(entries)
def test_an_entry_agrees_with_itself(entry: dict[Slot, Answer]) -> None:
    assert differences(compare(entry, entry, FORM)) == []


@given(entries, entries)
def test_every_slot_is_reported_once(a: dict[Slot, Answer], b: dict[Slot, Answer]) -> None:
    reported = [finding.slot for finding in compare(a, b, FORM)]
    assert sorted(reported) == sorted(a.keys() | b.keys())


def test_equal_answers_are_prefilled() -> None:
    slot = Slot("design")
    assert compare({slot: "cohort"}, {slot: "cohort"}, FORM) == [
        Agreement(slot, "cohort", "cohort", "cohort", is_exact=True)
    ]


def test_white_space_in_a_text_does_not_differ() -> None:
    assert causes({Slot("design"): "case  series"}, {Slot("design"): " case series"}) == []


def test_the_order_of_choices_does_not_differ() -> None:
    assert causes({Slot("sites"): ("breast", "lung")}, {Slot("sites"): ("lung", "breast")}) == []


def test_numbers_within_tolerance_agree_inexactly_on_the_more_precise() -> None:
    a, b = {row("mean"): Decimal("3.1")}, {row("mean"): Decimal("3.12")}
    (finding,) = compare(a, b, FORM)
    assert finding == Agreement(row("mean"), Decimal("3.1"), Decimal("3.12"), Decimal("3.12"), is_exact=False)


def test_numbers_beyond_tolerance_differ() -> None:
    assert causes({row("mean"): Decimal("3.1")}, {row("mean"): Decimal("3.16")}) == [Cause.VALUE]


def test_a_count_has_no_tolerance_by_default() -> None:
    assert causes({row("n"): 39}, {row("n"): 40}) == [Cause.VALUE]


def test_blank_and_not_reported_differ() -> None:
    assert causes({Slot("design"): None}, {Slot("design"): Missing.NOT_REPORTED}) == [Cause.BLANK_IN_A]


def test_zero_and_blank_differ() -> None:
    a: dict[Slot, Answer] = {row("n"): 0, row("mean"): 1}
    assert causes(a, {row("n"): None, row("mean"): 1}) == [Cause.BLANK_IN_B]


def test_a_mark_and_a_value_differ() -> None:
    assert causes({Slot("design"): Missing.UNCLEAR}, {Slot("design"): "unclear"}) == [Cause.MARK]


def test_an_unmatched_measurement_row_is_a_difference_in_each_answer() -> None:
    a: dict[Slot, Answer] = {row("n"): 39, row("mean"): Decimal("2.1")}
    b: dict[Slot, Answer] = {row("n", "1 month"): 39}
    assert causes(a, b) == [Cause.ROW_ONLY_IN_B, Cause.ROW_ONLY_IN_A, Cause.ROW_ONLY_IN_A]


def test_plain_fields_come_first_in_the_order_of_the_form() -> None:
    a: dict[Slot, Answer] = {row("n"): 1, Slot("sites"): ("lung",), Slot("design"): "x"}
    assert [finding.slot.field for finding in compare(a, {}, FORM)] == ["design", "sites", "n"]


def test_an_answer_outside_the_form_is_refused() -> None:
    with pytest.raises(ValueError, match="The form has no field age"):
        compare({Slot("age"): 62}, {}, FORM)


DIFFERENCE = Difference(row("mean"), Decimal("3.1"), Decimal("4.1"), Cause.VALUE)


@pytest.mark.parametrize(("source", "value"), [(Source.A, Decimal("3.1")), (Source.B, Decimal("4.1"))])
def test_choosing_an_entry_takes_its_value(source: Source, value: Decimal) -> None:
    assert choose(DIFFERENCE, source, MEAN) == Choice(row("mean"), value, source)


def test_a_third_value_keeps_its_reason() -> None:
    choice = choose(DIFFERENCE, Source.THIRD, MEAN, value=Decimal("3.5"), reason="table 3")
    assert choice == Choice(row("mean"), Decimal("3.5"), Source.THIRD, "table 3")


def test_a_third_value_may_be_a_mark() -> None:
    choice = choose(DIFFERENCE, Source.THIRD, MEAN, value=Missing.NOT_REPORTED, reason="only a figure")
    assert choice.value is Missing.NOT_REPORTED


@pytest.mark.parametrize(
    ("value", "reason", "words"),
    [
        (Decimal("3.5"), " ", "say why neither entry is right"),
        (Decimal("3.10"), "typing error", "the value of entry A"),
        (None, "not there", "enter the agreed value"),
        ("3.5", "table 3", "does not fit"),
        (Decimal(11), "table 3", "does not fit"),
    ],
)
def test_a_third_value_is_checked(value: Answer, reason: str, words: str) -> None:
    with pytest.raises(InvalidAnswer, match=words):
        choose(DIFFERENCE, Source.THIRD, MEAN, value=value, reason=reason)


def test_open_differences_are_those_without_a_choice() -> None:
    findings = compare({row("n"): 1, row("mean"): 1}, {row("n"): 2, row("mean"): 2}, FORM)
    first, second = differences(findings)
    assert unsettled(findings, [choose(first, Source.A, N)]) == [second]


def test_a_difference_of_exactly_the_tolerance_agrees() -> None:
    assert causes({row("mean"): Decimal("3.10")}, {row("mean"): Decimal("3.15")}) == []


def test_a_row_with_nothing_in_it_is_no_row() -> None:
    a: dict[Slot, Answer] = {row("n"): None, row("mean"): None}
    assert causes(a, {row("n"): 39}) == [Cause.ROW_ONLY_IN_B]
