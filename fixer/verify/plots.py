"""The loss curves and what the symptoms measured, as a picture."""

from __future__ import annotations

import io
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from fixer.verify.compare import Curve, Decision
from fixer.verify.symptoms import meaning
from fixer.verify.verdict import Series, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BEFORE, AFTER = "#8a8f98", "#1565d8"
_MOST_PANELS = 6
_UNITS = {"evaluation": "pass", "fit": "batch"}
_REMARKS = {
    Decision.NOT_COMPARABLE: " (two loss functions: heights cannot be compared)",
    Decision.IDENTICAL: " (bit-identical: one curve hides the other)",
}


@dataclass(frozen=True)
class Picture:
    """One figure in two formats. The SVG has no XML head, so that it can stand inside a page."""

    svg: str
    png: bytes


def loss_figure(verdict: Verdict) -> Picture | None:
    """All curves of the verdict; None where nothing was recorded."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    curves = [each for each in verdict.series if _longest(each) > 1]
    measured = [each for each in verdict.symptoms if each.before.values or each.after.values]
    panels = len(curves[:_MOST_PANELS]) + len(measured[:_MOST_PANELS])
    if panels == 0:
        return None
    # A picture of one verdict is the same bytes each time: no date, and ids from a fixed salt.
    with matplotlib.rc_context({"svg.hashsalt": "fixer", "font.size": 9}):
        figure = Figure(figsize=(8, 2.9 * panels), layout="constrained")
        FigureCanvasAgg(figure)
        axes = list(figure.subplots(panels, 1, squeeze=False)[:, 0])
        for each in curves[:_MOST_PANELS]:
            _draw_series(axes.pop(0), each)
        for change in measured[:_MOST_PANELS]:
            axis = axes.pop(0)
            _draw(axis, [change.before.values], BEFORE, "before")
            _draw(axis, [change.after.values], AFTER, "after")
            _finish(axis, change.name, meaning(change.name).measure)
        svg, png = io.StringIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
        figure.savefig(png, format="png", dpi=144)
    text = svg.getvalue()
    return Picture(text[text.index("<svg") :], png.getvalue())


def _longest(each: Series) -> int:
    return max((len(curve) for curve in (*each.before, *each.after)), default=0)


def _draw_series(axis: Axes, each: Series) -> None:
    values = [value for curve in (*each.before, *each.after) for value in curve if math.isfinite(value)]
    if values and min(values) > 0 and max(values) / min(values) > 10:
        axis.set_yscale("log")
    _draw(axis, each.before, BEFORE, "before")
    _draw(axis, each.after, AFTER, "after")
    decision = each.comparison.decision if each.comparison else None
    title = each.name + _REMARKS.get(decision, "") if decision else each.name
    _finish(axis, title, each.quantity, _UNITS.get(each.name.partition(" ")[0], "step"))


def _draw(axis: Axes, curves: Sequence[Curve], color: str, label: str) -> None:
    """Each run as a thin line, their median as a thick one; a gap where a value is not finite."""
    drawn = [[value if math.isfinite(value) else math.nan for value in curve] for curve in curves if curve]
    steps = range(1, max(map(len, drawn), default=0) + 1)
    for curve in drawn if len(drawn) > 1 else ():
        axis.plot(steps[: len(curve)], curve, color=color, alpha=0.35, linewidth=0.7)
    middle = [_median([value for value in row if value is not None]) for row in zip_longest(*drawn)]
    if middle:
        title = f"{label} (median of {len(drawn)} runs)" if len(drawn) > 1 else label
        axis.plot(steps, middle, color=color, linewidth=1.8, label=title)


def _median(values: Sequence[float]) -> float:
    finite = [value for value in values if not math.isnan(value)]
    return statistics.median(finite) if finite else math.nan


def _finish(axis: Axes, title: str, quantity: str, unit: str = "step") -> None:
    axis.set_title(title, loc="left", fontweight="bold")
    axis.set_ylabel(quantity)
    axis.set_xlabel(unit)
    axis.grid(alpha=0.25, linewidth=0.5)
    axis.spines[["top", "right"]].set_visible(False)
    if axis.get_lines():
        axis.legend(frameon=False)
