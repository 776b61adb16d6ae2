"""Forms of protocol, sources and lists; they check the shape, services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import Review
from reviewsite.workspace.services.reviews import SETTINGS
from screening.domain.strategy import StrategyLine, UnreadableStrategy, read_strategy, write_strategy
from screening.domain.vocabulary import Stage, Status
from screening.models import Criterion, ImportBatch, Search, Source, StagePolicy, UnlistedGroup
from screening.models.choices import STATUS_CHOICES
from screening.queries.imports import imported_batches
from screening.queries.records import Order, RecordFilter, Standing
from screening.queries.sources import sources_of

ANY = ("", _("Any"))
STATUS_AT_TITLE_ABSTRACT = {Status.AWAITING, Status.CONFLICT, Status.INCLUDED, Status.EXCLUDED}
STANDING_CHOICES = [
    (Standing.UNIQUE.value, _("Not a duplicate")),
    (Standing.DUPLICATE.value, _("Duplicate of another record")),
    (Standing.GROUPED.value, _("In a group of duplicates")),
]
ORDER_CHOICES = [
    (Order.NUMBER.value, _("Number")),
    (Order.TITLE.value, _("Title")),
    (Order.NEWEST.value, _("Newest first")),
    (Order.OLDEST.value, _("Oldest first")),
]


def _lines(n_rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": n_rows, "dir": "auto"})


class SettingsForm(forms.ModelForm[Review]):
    """The question, PICO and registration of a review."""

    registration_url = forms.URLField(
        label=_("Registration link"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Review
        fields = list(SETTINGS)
        widgets = {
            name: _lines(2) for name in ("question", "population", "intervention", "comparison", "outcomes")
        }


class WordingForm(forms.Form):
    """What a criterion says."""

    text = forms.CharField(label=_("Wording"), widget=_lines(3), max_length=2000)


class CriterionForm(WordingForm):
    """A new criterion."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Criterion.Kind.choices, widget=forms.RadioSelect)
    field_order = ["kind", "text"]


class ReasonForm(forms.Form):
    """The name of an exclusion reason."""

    label = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("As the flow diagram will print it, for example “Wrong population”."),
    )


class PolicyForm(forms.ModelForm[StagePolicy]):
    """The rules of a stage."""

    n_reviewers = forms.TypedChoiceField(
        label=_("Reviewers per record"), choices=[(1, "1"), (2, "2"), (3, "3")], coerce=int
    )

    class Meta:
        model = StagePolicy
        fields = ["n_reviewers", "unsure", "rule", "shows_decisions", "may_resolve_own", "note"]
        widgets = {"note": _lines(3)}
        help_texts = {
            "rule": _(
                "Two reviewers must both agree; the other rules are for three. What is not agreed opens a "
                "conflict."
            ),
            "note": _("Needed once the review holds records: it is part of the protocol's history."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.stage == Stage.FULL_TEXT:
            # A full text is included or excluded: there is no “maybe” to have a rule for.
            self.fields["unsure"].widget = forms.HiddenInput()


class SourceForm(forms.ModelForm[Source]):
    """A place that records come from."""

    class Meta:
        model = Source
        fields = ["name", "kind", "platform", "enters_at_full_text", "note"]
        widgets = {"note": _lines(3)}
        help_texts = {
            "name": _("As the flow diagram will print it, for example “MEDLINE”."),
            "kind": _("Databases and registers form one column of the flow, everything else the other."),
            "platform": _("For example Ovid or Elsevier."),
            "enters_at_full_text": _(
                "Only for other methods, such as the reports of an earlier review. Each import of this "
                "source starts with this and may choose otherwise; imports that are there keep theirs."
            ),
        }


class SearchForm(forms.ModelForm[Search]):
    """One run of one strategy, with the strategy as numbered lines."""

    strategy = forms.CharField(
        label=_("Strategy"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "strategy-text"}),
        help_text=_(
            "One line each, with its hits after a bar: “1. exp Vertebroplasty/ | 31,439”. Leave the hits out "
            "where they are not reported."
        ),
    )
    field_order = ["searched_on", "covers", "strategy", "limits", "n_hits_reported", "note"]

    class Meta:
        model = Search
        fields = ["searched_on", "covers", "limits", "n_hits_reported", "note"]
        widgets = {
            "searched_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "limits": _lines(2),
            "note": _lines(3),
        }
        help_texts = {
            "covers": _("For example 2000 to October 2014."),
            "note": _("If the hits reported and the records read differ, say why here."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            held = [StrategyLine(line.number, line.text, line.n_hits) for line in self.instance.lines.all()]
            self.fields["strategy"].initial = write_strategy(held)

    def clean_strategy(self) -> list[tuple[int, str, int | None]]:
        try:
            lines = read_strategy(self.cleaned_data["strategy"])
        except UnreadableStrategy as error:
            raise forms.ValidationError(str(error)) from None
        return [(line.number, line.text, line.n_hits) for line in lines]


class UnlistedGroupForm(forms.ModelForm[UnlistedGroup]):
    """Records known only as a total."""

    n = forms.IntegerField(label=_("Records"), min_value=1)
    provenance = forms.ChoiceField(
        label=_("Provenance"),
        choices=[
            (UnlistedGroup.Provenance.REPORTED.value, _("Reported: a document states this number")),
            (UnlistedGroup.Provenance.INFERRED.value, _("Inferred: worked out from other numbers")),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = UnlistedGroup
        fields = ["box", "n", "reason", "provenance", "note"]
        widgets = {"note": _lines(3)}
        help_texts = {
            "reason": _("For example the exclusion reason that the report gives."),
            "note": _("Where the number stands, or how it was worked out."),
        }


class RecordFilterForm(forms.Form):
    """What the list of records is narrowed to; what is not offered is ignored."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), required=False, empty_label=ANY[1]
    )
    batch = forms.ModelChoiceField(
        label=_("Import"), queryset=ImportBatch.objects.none(), required=False, empty_label=ANY[1]
    )
    standing = forms.ChoiceField(label=_("Duplicates"), choices=[ANY, *STANDING_CHOICES], required=False)
    title_abstract = forms.ChoiceField(
        label=_("Title and abstract"),
        choices=[ANY, *((code, name) for code, name in STATUS_CHOICES if code in STATUS_AT_TITLE_ABSTRACT)],
        required=False,
    )
    full_text = forms.ChoiceField(label=_("Full text"), choices=[ANY, *STATUS_CHOICES], required=False)
    order = forms.ChoiceField(label=_("Order"), choices=ORDER_CHOICES, required=False)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources_of(review)  # type: ignore[attr-defined]
        self.fields["batch"].queryset = imported_batches(review)  # type: ignore[attr-defined]

    def chosen(self) -> RecordFilter:
        """Return the filter; a value that is not offered narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return RecordFilter(
            text=given.get("q", ""),
            source=given.get("source"),
            batch=given.get("batch"),
            standing=Standing(given["standing"]) if given.get("standing") else None,
            title_abstract=Status(given["title_abstract"]) if given.get("title_abstract") else None,
            full_text=Status(given["full_text"]) if given.get("full_text") else None,
            order=Order(given.get("order") or Order.NUMBER),
        )


class SameRecordForm(forms.Form):
    """Another record that is the same as this one."""

    number = forms.IntegerField(
        label=_("Number of the other record"),
        min_value=1,
        help_text=_("The two form a group; the decisions on the one that steps back stay in its history."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=_lines(2))
