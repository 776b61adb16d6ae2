"""Two entries are settled difference by difference, or one entry is accepted with a reason."""

from __future__ import annotations

import pytest

from extraction.domain.compare import Slot
from extraction.models import Entry, FormVersion, Study
from extraction.queries.entries import answers_of
from extraction.services.consensus import (
    GivenChoice,
    Unsettled,
    accept_single_entry,
    findings_of,
    settle_entries,
)
from extraction.services.entries import Given, open_entry
from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import set_roles
from tests.extraction.builders import fill, pain

PATIENTS = Slot("patients", "pvp")
COUNTRY = Slot("country")


@pytest.fixture
def pair(study: Study, version: FormVersion, extractor_a: User, extractor_b: User) -> tuple[Entry, Entry]:
    first = fill(
        extractor_a,
        study,
        version,
        Given("country", "Denmark"),
        Given("patients", "20", slot="pvp", page="3"),
    )
    second = fill(
        extractor_b,
        study,
        version,
        Given("country", "Denmark"),
        Given("patients", "22", slot="pvp", page="4"),
    )
    return first, second


def settle(user: User, entry: Entry, *choices: GivenChoice) -> Entry:
    return settle_entries(
        user=user, review=entry.review, study=entry.study, version=entry.version, choices=choices
    )


def test_agreements_are_taken_over(pair: tuple[Entry, Entry], adjudicator: User) -> None:
    settled = settle(adjudicator, pair[0], GivenChoice(PATIENTS, "a"))
    value = settled.values.get(field__key="country")
    assert (settled.basis, value.text, value.origin) == ("double", "Denmark", "both")


@pytest.mark.parametrize(("source", "patients", "page"), [("a", 20, "3"), ("b", 22, "4")])
def test_a_chosen_entry_brings_its_value_and_passage(
    pair: tuple[Entry, Entry], adjudicator: User, source: str, patients: int, page: str
) -> None:
    settled = settle(adjudicator, pair[0], GivenChoice(PATIENTS, source))
    value = settled.values.get(field__key="patients")
    assert (value.integer, value.page, value.origin) == (patients, page, source)


def test_a_third_value_keeps_its_reason(pair: tuple[Entry, Entry], adjudicator: User) -> None:
    third = GivenChoice(PATIENTS, "third", text="21", reason="One patient was counted twice.")
    value = settle(adjudicator, pair[0], third).values.get(field__key="patients")
    assert (value.integer, value.origin, value.rationale) == (21, "third", third.reason)


def test_a_third_value_may_be_a_mark(pair: tuple[Entry, Entry], adjudicator: User) -> None:
    third = GivenChoice(PATIENTS, "third", missing="not_reported", reason="Only levels are given.")
    assert settle(adjudicator, pair[0], third).values.get(field__key="patients").missing == "not_reported"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ([], "Choose A, B or another value"),
        ([GivenChoice(PATIENTS, "c")], "Choose A, B or another value"),
        ([GivenChoice(PATIENTS, "third", text="21")], "say why"),
        ([GivenChoice(PATIENTS, "third", text="many", reason="x")], "not a number"),
        ([GivenChoice(PATIENTS, "third", text="22", reason="x")], "Choose B instead"),
        ([GivenChoice(PATIENTS, "third", reason="x")], "enter the agreed value"),
        ([GivenChoice(PATIENTS, "third", text="-3", reason="x")], "below the smallest"),
    ],
)
def test_without_a_valid_choice_nothing_is_stored(
    pair: tuple[Entry, Entry], adjudicator: User, choices: list[GivenChoice], sentence: str
) -> None:
    with pytest.raises(Unsettled) as refusal:
        settle(adjudicator, pair[0], *choices)
    assert sentence in refusal.value.errors[PATIENTS]
    assert not Entry.objects.filter(kind="consensus").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"), [("999999999999999", "too large"), ("0.00000000001", "at most 10 decimals")]
)
def test_a_third_number_that_its_column_cannot_hold_is_refused(
    study: Study,
    version: FormVersion,
    extractor_a: User,
    extractor_b: User,
    adjudicator: User,
    typed: str,
    sentence: str,
) -> None:
    entries = [
        fill(extractor, study, version, Given("age", age, slot="pvp"))
        for extractor, age in ((extractor_a, "60.1"), (extractor_b, "61.2"))
    ]
    age = Slot("age", "pvp")
    with pytest.raises(Unsettled) as refusal:
        settle(adjudicator, entries[0], GivenChoice(age, "third", text=typed, reason="x"))
    assert sentence in refusal.value.errors[age]


def test_one_entry_cannot_be_settled_as_two(
    study: Study, version: FormVersion, extractor_a: User, adjudicator: User
) -> None:
    entry = fill(extractor_a, study, version, Given("country", "Denmark"))
    with pytest.raises(Refused, match="Two submitted entries"):
        settle(adjudicator, entry)


