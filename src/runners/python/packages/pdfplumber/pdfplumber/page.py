"""A page: what stands on it and where. Places are in points from the left and from the top."""

import re

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTLine, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter

from . import tables, texts

_KINDS = ((LTChar, "char"), (LTLine, "line"), (LTRect, "rect"), (LTCurve, "curve"), (LTImage, "image"))
_NO_PICTURE = "pages are drawn by compiled code, which is not on this device: extract_text, extract_words and extract_tables work without"


class _View:
    """What whole pages and parts of them have in common."""

    @property
    def width(self):
        return self.bbox[2] - self.bbox[0]

    @property
    def height(self):
        return self.bbox[3] - self.bbox[1]

    chars = property(lambda self: self.objects.get("char", []))
    lines = property(lambda self: self.objects.get("line", []))
    rects = property(lambda self: self.objects.get("rect", []))
    curves = property(lambda self: self.objects.get("curve", []))
    images = property(lambda self: self.objects.get("image", []))

    @property
    def edges(self):
        return tables.edges_of(self)

    @property
    def horizontal_edges(self):
        return [one for one in self.edges if one["orientation"] == "h"]

    @property
    def vertical_edges(self):
        return [one for one in self.edges if one["orientation"] == "v"]

    def extract_words(self, **options):
        """Words as dicts with their text and place."""
        return texts.words_of(self.chars, **options)

    def extract_text(self, x_tolerance=texts.X_TOLERANCE, y_tolerance=texts.Y_TOLERANCE, layout=False, **options):
        """The text line by line; with `layout`, spaces and empty lines stand for the gaps between words."""
        if layout:
            return texts.laid_out(self, x_tolerance, y_tolerance, **options)
        return texts.text_of(self.chars, x_tolerance, y_tolerance, **options)

    def extract_text_simple(self, x_tolerance=texts.X_TOLERANCE, y_tolerance=texts.Y_TOLERANCE):
        return texts.text_of(self.chars, x_tolerance, y_tolerance)

    def extract_text_lines(self, **options):
        """Lines as dicts with their text, place and letters."""
        return texts.lines_of(self.chars, **options)

    def search(self, pattern, regex=True, case=True, **options):
        """Where a pattern is in the lines of the page: its text, groups and place."""
        pattern = pattern if isinstance(pattern, re.Pattern) else re.compile(pattern if regex else re.escape(pattern), 0 if case else re.IGNORECASE)
        return [found for line in self.extract_text_lines() for found in texts.found_in(line, pattern)]

    def find_tables(self, table_settings=None):
        return tables.find(self, table_settings)

    def find_table(self, table_settings=None):
        found = self.find_tables(table_settings)
        return min(found, key=lambda one: (-len(one.cells), one.bbox[1], one.bbox[0])) if found else None

    def extract_tables(self, table_settings=None):
        """Each table as a list of rows of texts; None where a row has no cell."""
        return [one.extract() for one in self.find_tables(table_settings)]

    def extract_table(self, table_settings=None):
        """The table with the most cells, None where there is none."""
        found = self.find_table(table_settings)
        return None if found is None else found.extract()

    def crop(self, bbox, relative=False, strict=True):
        """The part of a page in a box; what sticks out is cut."""
        box = self._box(bbox, relative)
        if strict and not _is_within(box, self.bbox):
            raise ValueError(f"Bounding box {tuple(box)} is not fully within parent page bounding box {tuple(self.bbox)}")
        return Part(self, box, lambda one: _cut(one, box))

    def within_bbox(self, bbox, relative=False, strict=True):
        """The part of a page in a box, of what lies in it wholly."""
        box = self._box(bbox, relative)
        return Part(self, box, lambda one: one if _is_within(_place(one), box) else None)

    def outside_bbox(self, bbox, relative=False, strict=True):
        box = self._box(bbox, relative)
        return Part(self, self.bbox, lambda one: None if _cut(one, box) else one)

    def filter(self, test_function):
        return Part(self, self.bbox, lambda one: one if test_function(one) else None)

    def dedupe_chars(self, tolerance=1, **options):
        """Without the second of two same letters in one place, by which some programs make letters bold."""
        kept = []
        for one in self.chars:
            same = (other for other in kept[-200:] if other["text"] == one["text"] and other["fontname"] == one["fontname"])
            if not any(abs(other["x0"] - one["x0"]) <= tolerance and abs(other["top"] - one["top"]) <= tolerance for other in same):
                kept.append(one)
        known = {id(one) for one in kept}
        return self.filter(lambda one: one["object_type"] != "char" or id(one) in known)

    def _box(self, bbox, relative):
        left, top = self.bbox[:2] if relative else (0, 0)
        return bbox[0] + left, bbox[1] + top, bbox[2] + left, bbox[3] + top

    def to_image(self, *_, **__):
        raise NotImplementedError(_NO_PICTURE)

    def flush_cache(self, *_):
        pass

    close = flush_cache


