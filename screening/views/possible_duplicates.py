"""Compare pairs that may be the same: one at a time, or many at once after a look at a sample."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from screening.forms_duplicates import AnswerForm, BandForm, BulkForm, token_of
from screening.models import DuplicateJudgement, PossibleDuplicate
from screening.queries.possible_duplicates import (
    OpenPair,
    beside,
    bulks_of,
    counts_by_score,
    in_band,
    last_answer,
    next_pair,
    open_pairs,
    pairs_shown,
    sample_of,
)
from screening.services.duplicates import judge
from screening.services.possible_duplicates import (
    Band,
    Judged,
    judge_band,
    undo_bulk,
    undo_judgement,
)
from screening.views.editing import is_saved
from screening.views.side_by_side import side_by_side

MOST_SKIPPED = 500
SAID = {
    "same": gettext_lazy("Saved: records %(first)d and %(second)d are the same."),
    "different": gettext_lazy("Saved: records %(first)d and %(second)d are different."),
    "skip": gettext_lazy("Records %(first)d and %(second)d come again at the end."),
}


@review_view(Capability.IMPORT)
def pair_next(request: ReviewRequest) -> HttpResponse:
    """Show the pair that is to be compared next; skipped ones come last."""
    pairs = open_pairs(request.access.review)
    return _show(request, pairs, next_pair(pairs, _skipped(request)))


@review_view(Capability.IMPORT, "GET", "POST")
def pair(request: ReviewRequest, pk: int) -> HttpResponse:
    """Show one pair; POST keeps the answer and goes on to the next."""
    pairs = open_pairs(request.access.review)
    wanted = next((one for one in pairs if one.pk == pk), None)
    if wanted is None:
        get_object_or_404(PossibleDuplicate, pk=pk, review=request.access.review)
        messages.info(request, _("This pair has been settled in the meantime."))
        return redirect("pair-next", request.access.review.slug)
    if request.method == "POST":
        return _answer(request, pairs, wanted)
    return _show(request, pairs, wanted)


@review_view(Capability.IMPORT, "POST")
def pair_undo(request: ReviewRequest, pk: int) -> HttpResponse:
    """Take an answer back; the pair waits again."""
    access = request.access
    judgement = get_object_or_404(DuplicateJudgement, pk=pk, review=access.review)
    undone = undo_judgement(user=access.user, review=access.review, judgement=judgement)
    messages.success(request, _("Your answer is taken back."))
    again = PossibleDuplicate.objects.filter(first=undone.first_id, second=undone.second_id).first()
    if again is None:
        return redirect("pair-next", access.review.slug)
    return redirect("pair", access.review.slug, again.pk)


@review_view(Capability.IMPORT, "GET", "POST")
def pair_bulk(request: ReviewRequest) -> HttpResponse:
    """Choose a band of scores and look at a sample; POST judges all of the band at once."""
    access = request.access
    if request.method != "POST":
        return _choose_band(request)
    form = BulkForm(request.POST, review=access.review)
    done: list[Judged] = []
    if is_saved(form, lambda: done.append(_judge_band(request, form))):
        messages.success(request, _sentence(done[0], form.cleaned_data["verdict"]))
        return redirect("pair-bulk", access.review.slug)
    band = form.cleaned_data.get("token")
    chosen = BandForm({"low": band.low, "high": band.high}) if isinstance(band, Band) else BandForm()
    return _show_band(request, chosen, form, band if isinstance(band, Band) else None)


@review_view(Capability.IMPORT, "POST")
def pair_bulk_undo(request: ReviewRequest, pk: int) -> HttpResponse:
    """Take back what was judged at once with this judgement."""
    access = request.access
    judgement = get_object_or_404(DuplicateJudgement, pk=pk, review=access.review)
    n = undo_bulk(user=access.user, review=access.review, judgement=judgement)
    messages.success(
        request,
        ngettext("%d judgement is taken back.", "%d judgements are taken back.", n) % n,
    )
    return redirect("pair-bulk", access.review.slug)


def _answer(request: ReviewRequest, pairs: list[OpenPair], wanted: OpenPair) -> HttpResponse:
    access = request.access
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, pairs, wanted, form)
    found = pairs_shown(access.review, [wanted.pk])[0]
    answer = form.cleaned_data["answer"]
    if answer == "skip":
        skipped = [pk for pk in _skipped(request) if pk != wanted.pk]
        request.session[_key(request)] = [*skipped, wanted.pk][-MOST_SKIPPED:]
    elif not is_saved(form, lambda: _judge(request, found, answer, form.cleaned_data["note"])):
        return _show(request, pairs, wanted, form)
    numbers = {"first": found.first.number, "second": found.second.number}
    messages.success(request, str(SAID[answer]) % numbers)
    return redirect("pair-next", access.review.slug)


def _judge(request: ReviewRequest, found: PossibleDuplicate, verdict: str, note: str) -> None:
    access = request.access
    judge(
        user=access.user,
        review=access.review,
        first=found.first,
        second=found.second,
        verdict=verdict,
        note=note,
    )


def _show(
    request: ReviewRequest, pairs: list[OpenPair], wanted: OpenPair | None, form: AnswerForm | None = None
) -> HttpResponse:
    access = request.access
    context: dict[str, Any] = {
        "n_open": len(pairs),
        "n_skipped": len({pair.pk for pair in pairs}.intersection(_skipped(request))),
        "last": last_answer(access.user, access.review),
        "may_judge": not access.review.is_read_only,
        "form": form or AnswerForm(),
    }
    if wanted:
        found = pairs_shown(access.review, [wanted.pk])[0]
        context |= {"shown": side_by_side(found), "beside": beside(found, pairs)}
    is_wrong = bool(form and form.errors)
    return render(request, "screening/duplicate_compare.html", context, status=422 if is_wrong else 200)


def _choose_band(request: ReviewRequest) -> HttpResponse:
    form = BandForm(request.GET or None)
    if not form.is_valid():
        return _show_band(request, form)
    chosen = {name: form.cleaned_data[name] for name in ("low", "high", "seed")}
    if "seed" not in request.GET:
        address = reverse("pair-bulk", args=[request.access.review.slug])
        return redirect(f"{address}?{urlencode(chosen)}")
    pairs = in_band(open_pairs(request.access.review), chosen["low"], chosen["high"])
    last = max((pair.pk for pair in pairs), default=0)
    band = Band(chosen["low"], chosen["high"], last, tuple(sample_of(pairs, chosen["seed"])))
    start = {"token": token_of(request.access.review, band)}
    return _show_band(request, form, BulkForm(initial=start, review=request.access.review), band)


def _show_band(
    request: ReviewRequest, chosen: BandForm, form: BulkForm | None = None, band: Band | None = None
) -> HttpResponse:
    review = request.access.review
    pairs = open_pairs(review)
    context = {
        "n_open": len(pairs),
        "steps": counts_by_score(pairs),
        "band_form": chosen,
        "form": form,
        "band": band,
        "n_in_band": len(in_band(pairs, band.low, band.high)) if band else 0,
        "sample": [side_by_side(found) for found in pairs_shown(review, band.sample)] if band else [],
        "bulks": bulks_of(review),
        "may_judge": not review.is_read_only,
    }
    is_wrong = bool((form and form.errors) or chosen.errors)
    return render(request, "screening/duplicate_bulk.html", context, status=422 if is_wrong else 200)


def _judge_band(request: ReviewRequest, form: BulkForm) -> Judged:
    access = request.access
    band: Band = form.cleaned_data["token"]
    return judge_band(user=access.user, review=access.review, band=band, verdict=form.cleaned_data["verdict"])


def _sentence(done: Judged, verdict: str) -> str:
    if verdict == "same":
        said = ngettext("%d pair is judged the same.", "%d pairs are judged the same.", done.n_judged)
    else:
        said = ngettext("%d pair is judged different.", "%d pairs are judged different.", done.n_judged)
    said %= done.n_judged
    if done.n_left_out:
        left = ngettext(
            "%d pair is left out: joining it would bring together records that were judged different.",
            "%d pairs are left out: joining them would bring together records that were judged different.",
            done.n_left_out,
        )
        said = f"{said} {left % done.n_left_out}"
    return said


def _skipped(request: ReviewRequest) -> list[int]:
    kept: list[int] = request.session.get(_key(request), [])
    return kept


def _key(request: ReviewRequest) -> str:
    return f"skipped-pairs-{request.access.review.pk}"
