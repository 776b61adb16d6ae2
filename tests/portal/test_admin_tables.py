"""Tables in and out of the site administration: an outcome per row, services decide, formulas are text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tablib import Dataset

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.resources import ReviewResource, UserResource
from reviewsite.workspace.services.reviews import make_read_only
from screening.models import Criterion, CriterionWording, ExclusionReason, Search, Source
from screening.resources import CriterionResource, ExclusionReasonResource, SearchResource, SourceResource
from screening.services.protocol import add_criterion, add_exclusion_reason
from screening.services.sources import add_source, record_search

pytestmark = pytest.mark.django_db


def outcomes(result: object) -> list[str]:
    return [row.import_type for row in result.rows]  # type: ignore[attr-defined]


def sentences(result: object) -> list[str]:
    rows = result.rows  # type: ignore[attr-defined]
    refused = [str(error.error) for row in rows for error in row.errors]
    return refused + [
        message for row in rows if row.validation_error for message in row.validation_error.messages
    ]


def test_each_row_of_people_has_its_outcome(owner: User, reviewer_a: User) -> None:
    table = Dataset(
        ["owner@example.org", "Owner", "yes"],
        ["Reviewer-A@example.org", "Reviewer A", "no"],
        ["new@example.org", "New person", "yes"],
        ["nobody@example.org", "Nobody", "perhaps"],
        headers=["email", "name", "active"],
    )
    result = UserResource().import_data(table, dry_run=True, user=owner)
    assert outcomes(result) == ["skip", "update", "new", "invalid"]
    assert sentences(result) == ["“perhaps” is neither yes nor no."]
    reviewer_a.refresh_from_db()
    assert reviewer_a.is_active
    assert not User.objects.filter(email="new@example.org").exists()


def test_imported_person_has_no_password_and_no_rights(owner: User) -> None:
    table = Dataset(
        ["new@example.org", "New person", "yes", "1", "secret"],
        headers=["email", "name", "active", "is_superuser", "password"],
    )
    UserResource().import_data(table, user=owner, raise_errors=True)
    person = User.objects.get(email="new@example.org")
    assert not person.has_usable_password()
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_nobody_deactivates_themselves_by_a_table(owner: User) -> None:
    table = Dataset(["owner@example.org", "Owner", "no"], headers=["email", "name", "active"])
    result = UserResource().import_data(table, user=owner)
    assert sentences(result) == ["You cannot deactivate yourself: ask another administrator of the site."]


def test_exported_people_hold_no_password(owner: User) -> None:
    assert UserResource().export().headers == ["email", "name", "active"]


def test_imported_wording_supersedes_and_keeps_the_older_one(owner: User, review: Review) -> None:
    criterion = add_criterion(user=owner, review=review, kind="inclusion", text="Adults")
    table = CriterionResource().export()
    assert table.dict == [
        {"review": "cement", "kind": "inclusion", "position": "1", "wording": "Adults", "archived": "no"}
    ]
    changed = Dataset(["cement", "inclusion", "1", "Adults of 18 or more", "no"], headers=table.headers)
    result = CriterionResource().import_data(changed, user=owner)
    assert outcomes(result) == ["update"]
    assert list(CriterionWording.objects.filter(criterion=criterion).values_list("text", flat=True)) == [
        "Adults",
        "Adults of 18 or more",
    ]
    assert outcomes(CriterionResource().import_data(changed, user=owner)) == ["skip"]


def test_new_criterion_takes_the_next_position_alone(owner: User, review: Review) -> None:
    headers = ["review", "kind", "position", "wording", "archived"]
    result = CriterionResource().import_data(
        Dataset(
            ["cement", "exclusion", 1, "Animals", "no"],
            ["cement", "exclusion", 7, "Cadavers", "no"],
            ["elsewhere", "exclusion", 1, "Animals", "no"],
            headers=headers,
        ),
        dry_run=True,
        user=owner,
    )
    assert outcomes(result) == ["new", "error", "invalid"]
    assert sentences(result) == [
        "The next criterion of this kind has the position 2, not 7.",
        "There is no review with the address “elsewhere”.",
    ]
    assert not Criterion.objects.exists()


def test_table_changes_nothing_in_a_review_in_which_one_has_no_role(outsider: User, review: Review) -> None:
    table = Dataset(
        ["cement", "design", "Wrong design", "no"], headers=["review", "code", "label", "archived"]
    )
    result = ExclusionReasonResource().import_data(table, user=outsider)
    assert sentences(result) == ["You do not have the role that this needs. Ask an owner of the review."]
    assert not ExclusionReason.objects.exists()


def test_table_changes_nothing_in_a_read_only_review(owner: User, review: Review) -> None:
    reason = add_exclusion_reason(user=owner, review=review, label="Wrong design", code="design")
    make_read_only(user=owner, review=review)
    table = Dataset(["cement", "design", "Other", "no"], headers=["review", "code", "label", "archived"])
    result = ExclusionReasonResource().import_data(table, user=owner)
    assert sentences(result) == ["This review is read-only: nothing in it can be changed."]
    reason.refresh_from_db()
    assert reason.label == "Wrong design"


def test_sources_and_searches_come_back_as_they_went(owner: User, review: Review) -> None:
    source = add_source(user=owner, review=review, name="Ovid MEDLINE", kind="database", key="medline")
    record_search(
        user=owner,
        review=review,
        source=source,
        n_hits_reported=0,
        lines=[(1, "cement", 12), (2, "spine", None)],
    )
    sources, searches = SourceResource().export(), SearchResource().export()
    assert searches.dict[0]["strategy"] == "1. cement | 12\n2. spine"
    assert searches.dict[0]["n_hits_reported"] == "0"
    assert outcomes(SourceResource().import_data(sources, user=owner)) == ["skip"]
    assert outcomes(SearchResource().import_data(searches, user=owner)) == ["skip"]


def test_a_table_adds_the_next_search_of_a_source(owner: User, review: Review) -> None:
    add_source(user=owner, review=review, name="Ovid MEDLINE", kind="database", key="medline")
    table = Dataset(
        ["cement", "medline", 1, "2018-01-03", "", "1. cement | 12"],
        ["cement", "medline", 2, "", "many", ""],
        headers=["review", "source", "number", "searched_on", "n_hits_reported", "strategy"],
    )
    result = SearchResource().import_data(table, user=owner, dry_run=True)
    assert outcomes(result) == ["new", "invalid"]
    assert sentences(result) == ["“many” is not a whole number."]
    SearchResource().import_data(table.subset(rows=[0]), user=owner, raise_errors=True)
    search = Search.objects.get()
    assert (search.n_hits_reported, str(search.searched_on)) == (None, "2018-01-03")
    assert search.lines.get().n_hits == 12


def test_table_without_its_key_column_is_refused(owner: User, review: Review) -> None:
    result = ReviewResource().import_data(Dataset(["Title"], headers=["title"]), user=owner)
    assert [str(error.error) for error in result.base_errors] == [
        "The table lacks the column slug, by which its rows are known."
    ]


def test_imported_review_belongs_to_whoever_imports_it(owner: User) -> None:
    table = Dataset(["knees", "Knees", "Which cement?"], headers=["slug", "title", "question"])
    ReviewResource().import_data(table, user=owner, raise_errors=True)
    review = Review.objects.get(slug="knees")
    assert (review.title, review.question, review.created_by) == ("Knees", "Which cement?", owner)


@pytest.fixture
def superuser(client: Client, join: Callable[..., User]) -> User:
    person = join("admin", Role.OWNER)
    person.is_staff = person.is_superuser = True
    person.save()
    client.force_login(person)
    return person


@pytest.mark.parametrize(("place", "extension"), [(0, "csv"), (1, "xlsx")])
def test_formula_cells_are_exported_as_text(
    client: Client, superuser: User, review: Review, place: int, extension: str
) -> None:
    for key, name in [("one", "=1+1"), ("two", "@SUM(A1)"), ("three", "Plain")]:
        add_source(user=superuser, review=review, name=name, kind="database", key=key)
    response = client.post(reverse("admin:screening_source_export"), {"format": place, "resource": 0})
    assert extension in response["Content-Disposition"]
    if extension == "csv":
        names = [row["name"] for row in csv.DictReader(io.StringIO(response.content.decode()))]
    else:
        sheet = load_workbook(io.BytesIO(response.content)).active
        names = [row[2].value for row in sheet.iter_rows(min_row=2)]
    assert sorted(names) == ["'=1+1", "'@SUM(A1)", "Plain"]


def test_exported_formula_cell_is_imported_unchanged(owner: User, review: Review) -> None:
    add_source(user=owner, review=review, name="=1+1", kind="database", key="one")
    table = Dataset(["cement", "one", "'=1+1"], headers=["review", "key", "name"])
    assert outcomes(SourceResource().import_data(table, user=owner)) == ["skip"]


def test_upload_is_previewed_then_confirmed(client: Client, superuser: User, review: Review) -> None:
    add_source(user=superuser, review=review, name="MEDLINE", kind="database", key="medline")
    file = SimpleUploadedFile("sources.csv", b"review,key,name\ncement,medline,<b>Ovid</b>\n")
    preview = client.post(
        reverse("admin:screening_source_import"), {"import_file": file, "format": 0, "resource": 0}
    )
    page = preview.content.decode()
    assert "<del>MEDLINE</del> <ins>&lt;b&gt;Ovid&lt;/b&gt;</ins>" in page
    assert "style=" not in page
    assert Source.objects.get().name == "MEDLINE"
    client.post(reverse("admin:screening_source_process_import"), preview.context["confirm_form"].initial)
    assert Source.objects.get().name == "<b>Ovid</b>"


def test_preview_lists_refused_rows_beside_good_ones(client: Client, superuser: User, review: Review) -> None:
    file = SimpleUploadedFile("s.csv", b"review,key,name,kind\ncement,a,A,database\ncement,b,B,shop\n")
    page = client.post(
        reverse("admin:screening_source_import"), {"import_file": file, "format": 0, "resource": 0}
    ).content.decode()
    assert "Nothing was imported." in page
    assert "<td>New</td>" in page
    assert "Refused" in page
    assert not Source.objects.exists()
