"""RePEc's mails about new papers are read paper by paper."""

from __future__ import annotations

from screening.domain.parsing import parse_bytes
from screening.domain.parsing.nep import read_nep

_MAIL = b"""NEP: New Economics Papers, nep.repec.org

1. An invented study of
queues
Date: \t2015-11-07
By: \tAnna Example (Invented University, Faculty of Queues)
Ben Sample
URL: \thttp://d.repec.org/n?u=RePEc:inv:wpaper:1
Queues are long.
Keywords: \tqueue, patience
JEL: \tD81

2. A second study
Date: \t2016
By: \tCara Model
URL: \thttp://d.repec.org/n?u=RePEc:inv:wpaper:2
"""


def test_each_numbered_paper_is_a_record() -> None:
    parsed = parse_bytes(_MAIL)
    assert (parsed.format, parsed.n_in_file) == ("nep", 2)
    assert [record.title for record in parsed.records] == ["An invented study of queues", "A second study"]


def test_fields_stand_where_they_belong() -> None:
    first = parse_bytes(_MAIL).records[0]
    assert first.authors == ("Anna Example", "Ben Sample")
    assert (first.year, first.url) == (2015, "http://d.repec.org/n?u=RePEc:inv:wpaper:1")
    assert (first.abstract, first.keywords) == ("Queues are long.", ("queue", "patience"))
    assert first.others == (("JEL", "D81"),)


def test_text_without_a_paper_gives_nothing() -> None:
    assert read_nep("nep.repec.org\nNothing new this week.\n") == ([], [])
