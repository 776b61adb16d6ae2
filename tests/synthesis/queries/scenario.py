"""A review in the middle of its work and one with extracted data, small enough to count by hand."""

from __future__ import annotations

import pytest

from extraction.models import FormVersion, Study
from extraction.services.consensus import accept_single_entry, settle_entries
from extraction.services.entries import Given
from extraction.services.forms import add_field, open_form, publish_version
from extraction.services.studies import add_arm, form_study
from reviewsite.workspace.models import Review, User
from screening.domain.vocabulary import Stage, Verdict
from screening.models import ExclusionReason, Record, Report, Source
from screening.services.duplicates import judge
from screening.services.sources import declare_unlisted_group, record_search
from tests.extraction.builders import fill, make_protocol, make_report, pain
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_reason, make_record, make_source, retrieve

FULL_TEXT = Stage.FULL_TEXT


def agree(
    people: tuple[User, User],
    record: Record,
    verdict: Verdict,
    *,
    stage: Stage = Stage.TITLE_ABSTRACT,
    reason: ExclusionReason | None = None,
) -> None:
    """Let both reviewers decide alike."""
    for person in people:
        decide(person, record, verdict, stage=stage, reason=reason)


@pytest.fixture
def flowing(
    review: Review, owner: User, reviewer_a: User, reviewer_b: User, extractor_a: User
) -> dict[str, Record]:
    """Fill every kind of box: duplicates, exclusions, open work, other methods and unlisted groups."""
    both, mine = (reviewer_a, reviewer_b), {"user": owner, "review": review}
    register = make_source(review, "register", kind=Source.Kind.REGISTER)
    lists = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    earlier = make_source(review, "earlier", kind=Source.Kind.PREVIOUS_REVIEW, enters_at_full_text=True)
    population = make_reason(review)
    names = ("included", "twin", "wrong", "lost", "sought", "off", "split", "new")
    records = {name: make_record(review, owner, title=name) for name in names}
    records["registered"] = make_record(review, owner, title="registered", source=register)
    records["companion"] = make_record(review, owner, title="companion", source=lists)
    records["cited"] = make_record(review, owner, title="cited", source=lists)
    judge(**mine, first=records["included"], second=records["twin"], verdict="same")
    for name in ("included", "wrong", "lost", "sought", "registered"):
        agree(both, records[name], INCLUDE)
    agree(both, records["off"], EXCLUDE)
    decide(reviewer_a, records["split"], INCLUDE)
    decide(reviewer_b, records["split"], EXCLUDE)
    for name in ("included", "wrong", "registered", "companion", "cited"):
        retrieve(reviewer_a, records[name])
    retrieve(reviewer_a, records["lost"], "not_retrieved")
    for name in ("included", "companion"):
        agree(both, records[name], INCLUDE, stage=FULL_TEXT)
    for name in ("wrong", "cited"):
        agree(both, records[name], EXCLUDE, stage=FULL_TEXT, reason=population)
    medline = make_source(review)
    for source, box, n, reason, provenance in (
        (medline, "duplicates", 3, "", "inferred"),
        (medline, "records_excluded", 4, "", "reported"),
        (medline, "reports_excluded", 2, "Not in humans", "reported"),
        (earlier, "reports_excluded", 5, "", "reported"),
    ):
        declare_unlisted_group(**mine, source=source, box=box, n=n, reason=reason, provenance=provenance)
    reports = [Report.objects.get(record=records[name]) for name in ("included", "companion")]
    form_study(user=extractor_a, review=review, label="Hansen 2011", reports=reports)
    return records


