"""Read exports of any known format and print what is in them; needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_bytes
from screening.domain.parsing.model import Problem

_FIELDS = (
    *(
        "title",
        "authors",
        "year",
        "journal",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "abstract",
        "keywords",
    ),
    *("url", "type", "language", "accession"),
)
_N_SHOWN = 5


class Command(BaseCommand):
    """Print the records and problems of files as JSON, or a short summary of each."""

    help = "Reads exports of databases and reference managers and prints what is in them. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files and the layout."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="export to read")
        parser.add_argument("--json", action="store_true", help="print records and problems as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one file after the other; one that cannot be opened is named at the end, with status 1."""
        _write_utf8(self.stdout)
        unopened = []
        before = "[\n"
        for name in options["files"]:
            try:
                data = Path(name).read_bytes()
            except OSError as error:
                unopened.append(f"{name}: {error.strerror or error}. Check the path.")
                continue
            parsed = _parsed(data)
            if options["json"]:
                self.stdout.write(before, ending="")
                self._write_json(name, parsed)
                before = ",\n"
            else:
                self.stdout.write(_summary(name, parsed))
        if options["json"]:
            self.stdout.write("[]" if before == "[\n" else "\n]")
        if unopened:
            raise CommandError("\n".join(unopened))

    def _write_json(self, name: str, parsed: ParsedFile) -> None:
        """Write one file's object, record by record, for a file may hold very many."""
        head = {
            "file": name,
            "format": parsed.format,
            "encoding": parsed.encoding,
            "n_records": len(parsed.records),
            "problems": [_problem(problem) for problem in parsed.problems],
        }
        self.stdout.write(_json(head)[:-1] + ', "records": [', ending="")
        for number, record in enumerate(parsed.records):
            self.stdout.write((",\n" if number else "\n") + _json(_record(record)), ending="")
        self.stdout.write("]}", ending="")


def _parsed(data: bytes) -> ParsedFile:
    """Return the file as read; one that cannot be read has an empty format and one problem that says why."""
    try:
        return parse_bytes(data)
    except UnreadableFile as refusal:
        return ParsedFile("", "", 1, (), (Problem(1, str(refusal), ""),))


def _record(record: ParsedRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in _FIELDS}


def _problem(problem: Problem) -> dict[str, object]:
    return {"line": problem.line, "reason": problem.reason, "lost": problem.lost}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _summary(name: str, parsed: ParsedFile) -> str:
    if not parsed.format:
        return f"{name}: not read. {parsed.problems[0].reason}"
    lines = [
        f"{name}: {parsed.format}, {parsed.encoding}; records read: {len(parsed.records)}, "
        f"lost: {parsed.n_lost}, remarks: {len(parsed.problems) - parsed.n_lost}"
    ]
    lines += [
        f"  line {problem.line}: {'lost. ' if problem.lost else ''}{problem.reason}"
        for problem in parsed.problems[:_N_SHOWN]
    ]
    if len(parsed.problems) > _N_SHOWN:
        lines.append(f"  … and {len(parsed.problems) - _N_SHOWN} more; --json shows them all")
    return "\n".join(lines)


def _write_utf8(output: Any) -> None:
    """Make the standard output UTF-8, whatever the locale says."""
    if hasattr(output, "_out") and hasattr(output._out, "reconfigure"):
        output._out.reconfigure(encoding="utf-8", errors="backslashreplace")
