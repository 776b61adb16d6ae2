"""Rows and short cuts that the tests of extraction need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from extraction.models import Entry, FormVersion, Study
from extraction.services.entries import Given, open_entry, save_answers, submit_entry
from extraction.services.forms import add_field, open_form, publish_version
from extraction.services.measurements import GivenMeasurement, save_measurement
from extraction.services.protocol import add_arm_group, add_outcome, set_intervals
from extraction.services.studies import add_arm, form_study
from reviewsite.workspace.models import Review, User
from screening.domain.vocabulary import Stage, Status
from screening.models import Report, StageState
from tests.screening.builders import make_record, make_source


def make_report(review: Review, user: User, *, status: str = Status.INCLUDED, **fields: Any) -> Report:
    """Create a record with its report and the given status at full text."""
    source = make_source(review, "lists", enters_at_full_text=True)
    record = make_record(review, user, source=source, enters=False, **fields)
    StageState.objects.update_or_create(
        review=review, record=record, stage=Stage.FULL_TEXT, defaults={"status": status}
    )
    return Report.objects.get_or_create(review=review, record=record)[0]


def make_form(review: Review, owner: User, *, slug: str = "facts", is_published: bool = True) -> FormVersion:
    """Create a form: design and country of the study, patients, age and leakages of each arm."""
    mine = {"user": owner, "review": review}
    version = open_form(**mine, slug=slug, title=slug.capitalize())
    design = ["Prospective", "Retrospective"]
    add_field(**mine, version=version, key="design", label="Design", kind="choice", choices=design)
    add_field(**mine, version=version, key="country", label="Country", kind="text")
    add_field(
        **mine,
        version=version,
        key="patients",
        label="Patients",
        kind="integer",
        scope="arm",
        is_arm_size=True,
        summary="sum",
    )
    add_field(**mine, version=version, key="age", label="Age", kind="number", scope="arm", unit="years")
    add_field(**mine, version=version, key="leaks", label="Leaks", kind="integer", scope="arm")
    return publish_version(**mine, version=version) if is_published else version


def make_protocol(review: Review, owner: User) -> None:
    """Create the groups PVP and KP, the outcome VAS on 0–10 and the six standard intervals."""
    mine = {"user": owner, "review": review}
    add_arm_group(**mine, key="PVP", label="Vertebroplasty")
    add_arm_group(**mine, key="KP", label="Kyphoplasty")
    add_outcome(**mine, key="VAS", label="Pain", scale_min=Decimal(0), scale_max=Decimal(10), better="lower")
    set_intervals(**mine)


def make_study(review: Review, extractor: User, owner: User, *, label: str = "Hansen 2011") -> Study:
    """Create a study of one included report with the arms “pvp” and “kp” in their groups."""
    report = make_report(review, owner)
    study = form_study(user=extractor, review=review, label=label, reports=[report])
    groups = {group.key: group for group in review.arm_groups.all()}
    for key in ("PVP", "KP"):
        add_arm(user=extractor, review=review, study=study, label=key.lower(), group=groups[key])
    return study


def fill(
    user: User,
    study: Study,
    version: FormVersion,
    *answers: Given,
    measurements: tuple[GivenMeasurement, ...] = (),
    is_submitted: bool = True,
) -> Entry:
    """Fill the person's own entry of the study."""
    mine = {"user": user, "review": study.review}
    entry = open_entry(**mine, study=study, version=version)
    entry = save_answers(**mine, entry=entry, seen=entry.edit_count, given=answers)
    for given in measurements:
        save_measurement(**mine, entry=entry, given=given)
    return submit_entry(**mine, entry=entry) if is_submitted else entry


def pain(arm: str, time: str, **numbers: str) -> GivenMeasurement:
    """Return a typed measurement of the outcome VAS."""
    return GivenMeasurement(arm, "VAS", time, numbers)
