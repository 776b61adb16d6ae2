"""Seek full texts: what came of it, and the files."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.files import store_file
from screening.domain.vocabulary import Stage
from screening.models import Report, ReportFile, RetrievalOutcome, StageState
from screening.queries.decisions import IN_CONFLICT, SETTLED
from screening.services.projection import recompute
from screening.services.rules import lock_state

PDF_MARK = b"%PDF-"
MARK_WITHIN = 1024
"""Readers accept a PDF whose mark stands within its first 1024 bytes (ISO 32000-1, annex H, note 13)."""
MEGABYTE = 1024 * 1024


def record_retrieval(
    *, user: User, review: Review, report: Report, status: str, on: date, note: str = ""
) -> RetrievalOutcome:
    """Write down what came of seeking a report; an earlier outcome is superseded and kept.

    Refused: a report that is not sought (any more); a date in the future; taking back the retrieval of a
    full text that has been assessed.
    """
    if status not in RetrievalOutcome.Status.values:
        raise Refused(_("Choose whether the full text was requested, retrieved or not retrieved."))
    if on > timezone.localdate():
        raise Refused(_("The date lies in the future: write the day on which it happened."))
    with business(user=user, review=review, needs=Capability.RETRIEVE):
        state = _lock_sought(review, report)
        return _put_outcome(user, state, report, status, on, note.strip())


def add_file(*, user: User, review: Review, report: Report, name: str, content: bytes) -> ReportFile:
    """Keep a PDF of a report; with it the report counts as retrieved. The same file is kept once.

    Refused: a report that is not sought (any more); a file that is empty, too large or not a PDF.
    """
    _check_pdf(content)
    with business(user=user, review=review, needs=Capability.RETRIEVE):
        state = _lock_sought(review, report)
        stored = store_file(
            user=user,
            review=review,
            name=_plain_name(name),
            content_type="application/pdf",
            content=content,
        )
        added, is_new = ReportFile.objects.get_or_create(
            report=report, file=stored, defaults={"added_by": user}
        )
        held = RetrievalOutcome.objects.open().filter(report=report).first()
        retrieved = RetrievalOutcome.Status.RETRIEVED
        if held is None or held.status != retrieved:
            _put_outcome(user, state, report, retrieved, timezone.localdate(), "")
        if is_new:
            audit(
                user=user,
                review=review,
                action="add_file",
                subject=f"report:{report.pk}",
                sha256=stored.sha256,
                size=stored.size,
            )
        return added


def check_size(n_bytes: int) -> None:
    """Refuse a file that is empty or too large; a view asks before it reads the file into memory."""
    if n_bytes == 0:
        raise Refused(_("This file is empty. Choose the PDF of the full text."))
    if n_bytes > settings.MAX_PDF_BYTES:
        raise Refused(
            _("This file has %(size)d MB; at most %(limit)d MB are allowed.")
            % {"size": -(-n_bytes // MEGABYTE), "limit": settings.MAX_PDF_BYTES // MEGABYTE}
        )


def _lock_sought(review: Review, report: Report) -> StageState:
    state = lock_state(review, report.record, Stage.FULL_TEXT)
    if state is None:
        raise Refused(_("This report is not sought: its record is not included on title and abstract."))
    return state


def _put_outcome(
    user: User, state: StageState, report: Report, status: str, on: date, note: str
) -> RetrievalOutcome:
    held: RetrievalOutcome | None = RetrievalOutcome.objects.open().filter(report=report).first()
    if held and (held.status, held.on, held.note) == (status, on, note):
        return held
    is_taken_back = held and held.status == RetrievalOutcome.Status.RETRIEVED != status
    if is_taken_back and state.status in (*SETTLED, *IN_CONFLICT):
        raise Refused(_("This full text has been assessed, so it was retrieved."))
    if held:
        held.supersede(user=user)
    outcome: RetrievalOutcome = RetrievalOutcome.objects.create(
        review=state.review, report=report, status=status, on=on, note=note, created_by=user
    )
    recompute(report.record, Stage.FULL_TEXT)
    audit(
        user=user,
        review=state.review,
        action="record_retrieval",
        subject=f"report:{report.pk}",
        status=status,
    )
    return outcome


def _check_pdf(content: bytes) -> None:
    check_size(len(content))
    if PDF_MARK not in content[:MARK_WITHIN]:
        raise Refused(
            _("This file is not a PDF, whatever its name says. Save the full text as PDF and try again.")
        )


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip() or "full-text.pdf"