class Page(_View):
    def __init__(self, pdf, page, number, above):
        self.pdf, self.page_obj, self.page_number, self.initial_doctop = pdf, page, number, above
        self.rotation = (page.rotate or 0) % 360
        left, low, right, high = page.mediabox
        if self.rotation % 180:
            left, low, right, high = low, left, high, right
        self.mediabox = self.bbox = (min(left, right), 0, max(left, right), abs(high - low))
        self._low, self._objects = min(low, high), None

    def __repr__(self):
        return f"<Page:{self.page_number}>"

    @property
    def objects(self):
        """Kind → what there is of it, as dicts."""
        if self._objects is None:
            device = PDFPageAggregator(self.pdf.rsrcmgr, pageno=self.page_number, laparams=None)
            PDFPageInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            self._objects = {}
            self._gather(device.get_result())
        return self._objects

    def _gather(self, things):
        for one in things:
            kind = next((name for of, name in _KINDS if isinstance(one, of)), None)
            if kind is not None:
                self._objects.setdefault(kind, []).append(self._described(one, kind))
            elif isinstance(one, LTContainer):
                self._gather(one)

    def _described(self, one, kind):
        top = self.height - (one.y1 - self._low)
        facts = {
            "object_type": kind,
            "page_number": self.page_number,
            **{"x0": one.x0, "x1": one.x1, "y0": one.y0, "y1": one.y1, "width": one.width, "height": one.height},
            **{"top": top, "bottom": self.height - (one.y0 - self._low), "doctop": self.initial_doctop + top},
        }
        if kind == "char":
            color = one.graphicstate.ncolor
            color = tuple(color) if isinstance(color, (list, tuple)) else (color,) if color is not None else None
            facts |= {"text": one.get_text(), "fontname": one.fontname, "size": one.size, "adv": one.adv, "upright": bool(one.upright)}
            facts |= {"matrix": one.matrix, "non_stroking_color": color}
        elif kind != "image":
            facts |= {"linewidth": one.linewidth, "stroke": bool(one.stroke), "fill": bool(one.fill), "pts": [(x, self.height - (y - self._low)) for x, y in one.pts]}
            facts |= {"stroking_color": one.stroking_color, "non_stroking_color": one.non_stroking_color}
        else:
            facts |= {"name": one.name, "srcsize": one.srcsize, "stream": one.stream}
        return facts


class Part(_View):
    """What is left of a page, or of a part of one, after a choice."""

    def __init__(self, whole, bbox, choice):
        self.parent_page, self.bbox = whole, tuple(bbox)
        self.page_number, self.pdf = whole.page_number, whole.pdf
        self.root_page = getattr(whole, "root_page", whole)
        chosen = {kind: [choice(one) for one in those] for kind, those in whole.objects.items()}
        self.objects = {kind: [one for one in those if one] for kind, those in chosen.items()}


def _place(one):
    return one["x0"], one["top"], one["x1"], one["bottom"]


def _is_within(inner, outer):
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _cut(one, box):
    """What of a thing lies in a box, None for nothing."""
    x0, top, x1, bottom = _place(one)
    left, high, right, low = max(x0, box[0]), max(top, box[1]), min(x1, box[2]), min(bottom, box[3])
    if right < left or low < high or (right - left) + (low - high) == 0:
        return None
    moved = {"x0": left, "x1": right, "top": high, "bottom": low, "width": right - left, "height": low - high, "doctop": one["doctop"] + high - top}
    return {**one, **moved, "y1": one["y1"] - (high - top), "y0": one["y0"] + (bottom - low)}
