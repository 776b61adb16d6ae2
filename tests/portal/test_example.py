"""The example as loaded; expected numbers are those of the publication and of the files' descriptions."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from extraction.models import Arm, Entry, Field, Measurement, Study, StudyReport, Value
from extraction.queries.long_table import measurement_rows
from reviewsite.portal.example import people as example_people
from reviewsite.portal.example.files import rows
from reviewsite.portal.example.people import DEMO_PASSWORD, demo_people
from reviewsite.portal.management.commands import load_example
from reviewsite.workspace.models import Membership, Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage, Status
from screening.models import (
    Adjudication,
    Decision,
    DuplicateJudgement,
    ImportBatch,
    ImportedOutcome,
    Record,
    RetrievalOutcome,
    Search,
    StagePolicy,
    StageState,
    UnlistedGroup,
)
from screening.queries.projections import differences
from synthesis.domain.pooling import Scheme
from synthesis.domain.prisma import Severity
from synthesis.domain.rounding import half_up
from synthesis.models import ReportedCell, ReportedRelation
from synthesis.queries.flow import count
from synthesis.queries.tables import outcome_tables

PUBLISHED, PRACTICE = "vertebral-augmentation", "vertebral-augmentation-practice"

pytestmark = pytest.mark.django_db


def load(**options: Any) -> str:
    out = io.StringIO()
    call_command("load_example", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module", autouse=True)
def first_load(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Load both reviews once for this file, in a transaction that is rolled back at its end."""
    files: Path = tmp_path_factory.mktemp("example")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=files, DEMO_MODE=True),
        transaction.atomic(),
    ):
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def published() -> Review:
    return Review.objects.get(slug=PUBLISHED)


@pytest.fixture
def practice() -> Review:
    return Review.objects.get(slug=PRACTICE)


def statuses(review: Review, stage: Stage) -> Counter[str]:
    return Counter(StageState.objects.filter(review=review, stage=stage).values_list("status", flat=True))


# The command


def n_rows() -> list[int]:
    return [model.objects.count() for model in (Record, Study, User, ReportedCell)]


def test_loading_says_what_it_loaded_and_how_to_sign_in(first_load: str) -> None:
    assert "87 records, 87 studies, 46 settled extractions, 240 printed numbers" in first_load
    assert "202 records, 15 judged duplicate pairs" in first_load
    assert "one click" in first_load
    assert DEMO_PASSWORD in first_load


def test_loading_again_changes_nothing() -> None:
    before = n_rows()
    assert load().count("is here already and was left alone.") == 2
    assert n_rows() == before


def test_half_loaded_review_does_not_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_late(people: example_people.People) -> Review:
        review = Review.objects.create(slug="half", title="Half", created_by=people["owner"])
        raise Refused(f"{review} stops here.")

    monkeypatch.setattr(load_example, "REVIEWS", {"half": fails_late})
    with pytest.raises(CommandError, match="stops here"):
        load()
    assert not Review.objects.filter(slug="half").exists()


def test_review_whose_states_differ_from_the_evidence_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def loads(people: example_people.People) -> Review:
        return Review.objects.create(slug="wrong", title="Wrong", created_by=people["owner"])

    monkeypatch.setattr(load_example, "REVIEWS", {"wrong": loads})
    monkeypatch.setattr(load_example, "differences", lambda review: ["Record 1 differs."])
    with pytest.raises(CommandError, match="Record 1 differs"):
        load()
    assert not Review.objects.filter(slug="wrong").exists()


# People


def test_one_demo_person_per_role() -> None:
    demo = User.objects.filter(is_demo=True)
    assert sorted(demo.values_list("name", flat=True)) == [
        "Adjudicator", "Extractor A", "Extractor B", "Owner", "Reviewer A", "Reviewer B", "Viewer",
    ]  # fmt: skip
    assert all(person.check_password(DEMO_PASSWORD) for person in demo)
    assert [person.name for person in demo if person.is_superuser] == ["Owner"]
    for slug in (PUBLISHED, PRACTICE):
        assert Membership.objects.open().filter(review__slug=slug).count() == 7


