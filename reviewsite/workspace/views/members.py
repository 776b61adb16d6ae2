"""The people of a review: roles, deactivation and invitations."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability, Role
from reviewsite.workspace.forms import InvitationForm, RolesForm
from reviewsite.workspace.models import Invitation, User
from reviewsite.workspace.models.people import ROLE_LABELS
from reviewsite.workspace.queries.people import (
    Person,
    ever_members_of,
    invitations_of,
    open_invitations,
    people_of,
)
from reviewsite.workspace.services.people import (
    deactivate_member,
    invitation_token,
    invite,
    rescind_invitation,
    set_roles,
)

INVITATION_STATUS = {
    "open": _("Open"),
    "accepted": _("Accepted"),
    "rescinded": _("Withdrawn"),
    "expired": _("Expired"),
}


@dataclass(frozen=True)
class PersonRow:
    """A person of the list, with the form that changes their roles."""

    person: Person
    form: RolesForm


@dataclass(frozen=True)
class InvitationRow:
    """An invitation of the list, with its link while it is open."""

    invitation: Invitation
    role_labels: list[str | Promise]
    status_label: str
    link: str


@review_view(Capability.VIEW)
def member_list(request: ReviewRequest) -> HttpResponse:
    """Show who works on the review; owners also see invitations and forms."""
    return _page(request)


@review_view(Capability.MANAGE_PEOPLE, "POST")
def member_roles(request: ReviewRequest, pk: int) -> HttpResponse:
    """Make the ticked roles the member's roles."""
    member = _member(request, pk)
    form = RolesForm(request.POST, auto_id=f"id_{pk}_%s")
    if not form.is_valid():
        return _page(request, roles_form=(pk, form), status=422)
    set_roles(
        user=request.access.user,
        review=request.access.review,
        member=member,
        roles=form.cleaned_data["roles"],
    )
    messages.success(request, _("The roles of %(name)s are saved.") % {"name": member})
    return redirect("member-list", request.access.review.slug)


@review_view(Capability.MANAGE_PEOPLE, "POST")
def member_deactivate(request: ReviewRequest, pk: int) -> HttpResponse:
    """Take all roles of a member; what they decided stays."""
    member = _member(request, pk)
    deactivate_member(user=request.access.user, review=request.access.review, member=member)
    messages.success(request, _("%(name)s no longer has access. What they decided stays.") % {"name": member})
    return (
        redirect("review-list")
        if member == request.user
        else redirect("member-list", request.access.review.slug)
    )


@review_view(Capability.MANAGE_PEOPLE, "POST")
def invitation_new(request: ReviewRequest) -> HttpResponse:
    """Open an invitation, whose link the list then shows."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation_form=form, status=422)
    review = request.access.review
    replaces = open_invitations(review, form.cleaned_data["email"].strip()).exists()
    opened = invite(user=request.access.user, review=review, **form.cleaned_data)
    ready = _("The invitation is ready: copy its link below and send it to %(email)s.")
    if replaces:
        ready = _("The new invitation of %(email)s replaces the earlier one, whose link no longer works.")
    messages.success(request, ready % {"email": opened.email})
    return redirect("member-list", request.access.review.slug)


@review_view(Capability.MANAGE_PEOPLE, "POST")
def invitation_rescind(request: ReviewRequest, pk: int) -> HttpResponse:
    """Make an open invitation's link worthless."""
    invitation = get_object_or_404(invitations_of(request.access.review), pk=pk)
    rescind_invitation(user=request.access.user, review=request.access.review, invitation=invitation)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("member-list", request.access.review.slug)


def _member(request: ReviewRequest, pk: int) -> User:
    """Return somebody who is or was a member; everybody else is a 404."""
    return get_object_or_404(ever_members_of(request.access.review), pk=pk)


def _page(
    request: ReviewRequest,
    *,
    roles_form: tuple[int, RolesForm] | None = None,
    invitation_form: InvitationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    access = request.access
    may_manage = access.can(Capability.MANAGE_PEOPLE)
    bound = dict([roles_form]) if roles_form else {}
    rows = [
        PersonRow(person, bound.get(person.user.pk) or _roles_form(person))
        for person in people_of(access.review)
    ]
    context = {
        "may_change": may_manage and not access.review.is_read_only,
        "members": [row for row in rows if row.person.roles],
        "former": [row for row in rows if not row.person.roles],
        "invitations": [_row(request, found) for found in invitations_of(access.review)]
        if may_manage
        else [],
        "invitation_form": invitation_form or InvitationForm(),
        "failed": invitation_form or (roles_form and roles_form[1]),
        "open_person": roles_form and roles_form[0],
    }
    return render(request, "workspace/member_list.html", context, status=status)


def _roles_form(person: Person) -> RolesForm:
    return RolesForm(
        initial={"roles": [role.value for role in person.roles]}, auto_id=f"id_{person.user.pk}_%s"
    )


def _row(request: ReviewRequest, invitation: Invitation) -> InvitationRow:
    token = invitation_token(invitation) if invitation.status == "open" else ""
    return InvitationRow(
        invitation=invitation,
        role_labels=[ROLE_LABELS[Role(role)] for role in invitation.roles],
        status_label=str(INVITATION_STATUS[invitation.status]),
        link=request.build_absolute_uri(reverse("invitation", args=[token])) if token else "",
    )
