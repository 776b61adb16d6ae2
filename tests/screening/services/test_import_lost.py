"""The text of what could not be read can be mended and imported as a file of its own."""

from __future__ import annotations

import pytest

from screening.models import Source
from screening.queries.lost import lost_text
from tests.screening.importing import Import, handed_in, imported, medline, ris

__all__ = ["handed_in", "imported", "medline"]

ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>{0}</PMID><Article><ArticleTitle>{0}</ArticleTitle></Article>"
    "</MedlineCitation></PubmedArticle>"
)


@pytest.mark.parametrize(
    ("content", "broken", "mended"),
    [
        (ris("One") + b"TY  - JOUR\nER  - \n", "JOUR\nER", "JOUR\nTI  - Mended\nER"),
        (
            b"Export of a library\nsep=;\nTitle;Authors;Year\nOne;Example A;2011\nTwo;Example B;2012;x;y;z\n",
            ";x;y;z",
            "",
        ),
        (b'Title,Year\r\nOne,2011\r\n"Two,2012\r\n', '"Two', "Two"),
        (
            f"<PubmedArticleSet>{ARTICLE.format(1)}<PubmedArticle><MedlineCitation></MedlineCitation>"
            "</PubmedArticle></PubmedArticleSet>".encode(),
            "<MedlineCitation></MedlineCitation>",
            "<MedlineCitation><PMID>2</PMID></MedlineCitation>",
        ),
    ],
    ids=["RIS", "table under a banner", "table", "PubMed XML"],
)  # fmt: skip
def test_mended_text_imports_what_was_lost(
    handed_in: Import, imported: Import, medline: Source, content: bytes, broken: str, mended: str
) -> None:
    batch = imported(medline, "export.txt", content)
    assert (batch.n_in_file, batch.n_read) == (2, 1)
    text = lost_text(batch)
    assert text.count(broken) == 1
    again = handed_in(medline, "mended.txt", text.replace(broken, mended).encode())
    assert (again.state, again.format, again.n_in_file, again.n_read) == ("preview", batch.format, 1, 1)


def test_file_of_which_nothing_is_lost_has_no_such_text(handed_in: Import, medline: Source) -> None:
    assert lost_text(handed_in(medline, "a.ris", ris("One"))) == ""
