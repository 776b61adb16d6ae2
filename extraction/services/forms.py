"""Extraction forms: fields are added to a draft version; a published version is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from extraction.models import Field, Form, FormVersion
from extraction.queries.forms import draft_version, published_version, spec_of
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business

COUNTED = {Field.Summary.SUM, Field.Summary.RATIO, Field.Summary.COUNT}
"""Summaries of numbers that are zero or more."""


def open_form(*, user: User, review: Review, slug: str, title: str) -> FormVersion:
    """Start a form and return its first version, a draft. Refused: an address that is taken."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        if Form.objects.filter(review=review, slug=slug).exists():
            raise Refused(_("There is a form with the address “%(slug)s”.") % {"slug": slug})
        form = Form.objects.create(review=review, slug=slug, title=title)
        audit(user=user, review=review, action="open_form", subject=f"form:{slug}", title=title)
        return FormVersion.objects.create(form=form, number=1, created_by=user)


def add_field(
    *,
    user: User,
    review: Review,
    version: FormVersion,
    key: str,
    label: str,
    kind: str,
    scope: str = Field.Scope.STUDY,
    section: str = "",
    help: str = "",
    unit: str = "",
    choices: Sequence[str] = (),
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    summary: str = Field.Summary.NONE,
    is_arm_size: bool = False,
    denominator_key: str = "",
    denominator_unit: str = "",
    partition: str = "",
) -> Field:
    """Add a field to a draft version.

    Refused: a published version, a key that is taken, a list without choices, limits in the wrong order, a
    share without a denominator and its unit, a summary of something that is not a number per arm.
    """
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        _refuse_published(version)
        if version.fields.filter(key=key).exists():
            raise Refused(_("The form has a field “%(key)s”: choose another key.") % {"key": key})
        if minimum is None and (is_arm_size or summary in COUNTED):
            minimum = Decimal(0)
        field = Field(
            version=version,
            key=key,
            section=section,
            label=label,
            help=help,
            kind=kind,
            scope=scope,
            unit=unit,
            choices=list(choices),
            minimum=minimum,
            maximum=maximum,
            summary=summary,
            is_arm_size=is_arm_size,
            denominator_key=denominator_key,
            denominator_unit=denominator_unit,
            partition=partition,
            position=(version.fields.aggregate(last=Max("position"))["last"] or 0) + 1,
        )
        _refuse_unusable(field)
        field.save()
        audit(user=user, review=review, action="add_field", subject=f"form:{version.form.slug}", field=key)
        return field


def remove_field(*, user: User, review: Review, field: Field) -> None:
    """Take a field from a draft version, in which nobody has answered it yet."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        _refuse_published(field.version)
        audit(
            user=user,
            review=review,
            action="remove_field",
            subject=f"form:{field.version.form.slug}",
            field=field.key,
        )
        field.delete()


def publish_version(*, user: User, review: Review, version: FormVersion) -> FormVersion:
    """Freeze a version so that entries can use it.

    Denominators are zero or more from then on. Refused: a version without fields, one that is published
    already, a share without its denominator field or with one that is no whole number per arm.
    """
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        _refuse_published(version)
        fields = {field.key: field for field in version.fields.all()}
        if not fields:
            raise Refused(_("The form has no field yet: add one before you publish it."))
        for field in fields.values():
            if field.denominator_key and field.denominator_key not in fields:
                raise Refused(
                    _("“%(field)s” is divided by “%(key)s”, which the form does not have.")
                    % {"field": field.label, "key": field.denominator_key}
                )
            denominator = fields.get(field.denominator_key)
            if denominator and (denominator.kind, denominator.scope) != (Field.Kind.INTEGER, Field.Scope.ARM):
                raise Refused(
                    _("“%(field)s” must be divided by a whole number asked once per arm, not by “%(other)s”.")
                    % {"field": field.label, "other": denominator.label}
                )
        denominators = {field.denominator_key for field in fields.values()}
        version.fields.filter(key__in=denominators, minimum=None).update(minimum=0)
        version.published_at = timezone.now()
        version.save(update_fields=["published_at"])
        audit(
            user=user,
            review=review,
            action="publish_form",
            subject=f"form:{version.form.slug}",
            version=version.number,
        )
        return version


def revise_form(*, user: User, review: Review, form: Form) -> FormVersion:
    """Start the next version of a form with the fields of its published one.

    Studies with entries stay with the version of these. Refused: a form without a published version, or with
    a draft.
    """
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        Form.objects.select_for_update().get(pk=form.pk, review=review)
        published = published_version(form)
        if draft_version(form) is not None or published is None:
            raise Refused(_("This form has a draft already: change and publish that one."))
        version = FormVersion.objects.create(form=form, number=published.number + 1, created_by=user)
        fields = list(published.fields.all())
        for field in fields:
            field.pk = None
            field._state.adding = True
            field.version = version
        Field.objects.bulk_create(fields)
        audit(
            user=user,
            review=review,
            action="revise_form",
            subject=f"form:{form.slug}",
            version=version.number,
        )
        return version


def _refuse_published(version: FormVersion) -> None:
    if version.published_at is not None:
        raise Refused(_("This version of the form is published and can no longer be changed."))


def _refuse_unusable(field: Field) -> None:
    try:
        spec_of(field)
    except ValueError as error:
        raise Refused(str(error)) from None
    is_number = field.kind in {Field.Kind.INTEGER, Field.Kind.NUMBER}
    is_summarised = field.summary != Field.Summary.NONE or field.is_arm_size
    if is_summarised and not (is_number and field.scope == Field.Scope.ARM):
        raise Refused(
            _("“%(label)s” can only be summarised if it is a number asked once per arm.")
            % {"label": field.label}
        )
    if field.is_arm_size and field.kind != Field.Kind.INTEGER:
        raise Refused(_("The size of the arm must be a whole number."))
    needs_denominator = field.summary in {Field.Summary.RATIO, Field.Summary.COUNT}
    if needs_denominator and not (field.denominator_key and field.denominator_unit):
        raise Refused(
            _("“%(label)s” needs the field that it is divided by and what that field counts.")
            % {"label": field.label}
        )
