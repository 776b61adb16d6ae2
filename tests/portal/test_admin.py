"""The site administration: people and protocol, never evidence; nothing is deleted; services decide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import AuditEvent, LedgerRow, Review, StoredFile, User
from reviewsite.workspace.services.reviews import make_read_only
from screening.models import CriterionWording, Decision, ExclusionReason, Record, StageState
from screening.services.protocol import add_criterion, add_exclusion_reason
from screening.services.sources import add_source, record_search

pytestmark = pytest.mark.django_db

OURS = {"User", "Review", "Criterion", "ExclusionReason", "Source", "Search"}
LABELS = ("workspace", "screening", "extraction", "synthesis", "portal")
ACTIONS = ("add", "change", "delete", "history", "changelist", "import", "process_import", "export")


@pytest.fixture
def superuser(client: Client, join: Callable[..., User]) -> User:
    person = join("admin", Role.ADMIN)
    person.is_staff = person.is_superuser = True
    person.save()
    client.force_login(person)
    return person


@pytest.fixture
def staff(client: Client, make_user: Callable[[str], User]) -> User:
    person = make_user("outsider")
    person.is_staff = True
    person.save()
    client.force_login(person)
    return person


def test_only_people_and_protocol_are_administered() -> None:
    registered = {model.__name__ for model in admin.site._registry if model._meta.app_label in LABELS}
    assert registered == OURS


def test_no_ledger_row_no_record_and_no_projection_is_administered() -> None:
    evidence = {model for model in apps.get_models() if issubclass(model, LedgerRow)}
    evidence |= {Record, StageState, AuditEvent, StoredFile}
    assert Decision in evidence
    assert not evidence & set(admin.site._registry)


def test_no_address_of_the_administration_reaches_a_decision() -> None:
    for action in ACTIONS:
        for arguments in ([], ["1"]):
            with pytest.raises(NoReverseMatch):
                reverse(f"admin:screening_decision_{action}", args=arguments)
    names = [name for name in get_resolver().namespace_dict["admin"][1].reverse_dict if isinstance(name, str)]
    assert names
    assert not [name for name in names if "decision" in name or "adjudication" in name]


@pytest.mark.parametrize("path", ["1/change/", "1/delete/", "add/", ""])
def test_decision_pages_do_not_exist(client: Client, superuser: User, path: str) -> None:
    for method in (client.get, client.post):
        assert method(f"/admin/screening/decision/{path}").status_code == 404


@pytest.mark.parametrize("model", [model for model in admin.site._registry if model.__name__ in OURS])
def test_nothing_can_be_deleted(client: Client, superuser: User, review: Review, model: type) -> None:
    site = admin.site._registry[model]
    request = client.get(reverse("admin:index")).wsgi_request
    assert not site.has_delete_permission(request)
    assert "delete_selected" not in site.get_actions(request)


def test_deleting_a_person_is_forbidden(client: Client, superuser: User, reviewer_a: User) -> None:
    address = reverse("admin:workspace_user_delete", args=[reviewer_a.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=reviewer_a.pk).exists()


def test_person_is_deactivated_in_the_form(client: Client, superuser: User, reviewer_a: User) -> None:
    address = reverse("admin:workspace_user_change", args=[reviewer_a.pk])
    client.post(address, {"email": reviewer_a.email, "name": reviewer_a.name})
    reviewer_a.refresh_from_db()
    assert not reviewer_a.is_active


def test_nobody_deactivates_themselves(client: Client, superuser: User) -> None:
    address = reverse("admin:workspace_user_change", args=[superuser.pk])
    page = client.post(
        address, {"email": superuser.email, "name": superuser.name, "is_staff": "on"}, follow=True
    )
    assert "You cannot deactivate yourself" in page.content.decode()
    superuser.refresh_from_db()
    assert superuser.is_active


def test_password_is_set_through_its_form(client: Client, superuser: User, reviewer_a: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[reviewer_a.pk])
    words = "another long enough one"
    client.post(address, {"password1": words, "password2": words, "usable_password": "true"})
    reviewer_a.refresh_from_db()
    assert reviewer_a.check_password(words)


def test_new_person_is_added_with_a_password(client: Client, superuser: User) -> None:
    words = "a quite long password"
    typed = {"email": "New@Example.org", "name": "New", "usable_password": "true"}
    client.post(reverse("admin:workspace_user_add"), {**typed, "password1": words, "password2": words})
    assert User.objects.get(email="new@example.org").check_password(words)


def test_staff_without_permissions_neither_import_nor_export(client: Client, staff: User) -> None:
    assert client.get(reverse("admin:workspace_user_import")).status_code == 403
    assert client.post(reverse("admin:workspace_user_process_import")).status_code == 403
    assert client.get(reverse("admin:workspace_user_export")).status_code == 403


def test_staff_who_may_change_people_cannot_become_superusers(
    client: Client, staff: User, owner: User
) -> None:
    wanted = ["change_user", "view_user"]
    staff.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    typed = {"email": staff.email, "name": staff.name, "is_active": "on", "is_superuser": "on"}
    client.post(reverse("admin:workspace_user_change", args=[staff.pk]), typed)
    staff.refresh_from_db()
    assert not staff.is_superuser


def test_staff_cannot_set_the_password_of_a_superuser(client: Client, staff: User, owner: User) -> None:
    owner.is_superuser = True
    owner.save()
    staff.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    address = reverse("admin:auth_user_password_change", args=[owner.pk])
    assert client.post(address, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 403


def test_wording_changed_in_the_form_is_a_new_wording(
    client: Client, superuser: User, review: Review
) -> None:
    criterion = add_criterion(user=superuser, review=review, kind="inclusion", text="Adults")
    address = reverse("admin:screening_criterion_change", args=[criterion.pk])
    client.post(address, {"wording": "Adults of 18 or more"})
    assert list(CriterionWording.objects.values_list("text", flat=True)) == ["Adults", "Adults of 18 or more"]
    assert AuditEvent.objects.filter(review=review, action="reword_criterion").count() == 1


def test_form_of_a_read_only_review_shows_the_refusal(client: Client, owner: User, review: Review) -> None:
    owner.is_staff = owner.is_superuser = True
    owner.save()
    client.force_login(owner)
    reason = add_exclusion_reason(user=owner, review=review, label="Wrong design", code="design")
    make_read_only(user=owner, review=review)
    address = reverse("admin:screening_exclusionreason_change", args=[reason.pk])
    page = client.post(address, {"label": "Other"}, follow=True)
    assert "This review is read-only: nothing in it can be changed." in page.content.decode()
    reason.refresh_from_db()
    assert reason.label == "Wrong design"


def test_search_keeps_its_strategy_when_another_field_changes(
    client: Client, superuser: User, review: Review
) -> None:
    source = add_source(user=superuser, review=review, name="MEDLINE", kind="database")
    lines = [(1, "cement", 12)]
    search = record_search(user=superuser, review=review, source=source, lines=lines)
    address = reverse("admin:screening_search_change", args=[search.pk])
    assert "1. cement | 12" in client.get(address).content.decode()
    client.post(address, {"strategy": "1. cement | 12", "note": "Updated"})
    search.refresh_from_db()
    assert (search.note, search.lines.get().n_hits) == ("Updated", 12)


def test_history_shows_who_renamed_a_reason_and_cannot_be_written(
    client: Client, superuser: User, review: Review
) -> None:
    reason = add_exclusion_reason(user=superuser, review=review, label="Wrong design", code="design")
    client.post(reverse("admin:screening_exclusionreason_change", args=[reason.pk]), {"label": "Not a trial"})
    page = client.get(reverse("admin:screening_exclusionreason_history", args=[reason.pk])).content.decode()
    assert "Wrong design → Not a trial" in page
    assert superuser.name in page
    first = ExclusionReason.history.filter(id=reason.pk).last()
    address = reverse("admin:screening_exclusionreason_simple_history", args=[reason.pk, first.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"label": "Wrong design"}).status_code == 405


def test_entrance_is_the_login_page(client: Client, superuser: User) -> None:
    client.logout()
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_administration_is_closed_to_people_without_rights(client: Client, reviewer_a: User) -> None:
    client.force_login(reviewer_a)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
