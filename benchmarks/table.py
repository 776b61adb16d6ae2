"""One line of the benchmark table and the printing of the whole."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Our figure beside that of a peer, both measured in this run on this machine."""

    what: str
    unit: str
    ours: float | None
    peer_name: str = ""
    peer: float | None = None
    lower_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the peer's: above 1 is better."""
        if self.ours is None or self.peer is None:
            return None
        better, worse = (self.peer, self.ours) if self.lower_is_better else (self.ours, self.peer)
        return better / worse if worse else None


def as_text(rows: list[Row]) -> str:
    """Lay the rows out in columns."""
    header = ("what", "unit", "ours", "peer", "ratio", "note")
    cells = [header] + [
        (
            row.what,
            row.unit,
            _number(row.ours),
            f"{_number(row.peer)} {row.peer_name}" if row.peer is not None else "–",
            f"{row.ratio:.2f} ×" if row.ratio is not None else "–",
            row.note,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in [lines[0], "-" * (sum(widths) + 10), *lines[1:]])


def _number(value: float | None) -> str:
    if value is None:
        return "not run"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
