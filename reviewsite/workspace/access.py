"""The guard of every page of a review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewsite.workspace.domain.roles import Capability, Role, capabilities_of
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.queries.membership import reviews_of, roles_of
from reviewsite.workspace.refused import Refused

P = ParamSpec("P")
READING = frozenset({Capability.VIEW, Capability.EXPORT})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Access:
    """A person inside a review: who they are, where, and what they may do there."""

    user: User
    review: Review
    roles: frozenset[Role]
    capabilities: frozenset[Capability]

    def can(self, capability: Capability) -> bool:
        return capability in self.capabilities

    def __getattr__(self, name: str) -> bool:
        """Let templates ask `access.can_screen`; true only where a write would also be accepted."""
        if name.startswith("can_"):
            capability = Capability(name.removeprefix("can_"))
            return capability in self.capabilities and (capability in READING or not self.review.is_read_only)
        raise AttributeError(name)


class ReviewRequest(HttpRequest):
    """A request that passed the guard."""

    access: Access


def review_view(
    capability: Capability, *methods: str
) -> Callable[[Callable[Concatenate[ReviewRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a view under `/reviews/<slug>/`: not a member → 404; member without the capability → 403.

    The view gets `request.access` in place of the slug. Methods default to GET; what a service refuses
    becomes a page with status 409 and the service's sentence.
    """
    allowed = methods or ("GET",)

    def decorate(
        view: Callable[Concatenate[ReviewRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @login_required
        @require_http_methods([*allowed, "HEAD"] if "GET" in allowed else list(allowed))
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reviewed = cast(ReviewRequest, request)
            reviewed.access = enter(cast(User, request.user), slug)
            if not reviewed.access.can(capability):
                raise PermissionDenied
            try:
                if request.method not in SAFE_METHODS and reviewed.access.review.is_read_only:
                    raise Refused(_("This review is read-only: nothing in it can be changed."))
                return view(reviewed, *args, **kwargs)
            except Refused as refusal:
                return refused(request, str(refusal))

        guarded.capability = capability  # type: ignore[attr-defined]
        guarded.methods = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def enter(user: User, slug: str) -> Access:
    """Return the person's access to the review; foreign and missing reviews are the same 404."""
    review = reviews_of(user).filter(slug=slug).first()
    roles = roles_of(user, review) if review else frozenset()
    if review is None or not roles:
        raise Http404
    return Access(user=user, review=review, roles=roles, capabilities=capabilities_of(roles))


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer 409 with the sentence, as a fragment for HTMX and as a page otherwise."""
    is_fragment = bool(getattr(request, "htmx", False))
    template = "components/refusal.html" if is_fragment else "refused.html"
    return render(request, template, {"sentence": sentence}, status=409)
