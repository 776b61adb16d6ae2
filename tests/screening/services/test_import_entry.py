"""Where the records of a batch enter: its own choice, preset from the source."""

from __future__ import annotations

import pytest

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.models import ImportBatch, Report, Source, StageState
from screening.queries.projections import differences
from screening.services.imports import confirm
from screening.services.sources import add_source, edit_source
from tests.screening.importing import Import, handed_in, imported, medline, ris

__all__ = ["handed_in", "imported", "medline"]


@pytest.fixture
def earlier(owner: User, review: Review) -> Source:
    return add_source(
        user=owner, review=review, name="Earlier review", kind="previous_review", enters_at_full_text=True
    )


def stages() -> list[tuple[str, str]]:
    return list(StageState.objects.order_by("record").values_list("record__title", "stage"))


def test_batch_takes_over_what_its_source_says(imported: Import, review: Review, earlier: Source) -> None:
    batch = imported(earlier, "a.ris", ris("One"))
    assert batch.enters_at_full_text
    assert stages() == [("One", "full_text")]
    assert Report.objects.count() == 1
    assert differences(review) == []


def test_batch_may_choose_otherwise_in_both_directions(
    imported: Import, owner: User, review: Review, earlier: Source
) -> None:
    lists = add_source(user=owner, review=review, name="Reference lists", kind="citation_search")
    imported(earlier, "a.ris", ris("One"), enters_at_full_text=False)
    imported(lists, "b.ris", ris("Two"), enters_at_full_text=True)
    assert stages() == [("One", "title_abstract"), ("Two", "full_text")]
    assert differences(review) == []


def test_later_change_of_the_source_leaves_stored_batches_alone(
    imported: Import, owner: User, review: Review, earlier: Source
) -> None:
    imported(earlier, "a.ris", ris("One"))
    edit_source(
        user=owner,
        review=review,
        source=earlier,
        name="Earlier review",
        kind="previous_review",
        enters_at_full_text=False,
    )
    imported(earlier, "b.ris", ris("Two"))
    assert stages() == [("One", "full_text"), ("Two", "title_abstract")]
    assert differences(review) == []


def test_records_of_a_database_start_at_title_and_abstract(handed_in: Import, medline: Source) -> None:
    with pytest.raises(Refused, match="title and abstract first"):
        handed_in(medline, "a.ris", ris("One"), enters_at_full_text=True)
    assert not ImportBatch.objects.exists()


def test_source_that_became_a_database_takes_no_waiting_batch_at_full_text(
    handed_in: Import, owner: User, review: Review, earlier: Source
) -> None:
    batch = handed_in(earlier, "a.ris", ris("One"))
    edit_source(user=owner, review=review, source=earlier, name="Earlier", kind="database")
    with pytest.raises(Refused, match="title and abstract first"):
        confirm(user=owner, review=review, batch=batch)
