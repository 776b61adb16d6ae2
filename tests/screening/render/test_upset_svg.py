"""The UpSet plot: well-formed, escaped, and with every number as text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from screening.render.upset_svg import MOST_COLUMNS, Column, Row, Words, upset_svg

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Overlap", "What it shows", "Works", "Per source", "%(names)s: %(n)d")
ROWS = [Row("MEDLINE", 30, "/records/?source=1"), Row('A & B <i>"x"</i>\x00', 12), Row("C", 4)]
COLUMNS = [Column(frozenset({0}), 20), Column(frozenset({0, 1}), 8), Column(frozenset({0, 1, 2}), 2)]


def drawn(rows: list[Row] | None = None, columns: list[Column] | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(upset_svg(rows or ROWS, columns or COLUMNS, WORDS))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def test_title_and_description_name_the_figure() -> None:
    root = drawn()
    assert root.attrib["aria-labelledby"] == root.find(f"{SVG}title").attrib["id"]  # type: ignore[union-attr]
    assert root.findtext(f"{SVG}desc") == "What it shows"


def test_every_number_and_name_stands_in_the_figure_as_text() -> None:
    found = texts(drawn())
    assert {"30", "12", "4", "20", "8", "2", "MEDLINE", 'A & B <i>"x"</i>', "C"} <= set(found)


def test_each_combination_says_its_sources_and_number() -> None:
    labels = [each.attrib["aria-label"] for each in drawn().iter(f"{SVG}g")]
    assert labels == [
        "MEDLINE: 20",
        'MEDLINE, A & B <i>"x"</i>: 8',
        'MEDLINE, A & B <i>"x"</i>, C: 2',
    ]


def test_as_many_dots_as_sources_and_combinations_the_members_dark() -> None:
    dots = [each.attrib["fill"] for each in drawn().iter(f"{SVG}circle")]
    dark = max(set(dots), key=dots.count)
    assert len(dots) == 9
    assert dots.count(dark) == 6


def test_a_source_with_an_address_is_a_link() -> None:
    assert [each.attrib["href"] for each in drawn().iter(f"{SVG}a")] == ["/records/?source=1"]


def test_no_element_has_a_style() -> None:
    assert [each for each in drawn().iter() if "style" in each.attrib] == []


def test_only_the_largest_combinations_are_drawn() -> None:
    columns = [Column(frozenset({0}), 100 - n) for n in range(MOST_COLUMNS + 5)]
    assert len(list(drawn(columns=columns).iter(f"{SVG}g"))) == MOST_COLUMNS


def test_long_names_are_cut_and_told_in_full() -> None:
    root = drawn(rows=[Row("x" * 80, 1)], columns=[Column(frozenset({0}), 1)])
    assert "x" * 33 + "…" in texts(root)[2] + texts(root)[3]
    assert "x" * 80 in [each.text for each in root.iter(f"{SVG}title")]


def test_bars_are_as_long_as_their_numbers() -> None:
    bars = [each for each in drawn().iter(f"{SVG}rect") if each.attrib.get("width") == "18"]
    heights = [float(each.attrib["height"]) for each in bars]
    assert heights[1] / heights[0] == pytest.approx(8 / 20)
    assert heights[2] / heights[0] == pytest.approx(2 / 20)


@pytest.mark.parametrize(("rows", "columns"), [([], COLUMNS), (ROWS, [])])
def test_nothing_to_draw_is_refused(rows: list[Row], columns: list[Column]) -> None:
    with pytest.raises(ValueError, match="needs a source"):
        upset_svg(rows, columns, WORDS)