def test_outside_demo_mode_nobody_can_sign_in_as_a_demo_person(settings: Any) -> None:
    settings.DEMO_MODE = False
    demo_people()
    assert not [person for person in User.objects.filter(is_demo=True) if person.has_usable_password()]
    assert not User.objects.filter(is_demo=True, is_staff=True).exists()


def test_account_of_somebody_else_is_left_alone(settings: Any) -> None:
    User.objects.filter(email="viewer@demo.example").update(is_demo=False)
    with pytest.raises(Refused, match=r"viewer@demo\.example is not a demo account"):
        demo_people()


# As published


def test_the_87_included_come_from_three_sources(published: Review) -> None:
    sources = Counter(Record.objects.filter(review=published).values_list("source__key", flat=True))
    assert sources == {"hta": 65, "databases": 20, "reference_lists": 2}
    assert not DuplicateJudgement.objects.filter(review=published).exists()


def test_every_published_record_has_its_raw_text_file_and_reference_number(published: Review) -> None:
    records = Record.objects.filter(review=published).select_related("batch__file")
    assert {int(record.accession) for record in records} == {4, 5, *range(14, 99)}
    assert all(
        record.title in record.raw.replace('""', '"') and record.batch.file.sha256 for record in records
    )
    assert all(batch.n_in_file == batch.n_read for batch in ImportBatch.objects.filter(review=published))


def test_summaries_say_that_they_are_not_the_published_abstract(published: Review) -> None:
    abstracts = list(
        Record.objects.filter(review=published).exclude(abstract="").values_list("abstract", flat=True)
    )
    assert len(abstracts) == 46
    assert all(
        text.startswith("Summary written for this example, not the published abstract") for text in abstracts
    )


def test_nobody_decided_anything_in_the_published_review(published: Review) -> None:
    assert not Decision.objects.filter(review=published).exists()
    assert not Adjudication.objects.filter(review=published).exists()
    outcomes = ImportedOutcome.objects.filter(review=published)
    assert Counter(outcomes.values_list("stage", "verdict")) == {
        ("title_abstract", "include"): 20,
        ("full_text", "include"): 87,
    }
    assert set(outcomes.values_list("stated_by", flat=True)) == {
        "the paper (doi 10.1016/j.spinee.2019.02.012)"
    }


def test_published_totals_are_unlisted_groups(published: Review) -> None:
    groups = UnlistedGroup.objects.filter(review=published).values_list(
        "source__key", "box", "n", "provenance"
    )
    assert set(groups) == {
        ("databases", "excluded_other", 114, "inferred"),
        ("databases", "records_excluded", 73, "reported"),
        ("databases", "reports_excluded", 36, "reported"),
        ("hta", "reports_excluded", 85, "reported"),
    }


def test_published_flow_adds_up_to_243_150_and_87(published: Review) -> None:
    counted = count(published)
    boxes = (
        "database_results",
        "excluded_other",
        "records_screened",
        "dbr_assessed",
        "other_assessed",
        "new_studies",
    )
    assert [counted.flow.number(box) for box in boxes] == [243, 114, 129, 56, 152, 87]
    assert not counted.is_interim


def test_strategy_has_15_lines_with_the_printed_hits(published: Review) -> None:
    search = Search.objects.get(review=published, source__key="databases")
    hits = list(search.lines.values_list("n_hits", flat=True))
    assert (len(hits), hits[0], hits[13], hits[14]) == (15, 31439, 806, 243)
    assert (search.n_hits_reported, search.searched_on) == (243, None)


def test_only_the_reported_stage_rule_is_entered(published: Review) -> None:
    policies = StagePolicy.objects.filter(review=published).values_list("stage", "n_reviewers")
    assert list(policies) == [("title_abstract", 2)]
    assert not RetrievalOutcome.objects.filter(review=published).exists()


