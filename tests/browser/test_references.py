"""Records from the files of two databases to the exported list, in a browser.

`overlapping.ris` holds 8 records: one says nothing but its language and is lost, 7 become records 1 to 7.
`overlapping.nbib` holds 7, which become records 8 to 14.

    in the files 8 + 7 = 15 = 14 read + 1 lost
    1 and 8, 2 and 9 have one DOI, 3 and 10 one citation: 3 duplicates are found
    4 and 11 have one title and two DOIs, 5 and 12 tell of six and of twelve months: 2 pairs wait for a person
    the person judges 4 and 11 the same, 5 and 12 different: 3 + 1 = 4 duplicates, 14 − 4 = 10 works

Without the second file the 7 records of the first stand for themselves again.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from reviewsite.workspace.models import Review, User
from screening.domain.parsing import parse_bytes
from screening.models import Decision, Record
from screening.services.sources import add_source
from tests.screening.builders import EXCLUDE, decide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/reviews/cement/"
FILES = Path(__file__).parent.parent / "screening" / "files"
RIS, NBIB = FILES / "overlapping.ris", FILES / "overlapping.nbib"
N_IN_FILE = {RIS.name: (8, 7, 1), NBIB.name: (7, 7, 0)}
"""Records in each file, those read and those lost."""
LINE_LOST = 65
MISSPELT, CORRECTED = "Bracing after augmentaton in the elderly", "Bracing after augmentation in the elderly"
ON_AUGMENTATION = [
    CORRECTED,
    "Cement augmentation of painful vertebral metastases",
    "Exercise after augmentation of vertebral fractures: six months of follow-up",
    "Exercise after augmentation of vertebral fractures: twelve months of follow-up",
    "Quality of life after augmentation of the thoracic spine in myeloma",
    "Radiotherapy before balloon augmentation of the spine",
]
"""Of the 10 works, those whose title has the word, once record 6 is corrected."""
FROM_OTHER = "Radiation first, balloons a week later."
"""The abstract of record 2, which record 9 lacks."""
NOTE = "a note for nobody else"

DROP = """(box, files) => {
  const carried = new DataTransfer();
  for (const [name, content] of files) {
    carried.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name));
  }
  box.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def page(owner: User, admin: User, review: Review, sign_in: Callable[..., Page]) -> Page:
    add_source(user=owner, review=review, name="MEDLINE", kind="database")
    return sign_in(admin)


def test_two_exports_from_upload_to_export_and_back_out(page: Page, reviewer_a: User) -> None:
    upload_both(page)
    expect_preview(page)
    confirm(page)
    judge_the_pairs(page)
    choose_the_primary(page)
    expect_report(page, records=14, duplicates=4, works=10, groups=4, waiting=0)
    brought = page.get_by_role("region", name="What each source brought").locator("tbody td")
    assert brought.all_inner_texts() == ["14", "4", "10", "10"]
    assert judged(page) == {"automatic": (3, 0), "person": (1, 1)}
    correct_the_title(page)

    before = {program: export(page, program) for program in ("Everything: RIS", "Everything: CSV")}
    for content in before.values():
        parsed = parse_bytes(content)
        assert sorted(record.title for record in parsed.records) == ON_AUGMENTATION
        assert parsed.n_in_file == len(ON_AUGMENTATION)
    decide(reviewer_a, Record.objects.get(title=CORRECTED), EXCLUDE, note=NOTE)
    assert {program: export(page, program) for program in before} == before

    withdraw_the_second(page)
    expect_report(page, records=7, duplicates=0, works=7, groups=0, waiting=0)
    page.goto(f"{HOME}records/")
    expect(page.get_by_text("7 records", exact=True)).to_be_visible()
    assert numbers_listed(page) == [1, 2, 3, 4, 5, 6, 7]
    assert Decision.objects.open().count() == 1


