"""Run the same review twice, with other things hidden, and compare all that a person can fetch."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from django.apps import apps
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from reviewsite.workspace.models import User
from screening.domain.writing.layouts import Layout
from screening.models import DecisionImport
from tests.access.addresses import kwargs_of, path_of, review_addresses
from tests.access.policy import POLICY
from tests.scenario import START, Hidden, Populated, conceal, standing_clock

TOKENS = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]+"|name="token" value="[^"]+"|<input[^>]* name="token"[^>]*>'
    rb"|/invitations/[^/\"]+"
)
SEED = re.compile(r"\bseed=[0-9]+")
"""Which pairs of possible duplicates a sample shows is drawn anew for each visit."""
LINK = re.compile(rb'href="([^"#]*\?[^"#]*)')
COMPARED_HEADERS = (
    "Content-Type",
    "Content-Length",
    "ETag",
    "Last-Modified",
    "Location",
    "Content-Disposition",
)
NARROWED = {
    "record-list": [
        "q=augmentation",
        "q=note+of+the+other",
        "q=17",
        "standing=unique",
        "standing=grouped",
        *(f"title_abstract={status}" for status in ("awaiting", "conflict", "included", "excluded")),
        *(
            f"full_text={status}"
            for status in ("awaiting", "conflict", "reason_conflict", "included", "excluded")
        ),
        *(f"order={order}" for order in ("title", "newest", "oldest", "decisions", "-decisions__verdict")),
        "decisions__verdict=exclude",
        "verdict=exclude&reviewer=2",
        "sort=-decisions__created_at",
    ],
    "record-export": ["title_abstract=awaiting", "full_text=awaiting&q=augmentation"],
    "record-export-file": [
        *(f"layout={layout}&decisions=on&duplicates=on" for layout in Layout),
        "layout=complete-json&decisions=on&title_abstract=awaiting",
        "layout=asreview-csv&stage=title_abstract&order=decisions",
    ],
    "report-list": ["retrieval=retrieved", "retrieval=none", "sort=decisions", "decisions__verdict=include"],
    "screen": ["after=1", "after=17", "order=decisions"],
    "study-list": ["state=open", "state=started", "state=awaiting_second", "state=ready", "state=settled"],
    "pooled-tables": ["scheme=enrolled_fallback"],
    "reported": ["mark=different"],
}
"""What lists can be narrowed and sorted by, and what somebody would try."""


LIKE_OTHERS = frozenset({11, 12, 13, 14, 16, 18})
"""Settled records of which another one like them is looked at."""


@dataclass(frozen=True)
class Seen:
    """One answer, without what is random in it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


View = dict[tuple[str, str], Seen]


def paths_of(made: Populated, names: Collection[str] = ()) -> Iterator[str]:
    """Yield every readable address of the review with every object and parameter; of some names
    alone, if given."""
    objects = kwargs_of(made)
    for address in review_addresses():
        if "GET" not in POLICY[address.name].methods or (names and address.name not in names):
            continue
        for kwargs in objects.get(address.name, [{}]):
            if kwargs.get("number") in LIKE_OTHERS:
                continue
            path = path_of(address.name, made.review.slug, kwargs)
            yield path
            yield from (f"{path}?{query}" for query in NARROWED.get(address.name, []))


def look(
    made: Populated, people: Iterable[User], hidden: Hidden, *, names: Collection[str] = ()
) -> dict[int, View]:
    """Conceal this, fetch everything as each of these people, and undo it all."""
    with _undone(), standing_clock(START + timedelta(days=2)) as clock:
        paths = list(paths_of(made, names))
        conceal(made, hidden)
        paths += _paths_of_imports(made, names, paths)
        clock.moment = START + timedelta(days=4)
        return {person.pk: _fetch_all(person, paths) for person in people}


def differing(first: View, second: View) -> list[str]:
    """Return what differs between two views, in words."""
    return [
        f"{' '.join(key)}: {_difference(first.get(key), second.get(key))}"
        for key in sorted(first.keys() | second.keys())
        if first.get(key) != second.get(key)
    ]


def _paths_of_imports(made: Populated, names: Collection[str], known: Collection[str]) -> list[str]:
    """Return the pages of imports of decisions that came with what is concealed."""
    found = [
        path_of(name, made.review.slug, {"pk": imported.pk})
        for imported in DecisionImport.objects.filter(review=made.review)
        for name in ("decision-import", "decision-import-rows")
        if not names or name in names
    ]
    return [path for path in found if path not in known]


def _fetch_all(person: User, paths: Iterable[str]) -> View:
    browser = _Browser(person)
    view: View = {}
    headed: set[str | None] = set()
    waiting = [*paths, reverse("review-list"), reverse("profile")]
    for path in waiting:
        if ("GET", path) in view:
            continue
        view["GET", path] = seen = browser.fetch("GET", path)
        if "?" in path:
            continue
        kind = resolve(path).url_name
        if kind not in headed:
            headed.add(kind)
            view["HEAD", path] = browser.fetch("HEAD", path)
        if "/screen/" in path or "/extract/" in path:
            view["HTMX", path] = browser.fetch("GET", path, HTTP_HX_REQUEST="true")
        links = (unescape(link.decode()) for link in LINK.findall(seen.body))
        waiting += [link if link.startswith("/") else path + link for link in links if link[0] in "/?"]
    return view


class _Browser:
    """A signed-in person; the handler is asked directly, because the test client copies every
    template's context."""

    def __init__(self, person: User) -> None:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def fetch(self, method: str, path: str, **environ: str) -> Seen:
        request = RequestFactory().generic(method, path, **environ)
        request.COOKIES.update(self.cookies)
        response = self.handler.get_response(request)
        body = b"".join(response) if response.streaming else response.content
        response.close()
        headers = {
            name: SEED.sub("seed", response.headers[name])
            for name in COMPARED_HEADERS
            if name in response.headers
        }
        if "spreadsheet" in response.headers.get("Content-Type", ""):
            headers.pop("Content-Length", None)
            body = _sheets(body)
        return Seen(response.status_code, tuple(headers.items()), TOKENS.sub(b"", body))


def _sheets(workbook: bytes) -> bytes:
    """Return what a workbook says, without the times at which its parts were packed."""
    if not workbook:
        return workbook
    with ZipFile(BytesIO(workbook)) as parts:
        return b"\n".join(parts.read(name) for name in sorted(parts.namelist()) if "docProps" not in name)


def _difference(one: Seen | None, other: Seen | None) -> str:
    if one is None or other is None:
        return "linked in one run only"
    if one.status != other.status:
        return f"{one.status} and {other.status}"
    if one.headers != other.headers and one.body == other.body:
        return f"{one.headers} and {other.headers}"
    lines = zip(one.body.splitlines(), other.body.splitlines(), strict=False)
    apart = next(((a, b) for a, b in lines if a != b), (b"(the end)", b"(more)"))
    return " and ".join(repr(line.strip()[:200].decode(errors="replace")) for line in apart)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        # Sequences of PostgreSQL survive a rollback; both runs must number their rows alike.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)
