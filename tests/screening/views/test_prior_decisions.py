"""The pages on which decisions made elsewhere come in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.domain.vocabulary import Stage
from screening.models import Decision, DecisionImport
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_reason, make_record, retrieve
from tests.screening.prior import bring, look_at, table


@pytest.fixture
def records(review, owner):
    return [make_record(review, owner) for _ in range(3)]


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def page(client, review):
    """Return what somebody sees at an address."""

    def read(person, name, *args):
        client.force_login(person)
        return client.get(reverse(name, args=[review.slug, *args])).content.decode()

    return read


@pytest.fixture
def post_file(as_owner, review):
    def post(content, name="votes.csv", **fields):
        values = {"stage": "title_abstract", "whole_list": "file"} | fields
        if content is not None:
            values["file"] = SimpleUploadedFile(name, content)
        return as_owner.post(reverse("decision-import-new", args=[review.slug]), values, follow=True)

    return post


@pytest.fixture
def confirm(as_owner, review):
    def post(imported, **fields):
        return as_owner.post(
            reverse("decision-import-confirm", args=[review.slug, imported.pk]), fields, follow=True
        )

    return post


# Upload


def test_upload_page_says_that_the_uploader_learns_what_is_in_the_file(page, owner):
    text = page(owner, "decision-import-new")
    assert "Whoever uploads a file learns the decisions in it" in text


def test_upload_leads_to_the_dry_run_and_decides_nothing(post_file, records):
    response = post_file(table("1,A,yes", "9,A,no"))
    text = response.content.decode()
    for part in (
        "Table with one decision per row",
        "“A” in the file is",
        "2 decisions in the file; 1 can be taken",
    ):
        assert part in text
    assert "No record of this review has the number 9." in text
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4", "PDF"),
        (b"title,year\nBone cement,2011\n", "No decision was found"),
        (b'TY  - JOUR\nTI  - A\nN1  - RAYYAN-INCLUSION: {"A"=>"Incl\nER  - \n', "cannot be read from"),
        (None, "Choose a file"),
    ],
    ids=["empty", "PDF", "no decision", "broken marks", "no file"],
)
def test_what_is_wrong_with_a_file_is_said_at_the_form(post_file, content, says):
    response = post_file(content)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not DecisionImport.objects.exists()


def test_file_over_the_limit_is_refused_at_the_form(post_file, settings):
    settings.MAX_IMPORT_BYTES = 10
    assert "the limit is" in post_file(table("1,A,yes")).content.decode()


def test_file_and_batch_together_are_refused(post_file, records):
    response = post_file(table("1,A,yes"), batch=str(records[0].batch_id))
    assert "not both" in response.content.decode()


def test_batch_in_the_address_is_chosen_already(as_owner, review, records):
    address = reverse("decision-import-new", args=[review.slug])
    text = as_owner.get(f"{address}?batch={records[0].batch_id}").content.decode()
    assert f'<option value="{records[0].batch_id}" selected>' in text


@pytest.mark.parametrize("batch", ["0", "x", "99999999999999999999"])
def test_batch_that_is_none_is_no_error(as_owner, review, batch):
    address = reverse("decision-import-new", args=[review.slug])
    assert as_owner.get(f"{address}?batch={batch}").status_code == 200
    response = as_owner.post(address, {"stage": "title_abstract", "batch": batch})
    assert response.status_code == 422


# Dry run and confirmation


def test_name_of_a_member_is_proposed_and_any_other_left_out(page, owner, review, records, reviewer_a):
    imported = look_at(owner, review, table("1,reviewer  A,yes", "1,somebody,no"))
    text = page(owner, "decision-import", imported.pk)
    assert f'<option value="{reviewer_a.pk}" selected>' in text
    assert text.count('<option value="nobody" selected>') == 1


def test_confirming_on_the_page_takes_the_decisions_in(confirm, owner, review, records, reviewer_a):
    imported = look_at(owner, review, table("1,A,yes", "2,A,no"))
    response = confirm(imported, person_0=str(reviewer_a.pk))
    assert "The decisions are in the review, marked as imported." in response.content.decode()
    assert Decision.objects.filter(reviewer=reviewer_a, imported_in=imported).count() == 2


def test_refused_form_still_says_how_many_rows_the_file_has(confirm, owner, review, records):
    imported = look_at(owner, review, table("1,A,yes", "2,A,no"))
    response = confirm(imported, person_0="nobody")
    assert '<dt>Rows in the file</dt><dd class="num">2</dd>' in response.content.decode()


def test_what_the_service_refuses_is_said_above_the_form(confirm, owner, review, records):
    imported = look_at(owner, review, table("1,A,yes"))
    response = confirm(imported, person_0="nobody")
    assert response.status_code == 422
    assert "every name is left out" in response.content.decode()


def test_choice_that_is_not_offered_is_refused_at_the_form(confirm, owner, review, records, outsider):
    imported = look_at(owner, review, table("1,A,yes"))
    assert confirm(imported, person_0=str(outsider.pk)).status_code == 422
    assert not Decision.objects.exists()


def test_same_file_again_leads_to_the_import_that_brought_it(confirm, owner, review, records, reviewer_a):
    first = bring(owner, review, table("1,A,yes"), {"A": reviewer_a})
    second = look_at(owner, review, table("1,A,yes"))
    response = confirm(second, person_0=str(reviewer_a.pk))
    assert response.redirect_chain[-1][0] == reverse("decision-import", args=[review.slug, first.pk])
    assert "came for this stage before" in response.content.decode()


def test_reason_of_the_same_words_is_proposed_and_others_have_to_be_chosen(
    confirm, page, owner, review, records, reviewer_a, reviewer_b
):
    population = make_reason(review, label="Wrong population")
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, records[0], INCLUDE)
        decide(reviewer, records[1], INCLUDE)
    retrieve(owner, records[0])
    retrieve(owner, records[1])
    imported = look_at(
        owner, review, table("1,A,no,wrong population.", "2,A,no,too old"), stage=Stage.FULL_TEXT
    )
    text = page(owner, "decision-import", imported.pk)
    assert f'<option value="{population.pk}" selected>' in text
    response = confirm(imported, person_0=str(reviewer_a.pk), reason_1=str(population.pk))
    assert "reasons for “too old”" in response.content.decode()
    confirm(imported, person_0=str(reviewer_a.pk), reason_0=str(population.pk), reason_1=str(population.pk))
    assert Decision.objects.filter(stage="full_text", reason=population).count() == 2


def test_review_without_reasons_is_led_to_the_protocol(page, owner, review, records, reviewer_a, reviewer_b):
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, records[0], INCLUDE)
    retrieve(owner, records[0])
    imported = look_at(owner, review, table("1,A,no,too old"), stage=Stage.FULL_TEXT)
    assert "Add them to the protocol first" in page(owner, "decision-import", imported.pk)


def test_discarding_leads_back_to_the_list(as_owner, owner, review, records):
    imported = look_at(owner, review, table("1,A,yes"))
    address = reverse("decision-import-discard", args=[review.slug, imported.pk])
    assert "no decision was taken" in as_owner.post(address, follow=True).content.decode()


def test_withdrawing_on_the_page_undoes_the_import(as_owner, owner, review, records, reviewer_a):
    imported = bring(owner, review, table("1,A,yes"), {"A": reviewer_a})
    address = reverse("decision-import-withdraw", args=[review.slug, imported.pk])
    assert "The import is withdrawn" in as_owner.post(address, follow=True).content.decode()
    assert not Decision.objects.open().exists()


def test_rows_that_were_left_out_come_as_csv_without_formulas(as_owner, owner, review, records):
    imported = look_at(owner, review, table("1,A,yes", '2,A,"=cmd"'))
    response = as_owner.get(reverse("decision-import-rows", args=[review.slug, imported.pk]))
    rows = response.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "line,what,sentence"
    assert rows[1].startswith('3,left out,"The decision “=cmd” is not understood.')


def test_names_with_markup_are_shown_as_text(page, owner, review, records):
    imported = look_at(owner, review, table("1,<script>alert(1)</script>,yes"))
    text = page(owner, "decision-import", imported.pk)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


# What others see


def test_others_see_that_there_was_an_import_and_nothing_that_it_says(
    page, owner, admin, viewer, review, records, reviewer_a, reviewer_b
):
    imported = bring(
        owner, review, table("1,Person B,yes", "9,Person B,no", "2,Person B,no"), {"Person B": reviewer_b}
    )
    for person in (admin, viewer, reviewer_a, reviewer_b):
        text = page(person, "decision-import", imported.pk)
        assert "votes.csv" in text
        assert "Person B" not in text
        assert "No record of this review" not in text
    assert "votes.csv" in page(viewer, "decision-import-list")


def test_dry_run_of_another_is_not_there(client, admin, owner, review, records):
    imported = look_at(owner, review, table("1,A,yes"))
    client.force_login(admin)
    for name in ("decision-import", "decision-import-rows"):
        assert client.get(reverse(name, args=[review.slug, imported.pk])).status_code == 404
    assert "votes.csv" not in client.get(reverse("decision-import-list", args=[review.slug])).content.decode()


def test_rows_of_an_import_are_for_the_uploader_alone(client, admin, owner, review, records, reviewer_a):
    imported = bring(owner, review, table("1,A,yes", "9,A,no"), {"A": reviewer_a})
    client.force_login(admin)
    response = client.get(reverse("decision-import-rows", args=[review.slug, imported.pk]))
    assert response.status_code == 404


def test_history_names_the_file_of_an_imported_decision(page, owner, review, records, reviewer_a):
    bring(owner, review, table("1,A,yes"), {"A": reviewer_a})
    decide(reviewer_a, records[1], EXCLUDE)
    assert page(reviewer_a, "screen-history", "title-abstract").count("imported from votes.csv") == 1


def test_page_of_a_record_names_the_file_once_the_decision_may_be_seen(
    page, owner, review, records, reviewer_a, reviewer_b
):
    bring(owner, review, table("1,A,yes", "2,A,yes", "2,B,yes"), {"A": reviewer_a, "B": reviewer_b})
    assert [page(owner, "record", number).count("imported from votes.csv") for number in (1, 2)] == [0, 2]


def test_conflict_says_which_decision_was_made_elsewhere(
    page, owner, review, records, reviewer_a, reviewer_b
):
    bring(owner, review, table("1,A,yes"), {"A": reviewer_a})
    decide(reviewer_b, records[0], EXCLUDE)
    text = page(reviewer_b, "conflict", "title-abstract", 1)
    assert text.count("Made elsewhere and imported.") == 1
    assert "could be seen" not in text


# The text of a record in its file


def test_marks_in_the_text_of_a_record_are_hidden_until_screening_is_over(
    client, page, owner, review, reviewer_a, reviewer_b
):
    record = make_record(review, owner, raw='N1  - RAYYAN-INCLUSION: {"B"=>"Excluded"}')
    assert "RAYYAN" not in page(reviewer_a, "record", 1)
    assert client.get(reverse("record-raw", args=[review.slug, 1])).status_code == 409
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, record, EXCLUDE)
    assert "RAYYAN" in page(reviewer_a, "record", 1)
    assert client.get(reverse("record-raw", args=[review.slug, 1])).status_code == 200


# Lists


@pytest.mark.parametrize("n_imports", [1, 3])
def test_list_asks_as_many_questions_for_one_import_as_for_three(
    n_imports, as_owner, owner, review, records, reviewer_a, django_assert_num_queries
):
    for number in range(n_imports):
        bring(owner, review, table(f"{number + 1},A,yes"), {"A": reviewer_a}, name=f"votes-{number}.csv")
    with django_assert_num_queries(6):
        response = as_owner.get(reverse("decision-import-list", args=[review.slug]))
    assert response.content.decode().count("votes-") == n_imports
