"""Forms are drafts until they are published; outcomes, groups and intervals are set up by owners."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extraction.models import FormVersion, Study
from extraction.queries.progress import studies_with_progress
from extraction.services.entries import Given
from extraction.services.forms import add_field, open_form, publish_version, remove_field, revise_form
from extraction.services.protocol import add_arm_group, add_outcome, set_intervals
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from tests.extraction.builders import fill, make_form

COUNT = {"kind": "integer", "scope": "arm"}


@pytest.fixture
def draft(review: Review, owner: User) -> FormVersion:
    return make_form(review, owner, is_published=False)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ({"key": "country", "kind": "text"}, "has a field"),
        ({"kind": "choice"}, "choices"),
        ({"kind": "text", "choices": ["a"]}, "choices"),
        (COUNT | {"minimum": Decimal(2), "maximum": Decimal(1)}, "minimum above"),
        ({"kind": "text", "summary": "sum"}, "number asked once per arm"),
        (COUNT | {"summary": "count"}, "divided by"),
    ],
)
def test_a_field_that_cannot_work_is_refused(
    review: Review, owner: User, draft: FormVersion, field: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        add_field(user=owner, review=review, version=draft, **({"key": "new", "label": "New"} | field))


def test_a_published_form_is_frozen(review: Review, owner: User, version: FormVersion) -> None:
    with pytest.raises(Refused, match="published"):
        add_field(user=owner, review=review, version=version, key="new", label="New", kind="text")
    with pytest.raises(Refused, match="published"):
        remove_field(user=owner, review=review, field=version.fields.first())


def test_an_empty_form_is_not_published(review: Review, owner: User) -> None:
    version = open_form(user=owner, review=review, slug="empty", title="Empty")
    with pytest.raises(Refused, match="no field yet"):
        publish_version(user=owner, review=review, version=version)


def test_a_share_without_its_denominator_is_not_published(
    review: Review, owner: User, draft: FormVersion
) -> None:
    share = COUNT | {"summary": "count", "denominator_key": "levels", "denominator_unit": "levels"}
    add_field(user=owner, review=review, version=draft, key="share", label="Share", **share)
    with pytest.raises(Refused, match="does not have"):
        publish_version(user=owner, review=review, version=draft)


def test_an_address_is_used_once(review: Review, owner: User, draft: FormVersion) -> None:
    with pytest.raises(Refused, match="address"):
        open_form(user=owner, review=review, slug=draft.form.slug, title="Again")


def test_a_new_version_starts_with_the_published_fields(
    review: Review, owner: User, version: FormVersion
) -> None:
    revised = revise_form(user=owner, review=review, form=version.form)
    assert (revised.number, revised.published_at) == (2, None)
    assert [each.key for each in revised.fields.all()] == [each.key for each in version.fields.all()]
    with pytest.raises(Refused, match="draft already"):
        revise_form(user=owner, review=review, form=version.form)


def test_a_study_stays_with_the_version_of_its_entries(
    review: Review, owner: User, study: Study, version: FormVersion, extractor_a: User
) -> None:
    fill(extractor_a, study, version, Given("country", "Denmark"), is_submitted=False)
    revised = revise_form(user=owner, review=review, form=version.form)
    publish_version(user=owner, review=review, version=revised)
    [progress] = studies_with_progress(extractor_a, review)
    assert progress.forms[0].version == version


def test_keys_of_groups_and_outcomes_are_used_once(review: Review, owner: User) -> None:
    mine = {"user": owner, "review": review}
    add_arm_group(**mine, key="PVP", label="Vertebroplasty")
    add_outcome(**mine, key="VAS", label="Pain")
    with pytest.raises(Refused, match="group with the key"):
        add_arm_group(**mine, key="PVP", label="Again")
    with pytest.raises(Refused, match="outcome with the key"):
        add_outcome(**mine, key="VAS", label="Again")


def test_a_scale_has_its_ends_in_order(review: Review, owner: User) -> None:
    with pytest.raises(Refused, match="below its highest"):
        add_outcome(
            user=owner, review=review, key="VAS", label="Pain", scale_min=Decimal(10), scale_max=Decimal(0)
        )


def test_the_six_standard_intervals_replace_what_was_there(review: Review, owner: User) -> None:
    set_intervals(user=owner, review=review)
    stored = set_intervals(user=owner, review=review)
    assert [each.label for each in stored] == [
        "Preoperative", "< 4 weeks", "≤ 6 weeks", "< 6 months", "< 1 year", "≥ 1 year",
    ]  # fmt: skip
    assert review.follow_up_intervals.count() == 6


def test_extractors_do_not_configure(review: Review, extractor_a: User) -> None:
    with pytest.raises(Refused, match="role"):
        set_intervals(user=extractor_a, review=review)
