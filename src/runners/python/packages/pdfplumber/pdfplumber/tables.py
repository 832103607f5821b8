"""Tables: edges of lines, boxes or words make cells where they cross, and cells that touch make a table."""

import dataclasses
import itertools

from . import texts


@dataclasses.dataclass
class Settings:
    """By what edges are found, and how far from each other, in points, what belongs together may be."""

    vertical_strategy: str = "lines"
    horizontal_strategy: str = "lines"
    explicit_vertical_lines: list = None
    explicit_horizontal_lines: list = None
    snap_tolerance: float = 3
    snap_x_tolerance: float = None
    snap_y_tolerance: float = None
    join_tolerance: float = 3
    join_x_tolerance: float = None
    join_y_tolerance: float = None
    edge_min_length: float = 3
    min_words_vertical: int = 3
    min_words_horizontal: int = 1
    intersection_tolerance: float = 3
    intersection_x_tolerance: float = None
    intersection_y_tolerance: float = None
    text_settings: dict = None
    text_tolerance: float = 3
    text_x_tolerance: float = None
    text_y_tolerance: float = None
    keep_blank_chars: bool = False

    def of(self, name, axis):
        own = getattr(self, f"{name}_{axis}_tolerance")
        return getattr(self, f"{name}_tolerance") if own is None else own


def _edge(orientation, x0, top, x1, bottom, kind="line"):
    return {"object_type": f"{kind}_edge", "orientation": orientation, "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}


def edges_of(page, of_rects=True):
    found = []
    for one in page.lines:
        found.append(_edge("v" if one["x0"] == one["x1"] else "h", one["x0"], one["top"], one["x1"], one["bottom"]))
    for one in page.rects if of_rects else []:
        x0, top, x1, bottom = one["x0"], one["top"], one["x1"], one["bottom"]
        found += [_edge("h", x0, top, x1, top, "rect"), _edge("h", x0, bottom, x1, bottom, "rect")]
        found += [_edge("v", x0, top, x0, bottom, "rect"), _edge("v", x1, top, x1, bottom, "rect")]
    for one in page.curves if of_rects else []:
        for (x0, y0), (x1, y1) in itertools.pairwise(one["pts"]):
            if x0 == x1 or y0 == y1:
                found.append(_edge("v" if x0 == x1 else "h", min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), "curve"))
    return found


def _wanted_edges(page, settings):
    found = []
    for orientation, strategy, explicit in (
        ("v", settings.vertical_strategy, settings.explicit_vertical_lines),
        ("h", settings.horizontal_strategy, settings.explicit_horizontal_lines),
    ):
        if strategy not in ("lines", "lines_strict", "text", "explicit"):
            raise ValueError(f"{strategy!r} is no strategy: lines, lines_strict, text or explicit")
        if strategy.startswith("lines"):
            found += [one for one in edges_of(page, strategy == "lines") if one["orientation"] == orientation]
        elif strategy == "text":
            found += _edges_of_words(page, orientation, settings)
        found += [_explicit(page, orientation, one) for one in explicit or []]
    tolerances = {"v": (settings.of("snap", "x"), settings.of("join", "y")), "h": (settings.of("snap", "y"), settings.of("join", "x"))}
    merged = [one for orientation in "vh" for one in _merged([edge for edge in found if edge["orientation"] == orientation], orientation, *tolerances[orientation])]
    return [one for one in merged if max(one["width"], one["height"]) >= settings.edge_min_length]


def _explicit(page, orientation, one):
    x0, top, x1, bottom = page.bbox
    if isinstance(one, dict):
        return _edge(orientation, one["x0"], one["top"], one["x1"], one["bottom"])
    return _edge("v", one, top, one, bottom) if orientation == "v" else _edge("h", x0, one, x1, one)


def _merged(edges, orientation, snap, join):
    """Edges nearly on one line are put on it, and those that touch there become one."""
    at, start, end = ("x0", "top", "bottom") if orientation == "v" else ("top", "x0", "x1")
    out = []
    for group in texts.clusters(edges, lambda one: one[at], snap):
        place = sum(one[at] for one in group) / len(group)
        spans = []
        for first, last in sorted((one[start], one[end]) for one in group):
            if spans and first <= spans[-1][1] + join:
                spans[-1][1] = max(last, spans[-1][1])
            else:
                spans.append([first, last])
        out += [_edge("v", place, first, place, last) if orientation == "v" else _edge("h", first, place, last, place) for first, last in spans]
    return out


