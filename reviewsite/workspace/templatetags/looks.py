"""How a status looks: never by colour alone."""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """An icon of the sprite and one of five tones."""

    icon: str
    tone: str


NEUTRAL = Look("circle-half", "neutral")

_GOOD = ("check-circle", "good")
_BAD = ("x-circle", "bad")
_WAIT = ("clock-history", "wait")
_WARN = ("exclamation-triangle", "warn")

LOOKS: dict[str, Look] = {
    code: Look(*look)
    for look, codes in {
        _GOOD: "include included accepted done imported retrieved yes ok low submitted same active final",
        _BAD: "exclude excluded not_retrieved unreadable failed no error high",
        _WAIT: "open queued running reading storing preview requested waiting awaiting awaiting_retrieval",
        _WARN: "conflict reason_conflict expired warning possible unclear differs",
        ("question-circle", "warn"): "unsure maybe some",
        ("intersect", "neutral"): "duplicate merged",
        ("pencil", "neutral"): "draft",
        ("lock", "neutral"): "read_only sealed frozen locked",
        ("info-circle", "info"): "info demo reported inferred",
        ("x-lg", "neutral"): "rescinded cancelled discarded withdrawn different archived",
    }.items()
    for code in codes.split()
}


def look_of(status: str) -> Look:
    """Return how a status code looks; an unknown one looks neutral."""
    return LOOKS.get(status.replace("-", "_"), NEUTRAL)
