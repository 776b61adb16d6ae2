"""Find a page's objects inside the review, or answer 404."""

from __future__ import annotations

from django.http import Http404

from extraction.models import Form
from extraction.queries.forms import forms_of
from extraction.queries.progress import FormProgress, StudyProgress, study_progress
from reviewsite.workspace.access import ReviewRequest


def find_study(request: ReviewRequest, number: int) -> StudyProgress:
    """Return the study with its progress for the person who asks."""
    found = study_progress(request.access.user, request.access.review, number)
    if found is None:
        raise Http404
    return found


def find_form_of(progress: StudyProgress, form_slug: str) -> FormProgress:
    """Return the study's progress with one published form."""
    found = next((each for each in progress.forms if each.form.slug == form_slug), None)
    if found is None:
        raise Http404
    return found


def find_form(request: ReviewRequest, form_slug: str) -> Form:
    """Return a form of the review."""
    found = forms_of(request.access.review).filter(slug=form_slug).first()
    if found is None:
        raise Http404
    return found
