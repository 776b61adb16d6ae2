"""Forms of the import of decisions made elsewhere; they check the shape, services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reviewsite.workspace.models import Review
from screening.domain.normalise import words
from screening.domain.vocabulary import Stage, Verdict
from screening.models import DecisionImport, ImportBatch
from screening.models.choices import STAGE_CHOICES
from screening.queries.imports import imported_batches
from screening.queries.prior_decisions import screeners_of
from screening.queries.protocol import reasons_of
from screening.services.prior_decisions import LEFT_OUT, OUTCOME

IN_THE_FILE, NOBODY = "file", "nobody"
LIST_CHOICES = [
    (IN_THE_FILE, _("The decisions stand in the file")),
    (Verdict.INCLUDE.value, _("One list: every record was included or went on to full text")),
    (Verdict.EXCLUDE.value, _("One list: every record was excluded or irrelevant")),
    (Verdict.UNSURE.value, _("One list: every record is a “Maybe”")),
]


class DecisionFileForm(forms.Form):
    """A file with decisions, or a batch that came from such a file, and the stage that they are about."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".ris,.txt,.csv,.tsv,.xlsx"}),
    )
    batch = forms.ModelChoiceField(
        label=_("Or the file of an import of records"),
        queryset=ImportBatch.objects.none(),
        required=False,
        empty_label=_("None: a file is uploaded"),
        help_text=_("For a file whose records are in the review already."),
    )
    stage = forms.ChoiceField(
        label=_("Stage of the decisions"), choices=STAGE_CHOICES, widget=forms.RadioSelect
    )
    whole_list = forms.ChoiceField(
        label=_("Where the decisions stand"),
        choices=LIST_CHOICES,
        initial=IN_THE_FILE,
        widget=forms.RadioSelect,
        help_text=_(
            "Covidence exports one file for each list, and the file does not say which: say what it is."
        ),
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].queryset = imported_batches(review)  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "An export of ASReview, Rayyan, Covidence or this workbench, or a table with the columns record, "
            "doi, pmid or title and year, then reviewer, decision and reason; at most %s."
        ) % filesizeformat(settings.MAX_IMPORT_BYTES)

    def clean_file(self) -> UploadedFile | None:
        """Refuse a file that is too large before it is read into memory."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and file.size is not None and file.size > settings.MAX_IMPORT_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s; the limit is %(limit)s."),
                params={
                    "size": filesizeformat(file.size),
                    "limit": filesizeformat(settings.MAX_IMPORT_BYTES),
                },
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two: an upload or a batch."""
        cleaned = super().clean() or self.cleaned_data
        if "file" in self.errors or "batch" in self.errors:
            return cleaned
        if not cleaned.get("file") and not cleaned.get("batch"):
            self.add_error("file", _("Choose a file, or an import of records below."))
        elif cleaned.get("file") and cleaned.get("batch"):
            self.add_error("batch", _("Choose either a file or an import of records, not both."))
        return cleaned

    def chosen_list(self) -> Verdict | None:
        """Return the decision of a list of which every record has the same."""
        word = self.cleaned_data["whole_list"]
        return None if word == IN_THE_FILE else Verdict(word)


class SelectWithoutDemand(forms.Select):
    """A list from which the browser must not demand a choice."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class ReasonChoice(forms.ChoiceField):
    """A reason that is needed where a decision with it is taken, which the service knows."""

    widget = SelectWithoutDemand

    def validate(self, value: Any) -> None:
        """Leave it to the service whether the choice is needed; refuse what is not offered."""
        if value:
            super().validate(value)


class DecisionImportForm(forms.Form):
    """Whose the decisions of a file are, and what its reasons are called in this review."""

    def __init__(self, *args: Any, imported: DecisionImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names: list[str] = []
        self.labels: list[str] = []
        members = list(screeners_of(imported.review))
        for counted in imported.found.get("people", []):
            self._add_person(counted, members)
        if imported.stage == Stage.FULL_TEXT:
            in_use = list(reasons_of(imported.review))
            for counted in imported.found.get("reasons", []):
                self._add_reason(counted, in_use)

    def people(self) -> dict[str, str]:
        """Return whose the decisions behind each name are."""
        chosen = {name: self.cleaned_data[f"person_{at}"] for at, name in enumerate(self.names)}
        return {name: LEFT_OUT if choice == NOBODY else choice for name, choice in chosen.items()}

    def reasons(self) -> dict[str, str]:
        """Return the id of the review's reason for each reason of the file; '' where none is chosen."""
        return {label: self.cleaned_data[f"reason_{at}"] for at, label in enumerate(self.labels)}

    def _add_person(self, counted: dict[str, Any], members: list[Any]) -> None:
        name = counted["name"]
        same = [member for member in members if words(name) and words(member.name) == words(name)]
        self.fields[f"person_{len(self.names)}"] = forms.ChoiceField(
            label=_t("“%s” in the file is") % name if name else _t("The labels without a name are"),
            choices=[
                (NOBODY, _("Nobody here: leave them out")),
                *((str(member.pk), str(member)) for member in members),
                (OUTCOME, _("An outcome that nobody here decided")),
            ],
            initial=str(same[0].pk) if len(same) == 1 else NOBODY,
            help_text=_counts(counted),
        )
        self.names.append(name)

    def _add_reason(self, counted: dict[str, Any], in_use: list[Any]) -> None:
        label = counted["label"]
        same = [reason for reason in in_use if words(label) and words(reason.label) == words(label)]
        self.fields[f"reason_{len(self.labels)}"] = ReasonChoice(
            label=_t("“%s” in the file is") % label if label else _t("Exclusions without a reason are"),
            choices=[
                ("", _("Choose a reason")),
                *((str(reason.pk), reason.label) for reason in in_use),
            ],
            initial=str(same[0].pk) if len(same) == 1 else "",
            help_text=ngettext("%d exclusion", "%d exclusions", counted["n"]) % counted["n"],
        )
        self.labels.append(label)


def _counts(counted: dict[str, Any]) -> str:
    return _t(
        "%(n)d decisions in the file; %(placed)d can be taken: %(include)d include, %(exclude)d exclude, "
        "%(unsure)d maybe."
    ) % {
        "n": counted["n"],
        "placed": counted["n_placed"],
        "include": counted["include"],
        "exclude": counted["exclude"],
        "unsure": counted["unsure"],
    }