def test_every_included_report_is_a_study_and_46_are_extracted_once(published: Review) -> None:
    assert Study.objects.filter(review=published).count() == 87
    assert StudyReport.objects.filter(review=published).count() == 87
    entries = Counter(Entry.objects.filter(review=published).values_list("kind", "basis"))
    assert entries == {("extraction", ""): 46, ("consensus", "single"): 46}


def test_control_and_mixed_arms_belong_to_no_group(published: Review) -> None:
    arms = Arm.objects.filter(study__review=published)
    assert set(arms.filter(group=None).values_list("study__label", "label")) == {
        ("Audat 2016", "control"),
        ("Audat 2016", "mixed"),
        ("Majeed 2014", "mixed"),
        ("Berenson 2011", "control"),
        ("Malhotra 2016", "control"),
        ("Noriega 2016", "device"),
    }
    assert arms.count() == 51


def test_leakage_is_asked_per_unit_and_keeps_a_reported_zero(published: Review) -> None:
    fields = {field.key: field for field in Field.objects.filter(version__form__review=published)}
    assert fields["leakage_levels_n"].denominator_key == "leakage_levels_examined"
    assert fields["leakage_patients_n"].denominator_unit == "patients"
    assert [field.key for field in fields.values() if field.is_arm_size] == ["n_patients"]
    kiva = Value.objects.get(
        entry__review=published, entry__kind="consensus", field__key="leakage_levels_n", slot="kiva"
    )
    assert kiva.integer == 0
    corcos = Value.objects.filter(
        entry__review=published, entry__study__label="Corcos 2014", entry__kind="consensus"
    )
    assert set(
        corcos.filter(field__key__startswith="leakage").values_list("field__key", "integer", "number")
    ) == {
        ("leakage_levels_examined", 81, None),
        ("leakage_pct_reported", None, 53),
    }


def test_measurements_are_entered_as_printed(published: Review) -> None:
    settled = Measurement.objects.filter(entry__review=published, entry__kind="consensus")
    assert settled.count() == 62
    eleraky = settled.get(entry__study__label="Eleraky 2011", outcome__key="VAS", phase="pre")
    assert (eleraky.mean, eleraky.scale_max) == (79, 100)
    changes = settled.filter(is_change=True)
    assert Counter((row.mean is not None, row.median is not None) for row in changes) == {
        (True, False): 3,
        (False, True): 2,
        (False, False): 3,
    }
    patient = settled.get(outcome__key="NRS")
    assert (patient.n, patient.minimum, patient.maximum, patient.mean) == (1, 3, 4, None)


def test_each_time_falls_into_the_interval_that_the_files_expect(published: Review) -> None:
    labels = {row["accession"]: row["label"] for row in rows("vertebral_augmentation", "records.csv")}
    expected = Counter(
        (
            labels[row["accession"]],
            row["outcome"],
            row["outcome_detail"],
            row["time_label"],
            row["expected_interval"],
        )
        for row in rows("vertebral_augmentation", "measurements.csv")
    )
    assert expected == Counter(
        (row.study_label, row.outcome_key, row.detail, row.time_label, row.interval_key or "")
        for row in measurement_rows(published)
    )


def test_printed_numbers_are_kept_with_what_computes_them(published: Review) -> None:
    cells = ReportedCell.objects.filter(review=published)
    assert cells.count() == 240
    assert cells.get(key="table1.levels.mean.pvp").value == Decimal("2.26")
    assert cells.get(key="table1.leakage.pct.pvp").computes["denominator"] == "leakage_levels_examined"
    assert cells.get(key="text.leakage.pvp.abstract").computes["numerator"] == "leakage_patients_n"
    assert cells.get(key="text.design.prospective").computes["design"] == "Prospective"
    kinds = Counter(ReportedRelation.objects.filter(review=published).values_list("kind", flat=True))
    structures = {kind: kinds.pop(kind) for kind in ("table", "series", "text_claim", "flow")}
    assert structures == {"table": 3, "series": 5, "text_claim": 4, "flow": 2}
    assert kinds.total() == 123


