"""Figures of a report -> plots, as SVG that stands in a page: the reliability diagram, and how long questions took.

The same figures give the same bytes: no date, ids from a fixed salt, matplotlib's own settings whatever the user's are. Text is
drawn as paths, so that it prints alike everywhere; what a plot shows is told in words by its `alternative`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import matplotlib
from lxml import etree  # type: ignore[import-untyped]  # comes without types
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

from evals.release_report.facts import Latency
from evals.reliability import Bin

# Inches: as wide as a telephone's page, so that its text is not shrunk there.
_SIZE = (4.6, 3.5)
# Each against white at least 4.5 : 1; the runs differ in mark and line too, for who does not tell colours.
_INK, _THIS, _BEFORE = "#1f2328", "#0b5394", "#8f4e00"
_SETTINGS: dict[RcKeyType, Any] = {
    "svg.hashsalt": "release-report",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "text.parse_math": False,
}
_WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)
_BARS = 16
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """An `svg` element to put into a page as it is, and what it shows in words (which it carries as its name)."""

    svg: str
    alternative: str


def reliability_plot(curve: Sequence[Bin], before: Sequence[Bin] | None) -> Plot:
    """The share of answerable questions over the mean probability of each bin; the diagonal is perfect."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color="#6e7781", linewidth=1, linestyle=":", label="perfect")
        if before:
            axes.plot(
                *_points(before),
                color=_BEFORE,
                linewidth=1.2,
                linestyle="--",
                marker="s",
                mfc="white",
                label="last run",
            )
        axes.plot(*_points(curve), color=_THIS, linewidth=1.6, marker="o", label="this run")
        axes.set(
            xlim=(-0.03, 1.03),
            ylim=(-0.03, 1.03),
            xlabel="probability given, mean of a group",
            ylabel="share that can be answered",
        )
        axes.grid(color="#d8dee4", linewidth=0.6)
        axes.legend(frameon=False, loc="upper left")

    told = f"Reliability diagram. Mean probability given and share that can be answered, by group: {_told(curve)}."
    if before:
        told += f" Last run: {_told(before)}."
    return Plot(svg=_svg("reliability", draw, told), alternative=told)


def latency_plot(latency: Latency, before: Latency | None) -> Plot:
    """How many questions took how long, in bars of equal width; lines at the median and at the 95th percentile."""
    longest = max(one.milliseconds[-1] for one in (latency, before) if one)
    width = next((width for width in _WIDTHS if longest / width < _BARS), ceil(longest / _BARS))
    edges = [float(width * number) for number in range(int(longest // width) + 2)]
    counts = _counts(latency, edges)

    def draw(axes: Axes) -> None:
        axes.stairs(counts, edges, fill=True, color=_THIS, alpha=0.35, label="this run")
        axes.stairs(counts, edges, color=_THIS, linewidth=1.2)
        if before:
            axes.stairs(_counts(before, edges), edges, color=_BEFORE, linewidth=1.4, linestyle="--", label="last run")
        top = 1.02 * max([*counts, *(_counts(before, edges) if before else ())])
        for value, name, style in ((latency.median, "median", "-"), (latency.p95, "p95", "-.")):
            axes.axvline(value, color=_INK, linewidth=1.1, linestyle=style, label=f"{name}, {value:.0f} ms")
        axes.set(xlim=(0, edges[-1]), ylim=(0, 1.05 * top), xlabel="milliseconds for a question", ylabel="questions")
        axes.legend(frameon=False, loc="upper right")

    told = f"Histogram of the time of a question. {_bars(latency, edges)}."
    if before:
        told += f" Last run: {_bars(before, edges)}."
    return Plot(svg=_svg("latency", draw, told), alternative=told)


def _points(curve: Sequence[Bin]) -> tuple[list[float], list[float]]:
    return [one.mean_probability for one in curve], [one.share_answerable for one in curve]


def _told(curve: Sequence[Bin]) -> str:
    return "; ".join(f"{one.mean_probability:.2f} and {one.share_answerable:.2f} ({one.n} questions)" for one in curve)


def _counts(latency: Latency, edges: Sequence[float]) -> list[int]:
    counts = [0] * (len(edges) - 1)
    for value in latency.milliseconds:
        counts[int(value // (edges[1] - edges[0]))] += 1
    return counts


def _bars(latency: Latency, edges: Sequence[float]) -> str:
    bars = [
        f"{low:.0f} to {high:.0f} ms: {n}"
        for low, high, n in zip(edges, edges[1:], _counts(latency, edges), strict=False)
        if n
    ]
    return (
        f"Median {latency.median:.0f} ms, 95th percentile {latency.p95:.0f} ms, longest {latency.milliseconds[-1]:.0f} ms. "
        f"Questions by time: {', '.join(bars)}"
    )


def _svg(name: str, draw: Callable[[Axes], None], alternative: str) -> str:
    """What `draw` draws, with ids of its own, and nothing that is not drawn."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=_SIZE, layout="constrained")
        draw(figure.add_subplot())
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    return _for_a_page(drawn.getvalue(), name, alternative)


def _for_a_page(drawn: bytes, name: str, alternative: str) -> str:
    """Two plots of one page must not share an id, and what matplotlib says of itself is no part of a report."""
    root = etree.fromstring(drawn, etree.XMLParser(remove_comments=True, resolve_entities=False))
    for metadata in root.findall(f"{_SVG}metadata"):
        root.remove(metadata)
    linked = {(link or "")[1:] for element in root.iter() if (link := element.get(_LINK))}
    linked |= set(re.findall(r"url\(#([^)]+)\)", etree.tostring(root, encoding="unicode")))
    for element in root.iter():
        identity = element.attrib.pop("id", None)
        if identity in linked:
            element.set("id", f"{name}-{identity}")
        link = element.attrib.pop(_LINK, None)
        if link:
            element.set("href", f"#{name}-{link[1:]}")
        for key, value in element.items():
            element.set(key, value.replace("url(#", f"url(#{name}-"))
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-label", alternative)
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode")
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