def test_table_with_unknown_headers_is_mapped_by_hand(page: Page) -> None:
    table = "Paper;Written by;Appeared\nNeedles by ultrasound;Trial, F.;2019\nPain at night;Model, D.;2020\n"
    choose(page)
    page.locator("[name=file]").set_input_files(
        {"name": "papers.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_text("say below what its columns hold")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)
    for header, field in (("Paper", "Title"), ("Written by", "Authors"), ("Appeared", "Year")):
        page.get_by_label(header, exact=True).select_option(label=field)
    page.get_by_role("button", name="Read the file with these columns").click()
    expect(page.locator("dl.figures + .sum")).to_have_text("2 in the file = 2 read + 0 not read.")
    page.get_by_role("button", name="Import 2 records").click()
    expect(page.get_by_role("link", name="Show the records")).to_be_visible()
    stored = Record.objects.order_by("number").values_list("title", "authors", "year")
    assert list(stored) == [
        ("Needles by ultrasound", ["Trial, F"], 2019),
        ("Pain at night", ["Model, D"], 2020),
    ]


def test_bad_files_are_explained_while_the_good_one_goes_on(page: Page) -> None:
    choose(page)
    drop(
        page,
        {
            "empty.ris": b"",
            "paper.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n%%EOF\n",
            "bomb.zip": bomb(),
            RIS.name: RIS.read_bytes(),
        },
    )
    expect(page.get_by_role("list", name="Chosen files").get_by_role("listitem")).to_have_count(4)
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_text("The file “empty.ris” is empty")).to_be_visible()
    expect(page.get_by_text(re.compile("bomb.zip.*packed far more tightly"))).to_be_visible()
    expect(row_of(page, "paper.pdf")).to_contain_text("This is a PDF document")
    page.get_by_role("button", name="Import all: 1 file with 7 records").click()
    expect(row_of(page, RIS.name)).to_contain_text("Imported")
    assert list(Record.objects.values_list("batch__file__name", flat=True)) == [RIS.name] * 7


def choose(page: Page) -> None:
    page.goto(f"{HOME}imports/new/")
    page.locator("[name=source]").select_option(label="MEDLINE")


def drop(page: Page, files: Mapping[str, bytes]) -> None:
    """Let the files fall on the box around the input, as from a folder."""
    carried = [[name, base64.b64encode(content).decode()] for name, content in files.items()]
    page.locator("[data-drop]").evaluate(DROP, carried)


def bomb() -> bytes:
    """Return a small archive that unpacks to 20 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("much.ris", b" " * 20_000_000)
    return packed.getvalue()


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def upload_both(page: Page) -> None:
    choose(page)
    page.locator("[name=file]").set_input_files([RIS, NBIB])
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 files handed in together")


def expect_preview(page: Page) -> None:
    """Each row says what its file holds; the page of the first names what was lost, with its line."""
    for name, (n_in_file, n_read, n_lost) in N_IN_FILE.items():
        shown = row_of(page, name).locator("td.num").all_inner_texts()
        assert shown[1:5] == [str(n_in_file), str(n_read), str(n_lost), "0"]
    assert not Record.objects.exists()
    page.get_by_role("link", name=RIS.name, exact=True).click()
    expect(page.locator("dl.figures + .sum")).to_have_text("8 in the file = 7 read + 1 not read.")
    lost = page.locator("#problems tbody tr")
    expect(lost).to_have_count(1)
    expect(lost.get_by_role("cell").first).to_have_text(str(LINE_LOST))
    page.get_by_role("link", name="All 2 files of this upload").click()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Import all: 2 files with 14 records").click()
    for name in N_IN_FILE:
        expect(row_of(page, name)).to_contain_text("Imported")
    page.goto(f"{HOME}records/?standing=duplicate")
    expect(page.get_by_text("3 records", exact=True)).to_be_visible()


def judge_the_pairs(page: Page) -> None:
    page.goto(f"{HOME}duplicates/compare/")
    expect(page.get_by_text("2 pairs left")).to_be_visible()
    press(page, "s", "Saved: records 4 and 11 are the same.")
    press(page, "d", "Saved: records 5 and 12 are different.")
    expect(page.get_by_text("0 pairs left")).to_be_visible()
    press(page, "z", "Your answer is taken back.")
    expect(page.get_by_text("1 pair left")).to_be_visible()
    press(page, "d", "Saved: records 5 and 12 are different.")
    expect(page.get_by_text("0 pairs left")).to_be_visible()


def press(page: Page, key: str, said: str) -> None:
    page.wait_for_load_state()
    page.keyboard.press(key)
    expect(page.get_by_text(said)).to_be_visible()


def choose_the_primary(page: Page) -> None:
    page.goto(f"{HOME}duplicates/")
    expect(page.get_by_text("4 groups", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Let it stand for the group ?: 9")).click()
    expect(page.get_by_text("Record 9 stands for its group now.")).to_be_visible()
    page.goto(f"{HOME}records/2/")
    expect(page.get_by_text("its group is screened as")).to_contain_text("record 9")
    page.goto(f"{HOME}records/9/")
    expect(page.get_by_role("main")).to_contain_text(FROM_OTHER)


def expect_report(page: Page, **numbers: int) -> None:
    page.goto(f"{HOME}duplicates/report/")
    assert page.locator("dl.pair-facts dd").all_inner_texts() == [str(n) for n in numbers.values()]


def judged(page: Page) -> dict[str, tuple[int, int]]:
    """Return how many pairs the report says that rules and people judged the same and different."""
    rows = page.get_by_role("region", name="How pairs were judged").locator("tbody tr").all()
    found = {"automatic": (0, 0), "person": (0, 0)}
    for row in rows:
        who = "person" if row.get_by_role("rowheader", name="Judged by a person").count() else "automatic"
        same, different = (int(text) for text in row.locator("td").all_inner_texts())
        found[who] = found[who][0] + same, found[who][1] + different
    return found


def correct_the_title(page: Page) -> None:
    page.goto(f"{HOME}records/6/correct/")
    expect(page.get_by_label("Title")).to_have_value(MISSPELT)
    page.get_by_label("Title").fill(CORRECTED)
    page.get_by_label("Reason for the correction").fill("As printed.")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_text("1 field is corrected.")).to_be_visible()
    expect(page.locator("#corrections")).to_contain_text(MISSPELT)


def export(page: Page, program: str) -> bytes:
    """Narrow the list to works on augmentation and download it."""
    page.goto(f"{HOME}records/")
    page.get_by_label("Search").fill("augmentation")
    page.get_by_label("Duplicates").select_option(label="Not a duplicate")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=program).click()
    return Path(download.value.path()).read_bytes()


def withdraw_the_second(page: Page) -> None:
    page.goto(f"{HOME}imports/")
    page.get_by_role("link", name=NBIB.name).click()
    page.get_by_role("link", name="Withdraw this import").click()
    page.get_by_label("Reason").fill("Wrong search.")
    page.get_by_role("button", name="Withdraw 7 records").click()
    expect(page.get_by_text("The import is withdrawn")).to_be_visible()


def numbers_listed(page: Page) -> list[int]:
    return [int(text) for text in page.locator("main tbody td.num:first-child").all_inner_texts()]