def make_pooled_form(review: Review, owner: User) -> FormVersion:
    """Publish a form with a sum, a weighted mean, a ratio and a partition."""
    mine = {"user": owner, "review": review}
    version = open_form(**mine, slug="facts", title="Facts")
    designs = ["Randomised controlled trial", "Prospective"]
    add_field(**mine, version=version, key="design", label="Design", kind="choice", choices=designs)
    of_patients = {"denominator_key": "patients", "denominator_unit": "patients"}
    for key, kind, settings in (
        ("patients", "integer", {"summary": "sum", "is_arm_size": True}),
        ("age", "number", {"summary": "weighted_mean"}),
        ("levels", "integer", {"summary": "ratio", **of_patients}),
        ("women", "integer", {"summary": "count", "partition": "sex", **of_patients}),
        ("men", "integer", {"summary": "count", "partition": "sex", **of_patients}),
    ):
        add_field(
            **mine, version=version, key=key, label=key.capitalize(), kind=kind, scope="arm", **settings
        )
    return publish_version(**mine, version=version)


@pytest.fixture
def pooled(
    review: Review, owner: User, extractor_a: User, extractor_b: User, adjudicator: User
) -> list[Study]:
    """Return three included studies: one extracted twice, one once and one not at all.

    Study 1, PVP: 10 patients, age 60, 20 levels, 6 women, 3 men; pain 8 (SD 1, n 10) before, 4 (n 8) after.
    Study 1, KP: 30 patients, age 70, 15 women, 15 men; pain 6 before, n not stated.
    Study 2, PVP: 30 patients, age 64; pain 6 (SD 2, n 30) before, median 3 after.
    """
    make_protocol(review, owner)
    version = make_pooled_form(review, owner)
    groups = {group.key: group for group in review.arm_groups.all()}
    studies = []
    for label, keys in (("Hansen 2011", ("PVP", "KP")), ("Olsen 2013", ("PVP",)), ("Berg 2014", ("KP",))):
        year = int(label[-4:])
        study = form_study(
            user=extractor_a, review=review, label=label, reports=[make_report(review, owner, year=year)]
        )
        for key in keys:
            add_arm(user=extractor_a, review=review, study=study, label=key.lower(), group=groups[key])
        studies.append(study)
    first = (
        Given("design", "Randomised controlled trial"),
        *_arm("pvp", patients="10", age="60", levels="20", women="6", men="3"),
        *_arm("kp", patients="30", age="70", women="15", men="15"),
    )
    pains = (
        pain("pvp", "preoperative", mean="8", sd="1", n="10"),
        pain("pvp", "1 day", mean="4", n="8"),
        pain("kp", "preoperative", mean="6"),
    )
    for extractor in (extractor_a, extractor_b):
        fill(extractor, studies[0], version, *first, measurements=pains)
    settle_entries(user=adjudicator, review=review, study=studies[0], version=version, choices=())
    second = (Given("design", "Prospective"), *_arm("pvp", patients="30", age="64"))
    pains = (
        pain("pvp", "preoperative", mean="6", sd="2", n="30"),
        pain("pvp", "1 day", median="3", n="30"),
    )
    entry = fill(extractor_a, studies[1], version, *second, measurements=pains)
    accept_single_entry(user=adjudicator, review=review, entry=entry, rationale="One reader was at hand.")
    return studies


def _arm(slot: str, **answers: str) -> list[Given]:
    return [Given(key, text, slot=slot) for key, text in answers.items()]


def printed(key: str, value: float, decimals: int = 0, **computes: object) -> dict[str, object]:
    """Return one printed number of a document."""
    return {
        "id": key,
        "table": "table1",
        "row": key,
        "column": "",
        "statistic": "n",
        "value": value,
        "decimals": decimals,
        "computes": computes or {"kind": "none"},
        "note": "",
    }


def document(*cells: dict[str, object], **blocks: object) -> dict[str, object]:
    """Return a document of printed numbers; blocks that are not given are empty."""
    flow = {"template": "T1", "description": "", "input": {}}
    empty = {"relations": [], "tables": [], "series": [], "text_claims": []}
    flows = {"literal_flow": flow, "inferred_flow": flow}
    return {"format": "reported-cells/1", "cells": list(cells), **empty, **flows, **blocks}


def log_search(review: Review, owner: User) -> None:
    """Log a search of two lines; the second has no hits stated."""
    lines = [(1, "cement", 120), (2, "fracture", None)]
    record_search(user=owner, review=review, source=make_source(review), lines=lines)
