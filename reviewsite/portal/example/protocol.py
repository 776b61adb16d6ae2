"""Enter what both example reviews share, from the question to the extraction form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from extraction.domain.intervals import Interval
from extraction.domain.time_points import Duration, Phase, TimeUnit
from extraction.models import Field, FormVersion, Outcome
from extraction.services.forms import add_field, open_form, publish_version
from extraction.services.protocol import add_arm_group, add_outcome, set_intervals
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.reviews import change_settings
from screening.domain.vocabulary import AgreementRule, Stage, UnsurePolicy
from screening.models import Criterion, ExclusionReason, Source
from screening.services.protocol import add_criterion, add_exclusion_reason, set_stage_policy
from screening.services.sources import add_source

Document = dict[str, Any]

ARM_SIZE = "n_patients"
LEAKAGE_UNITS = {"levels": "treated levels", "patients": "patients"}
"""A field has one denominator of one unit, so leakage is asked once per unit and no unit adds to another."""

PARTITIONS = ("sex", "primary malignancy")
"""What the partitions of the file are called, in its order."""

BETTER = {"lower_better": Outcome.Better.LOWER, "higher_better": Outcome.Better.HIGHER}
POOLING = {
    "by_group": Outcome.Pooling.BY_GROUP,
    "all_groups_together": Outcome.Pooling.TOGETHER,
    "none": Outcome.Pooling.NONE,
}


def describe(*, user: User, review: Review, document: Document) -> None:
    """Enter the question, PICO and registration; what is not reported stays blank."""
    pico, registration = document["pico"], document["registration"]
    settings = {
        "question": document["question"],
        "population": pico["population"],
        "intervention": pico["intervention"],
        "comparison": pico["comparator"],
        "outcomes": f"{pico['outcomes']} {pico['study_types']}",
        "registration": " ".join(filter(None, [registration["registry"], registration["identifier"]])),
        "registration_url": registration["protocol_url"],
    }
    change_settings(user=user, review=review, settings=settings)


def set_eligibility(*, user: User, review: Review, document: Document) -> dict[str, ExclusionReason]:
    """Enter criteria and exclusion reasons in their order; return the reasons by the code of the files."""
    for kind in Criterion.Kind:
        for criterion in sorted(document["criteria"][kind], key=lambda each: each["order"]):
            add_criterion(user=user, review=review, kind=kind, text=criterion["text"])
    reasons = sorted(document["exclusion_reasons"], key=lambda each: each["order"])
    return {
        each["code"]: add_exclusion_reason(user=user, review=review, label=each["label"], code=each["code"])
        for each in reasons
    }


def set_policy(*, user: User, review: Review, stage: Stage, n_reviewers: int, unsure: str, note: str) -> None:
    """Fix how a stage settles: all agree, adjudicators see the decisions and resolve none of their own."""
    set_stage_policy(
        user=user,
        review=review,
        stage=stage,
        n_reviewers=n_reviewers,
        unsure=UnsurePolicy(unsure),
        rule=AgreementRule.UNANIMOUS,
        shows_decisions=True,
        may_resolve_own=False,
        note=note,
    )


def add_sources(*, user: User, review: Review, document: Document) -> dict[str, Source]:
    """Enter the sources and return them by key."""
    return {
        each["key"]: add_source(
            user=user,
            review=review,
            key=each["key"],
            name=each["label"],
            kind=each["kind"],
            enters_at_full_text=each["enters_at"] == Stage.FULL_TEXT,
            note=each.get("note", ""),
        )
        for each in document["sources"]
    }


def set_up_extraction(*, user: User, review: Review, document: Document) -> FormVersion:
    """Enter groups, outcomes and intervals, and publish the form."""
    for group in sorted(document["groups"], key=lambda each: each["order"]):
        add_arm_group(user=user, review=review, key=group["key"], label=group["label"])
    for outcome in document["outcomes"]:
        add_outcome(
            user=user,
            review=review,
            key=outcome["key"],
            label=outcome["label"],
            unit=outcome["unit"],
            scale_min=Decimal(outcome["scale_min"]),
            scale_max=Decimal(outcome["scale_max"]),
            better=BETTER[outcome["direction"]],
            pooling=POOLING[outcome["pooled"]],
        )
    intervals = [_interval(each) for each in document["intervals"]]
    set_intervals(user=user, review=review, intervals=intervals)
    return _publish_form(user, review, document["form"])


def _interval(each: Document) -> Interval:
    def edge(name: str) -> Duration | None:
        if each[name] is None:
            return None
        return Duration(Decimal(each[name]), TimeUnit(each[f"{name}_unit"]))

    return Interval(
        key=each["key"],
        label=each["label"],
        phase=Phase(each["phase"]),
        lower=edge("lower"),
        upper=edge("upper"),
        lower_inclusive=each["lower_inclusive"] is not False,
        upper_inclusive=each["upper_inclusive"] is True,
        target=edge("target"),
    )


def _publish_form(user: User, review: Review, form: Document) -> FormVersion:
    version = open_form(user=user, review=review, slug=form["key"], title=form["title"])
    partitions = zip(PARTITIONS, form["partitions"], strict=True)
    part_of = {key: word for word, partition in partitions for key in partition["parts"]}
    for section in form["sections"]:
        for field in section["fields"]:
            for settings in _fields_of(field):
                add_field(
                    user=user,
                    review=review,
                    version=version,
                    section=section["title"],
                    partition=part_of.get(settings["key"], ""),
                    **settings,
                )
    return publish_version(user=user, review=review, version=version)


def _fields_of(field: Document) -> list[Document]:
    """Return the settings of the field, or of the fields that stand for it here."""
    key = field["key"]
    if key == "leakage_n":
        return [settings for unit in LEAKAGE_UNITS for settings in _leakage_fields(field, unit)]
    if key in {"leakage_denominator", "leakage_unit"}:
        return []
    return [
        {
            "key": key,
            "label": field["label"],
            "help": field["help"],
            "kind": field["kind"],
            "scope": field["scope"],
            "unit": field["unit"],
            "choices": [choice["label"] for choice in field.get("choices", [])],
            "is_arm_size": key == ARM_SIZE,
            **_summary(field),
        }
    ]


def _summary(field: Document) -> Document:
    if field["kind"] == Field.Kind.CHOICE:
        return {"summary": Field.Summary.NONE}
    if field["summary"] != "sum" or not field["denominator"]:
        return {"summary": field["summary"]}
    is_mean = field["key"] == "n_levels"
    return {
        "summary": Field.Summary.RATIO if is_mean else Field.Summary.COUNT,
        "denominator_key": field["denominator"],
        "denominator_unit": field["denominator_unit"],
    }


def _leakage_fields(field: Document, unit: str) -> list[Document]:
    words = LEAKAGE_UNITS[unit]
    shared = {"kind": Field.Kind.INTEGER, "scope": field["scope"], "unit": words}
    return [
        shared
        | {
            "key": f"leakage_{unit}_n",
            "label": f"Cement leakage, {words}",
            "help": "Leak events are not leaking levels: leave empty if only events are given.",
            "summary": Field.Summary.COUNT,
            "denominator_key": f"leakage_{unit}_examined",
            "denominator_unit": words,
        },
        shared
        | {
            "key": f"leakage_{unit}_examined",
            "label": f"Examined for cement leakage, {words}",
            "help": "Counts in different units are never added.",
        },
    ]
