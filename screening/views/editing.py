"""The frame of the small pages on which one thing is edited."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reviewsite.workspace.access import ReviewRequest
from reviewsite.workspace.refused import Refused


def is_saved(form: BaseForm, save: Callable[[], object]) -> bool:
    """Call the service of a valid form; what it refuses becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        save()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def edit_page(
    request: ReviewRequest,
    form: BaseForm,
    save: Callable[[], object],
    *,
    heading: str,
    done: str,
    back: str,
    lead: str = "",
) -> HttpResponse:
    """Show a form on its own page; after saving, go back with the sentence `done`."""
    if request.method == "POST" and is_saved(form, save):
        messages.success(request, done)
        return redirect(back)
    return render(
        request,
        "screening/setup_form.html",
        {"form": form, "heading": heading, "lead": lead, "back": back},
        status=422 if form.errors else 200,
    )
