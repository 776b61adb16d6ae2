"""Hold the colours of the flow diagram; black text on each has a contrast of at least 12:1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Name the fills and strokes of the figure's parts."""

    header: str
    grey_header: str
    band: str
    box: str
    grey_box: str
    stroke: str
    grey_stroke: str
    pending_fill: str = "#fff4d6"
    pending_stroke: str = "#b25f00"
    stroke_width: float = 0.75


THEMES: dict[str, Theme] = {
    "standard": Theme("#ffc125", "#dcdcdc", "#bcd2ee", "#ffffff", "#dcdcdc", "#000000", "#777777"),
    "greyscale": Theme("#d9d9d9", "#ebebeb", "#ebebeb", "#ffffff", "#ebebeb", "#000000", "#777777"),
    "high-contrast": Theme(
        "#ffffff", "#ffffff", "#ffffff", "#ffffff", "#ffffff", "#000000", "#000000", stroke_width=1.25
    ),
    "journal-plain": Theme("#ffffff", "#ffffff", "#ffffff", "#ffffff", "#ffffff", "#000000", "#777777"),
}
