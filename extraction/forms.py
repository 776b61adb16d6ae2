"""Forms of the extraction pages; they check shape, the services check rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from extraction.domain.time_points import Duration, Phase, TimePoint, TimeUnit, parse_time
from extraction.models import Arm, ArmGroup, Field, Measurement, Outcome, Study
from extraction.models.protocol import TIME_UNITS
from extraction.queries.entries import MEASURES
from extraction.queries.protocol import groups_of, outcomes_of, plain, time_point_of
from extraction.queries.settled import number_text
from extraction.queries.studies import included_reports, reports_without_study
from extraction.services.drafts import MAX_CHARACTERS, InvalidEntry
from extraction.services.measurements import GivenMeasurement
from reviewsite.workspace.models import Review
from screening.models import Report

NUMBER_INPUT = {"inputmode": "decimal", "autocomplete": "off"}


class StudyForm(forms.Form):
    """Choose reports that form one study, or that join one."""

    reports = forms.ModelMultipleChoiceField(
        queryset=Report.objects.none(), error_messages={"required": _("Choose at least one report.")}
    )
    label = forms.CharField(
        label=_("Label of the new study"),
        max_length=120,
        required=False,
        help_text=_("Left empty: first author and year of the first report chosen."),
    )
    study = forms.ModelChoiceField(
        label=_("Or add them to"), queryset=Study.objects.none(), required=False, empty_label=_("A new study")
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports"].queryset = reports_without_study(review)
        self.fields["study"].queryset = Study.objects.filter(review=review).order_by("number")


class LinkForm(forms.Form):
    """Choose a further report of a study."""

    report = forms.ModelChoiceField(label=_("Report"), queryset=Report.objects.none())

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = study.links.filter(superseded_at__isnull=True).values("report")
        reports = included_reports(study.review).exclude(pk__in=linked).order_by("record__number")
        self.fields["report"].queryset = reports
        self.fields["report"].label_from_instance = lambda report: (
            f"{report.record.number}: {report.record.title[:90]}"
        )


class ArmForm(forms.Form):
    """Add an arm to a study."""

    label = forms.CharField(
        label=_("Label"),
        max_length=120,
        help_text=_("As the report names it; a single-arm series has one arm, the whole cohort."),
    )
    group = forms.ModelChoiceField(
        label=_("Group"),
        queryset=ArmGroup.objects.none(),
        required=False,
        empty_label=_("Not pooled in a group"),
    )
    is_mixed = forms.BooleanField(
        label=_("Mixed: allocated to the more frequent treatment of the arm"), required=False
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups_of(review)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_mixed") and not cleaned.get("group"):
            self.add_error("group", _("Choose the group of the arm's more frequent treatment."))
        return cleaned


class MeasurementForm(forms.Form):
    """One outcome of one arm at one time, typed as the report states it."""

    arm = forms.ChoiceField(label=_("Arm"))
    outcome = forms.ChoiceField(label=_("Outcome"))
    time_label = forms.CharField(
        label=_("Time as stated"),
        max_length=MAX_CHARACTERS["time_label"],
        help_text=_("In the words of the report, for example “preoperative” or “6 weeks”."),
    )
    phase = forms.ChoiceField(
        label=_("Phase"),
        required=False,
        choices=[("", _("Read from the words above")), *Measurement.Phase.choices],
    )
    time = forms.DecimalField(label=_("Time"), required=False, min_value=0, max_digits=12, decimal_places=4)
    time_until = forms.DecimalField(
        label=_("Until"), required=False, min_value=0, max_digits=12, decimal_places=4
    )
    time_unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[("", "–"), *TIME_UNITS])
    is_last_follow_up = forms.BooleanField(label=_("It is the last follow-up"), required=False)
    is_change = forms.BooleanField(label=_("The numbers are changes from baseline"), required=False)
    is_subset = forms.BooleanField(
        label=_("Only part of the arm was measured"),
        help_text=_("Then the size of the arm never stands in for the patients analysed."),
        required=False,
    )
    detail = forms.CharField(
        label=_("Detail"),
        max_length=MAX_CHARACTERS["detail"],
        required=False,
        help_text=_("Only to tell apart several measurements at one time, for example “at rest”."),
    )
    page = forms.CharField(label=_("Page"), max_length=MAX_CHARACTERS["page"], required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=MAX_CHARACTERS["source"],
        required=False,
        help_text=_("For example “Table 2” or an address."),
    )
    quote = forms.CharField(label=_("Quote"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = [("", _("Choose …"))]
        self.fields["arm"].choices = [*blank, *Arm.objects.filter(study=study).values_list("key", "label")]
        outcomes = outcomes_of(study.review)
        self.fields["outcome"].choices = [*blank, *((each.key, _with_scale(each)) for each in outcomes)]
        labels = {each.name: each.verbose_name for each in Measurement._meta.get_fields() if each.concrete}
        for spec in MEASURES:
            field = forms.CharField(
                label=str(labels[spec.key]).capitalize() if labels[spec.key].islower() else labels[spec.key],
                required=False,
                max_length=MAX_CHARACTERS.get(spec.key, 40),
            )
            if spec.key != "as_reported":
                field.widget.attrs |= NUMBER_INPUT
            self.fields[spec.key] = field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["time_point"] = None
        if any(cleaned.get(name) not in (None, "", False) for name in TIME_FIELDS):
            try:
                cleaned["time_point"] = self._stated_time(cleaned)
            except ValueError as error:
                self.add_error("time", str(error))
        return cleaned

    def _stated_time(self, cleaned: dict[str, Any]) -> TimePoint | None:
        if not cleaned.get("phase"):
            self.add_error("phase", _("Say whether the time lies before or after the intervention."))
            return None
        time, until, unit = cleaned.get("time"), cleaned.get("time_until"), cleaned.get("time_unit")
        if time is not None and not unit:
            self.add_error("time_unit", _("Choose the unit of the time."))
            return None
        return TimePoint(
            label=cleaned.get("time_label", ""),
            phase=Phase(cleaned["phase"]),
            time=Duration(time, TimeUnit(unit)) if time is not None else None,
            until=Duration(until, TimeUnit(unit)) if until is not None and unit else None,
            is_last_follow_up=cleaned.get("is_last_follow_up", False),
        )

    def given(self) -> GivenMeasurement:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        names = (
            "arm", "outcome", "time_label", "time_point", "detail", "is_change", "is_subset", "quote", "page",
            "source", "note",
        )  # fmt: skip
        return GivenMeasurement(
            numbers={spec.key: data[spec.key] for spec in MEASURES}, **{name: data[name] for name in names}
        )

    def take_errors(self, errors: InvalidEntry) -> None:
        """Put the service's sentences beside their fields."""
        for (name, _slot), sentence in errors.errors.items():
            self.add_error(name if name in self.fields else None, sentence)


