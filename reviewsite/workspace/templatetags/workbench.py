"""The few template helpers that every page may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, Select
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import User
from reviewsite.workspace.queries import people
from reviewsite.workspace.templatetags.looks import Look, look_of

register = template.Library()

ICONS = "vendor/bootstrap-icons-1.13.2/icons.svg"


@dataclass(frozen=True)
class Area:
    """One area of a review: its first page, what one of its visitors needs, and which paths belong to it."""

    label: Promise
    url_name: str
    needs: frozenset[Capability] = frozenset({Capability.VIEW})
    args: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tab:
    """An area as a link of the page's navigation."""

    label: Promise
    url: str
    is_active: bool


# In the order of the work, from the question to the tables.
AREAS = (
    Area(_("Overview"), "review-home"),
    Area(_("Protocol"), "protocol", paths=("protocol/",)),
    Area(_("Sources"), "source-list", paths=("sources/",)),
    Area(
        _("Import"), "import-list", frozenset({Capability.IMPORT}), paths=("imports/", "duplicates/", "jobs/")
    ),
    Area(_("Records"), "record-list", paths=("records/",)),
    Area(
        _("Title/abstract"),
        "screen",
        frozenset({Capability.SCREEN}),
        args=("title-abstract",),
        paths=("screen/title-abstract/",),
    ),
    Area(
        _("Conflicts"),
        "conflict-list",
        frozenset({Capability.ADJUDICATE, Capability.SCREEN}),
        args=("title-abstract",),
        paths=("conflicts/",),
    ),
    Area(_("Full text"), "report-list", paths=("reports/", "screen/full-text/")),
    Area(_("Studies"), "study-list", paths=("studies/", "forms/", "outcomes/")),
    Area(_("Flow"), "flow", paths=("flow/",)),
    Area(_("Tables"), "pooled-tables", paths=("tables/",)),
    Area(_("Reported"), "reported", paths=("reported/",)),
    Area(_("People"), "member-list", paths=("people/", "invitations/")),
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon beside a text that says the same; screen readers skip it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(ICONS),
        name,
    )


@register.simple_tag(takes_context=True)
def review_tabs(context: template.Context) -> list[Tab]:
    """Return the areas that the person may enter, the current one marked."""
    access = context["access"]
    place = context["request"].path_info.removeprefix(f"/reviews/{access.review.slug}/")
    return [
        Tab(
            area.label,
            reverse(area.url_name, args=(access.review.slug, *area.args)),
            place.startswith(area.paths) if area.paths else not place,
        )
        for area in AREAS
        if area.needs & access.capabilities
    ]


@register.filter
def look(status: object) -> Look:
    """Return the icon and the tone of a status code."""
    return look_of(str(status))


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw a field's control in the house style; Django adds the ids of its help and its error."""
    attrs: dict[str, Any] = {
        "class": f"{_control_class(field)} {field.field.widget.attrs.get('class', '')}".strip()
    }
    if field.errors:
        attrs["class"] += " is-invalid"
    return field.as_widget(attrs=attrs)


def _control_class(field: BoundField) -> str:
    if isinstance(field.field.widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(field.field.widget, Select) else "form-control"


@register.filter
def choice_control(choice: BoundWidget) -> SafeString:
    """Draw one tick box or radio button of a field with choices."""
    choice.data["attrs"]["class"] = "form-check-input"
    return choice.tag()


@register.filter
def control_kind(field: BoundField) -> str:
    """Return which of the three layouts a field takes: tick, choices or line."""
    if field.field.widget.use_fieldset:
        return "choices"
    return "tick" if isinstance(field.field.widget, CheckboxInput) else "line"


@register.filter
def has_field_errors(form: BaseForm) -> bool:
    """Say whether an error belongs to a field, not to the form as a whole."""
    return any(name != NON_FIELD_ERRORS for name in form.errors)


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Return the page numbers to show; None stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.simple_tag
def demo_people() -> list[User]:
    """Return the accounts that anybody may enter in demo mode; none outside it."""
    return list(people.demo_people()) if settings.DEMO_MODE else []
