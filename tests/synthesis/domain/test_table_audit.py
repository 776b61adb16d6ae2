"""The arithmetic of printed tables, on those of a published review (doi 10.1016/j.spinee.2019.02.012)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from synthesis.domain.table_audit import (
    Code,
    Figure,
    Percent,
    Series,
    TableRow,
    TextClaim,
    audit_series,
    audit_table,
    audit_text,
)
from synthesis.domain.table_checks import check_percentage, check_total_mean

COLUMNS = ("PVP", "KP", "Total")
# Patients by primary malignancy, PVP and KP, in the printed order; every printed total is their sum.
MALIGNANCY = [
    (1, 2), (11, 6), (466, 171), (0, 14), (32, 37), (1, 4), (1, 5), (10, 9), (0, 3), (1, 0), (9, 5), (1, 0),
    (46, 21), (0, 3), (23, 29), (357, 282), (15, 18), (0, 2), (0, 4), (0, 1), (694, 522), (10, 0), (7, 4),
    (10, 4), (65, 50), (15, 7), (33, 33), (3, 0), (15, 3), (228, 106), (8, 0), (10, 0), (0, 1), (0, 1),
]  # fmt: skip


def printed(*numbers: str | int) -> dict[str, Decimal]:
    return {column: Decimal(number) for column, number in zip(COLUMNS, numbers, strict=True)}


def table_one() -> list[TableRow]:
    malignancy = [
        TableRow(f"malignancy {index}", printed(pvp, kp, pvp + kp), part_of="By malignancy")
        for index, (pvp, kp) in enumerate(MALIGNANCY)
    ]
    return [
        TableRow("Patients", printed(2091, 1335, 3426)),
        TableRow(
            "Share of patients",
            printed("61.0", "39.0", "100.0"),
            percent=Percent("Patients", whole_column="Total"),
        ),
        TableRow(
            "Age",
            printed("62.56", "63.16", "62.79"),
            dict(zip(COLUMNS, (2009, 1272, 3281), strict=True)),
            is_mean=True,
        ),
        TableRow("Female", printed(1101, 652, 1753), part_of="Patients"),
        TableRow("Female %", printed("52.7", "48.8", "51.1"), percent=Percent("Female", "Patients")),
        TableRow("Male", printed(972, 665, 1637), part_of="Patients"),
        TableRow("Male %", printed("46.5", "49.8", "47.8"), percent=Percent("Male", "Patients")),
        TableRow("Sex unknown", printed(18, 18, 36), part_of="Patients"),
        TableRow("Sex unknown %", printed("0.9", "1.3", "1.1"), percent=Percent("Sex unknown", "Patients")),
        TableRow(
            "Levels",
            printed("2.26", "1.95", "2.17"),
            dict(zip(COLUMNS, (2005, 859, 2864), strict=True)),
            is_mean=True,
        ),
        TableRow("Leakage", printed(1157, 206, 1419)),
        TableRow("Leakage %", printed("37.9", "13.6", "31.1"), percent=Percent("Leakage")),
        TableRow("Symptomatic", printed(35, 8, 43), dict(zip(COLUMNS, (2024, 909, 2933), strict=True))),
        TableRow("By malignancy", printed(2091, 1335, 3426)),
        *malignancy,
    ]


def findings(code: Code) -> list[tuple[str, Decimal]]:
    found = audit_table(table_one(), ("PVP", "KP"), "Total", "Patients")
    return [(finding.cells[-1], finding.delta) for finding in found if finding.code is code]


def test_the_leakage_total_misses_56() -> None:
    assert findings(Code.GROUPS_TOTAL) == [("Leakage, Total", Decimal(-56))]


def test_the_malignancy_columns_do_not_add_up() -> None:
    assert findings(Code.PARTS_WHOLE) == [
        ("By malignancy, PVP", Decimal(-19)),
        ("By malignancy, KP", Decimal(12)),
        ("By malignancy, Total", Decimal(-7)),
    ]


def test_one_percentage_does_not_follow_from_its_counts() -> None:
    assert findings(Code.PERCENT_COUNT) == [("Female %, Total", Decimal("0.1"))]


def test_leakage_is_of_more_units_than_there_are_patients() -> None:
    assert findings(Code.DENOMINATOR_OVER_GROUP) == [
        ("Patients, PVP", Decimal(3049 - 2091)),
        ("Patients, KP", Decimal(1510 - 1335)),
        ("Patients, Total", Decimal(4556 - 3426)),
    ]


def test_nothing_else_in_the_table_is_reported() -> None:
    assert len(audit_table(table_one(), ("PVP", "KP"), "Total", "Patients")) == 8


def test_messages_hold_both_numbers() -> None:
    messages = [each.message for each in audit_table(table_one(), ("PVP", "KP"), "Total", "Patients")]
    assert (
        "1753 of 3426 is 51.2 % (51.17 before rounding), but Female %, Total is printed as 51.1 %."
        in messages
    )
    assert "The groups add up to 1363, but Leakage, Total is printed as 1419." in messages
    assert "The categories add up to 2072, but By malignancy, PVP is printed as 2091." in messages


def test_text_and_table_differ() -> None:
    table = Figure("Table 2, ODI after PVP, < 4 weeks", Decimal("17.73"))
    claims = [
        TextClaim(Figure("Results", Decimal("17.74")), table),
        TextClaim(Figure("Abstract", Decimal("17.73")), table),
        TextClaim(Figure("Discussion", Decimal("17.7")), table),
    ]
    (finding,) = audit_text(claims)
    assert finding.message == "Results says 17.74, but Table 2, ODI after PVP, < 4 weeks says 17.73."


def test_a_growing_n_is_pointed_out() -> None:
    pain = Series(
        "VAS after PVP", [("preop", 1445), ("4 wk", 1147), ("6 wk", 606), ("6 mo", 370), ("1 yr", 784)], 2091
    )
    (finding,) = audit_series([pain])
    assert (finding.code, finding.delta) == (Code.N_GROWING, Decimal(414))


def test_a_follow_up_with_more_patients_than_the_group_is_found() -> None:
    (finding,) = audit_series([Series("KPS", [("preop", 611)], group_size=600)])
    assert (finding.code, finding.delta) == (Code.N_OVER_GROUP, Decimal(11))


def test_an_n_above_the_group_is_found_in_a_table() -> None:
    rows = [
        TableRow("Patients", {"PVP": Decimal(50)}),
        TableRow("Age", {"PVP": Decimal(60)}, {"PVP": 51}, is_mean=True),
    ]
    (finding,) = audit_table(rows, ("PVP",), size_row="Patients")
    assert finding.message == "N is 51 in Age, PVP, N, but Patients, PVP has only 50."


def test_a_total_mean_outside_what_rounding_allows_is_found() -> None:
    groups = [(Figure("PVP", Decimal("62.56")), 2009), (Figure("KP", Decimal("63.16")), 1272)]
    finding = check_total_mean(groups, Figure("Total", Decimal("62.81")))  # 62.7926, at most 62.7976
    assert finding is not None
    assert (finding.code, finding.delta) == (Code.TOTAL_MEAN, Decimal("-0.02"))


def test_a_total_mean_within_what_rounding_allows_is_no_finding() -> None:
    groups = [(Figure("PVP", Decimal("1.0")), 1), (Figure("KP", Decimal("2.0")), 1)]
    assert (
        check_total_mean(groups, Figure("Total", Decimal("1.6"))) is None
    )  # 1.0 may be 1.04, 2.0 may be 2.04


def test_half_a_percent_rounds_up() -> None:
    count, whole = Figure("count", Decimal(1)), Figure("whole", Decimal(8))
    assert check_percentage(count, whole, Figure("share", Decimal(13))) is None


def test_empty_cells_are_not_zeros() -> None:
    rows = [
        TableRow("Patients", {"PVP": Decimal(10), "Total": Decimal(30)}),
        TableRow("Female", {"PVP": Decimal(4)}, part_of="Patients"),
        TableRow("Male", {}, part_of="Patients"),
    ]
    assert audit_table(rows, ("PVP", "KP"), "Total") == []


def test_a_row_name_that_does_not_occur_is_refused() -> None:
    with pytest.raises(ValueError, match="has no row “Patients”"):
        audit_table([TableRow("Female", {}, part_of="Patients")], ("PVP",))


def test_two_rows_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        audit_table([TableRow("Female", {}), TableRow("Female", {})], ("PVP",))


def test_an_n_equal_to_the_group_or_to_the_follow_up_before_is_right() -> None:
    assert audit_series([Series("VAS", [("preop", 50), ("4 wk", 50)], group_size=50)]) == []


def test_a_denominator_that_may_be_the_whole_group_is_right() -> None:
    rows = [
        TableRow("Patients", {"PVP": Decimal(49)}),
        TableRow("Leaks", {"PVP": Decimal(10)}),
        TableRow("Leaks %", {"PVP": Decimal(20)}, percent=Percent("Leaks")),  # 20 % may be 19.5 to 20.5
    ]
    assert audit_table(rows, ("PVP",), size_row="Patients") == []


def test_whole_percentages_need_not_add_up_to_a_hundred() -> None:
    shares = [TableRow(name, {"PVP": Decimal(33)}, part_of="All %", percent=Percent("All")) for name in "abc"]
    rows = [TableRow("All", {"PVP": Decimal(90)}), TableRow("All %", {"PVP": Decimal(100)}), *shares]
    assert audit_table(rows, ("PVP",)) == []


def test_whole_counts_must_add_up() -> None:
    parts = [TableRow(name, {"PVP": Decimal(33)}, part_of="All") for name in "abc"]
    (finding,) = audit_table([TableRow("All", {"PVP": Decimal(100)}), *parts], ("PVP",))
    assert (finding.code, finding.delta) == (Code.PARTS_WHOLE, Decimal(-1))
