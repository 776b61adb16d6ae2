"""Every address of the project, and for those of a review the objects of the scenario that they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

from screening.domain.vocabulary import Stage
from synthesis.queries.boxes import OPENABLE
from tests.scenario import AT_FULL_TEXT, TITLES, Populated

Kwargs = dict[str, Any]
TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
REVIEW_PREFIX = "reviews/<slug:slug>/"
FOREIGN_RECORD, FOREIGN_STUDY = 21, 4
"""Numbers that the foreign review alone has."""


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def is_of_review(self) -> bool:
        return self.route.startswith(REVIEW_PREFIX)

    @property
    def is_of_admin(self) -> bool:
        return self.route.startswith("admin/")


def all_addresses() -> list[Address]:
    """Walk the URL configuration."""
    return list(_walk(get_resolver(), ""))


def review_addresses() -> list[Address]:
    """Return the addresses under a review."""
    return [address for address in all_addresses() if address.is_of_review]


def _walk(resolver: Any, prefix: str) -> Iterator[Address]:
    for part in resolver.url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            yield Address(part.name or "", route, part.callback)
        else:
            yield from _walk(part, route)


def attribute_of(view: Any, name: str) -> Any:
    """Return what the guard wrote on a view, however many wrappers lie around it."""
    while view is not None:
        if hasattr(view, name):
            return getattr(view, name)
        view = getattr(view, "__wrapped__", None)
    return None


def kwargs_of(made: Populated) -> dict[str, list[Kwargs]]:
    """Return the objects for each address that names one; the first of each stage is the usual one."""
    entry_places = _studies(made, "open", "differing", "settled", form_slug=made.version.form.slug)
    boxes = ["records_screened", *sorted(OPENABLE - {"records_screened"})]
    measurement = made.own_entry.measurements.get()
    link = made.studies["open"].links.open().get()
    draft = {"form_slug": made.version.form.slug}
    member = {"pk": made.people.viewer.pk}
    file = {"number": 7, "pk": made.file.pk}
    found: dict[str, list[Kwargs]] = {
        "member-roles": [member],
        "member-deactivate": [member],
        "invitation-rescind": [{"pk": made.invitation.pk}],
        "policy-edit": [{"stage": "title-abstract"}, {"stage": "full-text"}],
        "source-edit": [{"pk": made.source.pk}],
        "search-new": [{"pk": made.source.pk}],
        "search-edit": [{"pk": made.search.pk}],
        "unlisted-group-new": [{"pk": made.source.pk}],
        "unlisted-group-withdraw": [{"pk": made.group.pk}],
        "import": [{"pk": made.batch.pk}, {"pk": made.waiting_batch.pk}],
        "import-confirm": [{"pk": made.waiting_batch.pk}],
        "import-discard": [{"pk": made.waiting_batch.pk}],
        "import-columns": [{"pk": made.waiting_batch.pk}],
        "import-upload": [{"pk": made.waiting_batch.pk}],
        "import-confirm-all": [{"pk": made.waiting_batch.pk}],
        "import-discard-all": [{"pk": made.waiting_batch.pk}],
        "import-withdraw": [{"pk": made.batch.pk}],
        "import-problems": [{"pk": made.batch.pk}],
        "import-lost": [{"pk": made.batch.pk}],
        "decision-import": [{"pk": made.decision_import.pk}, {"pk": made.waiting_decisions.pk}],
        "decision-import-confirm": [{"pk": made.waiting_decisions.pk}],
        "decision-import-discard": [{"pk": made.waiting_decisions.pk}],
        "decision-import-withdraw": [{"pk": made.decision_import.pk}],
        "decision-import-rows": [{"pk": made.decision_import.pk}],
        "job": [{"pk": made.batch.job_id}],
        "job-cancel": [{"pk": made.batch.job_id}],
        "record": _numbers(4, *TITLES),
        "record-edit": _numbers(4),
        "record-restore": _numbers(4),
        "record-raw": _numbers(4),
        "record-split": _numbers(15),
        "record-same": _numbers(4),
        "record-primary": _numbers(15),
        "pair": [{"pk": made.pair.pk}],
        "pair-undo": [{"pk": made.judgement.pk}],
        "pair-bulk-undo": [{"pk": made.bulk.pk}],
        "screen": [{"stage": TA}, {"stage": FT}],
        "screen-history": [{"stage": TA}, {"stage": FT}],
        "screen-record": _at_stages({TA: (1, *TITLES), FT: (19, *AT_FULL_TEXT)}),
        "screen-undo": _at_stages({TA: (3,), FT: (7,)}),
        "conflict-list": [{"stage": TA}, {"stage": FT}],
        "conflict": _at_stages({TA: (5, *TITLES), FT: (9, *AT_FULL_TEXT)}),
        "conflict-resolve": _at_stages({TA: (5,), FT: (9,)}),
        "conflict-reopen": _at_stages({TA: (6,)}),
        "conflict-propose": _at_stages({FT: (9,)}),
        "conflict-sign": [{"stage": TA, "number": 5, "pk": made.proposal.pk}],
        "conflict-withdraw": [{"stage": TA, "number": 5, "pk": made.proposal.pk}],
        "report": _numbers(*AT_FULL_TEXT, 6, 16),
        "report-retrieval": _numbers(19),
        "report-upload": _numbers(19),
        "report-file": [file],
        "study": _studies(made, "open", "differing", "settled"),
        "study-report-link": _studies(made, "open"),
        "study-report-unlink": _studies(made, "open", link_pk=link.pk),
        "arm-add": _studies(made, "open"),
        "measurement-edit": _studies(made, "open", **draft, pk=measurement.pk),
        "measurement-remove": _studies(made, "open", **draft, pk=measurement.pk),
        "consensus": _studies(made, "differing", "open", "settled", **draft),
        "entry-accept": _studies(made, "differing", **draft),
        "form": [draft],
        "field-remove": [{**draft, "key": "design"}],
        "form-publish": [draft],
        "form-revise": [draft],
        "flow-box": [{"box": box} for box in boxes],
        "pooled-cell": [{"row": "vas", "group": "kp", "interval": "le_6wk"}],
        "characteristic-cell": [{"row": "age", "group": "kp"}],
    }
    for name in ("extract", "entry-open", "entry-submit", "time-read", "measurement-add"):
        found[name] = entry_places
    for name in ("criterion-edit", "criterion-move", "criterion-archive"):
        found[name] = [{"pk": made.criterion.pk}]
    for name in ("reason-edit", "reason-move", "reason-archive"):
        found[name] = [{"pk": reason.pk} for reason in made.reasons]
    return found


def usual(variants: list[Kwargs]) -> list[Kwargs]:
    """Return the first objects of each stage."""
    chosen: dict[Any, Kwargs] = {}
    for kwargs in variants:
        chosen.setdefault(kwargs.get("stage"), kwargs)
    return list(chosen.values())


def foreign_kwargs(address: Address, own: Kwargs, foreign: Kwargs) -> Iterator[Kwargs]:
    """Yield the own objects with one of them replaced by one that only the foreign review has."""
    only_there = {"number": FOREIGN_STUDY if "studies/" in address.route else FOREIGN_RECORD}
    for key in own.keys() & {"pk", "link_pk", "form_slug", "number"}:
        yield own | {key: only_there.get(key, foreign[key])}


def path_of(name: str, slug: str, kwargs: Kwargs) -> str:
    """Return the path of an address."""
    return reverse(name, kwargs={"slug": slug, **kwargs})


def _numbers(*numbers: int) -> list[Kwargs]:
    return [{"number": number} for number in dict.fromkeys(numbers)]


def _at_stages(numbers: dict[Stage, tuple[int, ...]]) -> list[Kwargs]:
    return [{"stage": stage, "number": n} for stage, found in numbers.items() for n in dict.fromkeys(found)]


def _studies(made: Populated, *names: str, **more: Any) -> list[Kwargs]:
    return [{"number": made.studies[name].number, **more} for name in names]
