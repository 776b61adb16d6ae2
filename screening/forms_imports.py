"""Forms of imports; they check the shape, services check the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import Review
from screening.domain.parsing.columns import FIELDS
from screening.domain.vocabulary import Stage
from screening.models import Search, Source
from screening.queries.imports import ShownColumn
from screening.queries.sources import searches_of, sources_of

N_FILES = 100
"""Files at once; `DATA_UPLOAD_MAX_NUMBER_FILES` ends a request with more before any form sees it."""

FIELD_LABELS = {
    "": _("Not read"),
    "title": _("Title"),
    "authors": _("Authors"),
    "year": _("Year"),
    "journal": _("Journal"),
    "volume": _("Volume"),
    "issue": _("Issue"),
    "pages": _("Pages"),
    "first_page": _("First page"),
    "last_page": _("Last page"),
    "doi": _("DOI"),
    "pmid": _("PMID"),
    "isbn_issn": _("ISSN or ISBN"),
    "abstract": _("Abstract"),
    "keywords": _("Keywords"),
    "url": _("Address"),
    "type": _("Type"),
    "language": _("Language"),
    "accession": _("Accession number"),
    "database": _("Database"),
    "notes": _("Notes"),
}


def field_choices() -> list[tuple[str, str]]:
    """Return what a column can be read as, “not read” first."""
    return [(name, str(FIELD_LABELS.get(name, name))) for name in ("", *FIELDS)]


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more uploaded files; what is wrong with a single one is for the service to say."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class ImportForm(forms.Form):
    """Files of records, and where they come from."""

    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), empty_label=_("Choose a source")
    )
    search = forms.ModelChoiceField(
        label=_("Search"),
        queryset=Search.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("With a search, the hits that it reported are compared with the records in the files."),
    )
    entry = forms.ChoiceField(
        label=_("Records enter"),
        required=False,
        choices=[
            ("", _("As the source says")),
            (Stage.TITLE_ABSTRACT.value, _("At title and abstract")),
            (Stage.FULL_TEXT.value, _("At full text: they were judged on title and abstract elsewhere")),
        ],
        help_text=_(
            "Records of a database or register always start at title and abstract. Those of other methods, "
            "such as an earlier review or reference lists, may skip it: their reports are sought at once."
        ),
    )
    file = ManyFilesField(label=_("Files"), allow_empty_file=True)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources_of(review)  # type: ignore[attr-defined]
        self.fields["search"].queryset = searches_of(review)  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "Exports of databases and reference managers: RIS, PubMed, BibTeX, EndNote, Web of Science, CSV, "
            "Excel and others, or a ZIP of them; at most %(n)d files of %(limit)s each. The format is told "
            "by the content."
        ) % {"n": N_FILES, "limit": filesizeformat(settings.MAX_IMPORT_BYTES)}

    def enters_at_full_text(self) -> bool | None:
        """Return the choice; None leaves it to the source."""
        entry = self.cleaned_data["entry"]
        return entry == Stage.FULL_TEXT if entry else None


class ColumnsForm(forms.Form):
    """What each column of a table is read as; one select per column, by its place."""

    def __init__(self, *args: Any, columns: Sequence[ShownColumn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for place, column in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column.header, choices=field_choices(), required=False, initial=column.field
            )

    def rows(self) -> list[tuple[ShownColumn, forms.BoundField]]:
        """Return the columns with their selects, for a table."""
        return [(column, self[f"column_{place}"]) for place, column in enumerate(self.columns)]

    def chosen(self) -> dict[str, str]:
        """Return the field of each header."""
        return {
            column.header: self.cleaned_data[f"column_{place}"] for place, column in enumerate(self.columns)
        }


class DifferenceForm(forms.Form):
    """Why a search reported another number of hits than was read."""

    difference_note = forms.CharField(
        label=_("Why do the numbers differ?"),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        max_length=2000,
        help_text=_("It stands in the search log beside the numbers."),
        error_messages={"required": _("Write down why the numbers differ.")},
    )

    def note(self) -> str:
        """Return what was written; "" where nothing was asked for or nothing was written."""
        return self.cleaned_data["difference_note"] if self.is_valid() else ""


class WithdrawalForm(forms.Form):
    """Why an import is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=2000,
        required=False,
        help_text=_("Needed as soon as anybody has worked on one of the records."),
    )
