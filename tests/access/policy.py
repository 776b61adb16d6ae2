"""Who may open which address, written down a second time, so that a change of a view has to be meant.

Every address under `reviews/<slug>/` stands in `POLICY`; every other one in `ELSEWHERE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from reviewsite.workspace.domain.roles import Capability

C = Capability


@dataclass(frozen=True)
class Rule:
    """What a page needs to be read, what a form on it needs to be sent, and which methods it knows.

    `or_one_of` narrows: besides `reads`, one of these is needed.
    """

    reads: Capability
    methods: tuple[str, ...] = ("GET",)
    writes: Capability | None = None
    or_one_of: tuple[Capability, ...] = ()

    def allows(self, method: str, held: frozenset[Capability]) -> bool:
        """Say whether somebody with these capabilities may use the method."""
        needed = self.writes if method == "POST" and self.writes else self.reads
        return needed in held and (not self.or_one_of or any(each in held for each in self.or_one_of))

    @property
    def known(self) -> frozenset[str]:
        """Return the methods that are answered."""
        return frozenset({*self.methods, *(["HEAD"] if "GET" in self.methods else [])})


def _page(reads: Capability = C.VIEW) -> Rule:
    return Rule(reads)


def _form(reads: Capability, writes: Capability | None = None) -> Rule:
    return Rule(reads, ("GET", "POST"), writes)


def _act(needs: Capability, *or_one_of: Capability) -> Rule:
    return Rule(needs, ("POST",), or_one_of=or_one_of)


TAKES_PART = (C.ADJUDICATE, C.SCREEN)

POLICY: dict[str, Rule] = {
    # overview and people
    "review-home": _page(),
    "member-list": _page(),
    "member-roles": _act(C.MANAGE_PEOPLE),
    "member-deactivate": _act(C.MANAGE_PEOPLE),
    "invitation-new": _act(C.MANAGE_PEOPLE),
    "invitation-rescind": _act(C.MANAGE_PEOPLE),
    # protocol
    "protocol": _page(),
    "protocol-settings": _form(C.CONFIGURE),
    "criterion-new": _form(C.CONFIGURE),
    "criterion-edit": _form(C.CONFIGURE),
    "criterion-move": _act(C.CONFIGURE),
    "criterion-archive": _act(C.CONFIGURE),
    "reason-new": _form(C.CONFIGURE),
    "reason-edit": _form(C.CONFIGURE),
    "reason-move": _act(C.CONFIGURE),
    "reason-archive": _act(C.CONFIGURE),
    "policy-edit": _form(C.CONFIGURE),
    # sources, imports, records, duplicates
    "source-list": _page(),
    "source-new": _form(C.IMPORT),
    "source-edit": _form(C.IMPORT),
    "search-new": _form(C.IMPORT),
    "search-edit": _form(C.IMPORT),
    "unlisted-group-new": _form(C.IMPORT),
    "unlisted-group-withdraw": _act(C.IMPORT),
    "import-list": _page(),
    "import-new": _form(C.IMPORT),
    "import": _page(),
    "import-confirm": _act(C.IMPORT),
    "import-discard": _act(C.IMPORT),
    "import-columns": _act(C.IMPORT),
    "import-upload": _page(),
    "import-confirm-all": _act(C.IMPORT),
    "import-discard-all": _act(C.IMPORT),
    "import-withdraw": _form(C.IMPORT),
    "import-problems": _page(),
    "import-lost": _page(),
    "decision-import-list": _page(),
    "decision-import-new": _form(C.IMPORT),
    "decision-import": _page(),
    "decision-import-confirm": _act(C.IMPORT),
    "decision-import-discard": _act(C.IMPORT),
    "decision-import-withdraw": _act(C.IMPORT),
    "decision-import-rows": _page(C.IMPORT),
    "record-list": _page(),
    "record-new": _form(C.IMPORT),
    "record-export": _page(C.EXPORT),
    "record-export-file": _page(C.EXPORT),
    "record": _page(),
    "record-edit": _form(C.IMPORT),
    "record-restore": _act(C.IMPORT),
    "record-raw": _page(),
    "record-split": _act(C.IMPORT),
    "record-same": _act(C.IMPORT),
    "record-primary": _act(C.IMPORT),
    "duplicate-list": _page(),
    "duplicate-compare-all": _act(C.IMPORT),
    "pair-next": _page(C.IMPORT),
    "pair": _form(C.IMPORT),
    "pair-undo": _act(C.IMPORT),
    "pair-bulk": _form(C.IMPORT),
    "pair-bulk-undo": _act(C.IMPORT),
    "dedup-report": _page(),
    "dedup-groups-csv": _page(C.EXPORT),
    "dedup-overlaps-csv": _page(C.EXPORT),
    "dedup-upset-svg": _page(C.EXPORT),
    "job": _page(),
    "job-cancel": _act(C.IMPORT),
    # screening, conflicts, full texts
    "screen": _page(C.SCREEN),
    "screen-history": _page(C.SCREEN),
    "screen-record": _form(C.SCREEN),
    "screen-undo": _act(C.SCREEN),
    "conflict-list": Rule(C.VIEW, or_one_of=TAKES_PART),
    "conflict": Rule(C.VIEW, or_one_of=TAKES_PART),
    "conflict-resolve": _act(C.ADJUDICATE),
    "conflict-reopen": _act(C.ADJUDICATE),
    "conflict-propose": _act(C.SCREEN),
    "conflict-sign": _act(C.SCREEN),
    "conflict-withdraw": _act(C.SCREEN),
    "report-list": _page(),
    "report": _page(),
    "report-retrieval": _act(C.RETRIEVE),
    "report-upload": _act(C.RETRIEVE),
    "report-file": _page(),
    # extraction
    "study-list": _form(C.VIEW, C.EXTRACT),
    "study": _page(),
    "study-report-link": _act(C.EXTRACT),
    "study-report-unlink": _act(C.EXTRACT),
    "arm-add": _act(C.EXTRACT),
    "extract": _form(C.EXTRACT),
    "entry-open": _act(C.EXTRACT),
    "entry-submit": _form(C.EXTRACT),
    "time-read": _page(C.EXTRACT),
    "measurement-add": _form(C.EXTRACT),
    "measurement-edit": _form(C.EXTRACT),
    "measurement-remove": _act(C.EXTRACT),
    "consensus": _form(C.ADJUDICATE),
    "entry-accept": _act(C.ADJUDICATE),
    "form-list": _form(C.VIEW, C.CONFIGURE),
    "form": _form(C.VIEW, C.CONFIGURE),
    "field-remove": _act(C.CONFIGURE),
    "form-publish": _act(C.CONFIGURE),
    "form-revise": _act(C.CONFIGURE),
    "outcome-list": _form(C.VIEW, C.CONFIGURE),
    "group-add": _act(C.CONFIGURE),
    "interval-set": _act(C.CONFIGURE),
    # synthesis
    "flow": _page(),
    "flow-box": _page(),
    "pooled-tables": _page(),
    "pooled-cell": _page(),
    "characteristic-cell": _page(),
    "reported": _page(),
    "flow-svg": _page(C.EXPORT),
    "flow-csv": _page(C.EXPORT),
    "pooled-csv": _page(C.EXPORT),
    "pooled-xlsx": _page(C.EXPORT),
}


class Door(Enum):
    """Who gets in where there is no review."""

    PUBLIC = auto()
    SIGNED_IN = auto()
    ADMIN = auto()


ELSEWHERE: dict[str, Door] = {
    "review-list": Door.SIGNED_IN,
    "review-new": Door.SIGNED_IN,
    "profile": Door.SIGNED_IN,
    "demo-login": Door.PUBLIC,
    "invitation": Door.PUBLIC,
    "health": Door.PUBLIC,
    "account_login": Door.PUBLIC,
    "account_logout": Door.PUBLIC,
    "account_inactive": Door.PUBLIC,
    "account_signup": Door.PUBLIC,
    "account_reauthenticate": Door.SIGNED_IN,
    "account_change_password": Door.SIGNED_IN,
    "account_set_password": Door.SIGNED_IN,
}
"""Addresses of `admin/` need no entry: they are all `Door.ADMIN`."""
