"""Files whose records are in the review: their import makes no decision; a separate one may take them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.files import content_of, store_file
from screening.models import (
    Decision,
    DecisionImport,
    ImportBatch,
    ImportedOutcome,
    Record,
    Source,
    StageState,
)
from screening.queries.imports import shown_problems
from tests.screening.importing import at_commit, embase, handed_in, imported, medline
from tests.screening.prior import bring, look_at

__all__ = ["at_commit", "embase", "handed_in", "imported", "medline"]

Import = Callable[..., ImportBatch]
RAYYAN = 'RAYYAN-INCLUSION: {""Reviewer A""=>""Excluded"", ""Reviewer B""=>""Included""}'
FILES = {
    "ASReview.csv": "title,year,included,label,asreview_label\nBone cement,2011,1,1,1\n",
    "decisions.csv": "title,year,reviewer,decision,reason,stage\nBone cement,2011,A,exclude,x,full text\n",
    "Rayyan.csv": f'title,year,notes\nBone cement,2011,"{RAYYAN}"\n',
    "Covidence.csv": "Title,Published Year,Covidence #,Study,Notes,Tags\n"
    "Bone cement,2011,12,Example 2011,Exclusion reason: foreign; ,excluded\n",
    "marks.ris": "TY  - JOUR\nTI  - Bone cement\nPY  - 2011\nN1  - ASReview_irrelevant\n"
    "N1  - WORKBENCH-DECISION: exclude\nN1  - WORKBENCH-REVIEWER: A | full text | exclude | x | y | z\n"
    'N1  - RAYYAN-INCLUSION: {"Reviewer A"=>"Excluded"}\nC1  - exclude\nER  - \n',
}


@pytest.mark.parametrize("name", FILES)
def test_import_of_records_never_makes_a_decision(
    name: str, imported: Import, medline: Source, reviewer_a: User
) -> None:
    imported(medline, name, FILES[name].encode())
    assert Record.objects.count() == 1
    assert [state.status for state in StageState.objects.all()] == ["awaiting"]
    for model in (Decision, ImportedOutcome, DecisionImport):
        assert not model.objects.exists()


def test_decisions_of_an_imported_file_find_their_records_by_line(
    imported: Import, medline: Source, owner: User, review: Review, reviewer_a: User
) -> None:
    rows = "title,included\nSame title,1\nSame title,0\n,1\n"
    batch = imported(medline, "labels.csv", rows.encode())
    bring(owner, review, content_of(batch.file), {"": reviewer_a}, name="labels.csv")
    decided = Decision.objects.order_by("record").values_list("record__line", "verdict")
    assert list(decided) == [(2, "include"), (3, "exclude")]


def test_table_that_was_read_by_hand_is_read_so_for_its_decisions_too(
    imported: Import, medline: Source, owner: User, review: Review, reviewer_a: User
) -> None:
    content = b"Benennung,Jahrgang,included\nBone cement,2011,1\n"
    with pytest.raises(Refused):
        look_at(owner, review, content)
    batch = imported(medline, "plain.csv", b"title,year\nBone cement,2011\n")
    ImportBatch.objects.filter(pk=batch.pk).update(column_mapping={"Benennung": "title", "Jahrgang": "year"})
    file = store_file(user=owner, review=review, name="x.csv", content_type="text/csv", content=content)
    ImportBatch.objects.filter(pk=batch.pk).update(file=file)
    assert look_at(owner, review, content).found["n_rows_placed"] == 1


def test_remarks_come_without_a_text_that_may_tell_a_decision(
    imported: Import, medline: Source, owner: User, review: Review, reviewer_a: User
) -> None:
    marked = imported(
        medline, "marks.ris", b"TY  - JOUR\nTI  - A\nPY  - soon\nN1  - ASReview_relevant\nER  - \n"
    )
    plain = imported(medline, "plain.csv", b"title,year,included\nBone cement,soon,1\n")
    assert [shown(batch) for batch in (marked, plain)] == [["PY  - soon"], ["Bone cement,soon,1"]]
    bring(owner, review, content_of(plain.file), {"": reviewer_a}, name="plain.csv")
    assert shown(plain) == [""]


def shown(batch: ImportBatch) -> list[str]:
    return [problem.text for problem in shown_problems(batch, 9, is_lost=False)]
