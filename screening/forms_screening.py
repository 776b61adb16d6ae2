"""Forms of screening, conflicts and full texts: they check shapes; the services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage, Verdict
from screening.models import ExclusionReason, RetrievalOutcome
from screening.models.choices import FINAL_VERDICT_CHOICES, VERDICT_CHOICES
from screening.queries.protocol import reasons_of


class ReasonField(forms.ModelChoiceField):
    """One of the review's exclusion reasons in use."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=ExclusionReason.objects.none(), required=False, empty_label=None, **kwargs)

    def offer(self, review: Review) -> None:
        self.queryset = reasons_of(review)


class NeededForExclusion(forms.RadioSelect):
    """Radio buttons of which the browser must not demand one: an inclusion has no reason."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class ResolutionReasonField(ReasonField):
    """The reason where the verdict says whether one is needed, so that it is not called optional."""

    widget = NeededForExclusion

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = True

    def validate(self, value: Any) -> None:
        """Leave it to the form whether a reason is needed."""


class OutcomeForm(forms.Form):
    """A verdict and, for an exclusion at full text, its reason."""

    reason = ReasonField(label=_("Reason for the exclusion"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, review: Review, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        if stage is Stage.FULL_TEXT:
            self.fields["reason"].offer(review)
        else:
            del self.fields["reason"]

    def outcome(self) -> dict[str, Any]:
        """Return verdict and reason for the services; beside an inclusion a reason does not count."""
        verdict = Verdict(self.cleaned_data["verdict"])
        reason = self.cleaned_data.get("reason") if verdict is Verdict.EXCLUDE else None
        return {"verdict": verdict, "reason": reason}


class DecisionForm(OutcomeForm):
    """A reviewer's decision: the buttons carry verdict or reason, the token makes a retry harmless.

    `replaces` is the token of the own decision that the page showed: another tab may have changed it since.
    """

    verdict = forms.ChoiceField(choices=VERDICT_CHOICES, required=False)
    note = forms.CharField(
        label=_("Private note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "form": "decide",
                "data-shortcut": "n",
                "data-shortcut-label": _("Write a note"),
            }
        ),
        help_text=_("Only you see it."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"].replace("\r\n", "\n")
        return note

    def clean(self) -> dict[str, Any]:
        """Read the button of a reason as an exclusion for it."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("verdict") and "verdict" not in self.errors:
            if not cleaned.get("reason"):
                raise forms.ValidationError(_("Choose include or exclude."))
            cleaned["verdict"] = Verdict.EXCLUDE.value
        return cleaned


class ResolutionForm(OutcomeForm):
    """What a conflict ends in, and why."""

    reason = ResolutionReasonField(label=_("Exclusion reason (needed for Exclude)"))
    verdict = forms.ChoiceField(label=_("Outcome"), choices=FINAL_VERDICT_CHOICES, widget=forms.RadioSelect)
    rationale = forms.CharField(
        label=_("Rationale"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the outcome; everybody in the review can read it."),
    )
    field_order = ["verdict", "reason", "rationale"]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason beside its field."""
        cleaned = super().clean() or self.cleaned_data
        is_exclusion = cleaned.get("verdict") == Verdict.EXCLUDE.value
        if (
            is_exclusion
            and "reason" in self.fields
            and not cleaned.get("reason")
            and not self.has_error("reason")
        ):
            self.add_error("reason", _("Choose the reason for the exclusion."))
        return cleaned


class ReopenForm(forms.Form):
    """Why a resolved conflict opens again."""

    rationale = forms.CharField(
        label=_("Why the conflict opens again"), max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RetrievalForm(forms.Form):
    """What came of seeking a full text, and when."""

    status = forms.ChoiceField(
        label=_("Outcome"), choices=RetrievalOutcome.Status.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=_("Date"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the date as year-month-day, for example 2026-03-31.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example where it was sought. Everybody in the review can read it."),
    )


class UploadForm(forms.Form):
    """A full text."""

    file = forms.FileField(
        label=_("Full text (PDF)"),
        allow_empty_file=True,  # The service says in a sentence what is wrong with an empty file.
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("Choose the PDF of the full text.")},
    )
