"""Take a citation apart, as databases write it in one field: journal, volume(issue):pages, date."""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Winter|Spring|Summer|Autumn|Fall"
_DATE = re.compile(
    rf"\b(?:{_MONTH})[a-z]{{0,6}}\.?(?:[ ,]{{1,2}}[0-9]{{1,2}},?)? ((?:1[5-9]|20)[0-9]{{2}})(?![0-9])"
)
_YEAR = re.compile(r"(?<![0-9-])((?:1[5-9]|20)[0-9]{2})(?![0-9-])")
_JOURNAL = re.compile(rf"(.{{1,300}}?)(?:\.\s*$|[.,;]?\s+(?=(?:Vol\.?\s?)?[0-9])|[.,;]?\s+(?=(?:{_MONTH})))")
_VOLUME = re.compile(r"(?<![0-9])([0-9]{1,5})\s?\(([^()]{1,30})\)")
_LONE_VOLUME = re.compile(
    rf"(?:(?<=[.;]\s)|(?<=\bVol)\.?\s?|\s)([0-9]{{1,5}})(?=\s?:|,\s(?:{_MONTH}))", re.IGNORECASE
)
_PAGES = re.compile(r"(?:\bpp?\.?\s?|(?<=[0-9)])\s?:\s?)([A-Za-z]?[0-9]{1,7}(?:-[A-Za-z]?[0-9]{1,7})?)")
# A citation is shorter; more is not worth searching.
_LIMIT = 1_000


class Source(NamedTuple):
    """Hold the parts of a citation; blank means not found."""

    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""


def source_in(text: str) -> Source:
    """Take a cleaned citation apart; what has no number in it is a journal as a whole."""
    text = text[:_LIMIT]
    journal, volume, pages = _JOURNAL.match(text), _VOLUME.search(text), _PAGES.search(text)
    alone = None if volume else _LONE_VOLUME.search(text)
    return Source(
        journal[1] if journal else text,
        volume[1] if volume else alone[1] if alone else "",
        volume[2] if volume else "",
        pages[1] if pages else "",
    )


def year_in_source(text: str) -> int | None:
    """Return the year that follows a month or season, else the first that stands alone."""
    text = text[:_LIMIT]
    found = _DATE.search(text) or _YEAR.search(text)
    return int(found[1]) if found else None
