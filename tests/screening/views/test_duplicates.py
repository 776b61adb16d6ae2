"""The pages on which people judge duplicates, and the report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Job, Review, User
from reviewsite.workspace.services.reviews import make_read_only, open_review
from screening.domain.vocabulary import Stage, Verdict
from screening.models import DuplicateJudgement, PossibleDuplicate, Record
from screening.services.duplicates import judge
from screening.services.possible_duplicates import choose_primary
from tests.screening.builders import decide, make_record

Page = Callable[..., str]
Propose = Callable[..., PossibleDuplicate]


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def look(as_owner: Client, review: Review) -> Page:
    """Return the text of a page as the owner sees it."""

    def get(name: str, *args: object, status: int = 200, **query: object) -> str:
        response = as_owner.get(reverse(name, args=[review.slug, *args]), query, follow=True)
        assert response.status_code == status
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())

    return get


@pytest.fixture
def send(as_owner: Client, review: Review) -> Page:
    """Send a form and return the page to which it leads."""

    def post(name: str, *args: object, status: int = 200, **fields: object) -> str:
        response = as_owner.post(reverse(name, args=[review.slug, *args]), fields, follow=True)
        assert response.status_code == status
        return response.content.decode()

    return post


@pytest.fixture
def propose(review: Review, owner: User) -> Propose:
    """Make two records and propose them; `a` and `b` hold what they say."""

    def make(score: float = 0.8, a: dict | None = None, b: dict | None = None) -> PossibleDuplicate:
        first, second = make_record(review, owner, **(a or {})), make_record(review, owner, **(b or {}))
        return PossibleDuplicate.objects.create(
            review=review, first=first, second=second, score=score, detail="titles alike"
        )

    return make


def verdicts() -> list[tuple[str, str]]:
    return list(DuplicateJudgement.objects.open().order_by("pk").values_list("verdict", "method"))


# One pair at a time


def test_a_pair_is_shown_field_by_field_with_the_differences_marked(propose, look):
    propose(
        a={"title": "Cement in old spines", "doi": "10.1000/X", "pages": "1-9"},
        b={"title": "Cement in new spines", "doi": "https://doi.org/10.1000/x"},
    )
    shown = look("pair-next")
    assert 'Cement in <mark class="differs">old</mark> spines' in shown
    assert 'Cement in <mark class="differs">new</mark> spines' in shown
    assert re.findall(r'<tr class="pair-(\w+)">\s*<th scope="row">(\w+)', shown) == [
        ("differs", "Title"),
        ("same", "Year"),
        ("one", "Pages"),
        ("same", "DOI"),
    ]
    assert "Likeness 0.80 of 1" in shown
    assert "titles alike" in shown


def test_long_abstracts_show_their_beginning_and_unfold(propose, look):
    text = "Words of the abstract " * 100
    propose(a={"abstract": text + "end."}, b={"abstract": text})
    shown = look("pair-next")
    assert shown.count('<details class="pair-long">') == 2
    assert "The rest of record 1" in shown


def test_texts_of_records_are_shown_as_text(propose, look):
    propose(a={"title": "<script>alert(1)</script>"}, b={"title": "<b>bold</b>"})
    shown = look("pair-next")
    assert "<script>alert" not in shown
    assert "<b>" not in shown


@pytest.mark.parametrize("answer", ["same", "different"])
def test_an_answer_is_kept_and_the_next_pair_follows(propose, send, answer):
    first, _second = propose(0.9), propose(0.8)
    shown = send("pair", first.pk, answer=answer, note="Read both.")
    assert f"Saved: records 1 and 2 are {'the same' if answer == 'same' else 'different'}." in shown
    assert "Records 3 and 4" in shown
    assert "1 pair left" in shown
    judgement = DuplicateJudgement.objects.get()
    assert (judgement.verdict, judgement.method, judgement.note) == (answer, "person", "Read both.")


def test_a_skipped_pair_comes_again_at_the_end(propose, send, look):
    first, second = propose(0.9), propose(0.8)
    shown = send("pair", first.pk, answer="skip")
    assert "Records 3 and 4" in shown
    assert "2 pairs left, 1 of them skipped" in shown
    assert "Records 1 and 2" in send("pair", second.pk, answer="different")
    assert verdicts() == [("different", "person")]


def test_the_last_answer_can_be_undone_and_its_pair_comes_back(propose, send):
    pair = propose(0.9)
    assert "Your last answer: 1 and 2, Same." in send("pair", pair.pk, answer="same")
    shown = send("pair-undo", DuplicateJudgement.objects.get().pk)
    assert "Your answer is taken back." in shown
    assert "Records 1 and 2" in shown
    assert verdicts() == []


def test_an_answer_sent_twice_is_kept_once(propose, send):
    pair = propose()
    send("pair", pair.pk, answer="same")
    assert "settled in the meantime" in send("pair", pair.pk, answer="same")
    assert verdicts() == [("same", "person")]


def test_an_answer_that_is_none_is_said_at_the_form(propose, send):
    assert "Records 1 and 2" in send("pair", propose().pk, answer="perhaps", status=422)
    assert verdicts() == []


def test_nothing_to_compare_is_said(look):
    assert "No pair waits to be compared." in look("pair-next")


def test_a_pair_of_another_review_is_not_found(propose, look, review):
    look("pair", propose().pk + 1, status=404)


def test_company_of_a_pair_is_named(review, owner, propose, look):
    pair = propose()
    third = make_record(review, owner)
    judge(user=owner, review=review, first=pair.first, second=third, verdict="same")
    PossibleDuplicate.objects.create(
        review=review, first=pair.second, second=make_record(review, owner), score=0.1
    )
    shown = look("pair-next")
    assert re.search(r"In one group with 1:\s*<a[^>]*>3</a>", shown)
    assert "1 more pair waits with one of these records." in shown


@pytest.mark.parametrize("name", ["pair-next", "pair-bulk", "duplicate-list", "dedup-report"])
def test_no_page_depends_on_decisions_that_are_not_settled(
    review, owner, reviewer_a, reviewer_b, propose, look, name
):
    pair = propose()
    judge(user=owner, review=review, first=make_record(review, owner), second=pair.first, verdict="same")
    before = look(name)
    decide(reviewer_a, pair.second, Verdict.INCLUDE)
    decide(reviewer_b, Record.objects.get(canonical=None, number=1), Verdict.EXCLUDE)
    assert look(name) == before


def test_a_read_only_review_shows_pairs_without_buttons(review, owner, propose, look, send):
    pair = propose()
    make_read_only(user=owner, review=review)
    assert 'name="answer"' not in look("pair-next")
    assert "read-only" in send("pair", pair.pk, answer="same", status=409)


@pytest.mark.parametrize("n_pairs", [1, 25])
def test_the_page_costs_the_same_for_one_pair_and_for_many(
    propose, as_owner, review, n_pairs, django_assert_max_num_queries
):
    for _ in range(n_pairs):
        propose()
    with django_assert_max_num_queries(10):
        as_owner.get(reverse("pair-next", args=[review.slug]))
    with django_assert_max_num_queries(11):
        as_owner.get(reverse("pair-bulk", args=[review.slug]), {"low": "0", "high": "1", "seed": "1"})


# Many at once


def token_in(shown: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', shown)[1]


def test_a_band_shows_a_sample_in_full_and_is_judged_after_the_tick(propose, look, send):
    for score in (0.95, 0.92, 0.5):
        propose(score)
    shown = look("pair-bulk", low="0.9", high="1")
    assert re.findall(r"\d\. Records (\d) and (\d)", shown) == [("1", "2"), ("3", "4")]
    token = token_in(shown)
    unticked = send("pair-bulk", token=token, verdict="same", status=422)
    assert "Compare the pairs of the sample first" in unticked
    assert re.findall(r"\d\. Records (\d) and (\d)", unticked) == [("1", "2"), ("3", "4")]
    assert verdicts() == []
    assert "2 pairs are judged the same." in send("pair-bulk", token=token, verdict="same", has_looked="on")
    assert verdicts() == [("same", "bulk")] * 2


def test_what_is_left_out_of_a_bulk_is_said(review, owner, propose, look, send):
    first, second = propose(0.95), propose(0.95)
    judge(user=owner, review=review, first=first.first, second=second.first, verdict="different")
    PossibleDuplicate.objects.create(review=review, first=first.second, second=second.second, score=0.95)
    shown = look("pair-bulk", low="0.9", high="1")
    said = send("pair-bulk", token=token_in(shown), verdict="same", has_looked="on")
    assert "2 pairs are judged the same. 1 pair is left out" in said


def test_a_bulk_is_undone_from_its_page(propose, look, send):
    propose(0.95)
    send(
        "pair-bulk",
        token=token_in(look("pair-bulk", low="0", high="1")),
        verdict="different",
        has_looked="on",
    )
    assert "Scores 0.00 to 1.00, 1 pair at once after looking at 1–2." in look("pair-bulk")
    assert "1 judgement is taken back." in send("pair-bulk-undo", DuplicateJudgement.objects.get().pk)
    assert verdicts() == []


@pytest.mark.parametrize("token", ["", "forged", "x" * 5000])
def test_a_token_that_is_not_ours_is_refused(propose, send, token):
    propose()
    send("pair-bulk", token=token, verdict="same", has_looked="on", status=422)
    assert verdicts() == []


def test_a_token_of_another_review_is_refused(propose, look, send, owner, as_owner):
    propose(0.95)
    token = token_in(look("pair-bulk", low="0", high="1"))
    other = open_review(user=owner, title="Other", slug="other")
    response = as_owner.post(
        reverse("pair-bulk", args=[other.slug]), {"token": token, "verdict": "same", "has_looked": "on"}
    )
    assert response.status_code == 422
    assert "no longer valid" in response.content.decode()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [("1", "0", "below the first one"), ("x", "1", "Enter a number"), ("0", "2", "less than or equal to 1")],
)
def test_a_band_that_is_none_is_said(propose, look, low, high, said):
    propose()
    assert said in look("pair-bulk", low=low, high=high, status=422)


def test_an_empty_band_is_said(propose, look):
    propose(0.5)
    assert "No pair lies in this range." in look("pair-bulk", low="0.9", high="1")


# Groups


def test_a_record_is_chosen_to_stand_for_its_group(review, owner, send):
    first, second = make_record(review, owner), make_record(review, owner)
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    shown = send("record-primary", 2, back="duplicates")
    assert "Record 2 stands for its group now." in shown
    assert Record.objects.get(pk=first.pk).canonical == second
    assert "stands for its group already" in send("record-primary", 2, status=409)


def test_all_records_are_compared_again_from_the_page(
    review, owner, send, look, django_capture_on_commit_callbacks
):
    for _ in range(2):
        make_record(
            review, owner, title="Balloon kyphoplasty in myeloma: a cohort study", doi="10.1000/example"
        )
    with django_capture_on_commit_callbacks(execute=True):
        send("duplicate-compare-all")
    job = Job.objects.get(kind="compare_again")
    assert "1 new duplicate found, 0 pairs wait to be compared." in look("duplicate-list", job=job.pk)


def test_the_page_of_a_record_is_filled_from_its_duplicates(review, owner, reviewer_a, look, client):
    plain = make_record(review, owner, doi="10.1000/own", pmid="7", year=2000)
    full = make_record(
        review, owner, doi="10.1000/other", abstract="Seen in the duplicate.", keywords=["bone"]
    )
    judge(user=owner, review=review, first=plain, second=full, verdict="same")
    choose_primary(user=owner, review=review, record=plain)
    shown = look("record", 1)
    assert "Seen in the duplicate." in shown
    assert "Shown from its duplicate 2: Abstract, Keywords." in shown
    assert "https://doi.org/10.1000/own" in shown
    client.force_login(reviewer_a)
    screen = client.get(reverse("screen", args=[review.slug, Stage.TITLE_ABSTRACT])).content.decode()
    assert "Seen in the duplicate." in screen
    assert "Shown from its duplicate 2: Abstract, Keywords." in screen


# The conflict page


def test_the_conflict_page_says_why_to_adjudicators(
    review, owner, reviewer_a, reviewer_b, adjudicator, client
):
    first, second = make_record(review, owner), make_record(review, owner)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, first, Verdict.EXCLUDE)
        decide(reviewer, second, Verdict.INCLUDE)
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    client.force_login(adjudicator)
    address = reverse("conflict", args=[review.slug, Stage.TITLE_ABSTRACT, 1])
    shown = client.get(address).content.decode()
    clash = re.search(r'<ul class="clash">(.*?)</ul>', shown, re.S)[1]
    assert re.findall(r"Record (\d)|(Included|Excluded)\b", clash) == [
        ("1", ""),
        ("", "Excluded"),
        ("2", ""),
        ("", "Included"),
    ]
    said = client.post(
        reverse("conflict-resolve", args=[review.slug, Stage.TITLE_ABSTRACT, 1]),
        {"resolution-verdict": "include", "resolution-rationale": "Fits."},
        follow=True,
    )
    assert "The conflict on record 1 is resolved." in said.content.decode()
