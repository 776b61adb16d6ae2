"""The geometry of the flow diagram: text inside its box, boxes apart, arrows straight and free."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from synthesis.domain.prisma import Template
from synthesis.render.flow_layout import Layout, Rect
from synthesis.render.flow_svg import font_size, layout
from synthesis.render.flow_text import Look
from synthesis.render.fonts import text_width
from tests.synthesis.render.flow_examples import FLOWS

EACH_FLOW = pytest.mark.parametrize("placed", [layout(flow) for flow in FLOWS.values()], ids=list(FLOWS))


def overlap(a: Rect, b: Rect) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def solid(placed: Layout) -> list[Rect]:
    """Return everything that may not lie on one another."""
    bars = [bar.rect for bar in (*placed.headers, *placed.bands)]
    return bars + [item.rect for item in placed.blocks]


@EACH_FLOW
def test_every_line_of_text_lies_inside_its_box(placed: Layout) -> None:
    for item in placed.blocks:
        for paragraph in item.paragraphs:
            bold = paragraph.paragraph.look is Look.TITLE
            for line in paragraph.lines:
                assert item.rect.x < line.x
                assert line.x + text_width(line.text, placed.size, bold=bold) < item.rect.right
                assert item.rect.y < line.y - 0.7 * placed.size
                assert line.y + 0.2 * placed.size < item.rect.bottom


@EACH_FLOW
def test_boxes_bars_and_bands_do_not_overlap(placed: Layout) -> None:
    assert [pair for pair in combinations(solid(placed), 2) if overlap(*pair)] == []


@EACH_FLOW
def test_everything_lies_on_the_page(placed: Layout) -> None:
    page = Rect(0, 0, placed.width, placed.height)
    for rect in solid(placed):
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= page.right + 1e-6
        assert rect.bottom <= page.bottom
    for line in placed.notes:
        assert line.x + text_width(line.text, placed.size) <= page.right
        assert line.y <= page.bottom


@EACH_FLOW
def test_lines_of_a_box_do_not_lie_on_one_another(placed: Layout) -> None:
    for item in placed.blocks:
        lines = [line.y for paragraph in item.paragraphs for line in paragraph.lines]
        assert all(b - a > placed.size for a, b in pairwise(lines))


@EACH_FLOW
def test_arrows_run_along_the_axes_and_through_no_box(placed: Layout) -> None:
    for points in placed.arrows:
        for (x0, y0), (x1, y1) in pairwise(points):
            assert x0 == x1 or y0 == y1
            segment = Rect(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
            inner = Rect(segment.x + 0.01, segment.y + 0.01, segment.w - 0.02, segment.h - 0.02)
            assert not any(overlap(inner, rect) for rect in solid(placed))


@EACH_FLOW
def test_side_bands_are_longer_than_their_label(placed: Layout) -> None:
    for bar in placed.bands:
        needed = text_width(bar.lines[0].text, placed.size, bold=True) + 1.6 * placed.size
        assert bar.rect.h >= needed - 1e-6


@EACH_FLOW
def test_a_number_is_never_broken_over_two_lines(placed: Layout) -> None:
    texts = [line.text for item in placed.blocks for text in item.paragraphs for line in text.lines]
    assert all(len(re.findall(r"\(n\b", text)) == text.count("\u00a0=\u00a0") for text in texts)
    assert all(
        text.count("(") >= text.count("(not\u00a0reported)") == text.count("reported)") for text in texts
    )


def test_the_new_review_has_nine_boxes_and_eight_arrows() -> None:
    placed = layout(FLOWS["T1"])
    assert (len(placed.blocks), len(placed.arrows)) == (9, 8)


def test_the_other_arm_adds_five_boxes_and_joins_the_included() -> None:
    placed = layout(FLOWS["T2"])
    assert (len(placed.blocks), len(placed.arrows)) == (14, 13)
    join = placed.arrows[-1]
    included = next(item.rect for item in placed.blocks if item.block.key == "new_studies")
    assert join[-1] == (included.right, included.mid[1])


def test_boxes_follow_in_reading_order() -> None:
    assert [item.block.key for item in layout(FLOWS["T1"]).blocks] == [
        "database_results",
        "duplicates",
        "records_screened",
        "records_excluded",
        "dbr_sought_reports",
        "dbr_notretrieved_reports",
        "dbr_assessed",
        "dbr_excluded",
        "new_studies",
    ]


@pytest.mark.parametrize("template", list(Template))
def test_type_is_at_least_seven_points_at_full_width(template: Template) -> None:
    assert font_size(template, 180) >= 7


def test_a_width_at_which_nobody_can_read_is_refused() -> None:
    assert font_size(Template.T1, 85) > 7
    with pytest.raises(ValueError, match="at least 144 mm"):
        font_size(Template.T2, 130)
