"""Studies are formed from included reports and get their arms before anybody submits."""

from __future__ import annotations

import pytest

from extraction.models import ArmGroup, FormVersion, Study
from extraction.queries.studies import proposed_label
from extraction.services.consensus import accept_single_entry
from extraction.services.entries import Given
from extraction.services.studies import add_arm, form_study, link_reports, unlink_report
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Status
from tests.extraction.builders import fill, make_report


def test_a_study_is_numbered_and_linked_to_its_reports(
    review: Review, owner: User, extractor_a: User
) -> None:
    reports = [make_report(review, owner), make_report(review, owner)]
    study = form_study(user=extractor_a, review=review, label=" Hansen 2011 ", reports=reports)
    assert (study.number, study.label) == (1, "Hansen 2011")
    assert [link.report for link in study.links.all()] == reports


def test_a_study_needs_a_label(review: Review, owner: User, extractor_a: User) -> None:
    with pytest.raises(Refused, match="label"):
        form_study(user=extractor_a, review=review, label=" ", reports=[make_report(review, owner)])


def test_a_study_needs_a_report(review: Review, extractor_a: User) -> None:
    with pytest.raises(Refused, match="at least one included report"):
        form_study(user=extractor_a, review=review, label="Hansen 2011", reports=[])


def test_an_excluded_report_joins_no_study(review: Review, owner: User, extractor_a: User) -> None:
    report = make_report(review, owner, status=Status.EXCLUDED)
    with pytest.raises(Refused, match="not included at full text"):
        form_study(user=extractor_a, review=review, label="Hansen 2011", reports=[report])
    assert not Study.objects.exists()


def test_all_reports_are_linked_or_none(review: Review, owner: User, extractor_a: User, study: Study) -> None:
    reports = [make_report(review, owner), make_report(review, owner, status=Status.EXCLUDED)]
    with pytest.raises(Refused):
        link_reports(user=extractor_a, review=review, study=study, reports=reports)
    assert study.links.count() == 1


def test_a_report_is_linked_once(review: Review, extractor_a: User, study: Study) -> None:
    report = study.links.get().report
    with pytest.raises(Refused, match="linked to the study already"):
        link_reports(user=extractor_a, review=review, study=study, reports=[report])


def test_the_only_report_stays_while_values_come_from_it(
    review: Review, extractor_a: User, study: Study, version: FormVersion
) -> None:
    fill(extractor_a, study, version, Given("country", "Denmark"), is_submitted=False)
    with pytest.raises(Refused, match="only report"):
        unlink_report(user=extractor_a, review=review, link=study.links.get())


def test_a_link_is_closed_and_kept(review: Review, extractor_a: User, study: Study) -> None:
    link = unlink_report(user=extractor_a, review=review, link=study.links.get())
    assert not link.is_open
    assert study.links.count() == 1


def test_an_arm_without_group_is_not_pooled(review: Review, extractor_a: User, study: Study) -> None:
    arm = add_arm(user=extractor_a, review=review, study=study, label="Control", group=None)
    assert (arm.key, arm.allocation) == ("control", "none")


def test_a_mixed_arm_is_allocated_to_the_majority(review: Review, extractor_a: User, study: Study) -> None:
    group = ArmGroup.objects.get(key="PVP")
    arm = add_arm(user=extractor_a, review=review, study=study, label="Both", group=group, is_mixed=True)
    assert arm.allocation == "majority"


@pytest.mark.parametrize(("label", "sentence"), [("pvp", "has an arm"), ("  ", "label")])
def test_an_arm_needs_a_label_of_its_own(
    review: Review, extractor_a: User, study: Study, label: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        add_arm(user=extractor_a, review=review, study=study, label=label, group=None)


def test_arms_are_fixed_once_the_study_is_settled(
    review: Review, extractor_a: User, adjudicator: User, study: Study, version: FormVersion
) -> None:
    entry = fill(extractor_a, study, version, Given("country", "Denmark"))
    add_arm(user=extractor_a, review=review, study=study, label="Found later", group=None)
    accept_single_entry(user=adjudicator, review=review, entry=entry, rationale="Only one person reads it.")
    with pytest.raises(Refused, match="arms are fixed"):
        add_arm(user=extractor_a, review=review, study=study, label="Late", group=None)


def test_a_viewer_forms_no_study(review: Review, owner: User, viewer: User) -> None:
    with pytest.raises(Refused, match="role"):
        form_study(user=viewer, review=review, label="X", reports=[make_report(review, owner)])


@pytest.mark.parametrize(
    ("authors", "year", "label"),
    [
        (["Hansen, L.", "Lee, K."], 2011, "Hansen 2011"),
        (["Hansen EJ"], None, "Hansen"),
        (["Lise Hansen"], 2011, "Hansen 2011"),
        ([], 2011, "2011"),
    ],
)
def test_the_proposed_label_is_first_author_and_year(
    review: Review, owner: User, authors: list[str], year: int | None, label: str
) -> None:
    assert proposed_label(make_report(review, owner, authors=authors, year=year)) == label
