"""The plot of outcomes over follow-up intervals."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from synthesis.render.line_plot import Line, LinePlot, Point, Reference, Words, axis_of, from_baseline
from synthesis.render.line_plot_svg import COLOURS, DASHES, SHAPES, line_plot_svg

SVG = "{http://www.w3.org/2000/svg}"
INTERVALS = ("Preoperative", "< 4 weeks", "≤ 6 weeks")
PVP = Line("Vertebroplasty", (Point(7.48, 1445, 35), Point(3.0, 1147, 28), Point(2.9, 606, 14)))
KP = Line("Kyphoplasty", (Point(7.05, 1103, 21, 0.1), None, Point(2.99, 222, 5)))
PLOT = LinePlot("Pain & function", "VAS, 0 to 10", INTERVALS, (PVP, KP), low=0, high=10)


def drawn(plot: LinePlot) -> ElementTree.Element:
    return ElementTree.fromstring(line_plot_svg(plot))


def texts(plot: LinePlot) -> list[str]:
    return ["".join(element.itertext()) for element in drawn(plot).iter(f"{SVG}text")]


def strokes(plot: LinePlot, colour: str, width: str) -> list[ElementTree.Element]:
    lines = drawn(plot).iter(f"{SVG}line")
    return [line for line in lines if (line.get("stroke"), line.get("stroke-width")) == (colour, width)]


def test_title_and_description_name_the_picture() -> None:
    root = drawn(PLOT)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "line-plot-title line-plot-desc")
    assert root.findtext(f"{SVG}title") == "Pain & function"
    assert root.findtext(f"{SVG}desc") == (
        "Vertebroplasty. Preoperative: 7.48 (N 1445, k 35); < 4 weeks: 3.00 (N 1147, k 28); "
        "≤ 6 weeks: 2.90 (N 606, k 14). "
        "Kyphoplasty. Preoperative: 7.05 (N 1103, k 21); < 4 weeks: not known; ≤ 6 weeks: 2.99 (N 222, k 5)."
    )


def test_nothing_needs_a_style_a_script_or_another_file() -> None:
    names = {element.tag for element in drawn(PLOT).iter()} | {
        name for element in drawn(PLOT).iter() for name in element.attrib
    }
    assert not {name for name in names if re.search(r"style|script|href|class|^on", name)}


def test_mean_patients_and_studies_stand_under_each_interval() -> None:
    written = texts(PLOT)
    assert {"7.48", "3.00", "N 606 · k 14", "N 1\N{NARROW NO-BREAK SPACE}445 · k 35"} <= set(written)
    assert set(INTERVALS) <= set(written)


def test_a_line_breaks_where_nothing_is_known() -> None:
    segments = 2  # Vertebroplasty has three neighbouring points; Kyphoplasty has no two neighbours
    legend = 1
    assert len(strokes(PLOT, COLOURS[0], "2.4")) == segments + legend
    assert len(strokes(PLOT, COLOURS[1], "2.4")) == legend


def test_an_unknown_point_is_a_dash_in_the_table_and_a_sentence() -> None:
    written = texts(PLOT)
    assert written.count("\N{EN DASH}") == 1
    assert Words().gaps in written


def test_groups_differ_by_shape_and_dash_and_not_only_by_colour() -> None:
    root = drawn(PLOT)
    assert len(list(root.iter(f"{SVG}circle"))) == 3 + 1  # points and legend
    assert len([each for each in root.iter(f"{SVG}rect") if each.get("fill") == COLOURS[1]]) == 2 + 1
    assert strokes(PLOT, COLOURS[1], "2.4")[0].get("stroke-dasharray") == DASHES[1]


def test_every_group_has_its_own_colour_dash_and_shape() -> None:
    assert [len(set(each)) for each in (COLOURS, DASHES, SHAPES)] == [6, 6, 6]


def relative_luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_have_enough_contrast_for_text_on_white(colour: str) -> None:
    assert 1.05 / (relative_luminance(colour) + 0.05) >= 4.5


def test_error_bars_appear_only_with_a_standard_error() -> None:
    assert len(strokes(PLOT, COLOURS[1], "1.5")) == 3  # one stem, two caps
    assert strokes(PLOT, COLOURS[0], "1.5") == []


def test_a_reference_is_drawn_from_the_baseline_with_its_source() -> None:
    reference = from_baseline(PVP, -1.8, "baseline − 1.8", "source entered by the owner")
    assert reference == Reference(
        pytest.approx(5.68), "baseline − 1.8", "source entered by the owner", "Vertebroplasty"
    )
    plot = replace(PLOT, references=(reference,))
    assert {"baseline − 1.8", "baseline − 1.8 (source entered by the owner)."} <= set(texts(plot))
    assert len(strokes(plot, COLOURS[0], "1.2")) == 1


def test_without_a_baseline_there_is_no_reference() -> None:
    assert from_baseline(Line("x", (None, Point(1, 1, 1))), -1.8, "x", "") is None


def test_an_empty_plot_says_so_and_draws_no_axis() -> None:
    plot = replace(PLOT, lines=(Line("x", (None, None, None)),))
    assert texts(plot) == ["Pain & function", "No pooled values to draw yet."]
    assert list(drawn(plot).iter(f"{SVG}line")) == []


def test_a_value_of_zero_is_drawn() -> None:
    plot = replace(PLOT, lines=(Line("x", (Point(0, 5, 1), None, None)),))
    assert "0.00" in texts(plot)
    assert len(list(drawn(plot).iter(f"{SVG}circle"))) == 2


def test_text_is_escaped_and_control_characters_left_out() -> None:
    plot = replace(PLOT, title="<b>\x07 & co", note="]]> <script>")
    assert {"<b> & co", "]]> <script>"} <= set(texts(plot))


def test_words_can_be_translated() -> None:
    svg = line_plot_svg(PLOT, Words(patients="n", gaps="Lücke: nichts bekannt."))
    assert "n 606 · k 14" in svg
    assert "Lücke: nichts bekannt." in svg


def test_two_plots_of_a_page_have_different_ids() -> None:
    assert 'aria-labelledby="odi-title odi-desc"' in line_plot_svg(PLOT, id_prefix="odi")


def test_the_axis_covers_the_scale_in_round_steps() -> None:
    assert axis_of(PLOT).ticks == (0, 2, 4, 6, 8, 10)


def test_the_axis_without_a_scale_covers_values_and_error_bars() -> None:
    axis = axis_of(LinePlot("x", "x", ("a",), (Line("x", (Point(50, 5, 1, 10),)),)))  # 30.4 to 69.6
    assert (axis.low, axis.high, axis.ticks) == (30, 70, (30, 40, 50, 60, 70))


def test_one_value_alone_still_has_an_axis() -> None:
    axis = axis_of(LinePlot("x", "x", ("a",), (Line("x", (Point(3, 5, 1),)),)))
    assert axis.low < 3 < axis.high


def test_a_line_needs_one_place_per_interval() -> None:
    with pytest.raises(ValueError, match="“x” has 1 places for 3 intervals"):
        replace(PLOT, lines=(Line("x", (None,)),))


@pytest.mark.parametrize(("mean", "se"), [(float("nan"), None), (1.0, -1.0), (1.0, float("inf"))])
def test_a_point_that_cannot_be_drawn_is_refused(mean: float, se: float | None) -> None:
    with pytest.raises(ValueError, match="finite mean"):
        Point(mean, 1, 1, se)


def test_the_ends_of_the_scale_are_the_ends_of_the_panel() -> None:
    plot = replace(PLOT, lines=(Line("x", (Point(10, 1, 1), Point(5, 1, 1), Point(0, 1, 1))),))
    heights = [float(each.get("cy", "")) for each in drawn(plot).iter(f"{SVG}circle")]
    top, middle, bottom = heights[:3]
    ticks = {line.get("y1") for line in drawn(plot).iter(f"{SVG}line") if line.get("x1") == "178"}
    assert {f"{top:g}", f"{bottom:g}"} <= ticks
    assert middle == (top + bottom) / 2


def test_labels_of_close_references_do_not_lie_on_each_other() -> None:
    plot = replace(PLOT, references=(Reference(5.0, "first"), Reference(5.1, "second")))
    labels = {each.text: float(each.get("y", "")) for each in drawn(plot).iter(f"{SVG}text")}
    assert labels["first"] - labels["second"] == 15
