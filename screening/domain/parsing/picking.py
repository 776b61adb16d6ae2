"""Pick the values of a record from its tags: the first one given, all of them, or those without a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from screening.domain.parsing.fields import bare_pmid, clean, clean_lines, doi_in, is_given, url_in, year_in
from screening.domain.parsing.tagged import Fields


def given(fields: Fields, *tags: str) -> Iterator[str]:
    """Yield the values of the tags, in the order of the tags, as they stand in the file."""
    for tag in tags:
        yield from fields.get(tag, ())


def every(fields: Fields, *tags: str) -> list[str]:
    """Return the cleaned values of the tags, without those that only say "missing"."""
    return [text for tag in tags if tag in fields for value in fields[tag] if is_given(text := clean(value))]


def first(fields: Fields, *tags: str) -> str:
    """Return the first cleaned value of the tags, or ''."""
    for tag in tags:
        if tag in fields:
            for value in fields[tag]:
                if is_given(text := clean(value)):
                    return text
    return ""


def lines(fields: Fields, *tags: str) -> str:
    """Return all values of the first tag that has any, on lines of their own, or ''."""
    for tag in tags:
        if tag in fields and is_given(text := clean_lines("\n".join(fields[tag]))):
            return text
    return ""


def notes(fields: Fields, *tags: str) -> tuple[str, ...]:
    """Return each value of the tags with its line breaks."""
    return tuple(
        [text for tag in tags if tag in fields for value in fields[tag] if (text := clean_lines(value))]
    )


def joined(fields: Fields, *tags: str) -> str:
    """Return the different values of the tags in one line."""
    return "; ".join(dict.fromkeys(every(fields, *tags)))


def year_of(fields: Fields, *tags: str) -> int | None:
    """Return the first year that is understood."""
    for tag in tags:
        if tag in fields:
            for value in fields[tag]:
                if (year := year_in(value)) is not None:
                    return year
    return None


def doi_of(fields: Fields, *tags: str) -> str:
    """Return the first DOI of tags that are meant for one or hold its address."""
    return _made_of(fields, tags, _plain_doi)


def labelled_doi(fields: Fields, *tags: str) -> str:
    """Return the first DOI that an address or the word "doi" introduces; notes cite other works' DOIs too."""
    return _made_of(fields, tags, _labelled_doi)


def pmid_of(fields: Fields, *tags: str) -> str:
    """Return the first PubMed identifier of the tags."""
    return _made_of(fields, tags, bare_pmid)


def url_of(fields: Fields, *tags: str) -> str:
    """Return the first web address of the tags."""
    return _made_of(fields, tags, url_in)


def _made_of(fields: Fields, tags: Sequence[str], make: Callable[[str], str]) -> str:
    for tag in tags:
        if tag in fields:
            for value in fields[tag]:
                if made := make(value):
                    return made
    return ""


def _plain_doi(text: str) -> str:
    return doi_in(text) if "10." in text else ""


def _labelled_doi(text: str) -> str:
    lowered = text[:300].lower()
    is_labelled = "doi.org/10." in lowered or lowered.lstrip().startswith("doi")
    return doi_in(text) if is_labelled else ""
