"""Withdraw an imported batch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.forms_imports import WithdrawalForm
from screening.models import ImportBatch
from screening.queries.withdrawals import going_out, records_built_upon
from screening.services.withdrawals import withdraw
from screening.views.editing import is_saved
from screening.views.imports import batch_of


@review_view(Capability.IMPORT, "GET", "POST")
def import_withdraw(request: ReviewRequest, pk: int) -> HttpResponse:
    """Say in numbers what goes out of the review with a batch, and take it out."""
    access, batch = request.access, batch_of(request, pk)
    if batch.state not in {ImportBatch.State.IMPORTED, ImportBatch.State.WITHDRAWN}:
        raise Refused(_("Only an imported batch can be withdrawn; discard this one instead."))
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_saved(
        form,
        lambda: withdraw(
            user=access.user, review=access.review, batch=batch, reason=form.cleaned_data["reason"]
        ),
    ):
        messages.success(request, _("The import is withdrawn: its records no longer count anywhere."))
        return redirect("import", access.review.slug, batch.pk)
    if batch.state == ImportBatch.State.WITHDRAWN:
        return redirect("import", access.review.slug, batch.pk)
    out = going_out(access.user, access.review, batch)
    form.fields["reason"].required = out.has_work
    context = {
        "batch": batch,
        "form": form,
        "out": out,
        "built_upon": records_built_upon(batch),
    }
    return render(request, "screening/import_withdraw.html", context, status=422 if form.errors else 200)
