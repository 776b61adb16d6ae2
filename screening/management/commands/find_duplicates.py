"""Find the duplicates of a table of records, without a review and without a database."""

from __future__ import annotations

import csv
import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.domain.dedup import (
    METHOD_VERSION,
    Candidate,
    Findings,
    Match,
    Rule,
    Settings,
    clusters,
    find_duplicates,
)
from screening.domain.parsing.fields import clean, year_in

NEEDED = ("id", "title")
_LONGEST_FIELD = 10_000_000  # characters


class Command(BaseCommand):
    """Read records from a CSV file and write for each to which publication it belongs."""

    help = (
        "Find duplicates in a CSV file with the columns id, title, authors (separated by “; ”), year, "
        "journal, volume, issue, pages, doi, pmid, abstract, isbn_issn, url, accession; all but id and title "
        "may be missing. For every record OUT gets id, cluster (certain duplicates share it), decision "
        "(auto: joined with others; possible: joined with none, but in a pair that a person should look at; "
        "single: neither) and possible_cluster (cluster if all possible pairs were accepted, too)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", metavar="IN.csv", type=Path)
        parser.add_argument("--out", metavar="OUT.csv", type=Path, required=True)
        parser.add_argument(
            "--pairs", metavar="PAIRS.csv", type=Path, help="also write the possible pairs here"
        )
        parser.add_argument(
            "--cochrane-updates-are-duplicates",
            action="store_true",
            help="join the updates of a Cochrane review (pub2, pub3); else each is a publication",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        records = read_records(options["table"])
        settings = Settings(cochrane_updates_are_duplicates=options["cochrane_updates_are_duplicates"])
        found = find_duplicates(records, settings=settings)
        rows = decisions([str(record.id) for record in records], found)
        write_table(options["out"], ("id", "cluster", "decision", "possible_cluster"), rows)
        if options["pairs"]:
            pairs = ((pair.a, pair.b, pair.score, pair.detail) for pair in found.possible)
            write_table(options["pairs"], ("first", "second", "score", "reason"), pairs)
        n_publications = len({row[1] for row in rows})
        self.stdout.write(
            f"{len(records)} records, {n_publications} publications, "
            f"{len(records) - n_publications} duplicates; "
            f"{len(found.possible)} possible pairs for a person (method {METHOD_VERSION})."
        )


def read_records(path: Path) -> list[Candidate]:
    """Return the records of a table.

    Refused: a file that cannot be read as UTF-8 CSV; a missing column id or title; an id that is empty or
    stands there twice.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _records(csv.DictReader(file, strict=False), path.name)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path.name} is not in UTF-8: save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise CommandError(f"{path.name} is no proper CSV file: {error}.") from None


def _records(reader: csv.DictReader[str], name: str) -> list[Candidate]:
    missing = [column for column in NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise CommandError(
            f"{name} has no column “{'” and no column “'.join(missing)}”: its first line must name it."
        )
    lines: dict[str, int] = {}
    records = []
    for row in reader:
        record_id = clean(row["id"] or "")
        if not record_id:
            raise CommandError(f"{name}, line {reader.line_num}: the record has no id.")
        if record_id in lines:
            raise CommandError(
                f"{name}, line {reader.line_num}: the id “{record_id}” stands in line {lines[record_id]} "
                "already: give each record its own."
            )
        lines[record_id] = reader.line_num
        records.append(_candidate(record_id, row))
    return records


def _candidate(record_id: str, row: dict[str, Any]) -> Candidate:
    def field(name: str) -> str:
        return clean(row.get(name) or "")

    return Candidate(
        id=record_id,
        title=field("title"),
        authors=tuple(name for name in map(str.strip, field("authors").split("; ")) if name),
        year=year_in(field("year")),
        journal=field("journal"),
        volume=field("volume"),
        issue=field("issue"),
        pages=field("pages"),
        doi=field("doi"),
        pmid=field("pmid"),
        isbn_issn=field("isbn_issn"),
        abstract=field("abstract"),
        url=field("url"),
        accession=field("accession"),
    )


def decisions(ids: Sequence[str], found: Findings) -> list[tuple[str, str, str, str]]:
    """Return a row for each id: its cluster, what was decided, and its cluster with possible pairs accepted.

    A cluster is named after its first record in the table.
    """
    accepted = [*found.matches, *(Match(pair.a, pair.b, Rule.SIMILAR) for pair in found.possible)]
    sure, possible = _names(ids, found.matches), _names(ids, accepted)
    in_pair = {record_id for pair in found.possible for record_id in (pair.a, pair.b)}
    in_match = {record_id for match in found.matches for record_id in (match.a, match.b)}

    def decision(record_id: str) -> str:
        return "auto" if record_id in in_match else "possible" if record_id in in_pair else "single"

    return [(one, sure[one], decision(one), possible[one]) for one in ids]


def _names(ids: Sequence[str], matches: Iterable[Match]) -> dict[str, str]:
    group_of = {member: group for group in clusters(matches).groups for member in group}
    first: dict[frozenset[Any], str] = {}
    return {one: first.setdefault(group_of.get(one, frozenset({one})), one) for one in ids}


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file that appears complete or not at all; refused if that is impossible."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
        Path(name).chmod(0o644)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
