"""Records that people enter by hand and fields that they correct; what was imported is never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.files import store_file
from screening.domain.dedup import Pair
from screening.domain.parsing import ParsedRecord
from screening.domain.writing.model import ExportRecord
from screening.domain.writing.ris import write_ris
from screening.models import ImportBatch, PossibleDuplicate, Record, RecordCorrection, Search, Source
from screening.queries.alike import possible_pairs_of
from screening.queries.comparison import Comparison, compare_stored, still_holds
from screening.queries.record_history import imported_value_of, version_of
from screening.services.duplicates import write_findings
from screening.services.import_jobs import create_records, place
from screening.services.imports import AlreadyHere, batch_with, check_origin
from screening.services.record_fields import (
    LABELS,
    Value,
    is_changed,
    refuse_unidentified,
    remark_on,
    value_of,
    values_of,
)

FORMAT = "by hand"
NAME_LENGTH = 60


@dataclass(frozen=True)
class Corrected:
    """What a correction wrote: nothing if the record says all of it already.

    `remarks` are sentences about values that were brought to another form, `possible` the pairs with records
    that may be the same, most alike first.
    """

    corrections: list[RecordCorrection]
    remarks: list[str]
    possible: list[PossibleDuplicate]


def read_by_hand(texts: Mapping[str, str]) -> ParsedRecord:
    """Return the record that typed texts describe, with its RIS text as raw text.

    Refused: a field that cannot be read, a record that says nothing to know it by.
    """
    values = values_of(texts)
    refuse_unidentified(values)
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    written = write_ris([ExportRecord(id="", number=0, **fields)], lambda _record: ())
    return ParsedRecord(**fields, raw="".join(written), line=1)


def add_record(
    *,
    user: User,
    review: Review,
    source: Source,
    search: Search | None,
    texts: Mapping[str, str],
    enters_at_full_text: bool = False,
    comparison: Comparison | None = None,
) -> Record:
    """Store a record that was typed, as an import of its own whose file is its RIS text.

    It gets a number, is compared with the other records (unless that was done) and enters screening like any
    imported record.
    Refused: what `read_by_hand` refuses, a search of another source, entry at full text for a database or
    register. Raises AlreadyHere if the same text came from the source before.
    """
    typed = read_by_hand(texts)
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = Review.objects.select_for_update().get(pk=review.pk)
        origin = Source.objects.get(pk=source.pk, review=review)
        enters = enters_at_full_text or origin.enters_at_full_text
        check_origin(origin, search, enters_at_full_text=enters)
        known = batch_with(review=review, source=origin, sha256=sha256(typed.raw.encode()).hexdigest())
        if known:
            raise AlreadyHere(
                _("This record was entered before, in import %d: nothing was stored.") % known.pk, known
            )
        batch = _batch_of(user, origin, search, typed, enters_at_full_text=enters)
        records = create_records(locked, batch, [typed])
        place(user, locked, records, comparison)
        audit(
            user=user,
            review=review,
            action="add_record",
            subject=f"record:{records[0].number}",
            batch=batch.pk,
        )
        return Record.objects.get(pk=records[0].pk)


def correct_record(
    *, user: User, review: Review, record: Record, texts: Mapping[str, str], reason: str, seen: int
) -> Corrected:
    """Correct the fields whose text differs from what the record says; the imported values stay on record.

    The record is compared with the others again. Nothing is joined by this: what looks the same waits for a
    person to judge, and judgements that were made stay.

    Refused: a blank reason, a value that cannot be read, a record left with nothing to know it by, a
    withdrawn record, and a record that changed since version `seen`. A repeated request changes nothing.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = _locked(review, record)
        changes = _changes(locked, texts)
        if not changes:
            return Corrected([], [], [])
        if not reason.strip():
            raise Refused(_("Say why the record is corrected: the reason is part of its history."))
        _refuse_outdated(locked, seen)
        written = _write(user, locked, changes, reason.strip())
    remarks = [remark for name, value in changes.items() if (remark := remark_on(name, texts[name], value))]
    return Corrected(written, remarks, _compare_again(user, review, locked))


