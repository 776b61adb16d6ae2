"""The review as it was published: what is reported is entered, what is not stays blank."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from extraction.models import Arm, ArmGroup, FormVersion, Study
from extraction.services.consensus import accept_single_entry
from extraction.services.entries import open_entry, save_answers, submit_entry
from extraction.services.measurements import save_measurement
from extraction.services.studies import add_arm, form_study
from reviewsite.portal.example.answers import Typed, by_leakage_unit, choice_labels, given, measurement
from reviewsite.portal.example.files import PUBLISHED, Row, document, rows, table
from reviewsite.portal.example.imports import import_file
from reviewsite.portal.example.people import People, join
from reviewsite.portal.example.protocol import (
    add_sources,
    describe,
    set_eligibility,
    set_policy,
    set_up_extraction,
)
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.reviews import make_read_only, open_review
from screening.domain.vocabulary import Stage, Verdict
from screening.models import Record, Report, Source, UnlistedGroup
from screening.services.outcomes import StatedOutcome, record_imported_outcomes
from screening.services.sources import Line, declare_unlisted_group, record_search
from synthesis.services.reported import load_reported

OUR_SUMMARY = "Summary written for this example, not the published abstract: "
FULL_TEXT_BOXES = {"dbr_excluded", "other_excluded"}
"""The flow splits them by the source's column; a group of records ends in one box, whatever its source."""

STUDY_FIELDS = ("design", "country", "primary_malignancy")
ARM_FIELDS = (
    "procedure",
    "n_patients",
    "n_levels",
    "age_mean",
    "age_sd",
    "female_n",
    "male_n",
    "leakage_n",
    "leakage_denominator",
    "leakage_unit",
    "leakage_pct_reported",
    "symptomatic_complications_n",
)
WHY_SINGLE = "One extraction from the public abstract; the authors' data sheet is not available."

RECORD_COLUMNS = {
    "Accession Number": "accession",
    "Authors": "authors",
    "Further authors not listed": "et_al",
    "Title": "title",
    "Journal": "journal",
    "Year": "year",
    "Volume": "volume",
    "Issue": "issue",
    "Pages": "pages",
    "DOI": "doi",
    "PMID": "pmid",
    "Abstract": "abstract",
}


def load_published(people: People) -> Review:
    """Enter the published review and close it; it holds imported outcomes and nobody's decisions."""
    owner, facts = people["owner"], document(PUBLISHED, "review.json")
    review = open_review(user=owner, title=facts["title"], slug=facts["slug"], is_demo=True)
    join(people, review)
    describe(user=owner, review=review, document=facts)
    set_eligibility(user=owner, review=review, document=facts)
    _set_policy(owner, review, facts)
    sources = add_sources(user=owner, review=review, document=facts)
    _record_searches(owner, review, sources, facts)
    _declare_unlisted_groups(owner, review, sources)
    records = _import_records(owner, review, sources)
    _record_outcomes(owner, review, records, stated_by=f"the paper (doi {facts['published_as']['doi']})")
    version = set_up_extraction(user=owner, review=review, document=facts)
    _extract(people, review, version, records, labels=choice_labels(facts["form"]))
    load_reported(
        user=owner, review=review, document=in_terms_of_the_form(document(PUBLISHED, "reported.json"))
    )
    return make_read_only(user=owner, review=review)


def in_terms_of_the_form(reported: dict[str, Any]) -> dict[str, Any]:
    """Return the printed numbers with the fields by which this form computes them.

    The unit of cement leakage is not printed; only of treated levels can there be as many as the counts
    imply, so levels stand for it, except where the text says patients.
    """
    names = choice_labels(document(PUBLISHED, "review.json")["form"])["design"]
    for cell in reported["cells"]:
        unit = "patients" if cell["note"] == "The abstract says of patients." else "levels"
        fields = {"leakage_n": f"leakage_{unit}_n", "leakage_denominator": f"leakage_{unit}_examined"} | names
        computes = cell["computes"]
        cell["computes"] = {
            key: fields.get(value, value) if isinstance(value, str) else value
            for key, value in computes.items()
        }
        if "leakage_n" in computes.values() and unit == "levels":
            cell["note"] = f"{cell['note']} Computed per treated level, which is inferred.".strip()
    return reported


def _set_policy(owner: User, review: Review, facts: dict[str, Any]) -> None:
    for policy in facts["stage_policies"]:
        if policy["reviewers"] is not None:
            set_policy(
                user=owner,
                review=review,
                stage=Stage(policy["stage"]),
                n_reviewers=policy["reviewers"],
                unsure=policy["unsure"],
                note=policy["note"],
            )


def _record_searches(owner: User, review: Review, sources: dict[str, Source], facts: dict[str, Any]) -> None:
    for search in facts["searches"]:
        record_search(
            user=owner,
            review=review,
            source=sources[search["source"]],
            searched_on=None,
            covers=_coverage(search),
            limits=search["limits"],
            n_hits_reported=search["hits_reported"],
            note=search["note"],
            lines=[_line(line) for line in search["strategy"]],
        )


def _coverage(search: dict[str, Any]) -> str:
    start, end = search["covers_from"] or "?", search["covers_until"]
    return f"{start} – {end} ({search['covers_provenance']})" if end else ""


def _line(line: dict[str, Any]) -> Line:
    return line["line"], line["text"] or f"[{line['note']}]", line["hits"]


