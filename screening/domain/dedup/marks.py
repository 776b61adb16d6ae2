"""Recognise titles that announce a text about another text, another version of a text, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

CORRECTION = "correction"
RETRACTED = "retracted"  # the article itself, so marked by its publisher; the notice is a correction
# For each mark: words of which one must be there (a cheap first look), and the pattern.
_Patterns = Mapping[str, tuple[frozenset[str], re.Pattern[str]]]


def _mark(hints: str, *patterns: str) -> tuple[frozenset[str], re.Pattern[str]]:
    return frozenset(hints.split()), re.compile("|".join(patterns))


# Applied to the folded title with its punctuation.
_NOTICES: _Patterns = {
    CORRECTION: _mark(
        "erratum errata corrigendum corrigenda correction corrections addendum notice concern retraction "
        "republished",
        r"^(?:erratum|errata|corrigend\w+|addendum|notice of|expression of concern|republished)\b",
        r"^(?:author |publisher )?corrections?(?: to| of| for)?\s*[:.“\"'‘]",
        r"^correction (?:to|notice)\b|^corrected and republished",
        r"^retraction\s*(?:[:.,]|of\b|note\b|notice\b|\()",
        r"\b(?:erratum|corrigendum|retraction notice)\b[\s).\]]*$",
        r"[:(\[.?!–—-]\s*(?:correction|retraction)[\s).\]]*$",
    ),
    RETRACTED: _mark(
        "retracted withdrawn withdrawal",
        r"^(?:retracted|withdrawn|withdrawal)\b",
        r"[(:\[-]\s*(?:retracted|withdrawn)(?: article| paper| publication)?\b",
    ),
    "reply": _mark(
        "reply response rejoinder respond",
        r"^(?:in reply|reply|rejoinder|(?:the )?authors?\W{0,2}s?\W{0,2}(?:in )?(?:reply|response|respond))\b"
        r"(?!\s+(?:rate|of|in|time|and)\b)",
        r"^response(?:\s*[:.]|\s*$| to (?:letter|comment|the |dr|re\b|:))",
        r"(?:\bauthors?\W{0,2}s?\W{0,2}|[-–—:.?!]\s*)(?:reply|response|rejoinder)[\s.)\]]*$",
        r"[-–—:]\s*(?:reply|response|rejoinder) to\b",
        r"\breply to (?:letter|comment|the editor)",
    ),
    "comment": _mark(
        "comment comments commentary re letter letters discussion editorial journal book",
        r"^re--",
        r"^(?:comments?|commentary|re|letters?|invited (?:commentary|discussion)|editorial comments?"
        r"|editorial|discussion|journal club|letter to the editor|book reviews?)\s*"
        r"(?:[:.–—]|on\b|to\b|regarding\b|by\b|-\s)",
        r"[:.–—-]\s*(?:a |an |invited |editorial )?(?:comment(?:ary)?|discussion|editorial)[\s.)\]]*$",
        r"\s(?:editorial|invited) comment(?:ary)?[\s.)\]]*$",
    ),
}
# Applied to the words of the title.
_VARIANTS: _Patterns = {
    "protocol": _mark(
        "protocol rationale design",
        r"\bprotocol\b|\brationale\b.{0,20}\bdesign\b|\bdesign\b.{0,20}\brationale\b|\bdesign and methods\b",
    ),
    "update": _mark("update updated reanalysis re revisited", r"\bupdated?\b|\bre ?analysis\b|\brevisited\b"),
    "follow-up": _mark(
        "follow followup year years month months week weeks extension interim",
        r"\bfollow ?up\b|\bextension\b|\binterim\b",
        r"\b(?:[0-9]+|one|two|three|four|five|six|ten) (?:year|month|week)s?\b"
        r".{0,12}\b(?:results|outcomes?|data)\b",
    ),
    "synopsis": _mark(
        "cochrane summary", r"\bcochrane (?:systematic )?review\b|\bsummary of\b|\bexecutive summary\b"
    ),
}
_SINGLE = (
    r"introduction|preface|foreword|obituary|erratum|corrigendum|correction|errata|index|"
    r"contents|news|discussion|reply|response|comments?|commentary|letters?|abstracts?|"
    r"posters?|summary|untitled|unknown|no title\w*|title|anonymous|acknowledge?ments?|"
    r"announcements?|calendar|conclusions?|overview|welcome|questions?|answers?|keynotes?|"
    r"panels?"
)
_GENERIC = _mark(
    "editor editors editorial editorials introduction preface foreword obituary erratum corrigendum "
    "correction errata index contents news discussion reply response comment comments commentary "
    "letter letters abstract abstracts poster posters summary untitled unknown title anonymous "
    "acknowledgment acknowledgements acknowledgments announcement announcements calendar conclusion "
    "conclusions overview welcome question questions answer answers keynote keynotes panel panels "
    "issue special theme report reports statistics update watch highlight highlights proceedings "
    "volume vol number oral book meeting case published gateway gateways approved new year list "
    "guide instructions instruction remarks note notes journal committee awareness minutes matter "
    "page papers message no",
    r"^editor(?:s|ial|ials|ial board)?\b|^from the editor",
    r"^(?:guest|message|letter|note)s? (?:from|to) (?:the )?editor",
    rf"^(?:an? )?(?:{_SINGLE})\b.{{0,12}}$",
    r"^(?:in |(?:the )?authors? (?:s )?)(?:reply|response)\b.{0,12}$",
    r"\bintroduction to the (?:special|minitrack|mini track|issue|volume|section|theme)|\bin this issue\b",
    r"^(?:special|theme) (?:issue|section)s?\b.{0,30}$|\btable of contents\b|\bauthor index\b|\bindex of\b",
    r"\b(?:annual|quarterly|monthly|progress|interim) reports?\b|\bstatistics\b[\s0-9]*$",
    r"\b(?:research|literature|journal) (?:update|watch|highlights?)\b|\bproceedings\b",
    r"\b(?:volume|vol|issue|number) [0-9]+$|\b(?:oral|poster) (?:presentations?|sessions?|abstracts?)\b",
    r"\bbook reviews?\b|\bmeeting (?:abstracts?|report)\b|^case reports?$",
    r"\b(?:articles?|papers?) published in\b",
    r"^gateways? to|^(?:new )?drugs? approved|^what s new|^year in review|^list of|^guide to authors",
    r"^instructions? (?:for|to)|\beditor\b.{0,20}\b(?:comments?|notes?|remarks?)\b",
    r"^(?:remarks|notes?|comments?|message|welcome) from\b|\bjournal club\b",
    r"\b(?:program|organi[sz]ing) committee\b",
    r"\bcommittee report\b|\bcurrent awareness\b|\bminutes of\b|^abstracts? (?:of|from)\b",
    r"\b(?:front|back) matter\b|\btitle page\b|\bcall for papers\b",
)


def notices(folded: str, spaced: frozenset[str]) -> frozenset[str]:
    """Return the marks of a text about another text: correction, reply, comment; and of a retracted one."""
    return _marks(_NOTICES, folded.strip(" [(\"'“‘."), spaced)


def variants(text: str, spaced: frozenset[str]) -> frozenset[str]:
    """Return the marks of another version of a text: protocol, update, follow-up, synopsis."""
    return _marks(_VARIANTS, text, spaced)


def is_generic(text: str, spaced: frozenset[str]) -> bool:
    """Say whether many texts have this title ("Editorial", "In this issue", "Annual report 2010")."""
    hints, pattern = _GENERIC
    return not spaced.isdisjoint(hints) and pattern.search(text) is not None


def _marks(patterns: _Patterns, text: str, spaced: frozenset[str]) -> frozenset[str]:
    return frozenset(
        name
        for name, (hints, pattern) in patterns.items()
        if not spaced.isdisjoint(hints) and pattern.search(text) is not None
    )