def test_published_review_is_read_only_and_its_states_follow_from_the_evidence(published: Review) -> None:
    assert published.is_read_only
    assert differences(published) == []
    assert statuses(published, Stage.FULL_TEXT) == {Status.INCLUDED: 87}


# Practice


def test_both_search_files_are_read_completely(practice: Review) -> None:
    batches = ImportBatch.objects.filter(review=practice).order_by("pk")
    assert list(batches.values_list("format", "n_in_file", "n_read")) == [("ris", 104, 104), ("csv", 98, 98)]


def test_15_duplicates_are_found(practice: Review) -> None:
    methods = Counter(DuplicateJudgement.objects.filter(review=practice).values_list("method", flat=True))
    assert methods.total() == 15
    assert Record.objects.filter(review=practice, canonical__isnull=False).count() == 15


def test_title_and_abstract_is_left_as_described(practice: Review) -> None:
    stage = Stage.TITLE_ABSTRACT
    open_conflicts = StageState.objects.filter(review=practice, stage=stage, status=Status.CONFLICT)
    assert sorted(open_conflicts.values_list("record__accession", flat=True)) == ["46", "E32", "E38"]
    decided_once = (
        StageState.objects.filter(review=practice, stage=stage, status=Status.AWAITING)
        .filter(record__decisions__isnull=False)
        .values_list("record__accession", flat=True)
    )
    assert sorted(decided_once) == ["47", "48", "50", "E43", "E44", "E45"]
    modes = Counter(Adjudication.objects.filter(review=practice, stage=stage).values_list("mode", flat=True))
    assert modes == {"third_person": 3, "discussion": 3}


def test_full_text_is_left_as_described(practice: Review) -> None:
    def accessions(status: Status) -> list[str]:
        states = StageState.objects.filter(review=practice, stage=Stage.FULL_TEXT, status=status)
        return sorted(states.values_list("record__accession", flat=True))

    assert accessions(Status.CONFLICT) == ["E28"]
    assert accessions(Status.REASON_CONFLICT) == ["E16"]
    assert accessions(Status.NOT_RETRIEVED) == ["N07"]
    assert accessions(Status.EXCLUDED) == ["E15", "E29", "E68", "E69"]
    assert accessions(Status.AWAITING) == ["23", "37", "38", "39", "40", "N01"]
    assert Adjudication.objects.filter(review=practice, stage=Stage.FULL_TEXT).count() == 2


def test_companion_reports_join_their_study(practice: Review) -> None:
    reports = Counter(StudyReport.objects.filter(review=practice).values_list("study__label", flat=True))
    assert len(reports) == 30
    assert {label for label, n in reports.items() if n == 2} == {
        "Dudeney 2002", "Konig 2012", "McDonald 2008", "Trumm 2012a",
    }  # fmt: skip


def test_seven_studies_are_extracted_twice_and_five_settled(practice: Review) -> None:
    kinds = Counter(Entry.objects.filter(review=practice).values_list("kind", flat=True))
    assert kinds == {"extraction": 14, "consensus": 5}
    settled = Entry.objects.filter(review=practice, kind="consensus")
    assert not settled.filter(study__label__in=["Korovessis 2014", "Masala 2011"]).exists()
    konig = Value.objects.filter(entry__in=settled, entry__study__label="Konig 2012")
    assert konig.get(field__key="female_n").integer == 7
    assert konig.get(field__key="male_n").integer == 4
    tian = Measurement.objects.get(entry__in=settled, entry__study__label="Tian 2016", time_label="3 days")
    assert (tian.mean, tian.origin) == (Decimal("2.5"), "a")
    farrokhi = Value.objects.filter(entry__in=settled, entry__study__label="Farrokhi 2012")
    assert farrokhi.get(field__key="leakage_patients_n").missing == "not_reported"


def test_the_answer_to_an_exercise_is_not_in_the_entries(practice: Review) -> None:
    for note in ("Swapped", "Digits transposed", "SD of another row", "Converted to 0 to 10"):
        assert not Value.objects.filter(entry__review=practice, source__contains=note).exists()
        assert not Measurement.objects.filter(entry__review=practice, note__contains=note).exists()


