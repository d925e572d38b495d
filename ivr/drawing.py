"""The call flow as a picture (SVG), drawn from the same data that answers the calls (pure)."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr import menu
from ivr.prompts import FIRST, language

WIDTH, GAP_X, GAP_Y, MARGIN = 340, 80, 28, 24
HEAD, ROW, LINE = 24, 18, 15
WRAP, MOST_LINES = 46, 4
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2924 } .name { font-weight: 700; font-size: 14px }
.said { fill: #56625b; font-style: italic } .help { fill: #0b5d3b; font-weight: 600 }
.box { fill: #fff; stroke: #9aa79f }
path { fill: none; stroke: #0b5d3b; stroke-width: 1.4 } .page { fill: #faf7f1 }
"""
LEGEND = (
    "Everywhere: * says it again, # gives three times the time, 0 is a person.",
    "A third empty or wrong answer is a person too; where none can be there, it is a promised callback. "
    "Where the wait is long, a promised callback is for an hour (hours).",
    "While one waits: the place in the queue stays, whatever is keyed, unless something else is chosen instead of it.",
)
ENDS = {
    menu.WAIT: "a person",
    menu.CALLBACK: "a promised callback",
    menu.HOUR: "a callback at that hour",
    menu.MESSAGE: "a recorded message",
    menu.STATUS: "where it stands is told",
    menu.VERIFIED: "whether it is genuine is told",
    menu.PROVED: "known, and on that request",
    menu.NOTED: "noted for the agent",
    menu.KNOWN_NUMBER: "called back on the known number",
    menu.ANNOUNCEMENT: "linked to the incident",
    menu.WHERE: "told, and goes on waiting",
    menu.OTHER: "on a request of its own, and waits",
}
_TOLD_FIRST = (menu.CLOSED, menu.LATE, menu.AFTER, menu.HOURS, menu.RECORDER)  # reached by the hour, or after an end


@dataclass(frozen=True, slots=True)
class Row:
    """Keys that lead to one place."""

    keys: str
    to: str


@dataclass(slots=True)
class Box:
    """A node with its place in the picture."""

    name: str
    said: list[str]
    rows: list[Row]
    x: int = 0
    y: int = 0

    @property
    def height(self) -> int:
        """How much room it needs."""
        return HEAD + LINE * len(self.said) + ROW * len(self.rows) + 14

    def row_y(self, number: int) -> int:
        """The middle of one of its rows."""
        return self.y + HEAD + LINE * len(self.said) + ROW * number + 16


def draw() -> str:
    """The whole flow: a column for each step away from the first question, then what is asked while waiting."""
    boxes: dict[str, Box] = {}
    bottom = MARGIN + 44
    for root, members in ((menu.FIRST, _asked_before()), (menu.QUEUE, menu.WHILE_WAITING)):
        bottom = _place(boxes, root, members, bottom) + 2 * GAP_Y
    width = max(box.x for box in boxes.values()) + WIDTH + MARGIN
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {bottom}", "role": "img"})
    SubElement(picture, "title").text = "What the telephone asks, and where each key leads"
    SubElement(picture, "style").text = STYLE
    SubElement(picture, "rect", {"class": "page", "width": str(width), "height": str(bottom)})
    _text(picture, MARGIN, MARGIN + 10, LEGEND[0], "name")
    _text(picture, MARGIN, MARGIN + 28, LEGEND[1])
    _text(picture, MARGIN, boxes[menu.QUEUE].y - 12, LEGEND[2], "name")
    for box in boxes.values():
        _arrows(picture, box, boxes)
    for box in boxes.values():
        _box(picture, box)
    return tostring(picture, encoding="unicode") + "\n"


def _asked_before() -> frozenset[str]:
    return frozenset(menu.NODES) - menu.WHILE_WAITING


def _rows(node: menu.Node) -> list[Row]:
    by_target: dict[str, list[str]] = {}
    for key, to in node.keys.items():
        if key != menu.HUMAN:
            by_target.setdefault(to, []).append(key)
    rows = [Row(" ".join(keys), to) for to, keys in by_target.items()]
    if node.name in (menu.FIRST, menu.MORE):
        rows.insert(0, Row("a language", menu.TOPIC))
    if node.then:
        rows.append(Row("digits, then #", node.then))
    if node.nothing:
        rows.append(Row("# alone" if node.then else "no answer", node.nothing))
    return [*rows, Row(menu.HUMAN, node.keys[menu.HUMAN])]


def _place(boxes: dict[str, Box], root: str, members: frozenset[str], top: int) -> int:
    """Give each node a column by its distance from the root; returns where the lowest ends."""
    depth, edge = {root: 0}, [root]
    while edge:
        here = edge.pop(0)
        for row in _rows(menu.NODES[here]):
            if row.to in members and row.to not in depth:
                depth[row.to] = depth[here] + 1
                edge.append(row.to)
    told = {name: 1 for name in _TOLD_FIRST if name in members}
    columns: dict[int, int] = {}
    for name in menu.NODES:
        if name in members:
            column = depth.get(name, told.get(name, 0) + 2 * (name != menu.CLOSED))
            y = columns.get(column, top)
            said = _wrapped(menu.NODES[name])
            boxes[name] = Box(name, said, _rows(menu.NODES[name]), MARGIN + column * (WIDTH + GAP_X), y)
            columns[column] = y + boxes[name].height + GAP_Y
    return max(columns.values())


def _wrapped(node: menu.Node) -> list[str]:
    text = language(FIRST).texts[node.prompt]
    lines, line = [], ""
    for word in str(text).replace("{key}", "1…8").split():
        if len(line) + len(word) + 1 > WRAP:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    lines.append(line)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: WRAP - 2] + " …"]


def _arrows(picture: Element, box: Box, boxes: dict[str, Box]) -> None:
    for number, row in enumerate(box.rows):
        to = row.to if box.name == menu.QUEUE else menu.ONWARD.get(row.to, row.to)  # from there mostly back to it
        target = boxes.get(to)
        if target and target.x > box.x:
            x, y, to_x, to_y = box.x + WIDTH, box.row_y(number) - 4, target.x, target.y + 16
            curve = f"M{x} {y} C{x + 45} {y} {to_x - 45} {to_y} {to_x} {to_y}"
            SubElement(picture, "path", {"d": curve})


def _box(picture: Element, box: Box) -> None:
    place = {"x": str(box.x), "y": str(box.y), "width": str(WIDTH), "height": str(box.height), "rx": "8"}
    SubElement(picture, "rect", {"class": "box", **place})
    _text(picture, box.x + 10, box.y + 18, box.name, "name")
    for number, line in enumerate(box.said):
        _text(picture, box.x + 10, box.y + HEAD + LINE * number + 10, line, "said")
    for number, row in enumerate(box.rows):
        help_ = "help" if row.to in menu.HELP else ""
        _text(picture, box.x + 10, box.row_y(number), f"{row.keys}  →  {ENDS.get(row.to, row.to)}", help_)


def _text(picture: Element, x: int, y: int, words: str, kind: str = "") -> None:
    attributes = {"x": str(x), "y": str(y), **({"class": kind} if kind else {})}
    SubElement(picture, "text", attributes).text = words
