"""How far each study is: for the person asking, and as a state that gives no other entry away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from extraction.models import Arm, Entry, Form, FormVersion, Study, StudyReport
from extraction.queries.entries import N_INDEPENDENT
from reviewsite.workspace.domain.roles import Capability, capabilities_of
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.queries.membership import roles_of


class State(models.TextChoices):
    """How far a study is with one form; who does not settle knows no more than whether it is settled."""

    UNSETTLED = "unsettled", _("Not settled yet")
    OPEN = "open", _("Not started")
    STARTED = "started", _("Being extracted")
    AWAITING_SECOND = "awaiting_second", _("Awaiting second entry")
    READY = "ready", _("Ready to settle")
    SETTLED = "settled", _("Settled")
    SINGLE = "single", _("Single extraction")


@dataclass(frozen=True)
class FormProgress:
    """Hold one study's state with one form; `own` is the entry of the person who asks."""

    form: Form
    version: FormVersion
    state: State
    own: Entry | None
    n_entries: int
    """The independent entries that the person may know of."""
    settled: Entry | None

    @property
    def is_settled(self) -> bool:
        """Tell whether a consensus entry is there."""
        return self.settled is not None

    @property
    def can_start(self) -> bool:
        """Tell whether an entry by one more person would count."""
        return self.own is None and not self.is_settled and self.n_entries < N_INDEPENDENT

    @property
    def can_settle(self) -> bool:
        """Tell whether there is something to settle or to accept."""
        return self.state in {State.READY, State.AWAITING_SECOND}


@dataclass(frozen=True)
class StudyProgress:
    """Hold a study with its reports and arms, and its progress with each published form."""

    study: Study
    reports: list[StudyReport]
    arms: list[Arm]
    forms: list[FormProgress]

    def has(self, state: State) -> bool:
        """Tell whether one of the forms is in the state."""
        return any(each.state is state for each in self.forms)


def studies_with_progress(user: User, review: Review) -> list[StudyProgress]:
    """Return every study of the review in order of numbers; the number of queries does not grow with them."""
    return progress_of(user, review, Study.objects.filter(review=review).order_by("number"))


def study_progress(user: User, review: Review, number: int) -> StudyProgress | None:
    """Return one study, or None if the review has no such number."""
    return next(iter(progress_of(user, review, Study.objects.filter(review=review, number=number))), None)


def progress_of(user: User, review: Review, studies: QuerySet[Study]) -> list[StudyProgress]:
    """Return these studies with the progress that the person may know."""
    links = StudyReport.objects.open().select_related("report__record").prefetch_related("report__files")
    found = studies.prefetch_related(
        Prefetch("links", queryset=links.order_by("report__record__number"), to_attr="open_links"),
        Prefetch("arms", queryset=Arm.objects.select_related("group"), to_attr="all_arms"),
        Prefetch("entries", queryset=Entry.objects.select_related("version__form"), to_attr="all_entries"),
    )
    versions = published_versions(review)
    held = capabilities_of(roles_of(user, review))
    view = _View(user, Capability.ADJUDICATE in held, Capability.EXTRACT in held)
    return [
        StudyProgress(
            study=study,
            reports=study.open_links,
            arms=study.all_arms,
            forms=[_form_progress(view, form_versions, study.all_entries) for form_versions in versions],
        )
        for study in found
    ]


def published_versions(review: Review) -> list[list[FormVersion]]:
    """Return the published versions of each form that has one, newest first."""
    versions = (
        FormVersion.objects.filter(form__review=review, published_at__isnull=False)
        .select_related("form")
        .order_by("form", "-number")
    )
    by_form: dict[int, list[FormVersion]] = {}
    for version in versions:
        by_form.setdefault(version.form_id, []).append(version)
    return list(by_form.values())


def version_in_use(versions: Iterable[FormVersion], entries: Iterable[Entry]) -> FormVersion:
    """Return the version that a study is extracted with: the one of its entries, else the newest."""
    newest_first = list(versions)
    used = {entry.version_id for entry in entries}
    return next((version for version in newest_first if version.pk in used), newest_first[0])


@dataclass(frozen=True)
class _View:
    """Hold who asks: an extractor learns of others' entries only when two are there to settle."""

    user: User
    is_settler: bool
    is_extractor: bool

    def own(self, entries: Iterable[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.extractor_id == self.user.pk]

    def knows(self, entries: Iterable[Entry]) -> bool:
        n_submitted = sum(not entry.is_draft for entry in entries)
        return self.is_settler and (not self.is_extractor or n_submitted >= N_INDEPENDENT)


def _form_progress(view: _View, versions: list[FormVersion], entries: Iterable[Entry]) -> FormProgress:
    version = version_in_use(versions, entries)
    here = [entry for entry in entries if entry.version_id == version.pk]
    independent = [entry for entry in here if entry.kind == Entry.Kind.EXTRACTION]
    settled = next((entry for entry in here if entry.kind == Entry.Kind.CONSENSUS), None)
    knows_all = settled is not None or view.knows(independent)
    known = independent if knows_all else view.own(independent)
    return FormProgress(
        form=version.form,
        version=version,
        state=_state(independent, settled) if knows_all else State.UNSETTLED,
        own=next(iter(view.own(independent)), None),
        n_entries=len(known),
        settled=settled,
    )


def _state(independent: list[Entry], settled: Entry | None) -> State:
    if settled is not None:
        return State.SETTLED if settled.basis == Entry.Basis.DOUBLE else State.SINGLE
    n_submitted = sum(not entry.is_draft for entry in independent)
    if n_submitted >= N_INDEPENDENT:
        return State.READY
    if n_submitted == 1:
        return State.AWAITING_SECOND
    return State.STARTED if independent else State.OPEN
