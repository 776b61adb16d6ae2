"""Name the closed sets of screening: stages, verdicts, policies and statuses."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Name a screening stage."""

    TITLE_ABSTRACT = "title_abstract"
    FULL_TEXT = "full_text"


class Verdict(StrEnum):
    """Name a reviewer's judgement; "Maybe" is the button's word for unsure."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    UNSURE = "unsure"


class UnsurePolicy(StrEnum):
    """Say what an unsure does: counts as include, calls for discussion, or leaves the decision open."""

    ADVANCE = "advance"
    DISCUSS = "discuss"
    NEUTRAL = "neutral"


class AgreementRule(StrEnum):
    """Say how one or three reviewers agree; two reviewers always follow the two-reviewer table."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    ANY_INCLUDE = "any_include"


class Status(StrEnum):
    """Name where a record stands in a stage."""

    AWAITING = "awaiting"
    CONFLICT = "conflict"
    REASON_CONFLICT = "reason_conflict"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    AWAITING_RETRIEVAL = "awaiting_retrieval"
    NOT_RETRIEVED = "not_retrieved"
