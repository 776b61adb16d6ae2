"""Load the example review, as published and as practice."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from extraction.models import Entry
from reviewsite.portal.example.people import DEMO_PASSWORD, ROLES, People, demo_people, email_of
from reviewsite.portal.example.practice import load_practice
from reviewsite.portal.example.published import load_published
from reviewsite.workspace.models import Review
from reviewsite.workspace.refused import Refused
from screening.models import Adjudication, Decision, DuplicateJudgement
from screening.queries.projections import differences

REVIEWS: dict[str, Callable[[People], Review]] = {
    "vertebral-augmentation": load_published,
    "vertebral-augmentation-practice": load_practice,
}


class Command(BaseCommand):
    """Enter both example reviews through the services that people use; what is there is left alone."""

    help = "Load the example review, once as published (read-only) and once to practise on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=[*REVIEWS], help="load one of the two reviews")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people = demo_people()
            for slug, load in REVIEWS.items():
                if options["only"] in (None, slug):
                    self._load(slug, load, people)
        except Refused as refusal:
            raise CommandError(f"The example was not loaded: {refusal}") from refusal
        if settings.DEMO_MODE:
            self._show_accounts()

    def _load(self, slug: str, load: Callable[[People], Review], people: People) -> None:
        """Load one review whole or not at all."""
        if Review.objects.filter(slug=slug).exists():
            self.stdout.write(f"{slug}: is here already and was left alone.")
            return
        self.stdout.write(f"{slug}: loading …")
        self.stdout.flush()
        start = monotonic()
        with transaction.atomic():
            review = load(people)
            found = differences(review)
            if found:
                raise CommandError(
                    f"{slug} was not loaded, because its states differ from the evidence: {' '.join(found)}"
                )
        self.stdout.write(f"{slug}: {_summary(review)} ({monotonic() - start:.0f} s).")

    def _show_accounts(self) -> None:
        self.stdout.write("Demo accounts; the login page offers them by one click:")
        for key, (name, _role) in ROLES.items():
            self.stdout.write(f"  {name:12} {email_of(key)}")
        self.stdout.write(f"  password for all of them: {DEMO_PASSWORD}")


def _summary(review: Review) -> str:
    """Say what the review holds now."""
    numbers = {
        "records": review.records.count(),
        "judged duplicate pairs": DuplicateJudgement.objects.open().filter(review=review).count(),
        "decisions": Decision.objects.open().filter(review=review).count(),
        "adjudications": Adjudication.objects.open().filter(review=review).count(),
        "studies": review.studies.count(),
        "settled extractions": Entry.objects.filter(review=review, kind=Entry.Kind.CONSENSUS).count(),
        "printed numbers": review.reported_cells.count(),
    }
    return ", ".join(f"{n} {what}" for what, n in numbers.items() if n)
