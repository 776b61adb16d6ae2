"""What the tests of decisions made elsewhere share: a short way through dry run and confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviewsite.workspace.models import Review, User
from screening.domain.vocabulary import Stage
from screening.models import DecisionImport
from screening.services.prior_decisions import confirm, preview

HEADER = "record,reviewer,decision,reason"


def table(*rows: str, header: str = HEADER) -> bytes:
    """Return rows of “record,reviewer,decision,reason” as a file."""
    return "\n".join([header, *rows, ""]).encode()


def look_at(
    user: User, review: Review, content: bytes, *, stage: Stage = Stage.TITLE_ABSTRACT, **more: Any
) -> DecisionImport:
    """Upload a file for its dry run."""
    return preview(user=user, review=review, stage=stage, content=content, **({"name": "votes.csv"} | more))


def bring(
    user: User,
    review: Review,
    content: bytes,
    people: Mapping[str, User | str],
    *,
    reasons: Mapping[str, Any] | None = None,
    **more: Any,
) -> DecisionImport:
    """Upload a file and take its decisions in; `people` maps names to members or “outcome”."""
    imported = look_at(user, review, content, **more)
    return confirm(
        user=user,
        review=review,
        imported=imported,
        people={name: who if isinstance(who, str) else str(who.pk) for name, who in people.items()},
        reasons={label: str(reason.pk) for label, reason in (reasons or {}).items()},
    )
