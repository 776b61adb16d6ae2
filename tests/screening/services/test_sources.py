"""Sources, searches and records known only as a total."""

from __future__ import annotations

from datetime import date

import pytest

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import make_read_only
from screening.models import Search, Source, UnlistedGroup
from screening.services.sources import (
    add_source,
    declare_unlisted_group,
    edit_search,
    edit_source,
    record_search,
    withdraw_unlisted_group,
)
from tests.screening.builders import make_record


@pytest.fixture
def medline(owner: User, review: Review) -> Source:
    return add_source(user=owner, review=review, name=" Ovid  MEDLINE ", kind="database")


@pytest.fixture
def earlier(owner: User, review: Review) -> Source:
    return add_source(
        user=owner, review=review, name="Earlier review", kind="previous_review", enters_at_full_text=True
    )


def test_source_gets_a_key_of_its_own(owner: User, review: Review, medline: Source) -> None:
    second = add_source(user=owner, review=review, name="Ovid MEDLINE", kind="database")
    assert (medline.name, medline.key, second.key) == ("Ovid MEDLINE", "ovid-medline", "ovid-medline-2")


def test_database_that_skips_title_and_abstract_is_refused(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="title and abstract first"):
        add_source(user=owner, review=review, name="MEDLINE", kind="database", enters_at_full_text=True)


def test_blank_name_and_unknown_kind_are_refused(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="name"):
        add_source(user=owner, review=review, name="  ", kind="database")
    with pytest.raises(Refused, match="kind"):
        add_source(user=owner, review=review, name="MEDLINE", kind="library")


def test_source_in_use_keeps_its_column_of_the_flow(owner: User, review: Review, medline: Source) -> None:
    edit_source(user=owner, review=review, source=medline, name="MEDLINE", kind="website")
    edit_source(user=owner, review=review, source=medline, name="MEDLINE", kind="database")
    make_record(review, owner, source=medline)
    edit_source(user=owner, review=review, source=medline, name="MEDLINE (Ovid)", kind="register")
    with pytest.raises(Refused, match="already counts"):
        edit_source(user=owner, review=review, source=medline, name="MEDLINE", kind="website")
    medline.refresh_from_db()
    assert (medline.name, medline.kind) == ("MEDLINE (Ovid)", "register")


def test_hits_not_reported_and_no_hits_are_different(owner: User, review: Review, medline: Source) -> None:
    unknown = record_search(user=owner, review=review, source=medline)
    nothing = record_search(user=owner, review=review, source=medline, n_hits_reported=0)
    assert (unknown.n_hits_reported, nothing.n_hits_reported) == (None, 0)


def test_search_keeps_its_numbered_lines(owner: User, review: Review, medline: Source) -> None:
    search = record_search(
        user=owner,
        review=review,
        source=medline,
        searched_on=date(2018, 1, 3),
        n_hits_reported=243,
        lines=[(1, "exp Vertebroplasty/", 2476), (2, "limit 1 to english language", None)],
    )
    edit_search(user=owner, review=review, search=search, n_hits_reported=243, lines=[(1, "kyphoplasty", 7)])
    held = Search.objects.get()
    assert [(line.number, line.text, line.n_hits) for line in held.lines.all()] == [(1, "kyphoplasty", 7)]
    assert held.searched_on is None


def test_strategy_with_a_number_used_twice_is_refused_whole(
    owner: User, review: Review, medline: Source
) -> None:
    with pytest.raises(Refused, match="same number"):
        record_search(user=owner, review=review, source=medline, lines=[(1, "a", None), (1, "b", None)])
    assert not Search.objects.exists()


def test_unlisted_group_is_withdrawn_once_and_stays_on_record(
    owner: User, review: Review, medline: Source
) -> None:
    group = declare_unlisted_group(
        user=owner, review=review, source=medline, box="excluded_other", n=114, provenance="inferred"
    )
    withdraw_unlisted_group(user=owner, review=review, group=group)
    with pytest.raises(Refused, match="before"):
        withdraw_unlisted_group(user=owner, review=review, group=group)
    assert (UnlistedGroup.objects.count(), UnlistedGroup.objects.open().count()) == (1, 0)


@pytest.mark.parametrize("box", ["duplicates", "excluded_automatic", "excluded_other", "records_excluded"])
def test_other_methods_have_no_box_before_the_reports(
    owner: User, review: Review, earlier: Source, box: str
) -> None:
    with pytest.raises(Refused, match="has no box"):
        declare_unlisted_group(
            user=owner, review=review, source=earlier, box=box, n=85, provenance="reported"
        )


def test_other_methods_may_end_at_full_text(owner: User, review: Review, earlier: Source) -> None:
    group = declare_unlisted_group(
        user=owner, review=review, source=earlier, box="reports_excluded", n=85, provenance="reported"
    )
    assert group.n == 85


def test_empty_group_is_refused(owner: User, review: Review, medline: Source) -> None:
    with pytest.raises(Refused, match="at least one"):
        declare_unlisted_group(
            user=owner, review=review, source=medline, box="duplicates", n=0, provenance="reported"
        )


def test_viewers_and_read_only_reviews_change_nothing(
    owner: User, viewer: User, review: Review, medline: Source
) -> None:
    with pytest.raises(Refused, match="role"):
        record_search(user=viewer, review=review, source=medline)
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        add_source(user=owner, review=review, name="Embase", kind="database")
