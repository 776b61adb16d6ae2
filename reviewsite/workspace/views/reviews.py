"""The list of a person's reviews, and opening one."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviewsite.workspace.forms import ReviewForm
from reviewsite.workspace.models import User
from reviewsite.workspace.queries.people import reviews_with_roles
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import open_review


@login_required
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """Show the reviews of which the person is a member."""
    return render(
        request, "workspace/review_list.html", {"mine": reviews_with_roles(cast(User, request.user))}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: HttpRequest) -> HttpResponse:
    """Open a review with the person as its owner."""
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        try:
            review = open_review(user=cast(User, request.user), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The review is open. You are its owner."))
            return redirect("review-home", review.slug)
    return render(request, "workspace/review_new.html", {"form": form})
