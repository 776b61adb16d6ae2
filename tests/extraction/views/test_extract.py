"""The page of the own entry and of its measurements."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Arm, Entry, Field, FormVersion, Study
from extraction.services.entries import Given, open_entry
from reviewsite.workspace.models import Review, User
from tests.extraction.builders import fill, pain


@pytest.fixture
def draft(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return open_entry(user=extractor_a, review=study.review, study=study, version=version)


@pytest.fixture
def extractor(client: Client, extractor_a: User) -> Client:
    client.force_login(extractor_a)
    return client


def url(entry: Entry, name: str = "extract", **more: Any) -> str:
    place = {"slug": entry.review.slug, "number": entry.study.number, "form_slug": entry.version.form.slug}
    return reverse(name, kwargs=place | more)


def control(entry: Entry, key: str, part: str = "text", arm: str = "") -> str:
    field = Field.objects.get(version=entry.version, key=key)
    arm_pk = Arm.objects.get(study=entry.study, key=arm).pk if arm else 0
    return f"f{field.pk}-{arm_pk}-{part}"


def test_the_own_entry_is_started_by_a_button(extractor: Client, study: Study, version: FormVersion) -> None:
    place = [study.review.slug, study.number, version.form.slug]
    shown = extractor.get(reverse("study", args=place[:2])).content.decode()
    assert "Start my entry" in shown
    response = extractor.post(reverse("entry-open", args=place))
    assert response["Location"] == reverse("extract", args=place)
    assert Entry.objects.get().extractor.name == "Extractor a"


def test_every_field_has_a_control_for_each_arm(extractor: Client, draft: Entry) -> None:
    shown = extractor.get(url(draft)).content.decode()
    assert f'name="{control(draft, "country")}"' in shown
    for arm in ("pvp", "kp"):
        assert f'name="{control(draft, "patients", arm=arm)}"' in shown


def test_answers_marks_and_passages_are_saved(extractor: Client, draft: Entry) -> None:
    data = {
        "seen": 0,
        control(draft, "country"): "Denmark",
        control(draft, "country", "quote"): "patients in Denmark",
        control(draft, "country", "page"): "3",
        control(draft, "leaks", arm="pvp"): "0",
        control(draft, "age", "missing", arm="kp"): "not_reported",
        "source_note": "Full text",
    }
    response = extractor.post(url(draft), data)
    assert response.status_code == 302
    values = {(each.field.key, each.slot): each for each in draft.values.select_related("field")}
    assert values["country", ""].text == "Denmark"
    assert (values["country", ""].quote, values["country", ""].page) == ("patients in Denmark", "3")
    assert values["leaks", "pvp"].integer == 0
    assert values["age", "kp"].missing == "not_reported"
    draft.refresh_from_db()
    assert draft.source_note == "Full text"


def test_what_is_saved_is_shown_again(extractor: Client, draft: Entry) -> None:
    extractor.post(url(draft), {"seen": 0, control(draft, "age", arm="pvp"): "63,50"})
    shown = extractor.get(url(draft)).content.decode()
    assert 'value="63.5"' in shown


def test_errors_stand_beside_the_field_and_what_was_typed_stays(extractor: Client, draft: Entry) -> None:
    data = {
        "seen": 0,
        control(draft, "patients", arm="pvp"): "twenty",
        control(draft, "country"): "Denmark",
    }
    response = extractor.post(url(draft), data)
    shown = response.content.decode()
    assert response.status_code == 422
    assert shown.count("“twenty” is not a number") == 2  # in the summary and beside the field
    assert 'value="twenty"' in shown
    assert ">Denmark</textarea>" in shown
    assert not draft.values.exists()


def test_a_stale_window_keeps_what_was_typed_and_shows_what_is_saved(extractor: Client, draft: Entry) -> None:
    extractor.post(url(draft), {"seen": 0, control(draft, "country"): "Denmark"})
    response = extractor.post(url(draft), {"seen": 0, control(draft, "country"): "Norway"})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "changed in another window" in shown
    assert ">Norway</textarea>" in shown
    assert "Saved in the other window:" in shown
    assert '<strong dir="auto">Denmark</strong>' in shown
    assert draft.values.get().text == "Denmark"


def test_after_comparing_the_second_save_goes_through(extractor: Client, draft: Entry) -> None:
    extractor.post(url(draft), {"seen": 0, control(draft, "country"): "Denmark"})
    extractor.post(url(draft), {"seen": 1, control(draft, "country"): "Norway"})
    assert draft.values.get().text == "Norway"


def test_htmx_gets_the_sheet_alone(extractor: Client, draft: Entry) -> None:
    data = {"seen": 0, control(draft, "country"): "Denmark"}
    response = extractor.post(url(draft), data, headers={"HX-Request": "true"})
    shown = response.content.decode()
    assert shown.lstrip().startswith("<form")
    assert 'name="seen" value="1"' in shown


def test_htmx_gets_a_stale_sheet_to_swap_in(extractor: Client, draft: Entry) -> None:
    extractor.post(url(draft), {"seen": 0, control(draft, "country"): "Denmark"})
    data = {"seen": 0, control(draft, "country"): "Norway"}
    response = extractor.post(url(draft), data, headers={"HX-Request": "true"})
    assert response.status_code == 422  # a 409 would go among the messages, far from the form
    assert ">Norway</textarea>" in response.content.decode()


@pytest.mark.parametrize("then", ["measurement-add", "entry-submit"])
def test_saving_may_lead_on(extractor: Client, draft: Entry, then: str) -> None:
    data = {"seen": 0, control(draft, "country"): "Denmark", "then": then}
    assert extractor.post(url(draft), data)["Location"] == url(draft, then)
    assert draft.values.get().text == "Denmark"


def test_submitting_counts_blanks_and_asks_first(extractor: Client, draft: Entry) -> None:
    extractor.post(url(draft), {"seen": 0, control(draft, "country"): "Denmark"})
    shown = extractor.get(url(draft, "entry-submit")).content.decode()
    assert "7 fields still blank" in shown  # design, and patients, age and leaks of two arms
    extractor.post(url(draft, "entry-submit"), {"seen": 1})
    draft.refresh_from_db()
    assert not draft.is_draft


def test_submitting_an_old_page_is_refused(extractor: Client, draft: Entry) -> None:
    extractor.post(url(draft), {"seen": 0, control(draft, "country"): "Denmark"})
    assert extractor.post(url(draft, "entry-submit"), {"seen": 0}).status_code == 409
    draft.refresh_from_db()
    assert draft.is_draft


def test_nobody_opens_another_person_s_entry(
    client: Client, study: Study, version: FormVersion, extractor_a: User, extractor_b: User, viewer: User
) -> None:
    entry = fill(
        extractor_a, study, version, Given("country", "Ruritania"),
        measurements=(pain("pvp", "6 weeks", mean="2.5"),), is_submitted=False,
    )  # fmt: skip
    row = entry.measurements.get()
    client.force_login(extractor_b)
    assert client.get(url(entry))["Location"] == reverse("study", args=[study.review.slug, study.number])
    assert client.get(url(entry, "measurement-edit", pk=row.pk)).status_code == 404
    assert client.get(url(entry, "entry-submit")).status_code == 404
    open_entry(user=extractor_b, review=study.review, study=study, version=version)
    assert "Ruritania" not in client.get(url(entry)).content.decode()
    assert client.get(url(entry, "measurement-edit", pk=row.pk)).status_code == 404
    assert client.post(url(entry, "measurement-remove", pk=row.pk), {"seen": 0}).status_code == 404
    client.force_login(viewer)
    assert client.get(url(entry)).status_code == 403


def test_a_measurement_is_added_and_shown_with_its_interval(extractor: Client, draft: Entry) -> None:
    data = {"arm": "pvp", "outcome": "VAS", "time_label": "6 weeks", "mean": "2.5", "n": "20"}
    response = extractor.post(url(draft, "measurement-add"), data)
    assert response["Location"] == url(draft)
    shown = extractor.get(url(draft)).content.decode()
    assert "≤ 6 weeks" in shown


def test_the_next_measurement_starts_with_the_same_arm(extractor: Client, draft: Entry) -> None:
    data = {"arm": "kp", "outcome": "VAS", "time_label": "6 weeks", "mean": "2.5", "then": "another"}
    response = extractor.post(url(draft, "measurement-add"), data)
    shown = extractor.get(response["Location"]).content.decode()
    assert '<option value="kp" selected>' in shown
    assert "2.5" not in shown


def test_errors_of_a_measurement_stand_beside_their_field(extractor: Client, draft: Entry) -> None:
    data = {"arm": "pvp", "outcome": "VAS", "time_label": "6 weeks", "mean": "x", "sd": "-1"}
    response = extractor.post(url(draft, "measurement-add"), data)
    assert response.status_code == 422
    assert 'id="id_mean_error"' in response.content.decode()
    assert not draft.measurements.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"time": "3"}, "before or after"),
        ({"phase": "post", "time": "3"}, "Choose the unit"),
        ({"phase": "post", "time": "3", "time_until": "2", "time_unit": "day"}, "ends before it begins"),
    ],
)
def test_a_time_stated_by_hand_must_be_whole(
    extractor: Client, draft: Entry, more: dict[str, str], sentence: str
) -> None:
    data = {"arm": "pvp", "outcome": "VAS", "time_label": "at discharge", "mean": "3"} | more
    response = extractor.post(url(draft, "measurement-add"), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_measurement_is_edited_with_what_was_stored(extractor: Client, draft: Entry) -> None:
    data = {
        "arm": "pvp", "outcome": "VAS", "time_label": "discharge", "mean": "2.50",
        "phase": "post", "time": "3", "time_unit": "day",
    }  # fmt: skip
    extractor.post(url(draft, "measurement-add"), data)
    row = draft.measurements.get()
    shown = extractor.get(url(draft, "measurement-edit", pk=row.pk)).content.decode()
    assert 'value="2.5"' in shown
    assert '<option value="day" selected>' in shown
    response = extractor.post(url(draft, "measurement-edit", pk=row.pk), data | {"mean": "2.6", "seen": 1})
    assert response.status_code == 302
    assert float(draft.measurements.get(pk=row.pk).mean) == 2.6


def test_a_measurement_is_removed(extractor: Client, draft: Entry) -> None:
    data = {"arm": "pvp", "outcome": "VAS", "time_label": "6 weeks", "mean": "2.5"}
    extractor.post(url(draft, "measurement-add"), data)
    row = draft.measurements.get()
    extractor.post(url(draft, "measurement-remove", pk=row.pk), {"seen": 1})
    assert not draft.measurements.exists()


def test_words_of_a_time_are_read_while_typing(extractor: Client, draft: Entry) -> None:
    shown = extractor.get(url(draft, "time-read"), {"time_label": "12 months"}).content.decode()
    assert "≥ 1 year" in shown


@pytest.mark.parametrize("n_answers", [1, 4])
def test_the_page_needs_the_same_queries_for_any_number_of_answers(
    extractor: Client, extractor_a: User, study: Study, version: FormVersion, review: Review,
    n_answers: int, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    answers = [Given("country", "Denmark"), Given("design", "Prospective")]
    answers += [Given("leaks", "0", slot=arm) for arm in ("pvp", "kp")]
    times = [pain("pvp", f"{week} weeks", mean="2") for week in range(2, 2 + n_answers)]
    entry = fill(
        extractor_a, study, version, *answers[:n_answers], measurements=tuple(times), is_submitted=False
    )
    with django_assert_max_num_queries(20):
        extractor.get(url(entry))
