"""Forms, their versions and fields."""

from __future__ import annotations

from django.db.models import QuerySet

from extraction.domain.values import FieldKind, FieldSpec
from extraction.models import Field, Form, FormVersion
from reviewsite.workspace.models import Review


def published_version(form: Form) -> FormVersion | None:
    """Return the newest published version of the form."""
    return form.versions.filter(published_at__isnull=False).order_by("-number").first()


def draft_version(form: Form) -> FormVersion | None:
    """Return the version that is still being written, if there is one."""
    return form.versions.filter(published_at__isnull=True).order_by("-number").first()


def forms_of(review: Review) -> QuerySet[Form]:
    """Return the review's forms with their versions."""
    return Form.objects.filter(review=review).prefetch_related("versions__fields")


def fields_of(version: FormVersion) -> list[Field]:
    """Return the fields of a version in order."""
    return list(version.fields.order_by("position", "pk"))


def spec_of(field: Field) -> FieldSpec:
    """Return the field's definition for the pure domain."""
    return FieldSpec(
        key=field.key,
        label=field.label,
        kind=FieldKind(field.kind),
        choices=tuple(field.choices),
        minimum=field.minimum,
        maximum=field.maximum,
        unit=field.unit,
    )
