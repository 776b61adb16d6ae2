"""The fields of a record as a person types them: what a text means, and what it may not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewsite.workspace.refused import Refused
from screening.domain.parsing.fields import (
    authors_of,
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    keywords_of,
    url_in,
)
from screening.domain.parsing.limits import LENGTHS, MAX_AUTHORS, MAX_DOI, MAX_ENTRY, MAX_KEYWORDS

Value = str | int | list[str] | None
"""Authors and keywords are lists; a year that is not known is None, any other unknown field ''."""

LABELS = {
    "title": gettext_lazy("Title"),
    "authors": gettext_lazy("Authors"),
    "year": gettext_lazy("Year"),
    "journal": gettext_lazy("Journal"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "pages": gettext_lazy("Pages"),
    "doi": gettext_lazy("DOI"),
    "pmid": gettext_lazy("PMID"),
    "isbn_issn": gettext_lazy("ISSN or ISBN"),
    "accession": gettext_lazy("Accession number"),
    "abstract": gettext_lazy("Abstract"),
    "keywords": gettext_lazy("Keywords"),
    "url": gettext_lazy("Address"),
    "type": gettext_lazy("Type"),
    "language": gettext_lazy("Language"),
}
"""The fields that people may enter and correct, in the order of forms and histories, by their name."""

FIRST_YEAR, LAST_YEAR = 1000, 2100
_MOST = {"authors": MAX_AUTHORS, "keywords": MAX_KEYWORDS}
_LENGTH_ELSEWHERE = 200
_DOI_PREFIX = re.compile(r"^(?:https?://(?:[a-z0-9.-]{1,80}/)?|doi[: ]\s{0,3})", re.I)


def text_of(value: Value) -> str:
    """Return a value as a person types it: the entries of a list one per line."""
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def value_of(field: str, text: str) -> Value:
    """Return the value that a typed text means.

    Refused, with a sentence for the field: what is no year, DOI, PubMed identifier or web address, and what
    is too long.
    """
    return _READERS.get(field, _line)(field, text)


def problems_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each of these fields that cannot be read."""
    problems = {}
    for field, text in texts.items():
        try:
            value_of(field, text)
        except Refused as refusal:
            problems[field] = str(refusal)
    return problems


def is_changed(text: str, held: Value) -> bool:
    """Say whether a text that came back from a form differs from the value that it showed."""
    return text.splitlines() != text_of(held).splitlines()


def values_of(texts: Mapping[str, str]) -> dict[str, Value]:
    """Return the values of all fields; those that are not given are empty."""
    return {field: value_of(field, texts.get(field, "")) for field in LABELS}


def refuse_unidentified(values: Mapping[str, Value]) -> None:
    """Refuse a record that says nothing to know it by; the rule is that of imported files."""
    known = any(values[field] for field in ("title", "doi", "pmid", "accession", "abstract", "url"))
    if not known and not (values["year"] and (values["authors"] or values["journal"])):
        raise Refused(
            _(
                "Nothing to know the record by: give a title, DOI, PMID, accession number, abstract or "
                "address, or the year with authors or journal."
            )
        )


def remark_on(field: str, text: str, value: Value) -> str:
    """Say how the stored value differs from what was typed, where nobody would expect it; else return ''."""
    if field == "doi" and value and clean(text) != value:
        return _("The DOI is kept in its plain form, %s.") % value
    return ""


def _line(field: str, text: str) -> Value:
    return _short(field, clean(text))


def _short(field: str, text: str) -> str:
    most = LENGTHS[field][1] if field in LENGTHS else _LENGTH_ELSEWHERE
    if len(text) > most:
        raise Refused(
            _("This has %(length)d characters; at most %(most)d are kept.")
            % {"length": len(text), "most": most}
        )
    return text


def _abstract(field: str, text: str) -> Value:
    return _short(field, clean_lines(text))


def _year(_field: str, text: str) -> Value:
    written = clean(text)
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and FIRST_YEAR <= int(written[:9]) <= LAST_YEAR):
        raise Refused(_("Write the year in four digits, from %d to %d.") % (FIRST_YEAR, LAST_YEAR))
    return int(written)


def _doi(_field: str, text: str) -> Value:
    written = clean(text)
    doi = doi_in(written)
    bare = _DOI_PREFIX.sub("", written, count=1)
    is_doi = bool(doi) and len(doi) <= MAX_DOI and bare.startswith("10.") and " " not in bare
    if written and not is_doi:
        raise Refused(
            _("“%s” is no DOI: it begins with 10., a number and a slash, for example 10.1000/example.1.")
            % Truncator(written).chars(60)
        )
    return doi


def _pmid(_field: str, text: str) -> Value:
    written = clean(text)
    pmid = bare_pmid(written)
    if written and not pmid:
        raise Refused(
            _("“%s” is no PubMed identifier: it has at most eight digits.") % Truncator(written).chars(60)
        )
    return pmid


def _url(field: str, text: str) -> Value:
    written = clean(text)
    if written != url_in(written):
        raise Refused(_("Write the whole address without spaces, beginning with https:// or http://."))
    return _short(field, written)


def _list(field: str, text: str) -> Value:
    lines = text.splitlines()
    entries = list(authors_of(lines) if field == "authors" else keywords_of(lines))
    if len(entries) > _MOST[field]:
        raise Refused(_("There are %d entries; at most %d are kept.") % (len(entries), _MOST[field]))
    longest = max(map(len, entries), default=0)
    if longest > MAX_ENTRY:
        raise Refused(
            _("One line has %d characters; at most %d are kept. Write one per line.") % (longest, MAX_ENTRY)
        )
    return entries


_READERS: dict[str, Callable[[str, str], Value]] = {
    "abstract": _abstract,
    "year": _year,
    "doi": _doi,
    "pmid": _pmid,
    "url": _url,
    "authors": _list,
    "keywords": _list,
}
