"""What the pages of synthesis may be asked for; only listed values pass."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import Review
from screening.models import Source
from synthesis.domain.pooling import Scheme
from synthesis.domain.reported import Mark
from synthesis.queries.boxes import BoxFilter, reasons_of

SCHEME_LABELS = {
    Scheme.STRICT: _("Strict: only patients analysed at that time"),
    Scheme.ENROLLED_FALLBACK: _("Where the number analysed is not reported, the number enrolled"),
}
MARK_LABELS = {
    Mark.REPRODUCED: _("Reproduced"),
    Mark.DIFFERENT: _("Different"),
    Mark.NOT_DERIVABLE: _("Not derivable"),
}


class SchemeForm(forms.Form):
    """The weight of a row that does not state how many patients were analysed."""

    scheme = forms.ChoiceField(choices=list(SCHEME_LABELS.items()), required=False)

    def chosen(self) -> Scheme | None:
        """Return the scheme asked for, strict if none is; None for a word that is no scheme."""
        if not self.is_valid():
            return None
        return Scheme(self.cleaned_data["scheme"] or Scheme.STRICT)


class MarkForm(forms.Form):
    """The mark by which printed numbers are narrowed."""

    mark = forms.ChoiceField(choices=list(MARK_LABELS.items()), required=False)

    def chosen(self) -> Mark | None:
        """Return the mark asked for; None for all of them and for a word that is no mark."""
        return Mark(self.cleaned_data["mark"]) if self.is_valid() and self.cleaned_data["mark"] else None


class BoxFilterForm(forms.Form):
    """A source of the review and a reason of the box by which its list is narrowed."""

    source = forms.ModelChoiceField(queryset=Source.objects.none(), to_field_name="key", required=False)
    reason = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, review: Review, box: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(review=review)  # type: ignore[attr-defined]
        self.fields["reason"].choices = [(label, label) for label in reasons_of(review, box)]  # type: ignore[attr-defined]

    def chosen(self) -> BoxFilter | None:
        """Return the filter; None where a value is neither a source of the review nor a reason of the box."""
        if not self.is_valid():
            return None
        return BoxFilter(self.cleaned_data["source"], self.cleaned_data["reason"])
