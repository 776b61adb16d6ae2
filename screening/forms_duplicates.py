"""Forms of the review of duplicates; they check the shape, services check the rules."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import Review
from screening.models import DuplicateJudgement
from screening.services.possible_duplicates import Band

SALT = "duplicates.band"
HOURS = 12
Verdict = DuplicateJudgement.Verdict


class AnswerForm(forms.Form):
    """What a person says of a pair; `skip` puts it at the end."""

    answer = forms.ChoiceField(choices=[*Verdict.choices, ("skip", _("Skip"))])
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)


class CompareAgainForm(forms.Form):
    """How all records are compared again."""

    joins_cochrane_updates = forms.BooleanField(
        label=_("Count the updates of a Cochrane review as one publication"),
        required=False,
        help_text=_("By default each update is a publication of its own. The choice holds for this run."),
    )


class BandForm(forms.Form):
    """Which scores are judged at once, and the seed of the sample that is looked at before."""

    low = forms.FloatField(label=_("Score from"), min_value=0, max_value=1, initial=0.9)
    high = forms.FloatField(label=_("to"), min_value=0, max_value=1, initial=1.0)
    seed = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Refuse a band that ends before it begins; draw a seed where none is given."""
        cleaned: dict[str, Any] = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", _("This score lies below the first one: exchange the two."))
        if cleaned.get("seed") is None:
            cleaned["seed"] = secrets.randbelow(2**31)
        return cleaned


class BulkForm(forms.Form):
    """One answer for all pairs of a band whose sample the person has seen."""

    token = forms.CharField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("All pairs of this band are"), choices=Verdict.choices)
    has_looked = forms.BooleanField(
        label=_("I have compared every pair of the sample and the answer holds for all of them."),
        error_messages={"required": _("Compare the pairs of the sample first, then tick this box.")},
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review

    def clean_token(self) -> Band:
        """Return the band that the token names; refuse one that is not ours, of another review, or old."""
        try:
            kept = signing.loads(self.cleaned_data["token"], salt=SALT, max_age=HOURS * 3600)
        except signing.BadSignature:
            kept = {}
        if kept.get("review") != self.review.pk:
            raise forms.ValidationError(_("This sample is no longer valid: choose the band again."))
        return Band(kept["low"], kept["high"], kept["last"], tuple(kept["sample"]))


def token_of(review: Review, band: Band) -> str:
    """Return the band and its sample, signed, for the form that judges it."""
    kept = {
        "review": review.pk,
        "low": band.low,
        "high": band.high,
        "last": band.last,
        "sample": list(band.sample),
    }
    return signing.dumps(kept, salt=SALT)