def test_nobody_settles_an_own_entry(pair: tuple[Entry, Entry], owner: User) -> None:
    extractor = pair[0].extractor
    set_roles(user=owner, review=pair[0].review, member=extractor, roles=[Role.EXTRACTOR, Role.ADJUDICATOR])
    with pytest.raises(Refused, match="yourself"):
        settle(extractor, pair[0], GivenChoice(PATIENTS, "a"))


def test_a_study_is_settled_once(pair: tuple[Entry, Entry], adjudicator: User) -> None:
    settle(adjudicator, pair[0], GivenChoice(PATIENTS, "a"))
    with pytest.raises(Refused, match="settled already"):
        settle(adjudicator, pair[0], GivenChoice(PATIENTS, "b"))


def test_extractors_do_not_settle(pair: tuple[Entry, Entry]) -> None:
    with pytest.raises(Refused, match="role"):
        settle(pair[0].extractor, pair[0], GivenChoice(PATIENTS, "a"))


@pytest.fixture
def lone(study: Study, version: FormVersion, extractor_a: User, extractor_b: User) -> Entry:
    """Return an entry with a measurement that the other entry does not have."""
    first = fill(
        extractor_a, study, version, Given("country", "Denmark"),
        measurements=(pain("pvp", "6 weeks", n="20", mean="2.5"),),
    )  # fmt: skip
    fill(extractor_b, study, version, Given("country", "Denmark"))
    return first


@pytest.mark.parametrize(("source", "kept"), [("a", ["6 weeks"]), ("b", [])])
def test_a_measurement_of_one_entry_is_kept_or_left_out(
    lone: Entry, adjudicator: User, source: str, kept: list[str]
) -> None:
    slots = [Slot(key, "pvp", "VAS", "post|6-week||") for key in ("n", "mean")]
    settled = settle(adjudicator, lone, *(GivenChoice(slot, source) for slot in slots))
    assert [row.time_label for row in settled.measurements.all()] == kept


def test_different_words_for_one_time_are_the_same_row(
    study: Study, version: FormVersion, extractor_a: User, extractor_b: User, adjudicator: User
) -> None:
    first = fill(extractor_a, study, version, measurements=(pain("pvp", "6 weeks", mean="2.5"),))
    fill(extractor_b, study, version, measurements=(pain("pvp", "after 6 wk", mean="2.50"),))
    row = settle(adjudicator, first).measurements.get()
    assert (row.mean, row.origin) == (2.5, "both")


def test_a_mix_that_contradicts_itself_is_refused(
    study: Study, version: FormVersion, extractor_a: User, extractor_b: User, adjudicator: User
) -> None:
    first = fill(extractor_a, study, version, measurements=(pain("pvp", "6 weeks", events="9", total="10"),))
    second = fill(extractor_b, study, version, measurements=(pain("pvp", "6 weeks", events="2", total="3"),))
    events, total = sorted((each.slot for each in findings_of(first, second)), key=lambda slot: slot.field)
    with pytest.raises(Unsettled) as refusal:
        settle(adjudicator, first, GivenChoice(events, "a"), GivenChoice(total, "b"))
    assert list(refusal.value.errors) == [events]
    assert not Entry.objects.filter(kind="consensus").exists()


@pytest.fixture
def single(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return fill(
        extractor_a, study, version, Given("country", "Denmark", page="3"),
        measurements=(pain("pvp", "6 weeks", mean="2.5"),),
    )  # fmt: skip


def accept(user: User, entry: Entry, rationale: str = "The second person left.") -> Entry:
    return accept_single_entry(user=user, review=entry.review, entry=entry, rationale=rationale)


def test_an_accepted_entry_is_copied_and_marked_single(single: Entry, adjudicator: User) -> None:
    settled = accept(adjudicator, single)
    assert (settled.kind, settled.basis) == ("consensus", "single")
    assert answers_of(settled) == answers_of(single)
    assert single.values.get().page == settled.values.get().page == "3"


def test_accepting_needs_a_reason(single: Entry, adjudicator: User) -> None:
    with pytest.raises(Refused, match="why one entry"):
        accept(adjudicator, single, " ")


def test_a_second_person_who_is_still_writing_is_waited_for(
    single: Entry, extractor_b: User, adjudicator: User
) -> None:
    open_entry(user=extractor_b, review=single.review, study=single.study, version=single.version)
    with pytest.raises(Refused, match="second entry"):
        accept(adjudicator, single)


def test_a_draft_is_not_accepted(
    study: Study, version: FormVersion, extractor_a: User, adjudicator: User
) -> None:
    draft = fill(extractor_a, study, version, Given("country", "Denmark"), is_submitted=False)
    with pytest.raises(Refused, match="still a draft"):
        accept(adjudicator, draft)


def test_nobody_accepts_an_own_entry(single: Entry, owner: User) -> None:
    extractor = single.extractor
    set_roles(user=owner, review=single.review, member=extractor, roles=[Role.EXTRACTOR, Role.ADJUDICATOR])
    with pytest.raises(Refused, match="yourself"):
        accept(extractor, single)
