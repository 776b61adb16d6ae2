"""Measurements keep the words of the report beside the numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.domain.time_points import Duration, Phase, TimePoint, TimeUnit
from extraction.models import Entry, FormVersion, Measurement, Study
from extraction.services.drafts import InvalidEntry, Stale
from extraction.services.entries import open_entry
from extraction.services.measurements import GivenMeasurement, remove_measurement, save_measurement
from reviewsite.workspace.models import User
from reviewsite.workspace.refused import Refused
from tests.extraction.builders import pain


@pytest.fixture
def draft(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return open_entry(user=extractor_a, review=study.review, study=study, version=version)


def save(entry: Entry, given: GivenMeasurement, **more: object) -> Measurement:
    return save_measurement(  # type: ignore[arg-type]
        user=entry.extractor, review=entry.review, entry=entry, given=given, **more
    )


def test_the_time_is_read_from_its_words(draft: Entry) -> None:
    row = save(draft, pain("pvp", "6 weeks", n="20", mean="2.5"))
    row.refresh_from_db()
    assert (row.time_label, row.phase, row.time, row.time_unit) == ("6 weeks", "post", Decimal(6), "week")
    assert (row.n, row.mean, row.sd) == (20, Decimal("2.5"), None)


def test_a_stated_time_goes_before_the_words(draft: Entry) -> None:
    point = TimePoint("at discharge", Phase.POST, Duration(Decimal(3), TimeUnit.DAY))
    row = save(draft, replace(pain("pvp", "at discharge", mean="3"), time_point=point))
    assert (row.time, row.time_unit) == (Decimal(3), "day")


def test_zero_is_stored_as_zero(draft: Entry) -> None:
    row = save(draft, pain("pvp", "1 day", mean="0", events="0", total="20"))
    row.refresh_from_db()
    assert (row.mean, row.events, row.sd) == (0, 0, None)


@pytest.mark.parametrize(
    ("given", "column", "sentence"),
    [
        (pain("pvp", "6 weeks", mean="low"), "mean", "not a number"),
        (pain("pvp", "6 weeks", mean="3", sd="-1"), "sd", "below zero"),
        (pain("pvp", "6 weeks", ci_low="4", ci_high="3"), "ci_high", "below the lower"),
        (pain("pvp", "6 weeks", events="4", total="3"), "events", "more events"),
        (pain("pvp", "6 weeks", mean="3", scale_max="100"), "scale_min", "both ends"),
        (pain("pvp", "6 weeks", mean="3", scale_min="10", scale_max="10"), "scale_max", "above its lowest"),
        (pain("pvp", "6 weeks", n="20"), "mean", "at least one number"),
        (pain("pvp", "6 weeks", n="3000000000", mean="1"), "n", "largest allowed"),
        (pain("pvp", "6 weeks", as_reported="x" * 301), "as_reported", "Shorten"),
        (pain("pvp", " ", mean="3"), "time_label", "time as the report states"),
        (pain("sham", "6 weeks", mean="3"), "arm", "arm of this study"),
        (replace(pain("pvp", "6 weeks", mean="3"), outcome="ODI"), "outcome", "outcome of this review"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_column(
    draft: Entry, given: GivenMeasurement, column: str, sentence: str
) -> None:
    with pytest.raises(InvalidEntry, match=sentence) as refusal:
        save(draft, given)
    assert (column, "") in refusal.value.errors
    assert not draft.measurements.exists()


@pytest.mark.parametrize("same", ["6 weeks", "6 wk", "after 6 weeks"])
def test_the_same_place_is_not_written_over(draft: Entry, same: str) -> None:
    save(draft, pain("pvp", "6 weeks", mean="2.5"))
    with pytest.raises(InvalidEntry, match="edit that one"):
        save(draft, pain("pvp", same, mean="9"))
    assert draft.measurements.get().mean == Decimal("2.5")


def test_detail_tells_two_measurements_of_one_time_apart(draft: Entry) -> None:
    save(draft, pain("pvp", "6 weeks", mean="2.5"))
    save(draft, replace(pain("pvp", "6 weeks", mean="4"), detail="at rest"))
    assert draft.measurements.count() == 2


def test_editing_writes_in_place(draft: Entry) -> None:
    row = save(draft, pain("pvp", "6 weeks", mean="2.5", sd="1"))
    save(draft, pain("pvp", "3 months", mean="2.4"), replaces=row)
    stored = draft.measurements.get()
    assert (stored.pk, stored.time_label, stored.mean, stored.sd) == (
        row.pk, "3 months", Decimal("2.4"), None,
    )  # fmt: skip


def test_editing_notices_another_window(draft: Entry) -> None:
    row = save(draft, pain("pvp", "6 weeks", mean="2.5"))
    with pytest.raises(Stale):
        save(draft, pain("pvp", "6 weeks", mean="9"), replaces=row, seen=0)


def test_editing_a_removed_measurement_is_refused(draft: Entry) -> None:
    row = save(draft, pain("pvp", "6 weeks", mean="2.5"))
    kept = Measurement.objects.get(pk=row.pk)
    remove_measurement(user=draft.extractor, review=draft.review, measurement=row)
    with pytest.raises(Refused, match="no longer there"):
        save(draft, pain("pvp", "6 weeks", mean="9"), replaces=kept)
    assert not draft.measurements.exists()


def test_nobody_removes_from_another_person_s_entry(draft: Entry, extractor_b: User) -> None:
    row = save(draft, pain("pvp", "6 weeks", mean="2.5"))
    with pytest.raises(Refused, match="not your entry"):
        remove_measurement(user=extractor_b, review=draft.review, measurement=row)
