"""Site administration: people and reviews. Evidence – decisions, records, ledger rows – is nowhere in it."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm
from import_export.results import Result
from import_export.tmp_storages import MediaStorage
from simple_history.admin import SimpleHistoryAdmin

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.resources import FORMATS, ReviewResource, UserResource, write_person, write_review

admin.site.site_header = admin.site.site_title = _("Site administration")
# One door: the login page with its limits on attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class NothingIsDeleted:
    """Deactivate, archive or withdraw instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ServiceAdmin(NothingIsDeleted, ImportExportMixin, admin.ModelAdmin):
    """Forms and tables whose every change goes through a service; what it refuses is shown as a sentence."""

    formats = FORMATS
    export_form_class = ExportForm
    tmp_storage_class = MediaStorage

    def write(self, *, user: User, row: Any, is_new: bool) -> Model:
        """Store the form's object through the services and return what was stored."""
        raise NotImplementedError

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Say so when the confirmed table no longer fits; nothing of it was stored then."""
        if result.has_errors() or result.has_validation_errors():
            sentence = _("Nothing was imported: something has changed since the preview. Upload it again.")
            self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
        return super().process_result(result, request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        obj.pk = self.write(user=request.user, row=obj, is_new=not change).pk


class WithHistory(SimpleHistoryAdmin):
    """Shows earlier versions; going back to one is a new change, made in the form."""

    object_history_list_template = "admin/object_history_list.html"

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "GET":
            return HttpResponse(status=405)
        return super().history_form_view(request, object_id, version_id, extra_context)


class NewPersonForm(AdminUserCreationForm):
    """A new person with a password, or without one until they get it."""

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class PersonAdmin(ServiceAdmin, UserAdmin):
    """People: they are deactivated, never deleted, because their evidence stays."""

    resource_classes = [UserResource]
    add_form = NewPersonForm
    list_display = ("name", "email", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("May"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (None, {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    readonly_fields = ("date_joined", "last_login")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Let nobody but a superuser give rights."""
        rights = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups")
        return (*self.readonly_fields, *rights)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody but a superuser change a superuser, whose password could be set otherwise."""
        is_above = isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def write(self, *, user: User, row: User, is_new: bool) -> User:
        return write_person(user=user, person=row, is_new=is_new)


@admin.register(Review)
class ReviewAdmin(ServiceAdmin, WithHistory):
    """Reviews: question and registration. Changing one needs a role in it, as everywhere."""

    resource_classes = [ReviewResource]
    list_display = ("title", "slug", "is_read_only", "created_at")
    list_filter = ("is_read_only", "is_demo")
    search_fields = ("title", "slug")
    readonly_fields = ("is_read_only",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def write(self, *, user: User, row: Review, is_new: bool) -> Review:
        return write_review(user=user, review=row, is_new=is_new)