def test_practice_can_be_worked_on_and_its_states_follow_from_the_evidence(practice: Review) -> None:
    assert not practice.is_read_only
    assert differences(practice) == []


# The pooled tables, recomputed from the public abstracts outside this project

STRICT_VAS = {
    ("PVP", "pre"): ("7.82", 333, 7),
    ("PVP", "lt_4wk"): ("2.50", 39, 1),
    ("PVP", "le_6wk"): ("2.10", 39, 1),
    ("PVP", "lt_6mo"): ("2.00", 39, 1),
    ("KP", "pre"): ("7.72", 25, 2),
}
ENROLLED_VAS = {
    ("PVP", "pre"): ("7.82", 333, 7),
    ("PVP", "lt_4wk"): ("2.63", 230, 5),
    ("PVP", "le_6wk"): ("1.93", 103, 2),
    ("PVP", "lt_6mo"): ("1.65", 126, 3),
    ("PVP", "lt_1y"): ("2.42", 199, 4),
    ("PVP", "ge_1y"): ("1.80", 39, 1),
    ("KP", "pre"): ("7.72", 25, 2),
    ("KP", "lt_4wk"): ("3.00", 11, 1),
}


@pytest.mark.parametrize(
    ("scheme", "expected"), [(Scheme.STRICT, STRICT_VAS), (Scheme.ENROLLED_FALLBACK, ENROLLED_VAS)]
)
def test_the_weighted_means_of_pain_are_those_of_the_abstracts(
    published: Review, scheme: Scheme, expected: dict[tuple[str, str], tuple[str, int, int]]
) -> None:
    vas = next(table for table in outcome_tables(published, scheme) if table.outcome.key == "VAS")
    found = {
        (line.group_key, interval): (str(half_up(cell.value, 2)), cell.n, cell.k)
        for line in vas.lines
        for interval, cell in line.cells.items()
        if cell.value is not None
    }
    assert found == expected


def test_an_outcome_measured_in_part_of_an_arm_is_not_weighted_by_the_whole_arm(published: Review) -> None:
    vas = next(
        table for table in outcome_tables(published, Scheme.ENROLLED_FALLBACK) if table.outcome.key == "VAS"
    )
    cell = next(line.cells["pre"] for line in vas.lines if line.group_key == "PVP")
    assert "Chew 2011" in {each.study_label for each in cell.dropped}


def test_the_published_flow_shows_the_printed_numbers(published: Review) -> None:
    counted = count(published)
    flow = counted.flow
    assert (flow.database_results, flow.excluded_other, flow.records_screened) == (243, 114, 129)
    assert (flow.records_excluded, flow.dbr_assessed, flow.number("dbr_excluded")) == (73, 56, 36)
    assert (flow.number("other_specific_results"), flow.citations_results) == (150, 2)
    assert (flow.other_assessed, flow.number("other_excluded")) == (152, 85)
    assert (flow.new_studies, flow.new_reports) == (87, 87)
    assert flow.dbr_notretrieved_reports is None
    assert flow.duplicates is None
    assert counted.findings == ()
    assert not counted.is_interim


def test_a_box_that_the_paper_does_not_report_is_not_headed_zero(published: Review, client: Client) -> None:
    client.force_login(User.objects.get(email="viewer@demo.example"))
    page = client.get(reverse("flow-box", args=[published.slug, "dbr_notretrieved_reports"]))
    assert "Reports not retrieved: not reported" in page.content.decode()


def test_an_included_report_without_a_study_is_work_to_do_and_no_error(practice: Review) -> None:
    link = StudyReport.objects.open().filter(review=practice).first()
    StudyReport.objects.filter(report=link.report).supersede(user=practice.created_by)
    [finding] = [each for each in count(practice).findings if each.identity == 9 and each.unit == "report"]
    assert (finding.severity, finding.ids) == (Severity.WARNING, (link.report_id,))
    assert "1 included report belongs to no study yet" in finding.message