TIME_FIELDS = ("phase", "time", "time_until", "time_unit", "is_last_follow_up")


def initial_of(measurement: Measurement) -> dict[str, Any]:
    """Return a stored measurement as the form's start; a time that its words give is left to them."""
    texts = ("time_label", "detail", "page", "source", "quote", "note", "is_change", "is_subset")
    initial: dict[str, Any] = {name: getattr(measurement, name) for name in texts}
    initial |= {"arm": measurement.arm.key, "outcome": measurement.outcome.key}
    initial |= {spec.key: number_text(measurement, spec.key) for spec in MEASURES}
    if parse_time(measurement.time_label) != time_point_of(measurement):
        initial |= {name: getattr(measurement, name) for name in TIME_FIELDS}
        for name in ("time", "time_until"):
            initial[name] = plain(initial[name]) if initial[name] is not None else None
    return initial


def _with_scale(outcome: Outcome) -> str:
    if outcome.scale_min is None or outcome.scale_max is None:
        return outcome.label
    return f"{outcome.label} ({plain(outcome.scale_min):f}–{plain(outcome.scale_max):f})"


class AcceptForm(forms.Form):
    """Say why one entry is enough."""

    rationale = forms.CharField(
        label=_("Why is one entry enough for this study?"), widget=forms.Textarea(attrs={"rows": 2})
    )


