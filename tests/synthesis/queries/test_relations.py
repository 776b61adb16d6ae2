"""Each kind of relation holds or breaks on small numbers that can be checked in the head."""

from __future__ import annotations

import pytest

from synthesis.queries.relations import Weight, relation_findings
from synthesis.services.reported import load_reported
from tests.synthesis.queries.scenario import document, printed

CELLS = [
    printed("two", 2),
    printed("three", 3),
    printed("five", 5),
    printed("six", 6),
    printed("forty", 40.0, 1),
    printed("fifty", 50.0, 1),
    printed("mean", 3.4, 1),
]
MEANS = [{"mean": "two", "weight": "two"}, {"mean": "five", "weight": "three"}]
HOLD = [
    {"kind": "sum", "parts": ["two", "three"], "whole": "five", "role": "rows"},
    {"kind": "sum", "parts": ["two", "three"], "whole": "five", "role": "total_column"},
    {
        "kind": "signed_sum",
        "terms": [{"cell": "five", "sign": 1}, {"cell": "two", "sign": -1}],
        "result": "three",
    },
    {"kind": "percentage", "numerator": "two", "denominator": "five", "result": "forty"},
    {"kind": "weighted_mean", "parts": MEANS, "result": "mean"},  # (2 × 2 + 5 × 3) / 5 = 3.8, but rounded
    {"kind": "equal", "cells": ["five", "five"]},
    {"kind": "at_most", "part": "two", "whole": "three"},
    {"kind": "between", "part": "three", "bounds": ["five", "two"]},
    {"kind": "implied_denominator", "numerator": "two", "percentage": "forty", "at_most": "five"},
]
BREAK = [
    ({"kind": "sum", "parts": ["two", "three"], "whole": "six", "role": "rows"}, -1),
    ({"kind": "sum", "parts": ["two", "two"], "whole": "three", "role": "total_column"}, 1),
    ({"kind": "signed_sum", "terms": [{"cell": "five", "sign": 1}], "result": "three"}, 2),
    ({"kind": "percentage", "numerator": "two", "denominator": "five", "result": "fifty"}, -10),
    ({"kind": "weighted_mean", "parts": MEANS, "result": "six"}, -2),  # 3.8 rounds to 4
    ({"kind": "equal", "cells": ["five", "six"]}, -1),
    ({"kind": "at_most", "part": "five", "whole": "three"}, 2),
    ({"kind": "between", "part": "six", "bounds": ["five", "two"]}, 1),
    # 3 being 50 % is 6 units, more than 5 (exactly: 5.994 to 6.006).
    ({"kind": "implied_denominator", "numerator": "three", "percentage": "fifty", "at_most": "five"}, 1),
]


def findings(review, owner, *relations, **blocks):
    named = [{"id": f"r{place}", **relation} for place, relation in enumerate(relations)]
    load_reported(user=owner, review=review, document=document(*CELLS, relations=named, **blocks))
    return relation_findings(review)


@pytest.mark.parametrize("relation", HOLD, ids=lambda relation: relation["kind"])
def test_a_relation_that_holds_is_silent(review, owner, relation):
    assert findings(review, owner, relation) == []


@pytest.mark.parametrize(("relation", "delta"), BREAK, ids=lambda value: str(value)[:30])
def test_a_broken_relation_says_by_how_much(review, owner, relation, delta):
    [finding] = findings(review, owner, relation)
    assert (finding.weight, finding.delta) == (Weight.ERROR, delta)


def test_the_denominators_of_the_groups_must_meet_that_of_the_total(review, owner):
    part = {"kind": "implied_denominator", "numerator": "two", "percentage": "forty", "at_most": "six"}  # 5
    whole = {
        "kind": "implied_denominator",
        "numerator": "three",
        "percentage": "fifty",
        "at_most": "six",
    }  # 6
    both = {"kind": "implied_denominator_sum", "parts": ["r0", "r0"], "whole": "r1"}
    [finding] = findings(review, owner, part, whole, both)
    assert "imply 10 to 10 units together" in finding.message
    assert "implies 6 to 6" in finding.message


def test_the_same_fault_told_twice_is_found_once(review, owner):
    relation = {"kind": "equal", "cells": ["five", "six"]}
    claims = [{"text": "five", "table": "six"}]
    assert len(findings(review, owner, relation, relation, text_claims=claims)) == 1


def test_a_kind_that_no_rule_knows_is_told(review, owner):
    [finding] = findings(review, owner, {"kind": "rhyme"})
    assert (finding.weight, finding.rule) == (Weight.WARNING, "unreadable")


def test_a_printed_flow_is_checked_by_the_identities_of_the_flow(review, owner):
    flow = {
        "template": "T1",
        "description": "As printed.",
        "input": {"database_results": 10, "records_screened": 7, "duplicates": 2},
    }
    [finding] = findings(review, owner, literal_flow=flow)
    assert (finding.rule, finding.delta, finding.note) == ("A1", -1, "As printed.")