def restore_field(*, user: User, review: Review, record: Record, field: str, seen: int) -> Corrected:
    """Bring back what was imported in one field; the corrections stay in its history.

    Refused: a field that is unknown or never was corrected, a withdrawn record, and a record that changed
    since version `seen`. Where the field holds the imported value nothing changes.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = _locked(review, record)
        imported = imported_value_of(locked, field)
        if imported is None:
            raise Refused(_("This field was never corrected: it holds what was imported."))
        changes = {field: imported.value} if getattr(locked, field) != imported.value else {}
        if not changes:
            return Corrected([], [], [])
        _refuse_outdated(locked, seen)
        written = _write(user, locked, changes, _("What was imported is restored."))
    return Corrected(written, [], _compare_again(user, review, locked))


def _batch_of(
    user: User, source: Source, search: Search | None, typed: ParsedRecord, *, enters_at_full_text: bool
) -> ImportBatch:
    """Write the import that consists of this record alone."""
    return ImportBatch.objects.create(
        review=source.review,
        source=source,
        search=search,
        file=store_file(
            user=user,
            review=source.review,
            name=_name_of(typed),
            content_type="application/x-research-info-systems",
            content=typed.raw.encode(),
        ),
        state=ImportBatch.State.IMPORTED,
        format=FORMAT,
        encoding="utf-8",
        n_in_file=1,
        n_read=1,
        enters_at_full_text=enters_at_full_text,
        created_by=user,
        imported_at=timezone.now(),
    )


def _name_of(typed: ParsedRecord) -> str:
    words = slugify(typed.title or typed.doi or typed.pmid, allow_unicode=True)[:NAME_LENGTH].strip("-")
    return f"{words or 'record'}.ris"


def _locked(review: Review, record: Record) -> Record:
    """Lock the review, then the record; refuse a record that does not take part in the review."""
    Review.objects.select_for_update().get(pk=review.pk)
    locked = Record.everything.select_for_update().get(pk=record.pk, review=review)
    if locked.is_withdrawn:
        raise Refused(_("Record %d was withdrawn with its import: it cannot be corrected.") % locked.number)
    return locked


def _changes(record: Record, texts: Mapping[str, str]) -> dict[str, Value]:
    """Return the values that differ from the record's; a text that was left as it is changes nothing."""
    changes: dict[str, Value] = {}
    for field in LABELS:
        held = getattr(record, field)
        if field not in texts or not is_changed(texts[field], held):
            continue
        value = _checked(field, texts[field])
        if value != held:
            changes[field] = value
    if changes:
        refuse_unidentified({field: getattr(record, field) for field in LABELS} | changes)
    return changes


def _checked(field: str, text: str) -> Value:
    try:
        return value_of(field, text)
    except Refused as refusal:
        raise Refused(f"{LABELS[field]}: {refusal}") from None


def _refuse_outdated(record: Record, seen: int) -> None:
    if version_of(record) != seen:
        raise Refused(
            _(
                "Somebody else corrected this record while you were writing: nothing of yours is saved. Open "
                "the record again and repeat what is still needed."
            )
        )


def _write(user: User, record: Record, changes: Mapping[str, Value], reason: str) -> list[RecordCorrection]:
    """Write the corrections, each in place of the earlier one of its field, and the record's columns."""
    RecordCorrection.objects.open().filter(record=record, field__in=changes).supersede(user=user)
    written = [
        RecordCorrection.objects.create(
            review=record.review,
            record=record,
            field=field,
            before=getattr(record, field),
            after=value,
            note=reason,
            created_by=user,
        )
        for field, value in changes.items()
    ]
    for field, value in changes.items():
        setattr(record, field, value)
    record.save(update_fields=list(changes))
    audit(
        user=user,
        review=record.review,
        action="correct_record",
        subject=f"record:{record.number}",
        fields=list(changes),
    )
    return written


def _compare_again(user: User, review: Review, record: Record) -> list[PossibleDuplicate]:
    """Put what may be the same on the list of possible duplicates; return these pairs, most alike first.

    The comparison is slow on large reviews and therefore stands before its transaction. What an import would
    join is left to a person too: whether others have judged a record may not show in what happens to it.
    """
    found = compare_stored(review, [record.pk])
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        if not still_holds(review, found):
            found = compare_stored(review, [record.pk])
        doubtful = [Pair(match.a, match.b, match.score, match.detail) for match in found.matches]
        found = replace(found, matches=(), possible=(*doubtful, *found.possible))
        write_findings(user=user, review=review, comparison=found)
    return possible_pairs_of(record)
