"""Charts as SVG, drawn by the server: lines and columns with the same few strokes, told apart without colour (pure).

A chart is never alone: the page shows the table of the same numbers beside it. Colours come from the style sheet by
class, so that a chart follows dark mode; `standalone` brings its own for a picture that is looked at by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 34  # margins
LEGEND = 24
ROW = 20  # of the legend
LABELS = 12  # at most so many along the axis
DASHES = ("", "7 4", "2 4", "10 3 2 3", "1 3")
_OWN_STYLE = """<style>
svg{background:#fff}text{font:12px system-ui,sans-serif;fill:#56605a}.grid{stroke:#e2ddd2}.mark{stroke:#1c2420}
.s0{stroke:#0c5c54}.s1{stroke:#7a4a00}.s2{stroke:#4b4fa3}.s3{stroke:#a3112f}.s4{stroke:#1c2420}
.b0{fill:#0c5c54}.b1{fill:#c98a2b}.b2{fill:#8f92d0}.b3{fill:#a3112f}.b4{fill:#86908a}
@media(prefers-color-scheme:dark){svg{background:#141a17}text{fill:#b7c0ba}.grid{stroke:#333b36}.mark{stroke:#fff}
.s0{stroke:#6fc7ba}.s1{stroke:#e5b566}.s2{stroke:#a9acf0}.s3{stroke:#f08ea2}.s4{stroke:#e8ece9}
.b0{fill:#6fc7ba}.b1{fill:#e5b566}.b2{fill:#a9acf0}.b3{fill:#f08ea2}.b4{fill:#86908a}}
</style>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line or one layer of columns; None is a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where a value lies in the drawing."""

    count: int
    top: float
    step: float

    @property
    def slot(self) -> float:
        return (WIDTH - LEFT - RIGHT) / max(self.count, 1)

    def x(self, place: float) -> float:
        return LEFT + self.slot * (place + 0.5)

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(value, self.top) / self.top)


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    top: float | None = None,
    mark: float | None = None,
    told: Callable[[float], str] | None = None,
    standalone: bool = False,
) -> SafeString:
    """One line for each series. `mark` is a level worth seeing (a promise, a goal); `told` writes the axis' numbers."""
    frame = _framed(labels, _highest(series, mark), top)
    drawn = "".join(_line(number, one, frame) for number, one in enumerate(series))
    return _chart(labels, series, frame, drawn, title=title, mark=mark, told=told, stroked=True, standalone=standalone)


def columns(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    told: Callable[[float], str] | None = None,
    standalone: bool = False,
) -> SafeString:
    """One column for each label, the series on top of each other; their sum is what the column shows."""
    sums = [sum(one.values[place] or 0 for one in series) for place in range(len(labels))]
    frame = _framed(labels, max([4.0, *sums]), None)  # below four the axis would count by halves
    drawn = "".join(_column(place, series, frame) for place in range(len(labels)))
    return _chart(labels, series, frame, drawn, title=title, told=told, stroked=False, standalone=standalone)


def _chart(
    labels: Sequence[str],
    series: Sequence[Series],
    frame: _Frame,
    drawn: str,
    *,
    title: str,
    mark: float | None = None,
    told: Callable[[float], str] | None,
    stroked: bool,
    standalone: bool,
) -> SafeString:
    own = _OWN_STYLE if standalone else ""
    legend, further = _legend(series, stroked)
    height = HEIGHT + LEGEND + further
    inside = _grid(frame, told or _number) + _below(labels, frame) + drawn + _mark(frame, mark) + legend
    return mark_safe(  # noqa: S308  # every text in it is escaped
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(title)}">{own}{inside}</svg>\n'
    )


def _framed(labels: Sequence[str], highest: float, top: float | None) -> _Frame:
    wanted = top or highest or 1.0
    step = _round_step(wanted / 4)
    return _Frame(count=len(labels), top=top or ceil(wanted / step - 1e-9) * step, step=step)


def _highest(series: Sequence[Series], mark: float | None) -> float:
    return max((value for one in series for value in one.values if value is not None), default=0.0) or mark or 0.0


def _round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 and 10 times a power of ten."""
    power = 10.0 ** floor(log10(rough))
    return next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * (1 - 1e-9))


def _grid(frame: _Frame, told: Callable[[float], str]) -> str:
    parts = []
    for number in range(round(frame.top / frame.step) + 1):
        value = min(number * frame.step, frame.top)
        y = frame.y(value)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(told(value))}</text>')
    return "".join(parts)


def _below(labels: Sequence[str], frame: _Frame) -> str:
    every = max(1, ceil(len(labels) / LABELS))
    return "".join(
        f'<text x="{frame.x(place):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{escape(label)}</text>'
        for place, label in enumerate(labels)
        if place % every == 0
    )


def _line(number: int, one: Series, frame: _Frame) -> str:
    pen, path = "M", ""
    for place, value in enumerate(one.values):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{frame.x(place):.1f} {frame.y(value):.1f}"
        pen = "L"
    alone = "".join(
        f'<circle class="b{number % 5}" cx="{frame.x(place):.1f}" cy="{frame.y(value):.1f}" r="2.5"/>'
        for place, value in enumerate(one.values)
        if value is not None and len(one.values) <= 40
    )
    return f'<path class="line {_stroke(number)} d="{path}"/>{alone}' if path else ""


def _column(place: int, series: Sequence[Series], frame: _Frame) -> str:
    parts, below = [], 0.0
    width = max(frame.slot * 0.7, 1.0)
    for number, one in enumerate(series):
        value = one.values[place] or 0
        if value > 0:
            y, floor_y = frame.y(below + value), frame.y(below)
            parts.append(
                f'<rect class="b{number % 5}" x="{frame.x(place) - width / 2:.1f}" y="{y:.1f}"'
                f' width="{width:.1f}" height="{max(floor_y - y, 0.5):.1f}"/>'
            )
        below += value
    return "".join(parts)


def _mark(frame: _Frame, mark: float | None) -> str:
    if mark is None or mark > frame.top:
        return ""
    return f'<path class="mark" d="M{LEFT} {frame.y(mark):.1f}H{WIDTH - RIGHT}" stroke-dasharray="2 3"/>'


def _legend(series: Sequence[Series], stroked: bool) -> tuple[str, int]:
    """The names beside their samples, and how much higher they make the picture where one row does not hold them."""
    parts, x, further, aside = [], float(LEFT), 0, 32 if stroked else 18
    for number, one in enumerate(series):
        wide = aside + 6.6 * len(one.name)
        if x > LEFT and x + wide > WIDTH:
            x, further = float(LEFT), further + ROW
        y = HEIGHT + LEGEND / 2 + further
        sample = f'<path class="line {_stroke(number)} d="M{x:.0f} {y:.0f}h26"/>'
        block = f'<rect class="b{number % 5}" x="{x:.0f}" y="{y - 6:.0f}" width="12" height="12"/>'
        parts.append(sample if stroked else block)
        parts.append(f'<text x="{x + aside:.0f}" y="{y + 4:.0f}">{escape(one.name)}</text>')
        x += wide + 16
    return "".join(parts), further


def _stroke(number: int) -> str:
    dash = DASHES[number % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f's{number % 5}" fill="none" stroke-width="2"{dashed}'


def _number(value: float) -> str:
    return str(number_format(round(value, 2), 0 if value % 1 == 0 else (1 if value * 10 % 1 < 1e-9 else 2)))


def percent(value: float) -> str:
    """A share as an axis shows it: 0.85 is 85 %."""
    return f"{number_format(round(value * 100), 0)}\u00a0%"
