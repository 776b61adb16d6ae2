"""The long table: settled rows only, times in intervals, scales converted with the original kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.domain.intervals import Flag
from extraction.domain.values import Missing
from extraction.models import Arm, FormVersion, Study
from extraction.queries.long_table import MeasurementRow, field_rows, measurement_rows
from extraction.services.consensus import accept_single_entry, settle_entries
from extraction.services.entries import Given
from extraction.services.measurements import GivenMeasurement
from reviewsite.workspace.models import Review, User
from screening.models import StageState
from tests.extraction.builders import fill, make_study, pain

ANSWERS = (
    Given("design", "Prospective"),
    Given("patients", "20", slot="pvp"),
    Given("leaks", "0", slot="pvp"),
    Given("age", slot="pvp", missing="not_reported"),
)


@pytest.fixture
def rows(study: Study, version: FormVersion, extractor_a: User, extractor_b: User, adjudicator: User):  # type: ignore[no-untyped-def]
    """Settle the measurements from two equal entries and return the rows."""

    def settled(*measurements: GivenMeasurement) -> list[MeasurementRow]:
        for person in (extractor_a, extractor_b):
            fill(person, study, version, *ANSWERS, measurements=measurements)
        settle_entries(user=adjudicator, review=study.review, study=study, version=version, choices=[])
        return measurement_rows(study.review)

    return settled


def test_unsettled_entries_give_no_rows(
    review: Review, study: Study, version: FormVersion, extractor_a: User
) -> None:
    fill(extractor_a, study, version, *ANSWERS, measurements=(pain("pvp", "6 weeks", mean="2.5"),))
    assert (measurement_rows(review), field_rows(review)) == ([], [])


def test_a_row_says_what_it_is_and_where_it_comes_from(rows, study: Study) -> None:  # type: ignore[no-untyped-def]
    [row] = rows(pain("pvp", "6 weeks", n="18", mean="2.5", sd="1"))
    settled = study.entries.get(kind="consensus")
    assert (row.study_number, row.study_label, row.arm_key, row.group_key) == (1, "Hansen 2011", "pvp", "PVP")
    assert (row.outcome_key, row.interval_key, row.interval_flag) == ("VAS", "le_6wk", Flag.NONE)
    assert (row.n, row.mean, row.sd, row.median) == (18, Decimal("2.5"), Decimal(1), None)
    assert (row.arm_size, row.allocation, row.basis, row.origin) == (20, "stated", "double", "both")
    assert (row.entry_id, row.measurement_id) == (settled.pk, settled.measurements.get().pk)


def test_a_size_that_nobody_gave_is_none_and_not_zero(rows) -> None:  # type: ignore[no-untyped-def]
    [row] = rows(pain("kp", "6 weeks", mean="2.5"))
    assert (row.n, row.arm_size) == (None, None)


def test_a_time_without_interval_stays_with_its_sentence(rows) -> None:  # type: ignore[no-untyped-def]
    [row] = rows(pain("pvp", "last follow-up", mean="2.5"))
    assert (row.interval_key, row.interval_flag) == (None, Flag.UNASSIGNED_TIME)
    assert "last follow-up" in row.interval_sentence


def test_rows_stand_in_order_of_arm_and_time(rows) -> None:  # type: ignore[no-untyped-def]
    found = rows(
        pain("kp", "6 weeks", mean="1"),
        pain("pvp", "1 year", mean="2"),
        pain("pvp", "after PV", mean="3"),
        pain("pvp", "2 days", mean="4"),
        pain("pvp", "preoperative", mean="5"),
    )
    assert [(row.arm_key, row.time_label) for row in found] == [
        ("pvp", "preoperative"), ("pvp", "2 days"), ("pvp", "1 year"), ("pvp", "after PV"), ("kp", "6 weeks"),
    ]  # fmt: skip


def test_another_scale_is_converted_and_the_original_kept(rows) -> None:  # type: ignore[no-untyped-def]
    [row] = rows(
        pain("pvp", "6 weeks", mean="31", sd="15", q1="20", maximum="95", scale_min="0", scale_max="100")
    )
    assert (row.mean, row.sd, row.values.q1, row.values.maximum) == (
        Decimal("3.1"), Decimal("1.5"), Decimal(2), Decimal("9.5"),
    )  # fmt: skip
    assert (row.reported.mean, row.reported.sd) == (Decimal(31), Decimal(15))
    assert row.conversion == "Converted from the scale 0–100 to 0–10: multiplied by 10/100."


def test_a_scale_with_another_origin_moves_scores_and_stretches_spreads(rows) -> None:  # type: ignore[no-untyped-def]
    [row] = rows(pain("pvp", "6 weeks", mean="3", sd="1", scale_min="1", scale_max="5"))
    assert (row.mean, row.sd) == (Decimal(5), Decimal("2.5"))
    assert row.conversion.endswith("0 + (score − 1) × 10/4; spreads × 10/4.")


def test_a_change_has_no_origin(rows) -> None:  # type: ignore[no-untyped-def]
    change = replace(pain("pvp", "6 weeks", mean="-2", scale_min="1", scale_max="5"), is_change=True)
    [row] = rows(change)
    assert row.mean == Decimal(-5)


@pytest.mark.parametrize("scale", [{}, {"scale_min": "0", "scale_max": "10"}])
def test_the_same_or_an_unknown_scale_is_left_as_it_is(rows, scale: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    [row] = rows(pain("pvp", "6 weeks", mean="2.5", **scale))
    assert (row.mean, row.conversion) == (Decimal("2.5"), "")


def test_field_rows_keep_zero_and_marks_and_leave_blanks_out(rows, review: Review) -> None:  # type: ignore[no-untyped-def]
    rows(pain("pvp", "6 weeks", mean="2.5"))
    found = {(row.field_key, row.arm_key): row.answer for row in field_rows(review)}
    assert found == {
        ("design", None): "Prospective",
        ("patients", "pvp"): 20,
        ("leaks", "pvp"): 0,
        ("age", "pvp"): Missing.NOT_REPORTED,
    }


def test_a_single_extraction_says_so(
    review: Review, study: Study, version: FormVersion, extractor_a: User, adjudicator: User
) -> None:
    entry = fill(extractor_a, study, version, measurements=(pain("pvp", "6 weeks", mean="2.5"),))
    accept_single_entry(user=adjudicator, review=review, entry=entry, rationale="Nobody else reads Danish.")
    assert [row.basis for row in measurement_rows(review)] == ["single"]


def test_a_study_whose_report_is_no_longer_included_gives_no_rows(rows, review: Review, study: Study) -> None:  # type: ignore[no-untyped-def]
    rows(pain("pvp", "6 weeks", mean="2.5"))
    record = study.links.get().report.record
    StageState.objects.filter(record=record, stage="full_text").update(status="excluded")
    assert (measurement_rows(review), field_rows(review)) == ([], [])


def test_an_unpooled_arm_has_no_group(
    review: Review, study: Study, version: FormVersion, extractor_a: User, adjudicator: User
) -> None:
    Arm.objects.filter(study=study, key="kp").update(group=None, allocation="none")
    entry = fill(extractor_a, study, version, measurements=(pain("kp", "6 weeks", mean="2.5"),))
    accept_single_entry(user=adjudicator, review=review, entry=entry, rationale="Nobody else reads Danish.")
    [row] = measurement_rows(review)
    assert (row.group_key, row.allocation) == (None, "none")


@pytest.fixture
def add_study(review: Review, owner: User, version: FormVersion, extractor_a: User, adjudicator: User):  # type: ignore[no-untyped-def]
    """Return a function that adds a study with one accepted entry."""

    def add(label: str) -> None:
        study = make_study(review, extractor_a, owner, label=label)
        entry = fill(extractor_a, study, version, *ANSWERS, measurements=(pain("pvp", "1 day", mean="3"),))
        accept_single_entry(user=adjudicator, review=review, entry=entry, rationale="Time.")

    return add


@pytest.mark.parametrize("n_more", [0, 3])
def test_the_number_of_queries_does_not_grow(
    rows, add_study, review: Review, n_more: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    rows(pain("pvp", "6 weeks", mean="2.5"))
    for number in range(n_more):
        add_study(f"More {number}")
    with django_assert_num_queries(3):
        assert len(measurement_rows(review)) == 1 + n_more
    with django_assert_num_queries(3):
        assert len(field_rows(review)) == 4 * (1 + n_more)
