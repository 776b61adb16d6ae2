"""Split the author field of BibTeX into names, “Last, First” each; names of groups stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bibtexparser.middlewares.names import parse_single_name_into_parts

from screening.domain.parsing.fields import author_of, clean, split_authors
from screening.domain.parsing.latex import plain

_BRACE_OR_AND = re.compile(r"(?<!\\)[{}]| and(?= )", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|2nd|3rd|i{1,3}|iv|v)\.?", re.IGNORECASE)
# No part of a person's name; “van”, “de” and their like are.
_GROUP = re.compile(r"\b(?:of|for|at|on|the|in|to|by)\b|[0-9]")


def authors_of_field(values: Iterable[str]) -> tuple[str, ...]:
    """Return the authors in their order; the values are those between the quotes or braces of the field."""
    return tuple(name for value in values for name in _authors(" ".join(value.split())))


def _authors(value: str) -> Iterable[str]:
    whole = _inside(value)
    if whole and all("," in name for name in _names(whole)[:2]) and " and " in whole:
        value = whole
    names = _names(value)
    if len(names) == 1 and not whole and len(split := split_authors(plain(value))) > 1:
        return split if not _is_suffixed(value) else (_author(value),)
    return [author for name in names if (author := _author(name))]


def _names(value: str) -> list[str]:
    """Split at each “and” that stands outside braces."""
    if "{" not in value:
        return re.split(" and ", value, flags=re.IGNORECASE)
    names, depth, at = [], 0, 0
    for mark in _BRACE_OR_AND.finditer(value):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            names.append(value[at : mark.start()])
            at = mark.end() + 1
    return [*names, value[at:]]


def _inside(name: str) -> str:
    """Return what one pair of braces around the whole name holds, or ''."""
    name = name.strip()
    if not (name.startswith("{") and name.endswith("}")) or name.startswith("{\\"):
        return ""
    depth = 0
    for mark in re.finditer(r"(?<!\\)[{}]", name):
        depth += 1 if mark[0] == "{" else -1
        if depth == 0 and mark.end() < len(name):
            return ""
    return name[1:-1]


def _author(name: str) -> str:
    if whole := _inside(name):
        return clean(plain(whole)).strip(" ;,")
    name = clean(plain(name)).strip(" ;,")
    if not name or name.lower() in {"others", "et al", "et al."}:
        return ""
    if "," in name:
        last, *rest = (part.strip() for part in name.split(","))
        if len(rest) == 2 and _SUFFIX.fullmatch(rest[0]):
            rest.reverse()
        return ", ".join(part for part in (last, *rest) if part)
    found = author_of(name)
    if "," in found or " " not in found or _GROUP.search(found):
        return found
    *words, last_word = found.split()
    suffix = last_word if len(words) > 1 and _SUFFIX.fullmatch(last_word) else ""
    parts = parse_single_name_into_parts(" ".join(words) if suffix else found, strict=False)
    last = " ".join([*parts.von, *parts.last])
    return ", ".join(part for part in (last, " ".join(parts.first), suffix) if part)


def _is_suffixed(name: str) -> bool:
    return any(_SUFFIX.fullmatch(part.strip()) for part in name.split(",")[1:])
