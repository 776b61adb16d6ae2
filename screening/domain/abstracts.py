"""Split a structured abstract into its labelled parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A label stands at the start of a line or sentence, in capitals, and ends with a colon: "MATERIALS AND
# METHODS:".
_LABEL = re.compile(r"(?:^|(?<=[.!?)\]]\s)|(?<=\n))([A-Z][A-Z /&,()-]{2,60}):(?=\s)")


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one part of an abstract; the label is blank where there is none."""

    label: str
    text: str


def abstract_sections(abstract: str) -> list[Section]:
    """Split an abstract at labels such as "BACKGROUND:"; no word is lost, a text without labels is one
    section.
    """
    text = abstract.strip()
    if not text:
        return []
    # With one group in the pattern, split gives: text before the first label, label, text, label, text ...
    before, *parts = _LABEL.split(text)
    sections = [Section("", before.strip())] if before.strip() else []
    labelled = zip(parts[::2], parts[1::2], strict=True)
    return sections + [Section(label, body.strip()) for label, body in labelled]
