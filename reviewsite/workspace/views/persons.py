"""The person's own page, the demo's entrance and the health of the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviewsite.workspace.access import refused
from reviewsite.workspace.forms import ProfileForm
from reviewsite.workspace.models import User
from reviewsite.workspace.posted import whole_number
from reviewsite.workspace.queries.health import is_database_answering
from reviewsite.workspace.queries.people import demo_people
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.persons import change_profile


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the person's name and shortcuts."""
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "has_shortcuts": user.has_shortcuts})
    if form.is_valid():
        try:
            change_profile(user=user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("profile")
    return render(request, "workspace/profile.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def demo_login(request: HttpRequest) -> HttpResponse:
    """Enter as a demo account, without a password; this address exists in demo mode only."""
    if not settings.DEMO_MODE:
        raise Http404
    if request.method != "POST":
        return redirect("account_login")
    person = get_object_or_404(demo_people(), pk=whole_number(request.POST.get("person", ""), 0))
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(settings.LOGIN_REDIRECT_URL)


def not_for_demo(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse the page to demo accounts: a password that one visitor sets would shut out the others."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request.user, "is_demo", False):
            return refused(request, _("A demo account has no password of its own."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer “ok” if the site can work, for a monitor."""
    if is_database_answering():
        return HttpResponse("ok", content_type="text/plain")
    return HttpResponse("the database does not answer", content_type="text/plain", status=503)
