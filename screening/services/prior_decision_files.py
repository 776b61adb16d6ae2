"""Read a file with decisions and sum up what it holds, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from reviewsite.workspace.refused import Refused
from screening.domain.parsing import UnreadableFile
from screening.domain.prior_decisions import Finding, PriorFile, read_prior, reason_of, why_none
from screening.domain.prior_decisions.placing import Placing
from screening.domain.vocabulary import Stage, Verdict

MAX_PEOPLE, MAX_REASONS = 100, 200


def check_size(name: str, content: bytes) -> None:
    """Refuse an empty file and one over the limit."""
    if not content:
        raise Refused(_("The file “%s” is empty. Export it again and try again.") % name)
    if len(content) > settings.MAX_IMPORT_BYTES:
        raise Refused(
            _("The file “%(name)s” has %(size)s; the limit is %(limit)s.")
            % {
                "name": name,
                "size": filesizeformat(len(content)),
                "limit": filesizeformat(settings.MAX_IMPORT_BYTES),
            }
        )


def read_file(content: bytes, name: str, whole_list: Verdict | None, columns: Mapping[str, str]) -> PriorFile:
    """Read the decisions; refused is a file that cannot be read, or that holds none."""
    try:
        prior = read_prior(content, name, whole_list=whole_list, columns=columns)
        if not prior.votes or prior.layout is None:
            raise Refused(why_none(content, name, prior, columns=columns))
        return prior
    except UnreadableFile as error:
        raise Refused(str(error)) from error


def found_in(prior: PriorFile, placing: Placing, stage: Stage, whole_list: Verdict | None) -> dict[str, Any]:
    """Return what the pages of the import show; nothing in it depends on a decision made here."""
    people: dict[str, dict[str, Any]] = {
        person or "": {
            "name": person or "",
            "n": 0,
            "n_placed": 0,
            **{verdict.value: 0 for verdict in Verdict},
        }
        for person in prior.people
    }
    reasons: dict[str, int] = {}
    for vote in prior.votes:
        people[vote.person or ""]["n"] += 1
    for one in placing.placed:
        counted = people[one.vote.person or ""]
        counted["n_placed"] += 1
        counted[one.vote.verdict.value] += 1
        if stage is Stage.FULL_TEXT and one.vote.verdict is Verdict.EXCLUDE:
            label = reason_of(one.vote)
            reasons[label] = reasons.get(label, 0) + 1
    return {
        "layout": prior.layout.value if prior.layout else "",
        "list": whole_list.value if whole_list else "",
        "n_rows": prior.n_rows,
        "n_undecided": prior.n_undecided,
        "n_rows_placed": placing.n_rows_placed,
        "people": list(people.values()),
        "reasons": [{"label": label, "n": n} for label, n in sorted(reasons.items())],
        "left_out": rows_of(placing.left_out),
        "remarks": rows_of(placing.remarks),
    }


def rows_of(findings: Sequence[Finding]) -> list[list[int | str]]:
    """Return findings as they are stored: line and sentence."""
    return [[finding.line, finding.sentence] for finding in findings]


def check_manageable(found: Mapping[str, Any]) -> None:
    """Refuse more names or reasons than a person can sort out."""
    if len(found["people"]) > MAX_PEOPLE:
        raise Refused(
            _(
                "The file names %(n)d people, more than %(most)d: check that the column of the reviewer "
                "holds names."
            )
            % {"n": len(found["people"]), "most": MAX_PEOPLE}
        )
    if len(found["reasons"]) > MAX_REASONS:
        raise Refused(
            _(
                "The file gives %(n)d different reasons, more than %(most)d: bring them to the reasons "
                "of this review in the file."
            )
            % {"n": len(found["reasons"]), "most": MAX_REASONS}
        )
