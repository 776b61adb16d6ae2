"""Records filled from their duplicates."""

from __future__ import annotations

import pytest

from reviewsite.workspace.models import Review, User
from screening.models import Record
from screening.queries.merged import fill, merged
from screening.services.duplicates import judge
from tests.screening.builders import make_record


@pytest.fixture
def group(review: Review, owner: User):
    """Join records with these fields and return all records by number."""

    def make(*fields: dict) -> list[Record]:
        records = [make_record(review, owner, **each) for each in fields]
        for other in records[1:]:
            judge(user=owner, review=review, first=records[0], second=other, verdict="same")
        return list(Record.objects.order_by("number"))

    return make


def test_only_empty_fields_are_filled_from_the_first_that_has_a_value(group):
    head, *_others = group(
        {"abstract": "Own.", "doi": "10.1/own", "year": 2001, "journal": "J"},
        {"doi": "10.1/other", "keywords": ["bone"]},
        {"keywords": ["spine"], "pmid": "7"},
    )
    found = fill(head)
    shown = (found.record.doi, found.record.abstract, found.record.keywords, found.record.pmid)
    assert shown == ("10.1/own", "Own.", ["bone"], "7")
    assert found.origins == {"keywords": 2, "pmid": 3}


def test_the_longest_abstract_is_taken(group):
    records = group({"doi": "10.1/x"}, {"abstract": "Short."}, {"abstract": "A longer abstract."})
    head = next(record for record in records if record.canonical is None)
    assert fill(head).record.abstract == "A longer abstract."


def test_volume_issue_and_pages_come_from_one_citation_or_not_at_all(group):
    full = {"abstract": "Text.", "doi": "10.1/x", "pmid": "1", "journal": "J"}
    assert fill(group(full | {"volume": "3"}, {"volume": "4", "pages": "1-2"})[0]).origins == {}
    head = group(full, {"volume": "4"}, {"volume": "5", "issue": "2", "pages": "9"})[2]
    found = fill(head)
    assert (found.record.volume, found.record.issue, found.record.pages) == ("4", "", "")
    assert found.origins == {"volume": 4}


def test_the_stored_record_is_not_touched(group):
    head, *_others = group({"doi": "10.1/x", "abstract": "Text."}, {"pmid": "7"})
    fill(head)
    assert (head.pmid, Record.objects.get(pk=head.pk).pmid) == ("", "")


def test_a_duplicate_and_a_record_alone_are_shown_as_they_are(group, review, owner):
    _head, twin = group({"doi": "10.1/x", "abstract": "Text."}, {"pmid": "7"})
    alone = make_record(review, owner)
    found = merged([twin, alone])
    assert {pk: each.origins for pk, each in found.items()} == {twin.pk: {}, alone.pk: {}}


def test_many_records_are_filled_with_one_query(group, django_assert_num_queries):
    heads = [group({"doi": "10.1/x", "abstract": "Text."}, {"pmid": "7"})[-2] for _ in range(3)]
    with django_assert_num_queries(1):
        assert [each.record.pmid for each in merged(heads).values()] == ["7", "7", "7"]
