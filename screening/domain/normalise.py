"""Bring titles, identifiers and author names to one spelling, so that equal things compare equal."""

from __future__ import annotations

import html
import re
import unicodedata

from screening.domain.parsing.fields import doi_in

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "ε": "epsilon",
        "ζ": "zeta",
        "η": "eta",
        "θ": "theta",
        "ι": "iota",
        "κ": "kappa",
        "λ": "lambda",
        "μ": "mu",
        "ν": "nu",
        "ξ": "xi",
        "ο": "omicron",
        "π": "pi",
        "ρ": "rho",
        "σ": "sigma",
        "ς": "sigma",
        "τ": "tau",
        "υ": "upsilon",
        "φ": "phi",
        "χ": "chi",
        "ψ": "psi",
        "ω": "omega",
    }
)
_DIACRITICS = re.compile("[\u0300-\u036f]")
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|inf|p|br|span|title|jats:\w{1,12}|mml:\w{1,12})\b[^<>]{0,80}>", re.I
)
# What databases add behind a title.
_SUFFIX = re.compile(
    r"\s*\[(?:[0-9]{1,4} refs?\.?|review|abstract|(?:erratum|corrected|retraction)[^\[\]]{0,200})\]\s*\.?$",
    re.I,
)
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_INITIALS = re.compile(r"^[^\W\d_](?:[. -]{0,2}[^\W\d_]){0,3}\.?$")


def fold(text: str) -> str:
    """Return text in lower case, without accents, ligatures and Greek letters (α becomes alpha)."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _DIACRITICS.sub("", text).translate(_LETTERS)


def _words(text: str) -> str:
    folded = fold(text)
    if folded.isascii():
        return _NOT_ALNUM.sub(" ", folded).strip()
    # Vowel signs of other scripts are marks, not letters, and part of the word.
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return " ".join("".join(kept).split())


def normalise_title(title: str) -> str:
    """Return the words of a title: folded, without markup, punctuation and database suffixes such as [12
    refs]."""
    if "&" in title:
        title = html.unescape(title).replace("&", " and ")
    if "<" in title:
        title = _TAG.sub("", title)
    if title.rstrip(" .").endswith("]"):
        title = _SUFFIX.sub("", title)
    return _words(title)


def normalise_doi(doi: str) -> str:
    """Return the bare DOI in lower case, or '' where the text holds none."""
    return doi_in(doi)


def normalise_pmid(pmid: str) -> str:
    """Return a PubMed identifier's digits without leading zeros, or ''."""
    digits = pmid.strip()
    return digits.lstrip("0") if digits.isascii() and digits.isdigit() else ""


def first_author_key(authors: tuple[str, ...] | list[str]) -> str:
    """Return the folded surname of the first author, or '' without authors."""
    name = next((author for author in authors if author.strip()), "").strip()
    if "," in name:
        return _words(name.partition(",")[0])
    parts = name.split()
    while len(parts) > 1 and _INITIALS.match(parts[-1]) and (parts[-1].isupper() or "." in parts[-1]):
        parts.pop()
    if len(parts) == len(name.split()) and len(parts) > 1:
        return _words(parts[-1])
    return _words(" ".join(parts))


def page_range(pages: str) -> tuple[str, str]:
    """Return first and last page, each '' where not given; "1234-9" ends at 1239."""
    parts = re.split(r"\s*[-\u2010-\u2015]+\s*", pages.strip()[:60], maxsplit=1)
    first = _words(re.split(r"[+,;]", parts[0])[0])
    last = _words(re.split(r"[+,;]", parts[1])[0]) if len(parts) > 1 else ""
    if last.isdigit() and first.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first, last
