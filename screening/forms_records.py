"""Forms on which a record is entered by hand or corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import Review
from screening.models import Record, Search, Source
from screening.queries.sources import searches_of, sources_of
from screening.services.record_fields import LABELS, is_changed, problems_of, text_of

ROWS = {"title": 2, "authors": 4, "abstract": 8, "keywords": 3}
HELP = {
    "authors": _("One per line: last name, comma, first names or initials. The full name of a group."),
    "year": _("Four digits."),
    "pages": _("For example 123-130 or e12."),
    "doi": _("For example 10.1000/example.1."),
    "pmid": _("The number of the record in PubMed."),
    "keywords": _("One per line."),
    "url": _("Beginning with https:// or http://."),
    "language": _("For example en or German."),
}
TYPES = [
    ("JOUR", _("Journal article")),
    ("ABST", _("Conference abstract")),
    ("CPAPER", _("Conference paper")),
    ("BOOK", _("Book")),
    ("CHAP", _("Chapter of a book")),
    ("THES", _("Thesis")),
    ("RPRT", _("Report")),
    ("UNPB", _("Preprint or unpublished work")),
    ("DBASE", _("Entry of a trial register")),
    ("ELEC", _("Web page")),
    ("GEN", _("Something else")),
]


def _field(name: str) -> forms.CharField:
    shape = {"rows": ROWS[name]} if name in ROWS else {}
    widget = forms.Textarea if shape else forms.TextInput
    attrs = shape | {"dir": "auto", "autocomplete": "off"}
    if name in {"year", "pmid"}:
        attrs["inputmode"] = "numeric"
    return forms.CharField(
        label=LABELS[name],
        required=False,
        strip=False,
        help_text=HELP.get(name, ""),
        widget=widget(attrs=attrs),
    )


class RecordForm(forms.Form):
    """The bibliographic fields as texts; what they mean is for the services to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: _field(name) for name in LABELS}

    def texts(self) -> dict[str, str]:
        """Return what was typed, by field."""
        return {name: self.cleaned_data.get(name, "") for name in LABELS}

    def complain(self, texts: dict[str, str]) -> None:
        """Put what cannot be read at its field."""
        for name, sentence in problems_of(texts).items():
            self.add_error(name, sentence)


class NewRecordForm(RecordForm):
    """A record entered by hand, and where it comes from.

    `shown` names the records that the person has been shown as alike, so that they can go on.
    """

    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), empty_label=_("Choose a source")
    )
    search = forms.ModelChoiceField(
        label=_("Search"),
        queryset=Search.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("With a search, this record counts as one of its hits."),
    )
    enters_at_full_text = forms.BooleanField(
        label=_("Enter at full text, without screening of title and abstract"),
        required=False,
        help_text=_("Only for sources of the other methods, for example an expert or a reference list."),
    )
    shown = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources_of(review)  # type: ignore[attr-defined]
        self.fields["search"].queryset = searches_of(review)  # type: ignore[attr-defined]
        self.fields["type"] = forms.ChoiceField(label=LABELS["type"], choices=TYPES, initial="JOUR")

    def clean(self) -> dict[str, Any]:
        """Read every field."""
        self.complain(self.texts())
        return self.cleaned_data

    def has_been_shown(self, numbers: set[int]) -> bool:
        """Say whether the person has seen all of these records before sending the form again."""
        return numbers <= {int(n) for n in self.cleaned_data["shown"].split() if n.isdecimal()}


class CorrectionForm(RecordForm):
    """The fields of a stored record, the reason for changing them and the version that was seen."""

    reason = forms.CharField(
        label=_("Reason for the correction"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("For example “as printed in the article”. It is part of the record's history."),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        self.held = {name: getattr(record, name) for name in LABELS}
        super().__init__(*args, **kwargs)
        for name, value in self.held.items():
            self.fields[name].initial = text_of(value)

    def clean(self) -> dict[str, Any]:
        """Read the fields that the person changed; what was imported may be less tidy."""
        texts = self.texts()
        self.complain({name: texts[name] for name in LABELS if is_changed(texts[name], self.held[name])})
        return self.cleaned_data


class RestoreForm(forms.Form):
    """A field to bring back as it was imported, and the version of the record that was seen."""

    field = forms.ChoiceField(choices=list(LABELS.items()))
    seen = forms.IntegerField(min_value=0)
