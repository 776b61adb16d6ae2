"""One review from its opening to its pooled table and flow, in browsers, by seven people.

Six records are found; record 6 repeats record 5 (same DOI). On title and abstract both reviewers exclude
record 4 and differ on record 5, which the adjudicator includes. At full text both exclude record 3. Reports 2
and 5 are one study.

    identified 6, duplicates 1, screened 6 − 1 = 5, excluded 1, sought 5 − 1 = 4, not retrieved 0, assessed 4,
    excluded 1, included 4 − 1 = 3 reports of 2 studies
    mean age (30 × 60 + 10 × 72) / (30 + 10) = 2520 / 40 = 63.0
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from reviewsite.workspace.models import Review
from screening.queries.projections import differences
from synthesis.queries.flow import count
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/reviews/journey/"
TITLES = {
    1: "Balloon augmentation of thirty patients",
    2: "Vertebroplasty of ten patients",
    3: "Augmentation of osteoporotic fractures",
    4: "Cement chemistry in the laboratory",
    5: "Vertebroplasty of ten patients: two years later",
    6: "Vertebroplasty of ten patients: two years later",
}
RIS = "".join(
    f"TY  - JOUR\nTI  - {title}\nAU  - Author{n}, A.\nPY  - 201{n}\nDO  - 10.1000/journey.{min(n, 5)}\n"
    f"AB  - Abstract {n}.\nER  - \n\n"
    for n, title in TITLES.items()
).encode()
EXCLUDED_BY_A, EXCLUDED_BY_B, EXCLUDED_AT_FULL_TEXT = {4}, {4, 5}, {3}
INVITED = {
    "reviewer-a": ["reviewer"],
    "reviewer-b": ["reviewer"],
    "adjudicator": ["adjudicator"],
    "extractor-a": ["extractor"],
    "extractor-b": ["extractor"],
}
BOXES = {
    "database_results": [1, 2, 3, 4, 5, 6],
    "duplicates": [6],
    "records_screened": [1, 2, 3, 4, 5],
    "records_excluded": [4],
    "dbr_sought_reports": [1, 2, 3, 5],
    "dbr_notretrieved_reports": [],
    "dbr_assessed": [1, 2, 3, 5],
    "dbr_excluded": [3],
    "new_reports": [1, 2, 5],
}
N_STUDIES = 2
AGAINST_DOUBLE_KEYS = 400
"""Milliseconds after which a new record takes a decision; earlier ones are taken for a key pressed twice."""


def pdf(text: str) -> bytes:
    """Return a PDF of one page that says the text, with a correct table of its objects."""
    stream = f"BT /F1 18 Tf 20 100 Td ({text}) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, written in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj{written}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = f"xref\n0 6\n0000000000 65535 f \n{table}"
    end = f"{start}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF\n"
    return (content + end).encode()


def test_review_from_its_opening_to_its_flow(
    make_user: Any, sign_in: Callable[..., Page], open_context: Callable[..., BrowserContext]
) -> None:
    owner = sign_in(make_user("owner"))
    open_the_review(owner)
    people = {name: join(open_context, link) for name, link in invite_everybody(owner).items()}
    set_the_protocol(owner)
    import_the_file(owner)

    screen(people["reviewer-a"], "title-abstract", EXCLUDED_BY_A, by_key=True)
    expect_no_trace_of_others(people["reviewer-b"])
    screen(people["reviewer-b"], "title-abstract", EXCLUDED_BY_B, by_key=False)
    resolve_the_conflict(people["adjudicator"])
    for number in (1, 2, 3, 5):
        upload_full_text(owner, number)
    screen(people["reviewer-a"], "full-text", EXCLUDED_AT_FULL_TEXT, by_key=True)
    screen(people["reviewer-b"], "full-text", EXCLUDED_AT_FULL_TEXT, by_key=False)

    set_up_extraction(owner)
    form_the_studies(people["extractor-a"])
    for extractor, age in (("extractor-a", "72"), ("extractor-b", "70")):
        extract(people[extractor], 1, patients="30", age="60")
        extract(people[extractor], 2, patients="10", age=age)
    settle(people["adjudicator"], 1, n_differences=0)
    settle(people["adjudicator"], 2, n_differences=1)

    expect_pooled_age(owner)
    expect_flow(owner)
    review = Review.objects.get(slug="journey")
    assert differences(review) == []
    assert count(review).findings == ()


def send(page: Page, button: Locator) -> None:
    """Press a button and wait for the page that answers it."""
    with page.expect_navigation():
        button.click()


def open_the_review(owner: Page) -> None:
    owner.goto("/new-review/")
    owner.get_by_label("Title").fill("The journey")
    owner.locator("[name=slug]").fill("journey")
    owner.get_by_role("button", name="Open the review").click()
    expect(owner.get_by_text("You are its owner.")).to_be_visible()


def invite_everybody(owner: Page) -> dict[str, str]:
    links = {}
    for name, roles in INVITED.items():
        owner.goto(f"{HOME}people/")
        form = owner.locator("#invite")
        form.get_by_label("E-mail address").fill(f"{name}@example.org")
        for role in roles:
            form.locator(f"input[value={role}]").check()
        form.get_by_role("button", name="Make the invitation link").click()
        links[name] = owner.get_by_label(f"Link for {name}@example.org").input_value()
    return links


def join(open_context: Callable[..., BrowserContext], link: str) -> Page:
    page = open_context().new_page()
    page.goto(link)
    page.get_by_label("Name").fill("A member")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Join the review").click()
    expect(page.get_by_text("you are now a member")).to_be_visible()
    return page


def set_the_protocol(owner: Page) -> None:
    for kind, text in (
        ("inclusion", "Adults with cancer-related fractures"),
        ("exclusion", "Animal studies"),
    ):
        owner.goto(f"{HOME}protocol/criteria/new/")
        owner.locator(f"input[name=kind][value={kind}]").check()
        owner.get_by_label("Wording").fill(text)
        owner.locator("main form [type=submit]").click()
        expect(owner.get_by_text(text, exact=True)).to_be_visible()
    owner.goto(f"{HOME}protocol/reasons/new/")
    owner.get_by_label("Reason").fill("Wrong population")
    send(owner, owner.locator("main form [type=submit]"))
    owner.goto(f"{HOME}sources/new/")
    owner.get_by_label("Name").fill("MEDLINE")
    owner.locator("[name=kind]").select_option("database")
    owner.locator("main form [type=submit]").click()
    expect(owner.get_by_role("main").get_by_text("MEDLINE").first).to_be_visible()


def import_the_file(owner: Page) -> None:
    owner.goto(f"{HOME}imports/new/")
    owner.locator("[name=source]").select_option(label="MEDLINE")
    owner.locator("[name=file]").set_input_files(
        {"name": "search.ris", "mimeType": "application/x-research-info-systems", "buffer": RIS}
    )
    owner.get_by_role("button", name="Upload and read").click()
    expect(owner.locator("dl.figures")).to_contain_text(
        re.compile(r"Records in the file\s*6\s*Read\s*6\s*Not read\s*0")
    )
    expect(owner.locator("dl.figures")).to_contain_text(re.compile(r"Duplicates expected\s*1"))
    owner.get_by_role("button", name="Import 6 records").click()
    expect(owner.locator("dl.figures")).to_contain_text(re.compile(r"Duplicates\s*1"))


def screen(page: Page, stage: str, excluded: set[int], *, by_key: bool) -> None:
    """Decide on all that waits, on title and abstract or at full text."""
    page.goto(f"{HOME}screen/{stage}/")
    n_waiting = 5 if stage == "title-abstract" else 4
    for done in range(n_waiting):
        expect(page.locator(".screen-count")).to_contain_text(f"{done} done, {n_waiting - done} to do")
        page.wait_for_timeout(AGAINST_DOUBLE_KEYS)
        number = int(re.findall(r"\d+", page.locator(".screen-stage").inner_text())[-1])
        if stage == "full-text":
            expect(page.locator("[data-pdf-sheet]")).to_be_visible()
        if number not in excluded:
            page.keyboard.press("i") if by_key else page.get_by_role("button", name="Include").click()
        elif stage == "full-text":
            page.keyboard.press("1") if by_key else page.get_by_role(
                "button", name="Wrong population"
            ).click()
        else:
            page.keyboard.press("e") if by_key else page.get_by_role("button", name="Exclude").click()
    expect(page.locator(".screen-count")).to_contain_text(f"{n_waiting} done, 0 to do")
    expect(page.get_by_text("Nothing waits for your decision")).to_be_visible()


def expect_no_trace_of_others(page: Page) -> None:
    """All five records await B, and none is settled, although A has decided on all."""
    page.goto(f"{HOME}records/?title_abstract=awaiting")
    expect(page.locator("main tbody tr")).to_have_count(5)
    page.goto(f"{HOME}records/4/")
    expect(page.get_by_role("main")).not_to_contain_text("Exclude")


def resolve_the_conflict(page: Page) -> None:
    page.goto(f"{HOME}conflicts/title-abstract/")
    page.locator("main a[href$='/conflicts/title-abstract/5/']").first.click()
    page.locator("input[name=resolution-verdict][value=include]").check()
    page.locator("[name=resolution-rationale]").fill("It reports the same patients.")
    page.locator("form:has([name=resolution-rationale]) [type=submit]").click()
    expect(page.get_by_text("The conflict on record 5 is resolved.")).to_be_visible()


def upload_full_text(owner: Page, number: int) -> None:
    owner.goto(f"{HOME}reports/{number}/")
    owner.locator("input[type=file]").set_input_files(
        {"name": f"report-{number}.pdf", "mimeType": "application/pdf", "buffer": pdf(f"Report {number}")}
    )
    owner.get_by_role("button", name="Upload").click()
    expect(owner.get_by_text("the report counts as retrieved")).to_be_visible()
    expect(owner.locator("[data-pdf-sheet] canvas")).to_be_visible()
    expect(owner.locator("[data-pdf-problem]")).to_be_hidden()


def set_up_extraction(owner: Page) -> None:
    owner.goto(f"{HOME}outcomes/")
    owner.get_by_text("Add a group").click()
    owner.locator("[name=group-label]").fill("Vertebroplasty")
    send(owner, owner.get_by_role("button", name="Add group"))
    owner.goto(f"{HOME}forms/")
    if owner.locator("details:has([name=title]):not([open]) > summary").count():
        owner.locator("details:has([name=title]) > summary").click()
    owner.locator("[name=title]").fill("Baseline")
    owner.locator("form:has([name=title]) [type=submit]").click()
    for label, kind, summary in (("Patients", "integer", "sum"), ("Age", "number", "weighted_mean")):
        owner.locator("[name=label]").fill(label)
        owner.locator("[name=kind]").select_option(kind)
        owner.locator("[name=scope]").select_option("arm")
        owner.locator("[name=summary]").select_option(summary)
        if label == "Patients":
            owner.locator("[name=is_arm_size]").check()
        owner.locator("form:has([name=label]) [type=submit]").click()
        expect(owner.get_by_role("rowheader", name=label)).to_be_visible()
    owner.get_by_role("button", name="Publish and freeze").click()
    expect(owner.get_by_text("and frozen")).to_be_visible()


def form_the_studies(page: Page) -> None:
    page.goto(f"{HOME}studies/")
    page.get_by_label("Choose record 1").check()
    page.locator("[name=label]").fill("Thirty 2011")
    send(page, page.get_by_role("button", name="Form or add"))
    page.goto(f"{HOME}studies/")
    for number in (2, 5):
        page.get_by_label(f"Choose record {number}").check()
    page.locator("[name=label]").fill("Ten 2012")
    send(page, page.get_by_role("button", name="Form or add"))
    for study in (1, 2):
        page.goto(f"{HOME}studies/{study}/")
        page.locator("form[action$='/arms/'] [name=arm-label]").fill("Cohort")
        page.locator("form[action$='/arms/'] [name=arm-group]").select_option(label="Vertebroplasty")
        send(page, page.locator("form[action$='/arms/'] [type=submit]"))


def extract(page: Page, study: int, *, patients: str, age: str) -> None:
    page.goto(f"{HOME}studies/{study}/")
    page.get_by_role("button", name="Start my entry").click()
    page.get_by_label("Patients: Cohort").fill(patients)
    page.get_by_label("Age: Cohort").fill(age)
    page.get_by_role("button", name=re.compile("submit", re.I)).first.click()
    page.wait_for_url("**/submit/")
    page.locator("main form [type=submit]").last.click()
    expect(page.get_by_text("Your entry is submitted")).to_be_visible()


def settle(page: Page, study: int, *, n_differences: int) -> None:
    page.goto(f"{HOME}studies/{study}/consensus/baseline/")
    radios = page.locator("input[type=radio][value=a]")
    expect(radios).to_have_count(n_differences)
    if n_differences:
        radios.check()
    page.get_by_role("button", name="Settle the study").click()
    expect(page.get_by_text("The study is settled.")).to_be_visible()


def expect_pooled_age(owner: Page) -> None:
    owner.goto(f"{HOME}tables/")
    owner.get_by_role("link", name=re.compile("Age.*63")).first.click()
    result = owner.locator("dl.result")
    expect(result).to_contain_text(re.compile(r"Weighted mean\s*63(\.0+)?\s"))
    expect(result).to_contain_text(re.compile(r"N[^\d]*40"))
    expect(result).to_contain_text(re.compile(r"Studies \(k\)\s*2"))


def expect_flow(owner: Page) -> None:
    owner.goto(f"{HOME}flow/")
    expect(owner.get_by_text("Every number equals its list")).to_be_visible()
    expect(owner.get_by_role("main")).not_to_contain_text("Interim")
    expect(owner.locator("a[href$='/flow/new_studies/']").last).to_have_text(str(N_STUDIES))
    for box, numbers in BOXES.items():
        owner.goto(f"{HOME}flow/")
        expect(owner.locator(f"td a[href$='/flow/{box}/']").first).to_have_text(str(len(numbers)))
        owner.goto(f"{HOME}flow/{box}/")
        listed = owner.locator("main tbody tr").evaluate_all(
            "rows => rows.map(row => row.querySelector('a[href*=\"/records/\"]')?.pathname).filter(Boolean)"
        )
        assert sorted({int(path.split("/")[4]) for path in listed}) == numbers, box
