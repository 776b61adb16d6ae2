"""The page behind an invitation's link."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.forms import JoinForm
from reviewsite.workspace.models import Invitation, Review, User
from reviewsite.workspace.models.people import ROLE_LABELS
from reviewsite.workspace.queries.people import has_account, is_meant_for
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import accept_invitation, invitation_from, join_as_new_person


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let a signed-in person accept with one button, and a new person with a name and a password."""
    try:
        offered = invitation_from(token)
        if request.user.is_authenticated:
            return _accept(request, offered)
        if has_account(offered.email):
            return _page(request, offered, is_known=True)
        return _join(request, offered)
    except Refused as refusal:
        return render(request, "workspace/invitation_void.html", {"sentence": str(refusal)}, status=404)


def _accept(request: HttpRequest, offered: Invitation) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST" or not is_meant_for(offered, user):
        return _page(request, offered, is_for_other=not is_meant_for(offered, user))
    return _welcome(request, accept_invitation(invitation=offered, user=user))


def _join(request: HttpRequest, offered: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=offered.email)
    if not form.is_valid():
        return _page(request, offered, form=form)
    person = join_as_new_person(invitation=offered, **form.cleaned_data)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return _welcome(request, offered.review)


def _welcome(request: HttpRequest, review: Review) -> HttpResponse:
    messages.success(request, _("Welcome: you are now a member of “%(review)s”.") % {"review": review})
    return redirect("review-home", review.slug)


def _page(
    request: HttpRequest,
    offered: Invitation,
    *,
    form: JoinForm | None = None,
    is_known: bool = False,
    is_for_other: bool = False,
) -> HttpResponse:
    context = {
        "invitation": offered,
        "role_labels": [ROLE_LABELS[Role(role)] for role in offered.roles],
        "form": form,
        "is_known": is_known,
        "is_for_other": is_for_other,
    }
    status = 409 if is_for_other and request.method == "POST" else 200
    return render(request, "workspace/invitation.html", context, status=status)
