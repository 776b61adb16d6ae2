"""The form of the export: for which program, in which format, with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.domain.vocabulary import Stage
from screening.domain.writing.layouts import HOLD_DECISIONS, Layout
from screening.forms_setup import RecordFilterForm
from screening.models.choices import STAGE_CHOICES

LAST_STAGE = ("", _("The last stage that each record reached"))
FORMAT_LABELS = {"xlsx": "XLSX", "csv": "CSV", "json": "JSON", "ris": "RIS", "bib": "BibTeX"}


@dataclass(frozen=True)
class Program:
    """What leaves for a program, how it gets in there, and in which formats."""

    key: str
    name: str | Promise
    text: Promise

    @property
    def formats(self) -> list[tuple[str, str]]:
        """Return the layouts of the program, each with the name of its format."""
        return [
            (layout.value, FORMAT_LABELS[layout.extension]) for layout in Layout if layout.program == self.key
        ]


PROGRAMS = (
    Program(
        "complete",
        _("Everything"),
        _(
            "All that the list knows of each record: the reference, its sources and duplicates, and where it "
            "stands. Open XLSX or CSV in a spreadsheet program (the workbook explains its columns), or "
            "import the file into another review here."
        ),
    ),
    Program(
        "endnote",
        "EndNote",
        _(
            "References with abstract; the id is the label, the outcome custom field 1, the rest stands in "
            "the notes. In EndNote: File, Import, File; option “Reference Manager (RIS)”, text translation "
            "“Unicode (UTF-8)”."
        ),
    ),
    Program(
        "zotero",
        "Zotero",
        _(
            "References with abstract and keywords; id, outcome and reason become notes. In Zotero: File, "
            "Import, “A file”."
        ),
    ),
    Program(
        "rayyan",
        "Rayyan",
        _(
            "References with abstract and id, without any outcome, for screening there. In Rayyan: Add "
            "references, from your device."
        ),
    ),
    Program(
        "covidence",
        "Covidence",
        _(
            "References with abstract and id, without any outcome, for screening there. In Covidence: Import "
            "references, RIS text format."
        ),
    ),
    Program(
        "asreview",
        "ASReview",
        _(
            "References with abstract and the outcome of the chosen stage as the label: 1 or relevant for "
            "included, 0 or irrelevant for excluded, none for what is not settled. In ASReview: new project, "
            "add the file as the dataset."
        ),
    ),
    Program(
        "revman",
        "RevMan",
        _(
            "References alone, for the list of studies. In RevMan: References, Import, RIS. Narrow the list "
            "to what was included at full text first."
        ),
    ),
)


@dataclass(frozen=True)
class Choice:
    """What is asked for; `stage` is None for the last one that each record reached."""

    layout: Layout
    stage: Stage | None
    with_duplicates: bool
    with_decisions: bool


@dataclass(frozen=True)
class Narrowing:
    """One choice of the list's filter: its name and value in the address, and both in words."""

    name: str
    value: str
    label: str
    text: str


def narrowings(form: RecordFilterForm) -> list[Narrowing]:
    """Return the choices that narrow or order the list; what is not offered narrows nothing."""
    form.is_valid()
    found = []
    for bound in form:
        chosen = form.cleaned_data.get(bound.name)
        if chosen:
            choices = dict(getattr(bound.field, "choices", ())) if isinstance(chosen, str) else {}
            text = str(choices.get(chosen, chosen))
            found.append(Narrowing(bound.name, str(bound.data), str(bound.label), text))
    return found


class RecordExportForm(forms.Form):
    """What goes into the file; the layout is chosen with the button that is pressed."""

    layout = forms.ChoiceField(
        choices=[(layout.value, layout.value) for layout in Layout], widget=forms.HiddenInput
    )
    stage = forms.ChoiceField(
        label=_("Outcome to label"),
        choices=[LAST_STAGE, *STAGE_CHOICES],
        required=False,
        help_text=_(
            "RIS, BibTeX and ASReview’s table have room for one outcome per record; XLSX, CSV, JSON for all."
        ),
    )
    duplicates = forms.BooleanField(
        label=_("Duplicates too"),
        required=False,
        help_text=_("Otherwise one record stands for its group, with the sources of all."),
    )
    decisions = forms.BooleanField(
        label=_("Decisions of single reviewers, with names"),
        required=False,
        help_text=_(
            "Your own, and those of others where the record is settled or its conflict open to you. They go "
            "into “Everything”, EndNote and Zotero."
        ),
    )

    def __init__(
        self, *args: Any, has_decisions: bool = True, has_duplicates: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_decisions:
            del self.fields["decisions"]
        if not has_duplicates:
            del self.fields["duplicates"]

    def chosen(self) -> Choice:
        """Return what a valid form asks for; decisions only where the layout has room for them."""
        given = self.cleaned_data
        layout = Layout(given["layout"])
        return Choice(
            layout=layout,
            stage=Stage(given["stage"]) if given["stage"] else None,
            with_duplicates=given["duplicates"],
            with_decisions=given["decisions"] and layout in HOLD_DECISIONS,
        )
