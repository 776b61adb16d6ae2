"""Compare what is stored as a projection with the ledger behind it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewsite.workspace.models import Review
from screening.queries.projections import differences
from screening.queries.record_history import correction_differences


class Command(BaseCommand):
    """Print each difference between stored states and the ledger; end with code 1 if there is one."""

    help = "Compare the stored states of all records, or of one review's, with the ledger of decisions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--review", metavar="SLUG", help="only the review with this address")

    def handle(self, *args: Any, **options: Any) -> None:
        reviews = Review.objects.order_by("slug")
        if options["review"]:
            reviews = reviews.filter(slug=options["review"])
            if not reviews.exists():
                raise CommandError(f"There is no review with the address “{options['review']}”.")
        found = [
            (review.slug, sentence)
            for review in reviews
            for sentence in [*differences(review), *correction_differences(review)]
        ]
        for slug, sentence in found:
            self.stdout.write(f"{slug}: {sentence}")
        if found:
            raise CommandError(
                f"{len(found)} differences between stored states and the ledger.", returncode=1
            )
        self.stdout.write("The stored states are what the ledger says.")
