"""Bring titles and identifiers to one spelling, so that equal things compare equal."""

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


def fold(text: str) -> str:
    """Return text in lower case, without accents, ligatures and Greek letters (α becomes alpha)."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _DIACRITICS.sub("", text).translate(_LETTERS)


def words(text: str) -> str:
    """Return the words of a text, folded, with single spaces and nothing else between them."""
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
    return words(title)


def normalise_doi(doi: str) -> str:
    """Return the bare DOI in lower case, or '' where the text holds none."""
    return doi_in(doi)


def normalise_pmid(pmid: str) -> str:
    """Return a PubMed identifier's digits without leading zeros, or ''."""
    digits = pmid.strip()
    return digits.lstrip("0") if digits.isascii() and digits.isdigit() else ""
