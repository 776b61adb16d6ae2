"""Tables of criteria, exclusion reasons, sources and searches, written through their services."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import DateWidget

from reviewsite.workspace.models import User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.resources import ReviewWidget, ServiceResource, WholeNumber, YesNo
from screening.domain.strategy import StrategyLine, UnreadableStrategy, read_strategy, write_strategy
from screening.models import Criterion, CriterionWording, ExclusionReason, Search, Source
from screening.services.protocol import (
    add_criterion,
    add_exclusion_reason,
    archive_criterion,
    archive_exclusion_reason,
    rename_exclusion_reason,
    reword_criterion,
)
from screening.services.sources import add_source, edit_search, edit_source, record_search


class CriterionResource(ServiceResource):
    """Criteria by review, kind and place; another wording supersedes the older one."""

    review = Field(attribute="review", column_name="review", widget=ReviewWidget())
    position = Field(attribute="position", column_name="position", widget=WholeNumber())
    wording = Field(attribute="wording", column_name="wording", dehydrate_method="worded")
    is_archived = Field(attribute="is_archived", column_name="archived", widget=YesNo())

    class Meta(ServiceResource.Meta):
        model = Criterion
        fields = ("review", "kind", "position", "wording", "is_archived")
        import_id_fields = ("review", "kind", "position")

    def worded(self, criterion: Criterion) -> str:
        return wording_of(criterion)

    def find(self, row: dict[str, str]) -> Criterion | None:
        if not row["position"].isdecimal():
            return None
        criterion = Criterion.objects.filter(
            review__slug=row["review"], kind=row["kind"], position=row["position"]
        ).first()
        if criterion:
            criterion.wording = wording_of(criterion)  # type: ignore[attr-defined]
        return criterion

    def write(self, *, user: User, row: Criterion, is_new: bool) -> Criterion:
        return write_criterion(user=user, criterion=row, is_new=is_new)


class ExclusionReasonResource(ServiceResource):
    """Exclusion reasons by review and code; another label renames, and nothing is deleted."""

    review = Field(attribute="review", column_name="review", widget=ReviewWidget())
    is_archived = Field(attribute="is_archived", column_name="archived", widget=YesNo())

    class Meta(ServiceResource.Meta):
        model = ExclusionReason
        fields = ("review", "code", "label", "is_archived")
        import_id_fields = ("review", "code")

    def find(self, row: dict[str, str]) -> ExclusionReason | None:
        return ExclusionReason.objects.filter(review__slug=row["review"], code=row["code"]).first()

    def write(self, *, user: User, row: ExclusionReason, is_new: bool) -> ExclusionReason:
        return write_reason(user=user, reason=row, is_new=is_new)


class SourceResource(ServiceResource):
    """Sources by review and key."""

    review = Field(attribute="review", column_name="review", widget=ReviewWidget())
    enters_at_full_text = Field(
        attribute="enters_at_full_text", column_name="enters_at_full_text", widget=YesNo()
    )

    class Meta(ServiceResource.Meta):
        model = Source
        fields = ("review", "key", "name", "kind", "platform", "enters_at_full_text", "note")
        import_id_fields = ("review", "key")

    def find(self, row: dict[str, str]) -> Source | None:
        return Source.objects.filter(review__slug=row["review"], key=row["key"]).first()

    def write(self, *, user: User, row: Source, is_new: bool) -> Source:
        return write_source(user=user, source=row, is_new=is_new)


class SearchResource(ServiceResource):
    """Searches by review, source and number, from 1 in each source; blank hits are not reported."""

    review = Field(attribute="review", column_name="review", widget=ReviewWidget())
    source_key = Field(attribute="source_key", column_name="source", dehydrate_method="keyed")
    number = Field(
        attribute="number", column_name="number", widget=WholeNumber(), dehydrate_method="numbered"
    )
    searched_on = Field(attribute="searched_on", column_name="searched_on", widget=DateWidget("%Y-%m-%d"))
    n_hits_reported = Field(attribute="n_hits_reported", column_name="n_hits_reported", widget=WholeNumber())
    strategy = Field(attribute="strategy", column_name="strategy", dehydrate_method="written")

    class Meta(ServiceResource.Meta):
        model = Search
        fields = (
            "review",
            "source_key",
            "number",
            "searched_on",
            "covers",
            "limits",
            "n_hits_reported",
            "strategy",
            "note",
        )
        import_id_fields = ("review", "source_key", "number")

    def keyed(self, search: Search) -> str:
        return search.source.key

    def numbered(self, search: Search) -> int:
        return number_of(search)

    def written(self, search: Search) -> str:
        return strategy_of(search)

    def find(self, row: dict[str, str]) -> Search | None:
        searches = Search.objects.filter(review__slug=row["review"], source__key=row["source"]).order_by("pk")
        number = int(row["number"]) if row["number"].isdecimal() else 0
        search = searches[number - 1 : number].first() if number else None
        if search:
            search.source_key, search.number = row["source"], number  # type: ignore[attr-defined]
            search.strategy = strategy_of(search)  # type: ignore[attr-defined]
        return search

    def write(self, *, user: User, row: Search, is_new: bool) -> Search:
        if is_new:
            row.source = self._source_of_new(row)
        return write_search(user=user, search=row, is_new=is_new)

    def _source_of_new(self, search: Search) -> Source:
        key, number = search.source_key, search.number  # type: ignore[attr-defined]
        source = Source.objects.filter(review=search.review, key=key).first()
        if source is None:
            raise Refused(_("The review has no source with the key “%s”.") % key)
        following = source.searches.count() + 1
        if number != following:
            raise Refused(_("The next search of this source has the number %d.") % following)
        return source


def wording_of(criterion: Criterion) -> str:
    """Return what the criterion says now."""
    held = CriterionWording.objects.open().filter(criterion=criterion).first()
    return held.text if held else ""


def number_of(search: Search) -> int:
    """Return the place of a search among those of its source, from 1."""
    return Search.objects.filter(source=search.source_id, pk__lte=search.pk).count()


def strategy_of(search: Search) -> str:
    """Return the strategy as it is typed."""
    return write_strategy(StrategyLine(line.number, line.text, line.n_hits) for line in search.lines.all())


def write_criterion(*, user: User, criterion: Criterion, is_new: bool) -> Criterion:
    """Store a criterion whose `wording` was typed. Refused: a new one that leaves out a place."""
    review, text = criterion.review, str(getattr(criterion, "wording", "") or "")
    if is_new:
        wanted = criterion.position
        added = add_criterion(user=user, review=review, kind=criterion.kind, text=text)
        if wanted and wanted != added.position:
            raise Refused(
                _("The next criterion of this kind has the position %(next)d, not %(given)d.")
                % {"next": added.position, "given": wanted}
            )
        return added
    stored = Criterion.objects.get(pk=criterion.pk)
    if stored.is_archived and not criterion.is_archived:
        archive_criterion(user=user, review=review, criterion=stored, is_archived=False)
    if text.strip() != wording_of(stored):
        reword_criterion(user=user, review=review, criterion=stored, text=text)
    return archive_criterion(user=user, review=review, criterion=stored, is_archived=criterion.is_archived)


def write_reason(*, user: User, reason: ExclusionReason, is_new: bool) -> ExclusionReason:
    """Store an exclusion reason."""
    review = reason.review
    stored = (
        add_exclusion_reason(user=user, review=review, label=reason.label, code=reason.code)
        if is_new
        else rename_exclusion_reason(user=user, review=review, reason=reason, label=reason.label)
    )
    return archive_exclusion_reason(user=user, review=review, reason=stored, is_archived=reason.is_archived)


def write_source(*, user: User, source: Source, is_new: bool) -> Source:
    """Store a source."""
    typed: dict[str, Any] = {
        "name": source.name,
        "kind": source.kind,
        "platform": source.platform,
        "enters_at_full_text": source.enters_at_full_text,
        "note": source.note,
    }
    if is_new:
        return add_source(user=user, review=source.review, key=source.key, **typed)
    return edit_source(user=user, review=source.review, source=source, **typed)


def write_search(*, user: User, search: Search, is_new: bool) -> Search:
    """Store a search whose `strategy` was typed."""
    try:
        lines = read_strategy(str(getattr(search, "strategy", "") or ""))
    except UnreadableStrategy as error:
        raise Refused(str(error)) from None
    typed: dict[str, Any] = {
        "searched_on": search.searched_on,
        "covers": search.covers,
        "limits": search.limits,
        "n_hits_reported": search.n_hits_reported,
        "note": search.note,
        "lines": [(line.number, line.text, line.n_hits) for line in lines],
    }
    if is_new:
        return record_search(user=user, review=search.review, source=search.source, **typed)
    return edit_search(user=user, review=search.review, search=search, **typed)
