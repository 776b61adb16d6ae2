"""Other people's judgements are read in a few modules only; every other module asks these."""

from __future__ import annotations

import ast
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("reviewsite", "screening", "extraction", "synthesis")

READERS_OF_DECISIONS = {
    "reviewsite/portal/management/commands/load_example.py",  # a total, for the terminal
    "screening/queries/conflicts.py",  # the person's own decision on a conflict
    "screening/queries/decisions.py",  # visible_to and the rules that settle
    "screening/queries/projections.py",  # where each record stands, without names
    "screening/queries/queue.py",  # the person's own decisions
    "screening/queries/withdrawals.py",  # whether any decision is open in the review, never on which record
    "screening/queries/work.py",  # whether a record was ever settled
    "screening/services/decisions.py",
    "screening/services/outcomes.py",
    "screening/services/prior_decisions.py",  # what is open at the stage, so that an import leaves it
    "screening/services/prior_decisions_withdrawal.py",  # what the import brought
    "screening/services/rules.py",
}
READERS_OF_ENTRIES = {
    "reviewsite/portal/queries/overview.py",  # own drafts, and for adjudicators how many studies are ready
    "synthesis/queries/tables.py",  # settled entries
    "reviewsite/portal/management/commands/load_example.py",  # a total, for the terminal
    "extraction/queries/entries.py",  # visible_to and the comparison
    "extraction/queries/long_table.py",  # settled entries
    "extraction/queries/progress.py",  # states without values
    "extraction/services/consensus.py",
    "extraction/services/drafts.py",
    "extraction/services/entries.py",
    "extraction/services/measurements.py",
    "extraction/services/studies.py",
}


def _readers(model: str, related: str) -> set[str]:
    """Return the modules that ask the model's manager, or the related manager of another object."""
    found = set()
    for app in APPS:
        for path in (PROJECT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and _asks(node, model, related):
                    found.add(path.relative_to(PROJECT).as_posix())
    return found


def _asks(node: ast.Attribute, model: str, related: str) -> bool:
    if node.attr in ("objects", "_default_manager"):
        return isinstance(node.value, ast.Name) and node.value.id == model
    if node.attr in ("all", "filter", "exclude", "open", "order_by", "values", "count", "exists"):
        return isinstance(node.value, ast.Attribute) and node.value.attr == related
    return False


def test_decisions_are_read_by_the_modules_that_may() -> None:
    assert not _readers("Decision", "decisions") - READERS_OF_DECISIONS


def test_entries_are_read_by_the_modules_that_may() -> None:
    assert not _readers("Entry", "entries") - READERS_OF_ENTRIES


def test_search_for_readers_finds_a_planted_one() -> None:
    planted = ast.parse("rows = record.decisions.filter(pk=1)\nothers = Decision.objects.all()")
    found = [
        node
        for node in ast.walk(planted)
        if isinstance(node, ast.Attribute) and _asks(node, "Decision", "decisions")
    ]
    assert len(found) == 2
