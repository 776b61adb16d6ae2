"""Tables in and out of the site administration: every row goes through the services and has an outcome."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from import_export import resources, widgets
from import_export.fields import Field
from import_export.formats import base_formats
from tablib import Dataset

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import SETTINGS, change_settings, open_review

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
YES, NO = {"yes", "1", "true"}, {"no", "0", "false"}


class _Harmless(base_formats.TablibFormat):  # type: ignore[misc]
    """Writes a cell that starts like a formula as text, by an apostrophe that the import takes off again."""

    def _escape_formulae(self, dataset: Dataset) -> None:
        for _row in range(len(dataset)):
            dataset.append([harmless(cell) for cell in dataset.lpop()])


class CSV(_Harmless, base_formats.CSV):  # type: ignore[misc]
    """CSV without formulas."""


class XLSX(_Harmless, base_formats.XLSX):  # type: ignore[misc]
    """An Excel table without formulas."""


FORMATS = [CSV, XLSX]


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet shows as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_typed(cell: object) -> str:
    """Return a cell as text: an empty one as "", a whole number without decimals, a formula unmarked."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


class Changes:
    """Shows a row of the preview: the new value, and the old one struck out where it differs."""

    def __init__(self, resource: Any, instance: Model, new: bool) -> None:
        self.before = [] if new else _values(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: Any, instance: Model) -> None:
        self.after = _values(resource, instance)

    def as_html(self) -> list[SafeString]:
        before = self.before or [""] * len(self.after)
        return [_change(old, new) for old, new in zip(before, self.after, strict=True)]


def _values(resource: Any, instance: Model) -> list[str]:
    return [str(field.export(instance)) for field in resource.get_import_fields()]


def _change(old: str, new: str) -> SafeString:
    if old == new:
        return format_html("{}", new)
    return format_html("<del>{}</del> <ins>{}</ins>", old, new) if old else format_html("<ins>{}</ins>", new)


class ReviewWidget(widgets.ForeignKeyWidget):  # type: ignore[misc]
    """A review by its address."""

    def __init__(self) -> None:
        super().__init__(Review, "slug")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Review:
        review = Review.objects.filter(slug=value).first()
        if review is None:
            raise ValueError(_("There is no review with the address “%s”.") % value)
        return review


class YesNo(widgets.Widget):  # type: ignore[misc]
    """Yes or no; a blank is neither."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        word = str(value).lower()
        if word not in YES | NO:
            raise ValueError(_("“%s” is neither yes nor no.") % value)
        return word in YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "yes" if value else "no"


class WholeNumber(widgets.Widget):  # type: ignore[misc]
    """A whole number; a blank is unknown."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        if not value:
            return None
        if not str(value).isdecimal():
            raise ValueError(_("“%s” is not a whole number.") % value)
        return int(value)


class ServiceResource(resources.ModelResource):  # type: ignore[misc]
    """Rows found by their natural key and written by a service, which may refuse them with a sentence.

    A subclass says how a row is found and how it is written; nothing is ever deleted. The preview runs the
    same services in a transaction that is rolled back.
    """

    class Meta:
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def find(self, row: dict[str, str]) -> Model | None:
        """Return what the row's natural key names."""
        raise NotImplementedError

    def write(self, *, user: User, row: Any, is_new: bool) -> Model:
        """Store the row through the services and return what was stored."""
        raise NotImplementedError

    def get_diff_class(self) -> type[Changes]:
        return Changes

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        wanted = {self.fields[name].column_name for name in self._meta.import_id_fields}
        lacking = sorted(wanted - set(dataset.headers or []))
        if lacking:
            raise Refused(
                _("The table lacks the column %s, by which its rows are known.") % ", ".join(lacking)
            )

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        for column, cell in row.items():
            row[column] = as_typed(cell)

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Model | None:
        return self.find(row)

    def validate_instance(
        self, instance: Model, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Check the imported columns alone; the services check the rest."""
        errors = dict(import_validation_errors or {})
        imported = {field.attribute for field in self.get_import_fields()} - errors.keys()
        try:
            instance.clean_fields(exclude={field.name for field in instance._meta.fields} - imported)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def save_instance(self, instance: Model, is_create: bool, row: dict[str, str], **kwargs: Any) -> None:
        instance.pk = self.write(user=kwargs["user"], row=instance, is_new=is_create).pk


class UserResource(ServiceResource):
    """People by e-mail address; no passwords, and no rights on the site."""

    is_active = Field(attribute="is_active", column_name="active", widget=YesNo())

    class Meta(ServiceResource.Meta):
        model = User
        fields = ("email", "name", "is_active")
        import_id_fields = ("email",)

    def find(self, row: dict[str, str]) -> User | None:
        return User.objects.filter(email__iexact=row["email"]).first()

    def write(self, *, user: User, row: User, is_new: bool) -> User:
        return write_person(user=user, person=row, is_new=is_new)


class ReviewResource(ServiceResource):
    """Reviews by their address, with question and registration."""

    class Meta(ServiceResource.Meta):
        model = Review
        fields = ("slug", *SETTINGS)
        import_id_fields = ("slug",)

    def find(self, row: dict[str, str]) -> Review | None:
        return Review.objects.filter(slug=row["slug"]).first()

    def write(self, *, user: User, row: Review, is_new: bool) -> Review:
        return write_review(user=user, review=row, is_new=is_new)


def write_person(*, user: User, person: User, is_new: bool) -> User:
    """Store a person; a new one without a password of their own cannot sign in until one is set.

    Refused: deactivating oneself, and an address without a name.
    """
    person.email = person.email.strip().lower()
    if not person.name.strip():
        raise Refused(_("Give the person a name."))
    if person.pk == user.pk and not person.is_active:
        raise Refused(_("You cannot deactivate yourself: ask another administrator of the site."))
    if is_new and not person.password:
        person.set_unusable_password()
    person.save()
    return person


def write_review(*, user: User, review: Review, is_new: bool) -> Review:
    """Store a review's settings through its services; whoever opens a review owns it."""
    opened = open_review(user=user, title=review.title, slug=review.slug) if is_new else review
    return change_settings(
        user=user, review=opened, settings={name: getattr(review, name) for name in SETTINGS}
    )
