"""Take pictures of the main pages of the example: python scripts/screenshots.py FOLDER [ADDRESS]

The site must run in demo mode with the example loaded (`make run`). ADDRESS is http://127.0.0.1:8000
unless given. Each page is taken in both themes, 1280 and 390 pixels wide. CHROMIUM names the browser where it
is not on the path.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

THEMES = ("light", "dark")
WIDTHS = {1280: 900, 390: 844}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OF_REVIEW = {
    "overview": "",
    "people": "people/",
    "protocol": "protocol/",
    "sources": "sources/",
    "imports": "imports/",
    "import-new": "imports/new/",
    "decision-imports": "imports/decisions/",
    "decision-import-new": "imports/decisions/new/",
    "records": "records/",
    "record": "records/1/",
    "record-correct": "records/1/correct/",
    "record-new": "records/new/",
    "record-export": "records/export/",
    "duplicates": "duplicates/",
    "duplicates-compare": "duplicates/compare/",
    "duplicates-many": "duplicates/many/?low=0&high=1&seed=1",
    "duplicates-report": "duplicates/report/",
    "screen": "screen/title-abstract/",
    "conflicts": "conflicts/title-abstract/",
    "reports": "reports/",
    "studies": "studies/",
    "study": "studies/1/",
    "forms": "forms/",
    "outcomes": "outcomes/",
    "flow": "flow/",
    "tables": "tables/",
    "reported": "reported/",
}

FILES = {
    "search.ris": b"TY  - JOUR\nTI  - A paper that is read\nER  - \n\nTY  - JOUR\nLA  - eng\nER  - \n",
    "table.csv": b"Paper;Appeared\nA paper in a table;2019\n",
}
"""Files that are handed in for the pages of an import, and discarded again."""


def main(folder: Path, address: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("CHROMIUM") or next(
        (path for name in BROWSERS if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for theme in THEMES:
            for width, height in WIDTHS.items():
                _take_all(browser, folder, address, theme, width, height)
        browser.close()


def _take_all(browser: Browser, folder: Path, address: str, theme: str, width: int, height: int) -> None:
    context = browser.new_context(
        base_url=address, color_scheme=theme, viewport={"width": width, "height": height}
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    _take(page, folder / f"sign-in-{theme}-{width}.png")
    people = page.locator(".demo-people button")
    for position in range(people.count()):
        page.goto("/accounts/login/")
        people.nth(position).click()
        _take(page, folder / f"reviews-{position}-{theme}-{width}.png")
        for review in _reviews(page):
            for name, path in OF_REVIEW.items():
                target = folder / f"{review}-{name}-{theme}-{width}.png"
                # The first person who may see a page is the one it is taken for.
                if (
                    not target.exists()
                    and (response := page.goto(f"/reviews/{review}/{path}"))
                    and response.ok
                ):
                    _take(page, target)
            _take_imports(page, folder, review, f"{theme}-{width}.png")
        context.clear_cookies()
    context.close()


def _take_imports(page: Page, folder: Path, review: str, ending: str) -> None:
    """Take an upload, its two files before they are confirmed, and the withdrawal of an import."""
    target = folder / f"{review}-import-upload-{ending}"
    page.goto(f"/reviews/{review}/imports/")
    offered = page.locator("a[href$='/imports/new/']")
    if target.exists() or not offered.count():
        return
    offered.first.click()
    page.locator("[name=source]").select_option(index=1)
    page.locator("[name=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in FILES.items()]
    )
    page.locator("main form [type=submit]").click()
    page.locator("#upload:not([hx-get])").wait_for()
    upload = page.url
    _take(page, target)
    for name, shown in zip(FILES, ("preview", "columns"), strict=True):
        page.get_by_role("link", name=name).click()
        _take(page, folder / f"{review}-import-{shown}-{ending}")
        page.goto(upload)
    page.locator("form[action$='/discard/'] button").click()
    page.goto(f"/reviews/{review}/imports/")
    imported = page.locator("tr:has(a[href*='?batch=']) th a").first.get_attribute("href")
    page.goto(f"{imported}withdrawal/")
    _take(page, folder / f"{review}-import-withdraw-{ending}")


def _reviews(page: Page) -> list[str]:
    page.goto("/")
    paths = page.locator("main a[href^='/reviews/']").evaluate_all("all => all.map(a => a.pathname)")
    return sorted({path.split("/")[2] for path in paths})


def _take(page: Page, target: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, full_page=True)
    print(target)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else "http://127.0.0.1:8000")
