"""Site administration of the protocol and the search log; every change goes through the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.admin import ServiceAdmin, WithHistory
from reviewsite.workspace.models import User
from screening.models import Criterion, ExclusionReason, Search, Source
from screening.resources import (
    CriterionResource,
    ExclusionReasonResource,
    SearchResource,
    SourceResource,
    strategy_of,
    wording_of,
    write_criterion,
    write_reason,
    write_search,
    write_source,
)


class OfOneReview(ServiceAdmin):
    """What belongs to one review stays in it."""

    list_filter: Any = ("review",)
    list_select_related: Any = ("review",)
    fixed: tuple[str, ...] = ("review",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.fixed if obj else ()


class CriterionForm(forms.ModelForm):
    """A criterion with its wording, of which older ones stay on record."""

    wording = forms.CharField(label=_("wording"), widget=forms.Textarea)

    class Meta:
        model = Criterion
        fields = ("review", "kind", "is_archived")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["wording"] = wording_of(self.instance)

    def save(self, commit: bool = True) -> Criterion:
        self.instance.wording = self.cleaned_data["wording"]
        return super().save(commit=False)


@admin.register(Criterion)
class CriterionAdmin(OfOneReview):
    """Eligibility criteria."""

    resource_classes = [CriterionResource]
    form = CriterionForm
    fixed = ("review", "kind")
    fields = ("review", "kind", "wording", "is_archived")
    list_display = ("review", "kind", "position", "worded", "is_archived")
    list_display_links = ("worded",)

    @admin.display(description=_("wording"))
    def worded(self, criterion: Criterion) -> str:
        return wording_of(criterion)

    def write(self, *, user: User, row: Criterion, is_new: bool) -> Criterion:
        return write_criterion(user=user, criterion=row, is_new=is_new)


@admin.register(ExclusionReason)
class ExclusionReasonAdmin(OfOneReview, WithHistory):
    """Exclusion reasons: renaming keeps what was excluded for them."""

    resource_classes = [ExclusionReasonResource]
    fixed = ("review", "code")
    fields = ("review", "code", "label", "is_archived")
    list_display = ("label", "code", "review", "is_archived")

    def write(self, *, user: User, row: ExclusionReason, is_new: bool) -> ExclusionReason:
        return write_reason(user=user, reason=row, is_new=is_new)


@admin.register(Source)
class SourceAdmin(OfOneReview, WithHistory):
    """Sources of records."""

    resource_classes = [SourceResource]
    fixed = ("review", "key")
    fields = ("review", "key", "name", "kind", "platform", "enters_at_full_text", "note")
    list_display = ("name", "key", "kind", "review")

    def write(self, *, user: User, row: Source, is_new: bool) -> Source:
        return write_source(user=user, source=row, is_new=is_new)


class SearchForm(forms.ModelForm):
    """A search with its strategy, one numbered line per line."""

    strategy = forms.CharField(
        label=_("strategy"),
        widget=forms.Textarea,
        required=False,
        help_text=_("One line per line, with hits after a bar: 1. exp Vertebroplasty/ | 31,439"),
    )

    class Meta:
        model = Search
        fields = ("source", "searched_on", "covers", "limits", "n_hits_reported", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["strategy"] = strategy_of(self.instance)

    def save(self, commit: bool = True) -> Search:
        self.instance.strategy = self.cleaned_data["strategy"]
        self.instance.review = self.instance.source.review
        return super().save(commit=False)


@admin.register(Search)
class SearchAdmin(OfOneReview, WithHistory):
    """Searches with their strategies; blank hits mean not reported."""

    resource_classes = [SearchResource]
    form = SearchForm
    fixed = ("source",)
    fields = ("source", "searched_on", "covers", "limits", "n_hits_reported", "strategy", "note")
    list_display = ("source", "searched_on", "n_hits_reported", "review")
    list_select_related = ("source", "review")

    def write(self, *, user: User, row: Search, is_new: bool) -> Search:
        return write_search(user=user, search=row, is_new=is_new)