def _declare_unlisted_groups(owner: User, review: Review, sources: dict[str, Source]) -> None:
    for group in rows(PUBLISHED, "unlisted_groups.csv"):
        is_full_text = group["box"] in FULL_TEXT_BOXES
        declare_unlisted_group(
            user=owner,
            review=review,
            source=sources[group["source"]],
            box=UnlistedGroup.Box.EXCLUDED_FULL_TEXT if is_full_text else group["box"],
            n=int(group["n"]),
            reason=group["reason"],
            provenance=group["provenance"],
            note=group["note"],
        )


def _import_records(owner: User, review: Review, sources: dict[str, Source]) -> dict[str, Record]:
    """Import one file per source, made from the included references, so that each has its raw text."""
    included = [row for row in rows(PUBLISHED, "records.csv") if row["included"] == "1"]
    records: dict[str, Record] = {}
    for key, source in sources.items():
        lines = [_cells(row) for row in included if row["source"] == key]
        records |= import_file(
            user=owner,
            review=review,
            source=source,
            name=f"{key}.csv",
            content=table([*RECORD_COLUMNS], lines),
        )
    return records


def _cells(row: Row) -> list[str]:
    known = row | {
        "abstract": OUR_SUMMARY + row["summary"] if row["summary"] else "",
        "et_al": "yes" if row["et_al"] == "1" else "",
    }
    return [known[column] for column in RECORD_COLUMNS.values()]


def _record_outcomes(owner: User, review: Review, records: dict[str, Record], *, stated_by: str) -> None:
    provenance = {row["accession"]: row["provenance_note"] for row in rows(PUBLISHED, "records.csv")}
    outcomes = [
        StatedOutcome(record, stage, Verdict.INCLUDE, stated_by, note=provenance[accession])
        for accession, record in records.items()
        for stage in Stage
        if stage is Stage.FULL_TEXT or not record.source.enters_at_full_text
    ]
    record_imported_outcomes(user=owner, review=review, outcomes=outcomes)


def _extract(
    people: People,
    review: Review,
    version: FormVersion,
    records: dict[str, Record],
    *,
    labels: dict[str, dict[str, str]],
) -> None:
    """Form one study per included report and settle the single extraction of those with a public abstract."""
    extracted = {row["accession"]: row for row in rows(PUBLISHED, "studies.csv")}
    arms, measurements = _by_study("arms.csv"), _by_study("measurements.csv")
    names = {row["accession"]: row["label"] for row in rows(PUBLISHED, "records.csv")}
    reports = {report.record_id: report for report in Report.objects.filter(review=review)}
    for accession in sorted(records, key=int):
        facts = extracted.get(accession)
        study = form_study(
            user=people["extractor_a"],
            review=review,
            label=names[accession],
            reports=[reports[records[accession].pk]],
            note=_note(facts, arms[accession]) if facts else "",
        )
        if facts:
            _settle(people, study, version, labels, facts, arms[accession], measurements[accession])


def _by_study(name: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows(PUBLISHED, name):
        found[row["accession"]].append(row)
    return found


def _note(facts: Row, arms: list[Row]) -> str:
    return "\n".join(
        [facts["note"], *(f"{arm['arm']}: {arm['note']}" for arm in arms if arm["note"])]
    ).strip()


def _settle(
    people: People,
    study: Study,
    version: FormVersion,
    labels: dict[str, dict[str, str]],
    facts: Row,
    arm_rows: list[Row],
    measurements: list[Row],
) -> None:
    extractor, review, source = people["extractor_a"], study.review, source_of(facts)
    arms = {row["arm"]: _add_arm(extractor, study, row) for row in arm_rows}
    entry = open_entry(user=extractor, review=review, study=study, version=version)
    answers = given({key: Typed(facts[key]) for key in STUDY_FIELDS}, labels, slot="", source=source)
    for row in arm_rows:
        cells = by_leakage_unit({key: Typed(row[key]) for key in ARM_FIELDS})
        answers += given(cells, labels, slot=arms[row["arm"]].key, source=source)
    save_answers(
        user=extractor,
        review=review,
        entry=entry,
        seen=entry.edit_count,
        given=answers,
        source_note=f"Single extraction from the {source}",
    )
    sizes = {row["arm"]: row["n_patients"] for row in arm_rows}
    for row in measurements:
        typed = measurement(
            row,
            arm=arms[row["arm"]].key,
            outcome=row["outcome"],
            note=_remark(row, sizes[row["arm"]]),
            source=source_of(row),
            arm_size=sizes[row["arm"]],
        )
        save_measurement(user=extractor, review=review, entry=entry, given=typed)
    submit_entry(user=extractor, review=review, entry=entry)
    entry.refresh_from_db()
    accept_single_entry(user=people["adjudicator"], review=review, entry=entry, rationale=WHY_SINGLE)


def _add_arm(extractor: User, study: Study, row: Row) -> Arm:
    group = ArmGroup.objects.get(review=study.review_id, key=row["group"]) if row["group"] else None
    return add_arm(
        user=extractor,
        review=study.review,
        study=study,
        label=row["arm"],
        group=group,
        is_mixed=row["procedure"] == "mixed",
    )


def source_of(row: Row) -> str:
    """Return where a row's numbers can be read; without an address, in words alone."""
    return ", ".join(filter(None, [row["source_note"], row["source_url"]]))


def _remark(row: Row, arm_size: str) -> str:
    enrolled = row["n_enrolled"]
    differs = f"Enrolled for this outcome: {enrolled}." if enrolled and enrolled != arm_size else ""
    return " ".join(filter(None, [row["note"], differs]))