def _edges_of_words(page, orientation, settings):
    words = page.extract_words(x_tolerance=settings.of("text", "x"), y_tolerance=settings.of("text", "y"), keep_blank_chars=settings.keep_blank_chars)
    if not words:
        return []
    whole = texts.box_of(words)
    if orientation == "h":
        lines = [texts.box_of(line) for line in texts.clusters(words, lambda one: one["top"], 1) if len(line) >= settings.min_words_horizontal]
        return [_edge("h", whole["x0"], place, whole["x1"], place, "text") for line in lines for place in (line["top"], line["bottom"])]
    keys = (lambda one: one["x0"], lambda one: one["x1"], lambda one: (one["x0"] + one["x1"]) / 2)
    groups = sorted((group for key in keys for group in texts.clusters(words, key, 1)), key=lambda group: -len(group))
    columns = []
    for group in groups:
        box = texts.box_of(group)
        if len(group) >= settings.min_words_vertical and not any(_overlap(box, one) for one in columns):
            columns.append(box)
    places = [box["x0"] for box in columns] + ([max(box["x1"] for box in columns)] if columns else [])
    top, bottom = min((box["top"] for box in columns), default=0), max((box["bottom"] for box in columns), default=0)
    return [_edge("v", place, top, place, bottom, "text") for place in sorted(places)]


def _overlap(one, other):
    width = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
    height = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return width >= 0 and height >= 0 and width + height > 0


def _crossings(edges, settings):
    """Point → (vertical edges, horizontal edges) that meet there, by their numbers."""
    x_tolerance, y_tolerance = settings.of("intersection", "x"), settings.of("intersection", "y")
    found = {}
    upright = [(at, one) for at, one in enumerate(edges) if one["orientation"] == "v"]
    level = [(at, one) for at, one in enumerate(edges) if one["orientation"] == "h"]
    for v, up in upright:
        for h, flat in level:
            meets = up["top"] <= flat["top"] + y_tolerance and up["bottom"] >= flat["top"] - y_tolerance
            if meets and flat["x0"] - x_tolerance <= up["x0"] <= flat["x1"] + x_tolerance:
                those = found.setdefault((up["x0"], flat["top"]), (set(), set()))
                those[0].add(v)
                those[1].add(h)
    return found


def _cells(crossings):
    """Boxes of which all four sides are edges; of those from one corner, the smallest."""
    below, beside = {}, {}
    for x, y in sorted(crossings):
        below.setdefault(x, []).append(y)
        beside.setdefault(y, []).append(x)
    joined = lambda one, other, side: bool(crossings[one][side] & crossings[other][side])
    found = []
    for x, y in sorted(crossings):
        lower = [other for other in below[x] if other > y and joined((x, y), (x, other), 0)]
        right = [other for other in beside[y] if other > x and joined((x, y), (other, y), 1)]
        corner = next(((r, b) for b in lower for r in right if (r, b) in crossings and joined((r, b), (r, y), 0) and joined((r, b), (x, b), 1)), None)
        if corner is not None:
            found.append((x, y, *corner))
    return found


def find(page, table_settings=None):
    """Tables of a page from the top down."""
    if isinstance(table_settings, Settings):
        settings = table_settings
    else:
        settings = Settings(**{name: value for name, value in (table_settings or {}).items() if value is not None})
    waiting = _cells(_crossings(_wanted_edges(page, settings), settings))
    found = []
    while waiting:
        group, corners = [waiting.pop(0)], set()
        corners |= _corners(group[0])
        grew = True
        while grew:
            touching = [cell for cell in waiting if _corners(cell) & corners]
            grew = bool(touching)
            for cell in touching:
                waiting.remove(cell)
                group.append(cell)
                corners |= _corners(cell)
        if len(group) > 1:
            found.append(Table(page, group))
    return sorted(found, key=lambda one: min((cell[1], cell[0]) for cell in one.cells))


def _corners(cell):
    x0, top, x1, bottom = cell
    return {(x0, top), (x0, bottom), (x1, top), (x1, bottom)}


class Row:
    def __init__(self, cells):
        self.cells = cells
        there = [cell for cell in cells if cell]
        self.bbox = tuple(pick(one) for pick, one in zip((min, min, max, max), zip(*there)))


class Table:
    """Cells as (left, top, right, bottom)."""

    def __init__(self, page, cells):
        self.page, self.cells = page, cells
        self.bbox = tuple(pick(one) for pick, one in zip((min, min, max, max), zip(*cells)))

    @property
    def rows(self):
        lefts = sorted({cell[0] for cell in self.cells})
        rows = {}
        for cell in self.cells:
            rows.setdefault(cell[1], {})[cell[0]] = cell
        return [Row([rows[top].get(left) for left in lefts]) for top in sorted(rows)]

    def extract(self, **options):
        """Texts of the cells, row by row."""
        chars = self.page.chars
        return [[None if cell is None else texts.text_of(_within(chars, cell), **options) for cell in row.cells] for row in self.rows]


def _within(chars, box):
    inside = lambda one: box[0] <= (one["x0"] + one["x1"]) / 2 < box[2] and box[1] <= (one["top"] + one["bottom"]) / 2 < box[3]
    return [one for one in chars if inside(one)]
