"""Keep the numbers that a publication printed, to hold them against what we compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from synthesis.models import ReportedCell, ReportedRelation

FORMAT = "reported-cells/1"
STRUCTURES = {"tables": "table", "series": "series", "text_claims": "text_claim"}
FLOWS = ("literal_flow", "inferred_flow")

Document = Mapping[str, Any]


def load_reported(*, user: User, review: Review, document: Document) -> list[ReportedCell]:
    """Store a publication's printed numbers and return the cells.

    Relations keep their own kind (sum, percentage, …); tables, series, text claims and flows of the document
    are kept as relations of the kinds table, series, text_claim and flow. Each holds its part of the document
    in `cells`, unchanged.

    Refused: a document of another format, and a review that has printed numbers already.
    """
    if document.get("format") != FORMAT:
        raise Refused(_("This is not a file of printed numbers: its format must be “%s”.") % FORMAT)
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        if ReportedCell.objects.filter(review=review).exists():
            raise Refused(_("The printed numbers of this review are here already."))
        cells = ReportedCell.objects.bulk_create(
            [_cell(review, position, cell) for position, cell in enumerate(document["cells"], start=1)]
        )
        relations = [
            ReportedRelation(review=review, position=position, kind=kind, cells=part, note=note)
            for position, (kind, part, note) in enumerate(_relations(document), start=1)
        ]
        ReportedRelation.objects.bulk_create(relations)
        audit(
            user=user,
            review=review,
            action="load_reported",
            subject=str(document.get("doi", "")),
            n_cells=len(cells),
            n_relations=len(relations),
        )
        return cells


def _cell(review: Review, position: int, cell: Document) -> ReportedCell:
    return ReportedCell(
        review=review,
        position=position,
        key=cell["id"],
        table=cell["table"],
        row=cell["row"],
        column=cell["column"],
        statistic=cell["statistic"],
        value=Decimal(str(cell["value"])),
        n_decimals=cell["decimals"],
        computes=cell["computes"],
        note=cell["note"],
    )


def _relations(document: Document) -> Iterator[tuple[str, Document, str]]:
    """Yield kind, content and note of everything that relates cells."""
    for relation in document["relations"]:
        yield relation["kind"], relation, relation.get("note", "")
    for key, kind in STRUCTURES.items():
        for part in document[key]:
            yield kind, part, ""
    for key in FLOWS:
        yield "flow", {"key": key, **document[key]}, document[key]["description"]