class _KeyedForm(forms.Form):
    """A form with a key that follows from the label when it is left empty."""

    key_length = 40

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("key"):
            cleaned["key"] = slugify(cleaned.get("label", "")).replace("-", "_")[: self.key_length]
        if not cleaned["key"] and not self.errors:
            self.add_error("key", _("Give a key of letters and digits."))
        return cleaned


class GroupForm(_KeyedForm):
    """Add a group of arms that are pooled together."""

    label = forms.CharField(label=_("Label"), max_length=120)
    key = forms.SlugField(
        label=_("Key"), max_length=40, required=False, help_text=_("A short name for tables and exports.")
    )


class OutcomeForm(_KeyedForm):
    """Add an outcome."""

    label = forms.CharField(label=_("Label"), max_length=200)
    key = forms.SlugField(
        label=_("Key"), max_length=40, required=False, help_text=_("A short name for tables and exports.")
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    scale_min = forms.DecimalField(label=_("Lowest score"), max_digits=12, decimal_places=4, required=False)
    scale_max = forms.DecimalField(
        label=_("Highest score"),
        max_digits=12,
        decimal_places=4,
        required=False,
        help_text=_("Scores on another range are converted to this one; the original is kept."),
    )
    better = forms.ChoiceField(
        label=_("Direction"), choices=Outcome.Better.choices, initial=Outcome.Better.NEITHER
    )
    pooling = forms.ChoiceField(label=_("Pooled"), choices=Outcome.Pooling.choices)
    important_change = forms.DecimalField(
        label=_("Clinically important change"), max_digits=12, decimal_places=4, required=False
    )
    important_change_source = forms.CharField(
        label=_("Source of that change"), max_length=300, required=False
    )


class NewFormForm(forms.Form):
    """Start an extraction form."""

    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.SlugField(
        label=_("Address"), max_length=40, required=False, help_text=_("Left empty: made from the title.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["slug"] = cleaned.get("slug") or slugify(cleaned.get("title", ""))[:40]
        if not cleaned["slug"] and not self.errors:
            self.add_error("slug", _("Give an address of letters, digits and hyphens."))
        return cleaned


class FieldForm(_KeyedForm):
    """Add a field to a form's draft."""

    key_length = 60

    label = forms.CharField(label=_("Question"), max_length=200)
    key = forms.SlugField(
        label=_("Key"), max_length=60, required=False, help_text=_("Left empty: made from the question.")
    )
    section = forms.CharField(label=_("Section"), max_length=120, required=False)
    help = forms.CharField(label=_("Help"), max_length=400, required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=Field.Kind.choices)
    scope = forms.ChoiceField(label=_("Asked"), choices=Field.Scope.choices)
    choices = forms.CharField(
        label=_("List, one choice per line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only for the type “one of a list”."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    minimum = forms.DecimalField(label=_("Lowest value"), max_digits=14, decimal_places=4, required=False)
    maximum = forms.DecimalField(label=_("Highest value"), max_digits=14, decimal_places=4, required=False)
    summary = forms.ChoiceField(label=_("Summary in tables"), choices=Field.Summary.choices)
    is_arm_size = forms.BooleanField(label=_("This is the size of the arm"), required=False)
    denominator_key = forms.SlugField(
        label=_("Key of the field it is divided by"), max_length=60, required=False
    )
    denominator_unit = forms.CharField(
        label=_("What that field counts"),
        max_length=40,
        required=False,
        help_text=_("For example patients or levels; different units are never added up."),
    )
    partition = forms.CharField(
        label=_("Part of"),
        max_length=60,
        required=False,
        help_text=_("Counts with the same word here add up to the whole, for example “sex”."),
    )

    def clean_choices(self) -> list[str]:
        """Return the choices once each, in order, without blank lines."""
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))
