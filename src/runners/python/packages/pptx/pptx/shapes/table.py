"""Tables: rows of cells, each with text and a fill."""

from .._enums import MSO_ANCHOR
from ..dml.fill import FillFormat
from ..oxml import child, qn
from ..text.text import TextFrame
from ..util import Emu

#: PowerPoint's "Medium Style 2 - Accent 1".
_STYLE = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"
_BORDERS = ("a:lnL", "a:lnR", "a:lnT", "a:lnB", "a:lnTlToBr", "a:lnBlToTr")


def table_of(rows, columns, width, height):
    """The XML of an empty table."""
    shares = lambda whole, count: [int(whole) // count + (1 if at < int(whole) % count else 0) for at in range(count)]
    grid = "".join(f'<a:gridCol w="{one}"/>' for one in shares(width, columns))
    cell = "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p/></a:txBody><a:tcPr/></a:tc>"
    body = "".join(f'<a:tr h="{one}">{cell * columns}</a:tr>' for one in shares(height, rows))
    return f'<a:tbl><a:tblPr firstRow="1" bandRow="1"><a:tableStyleId>{_STYLE}</a:tableStyleId></a:tblPr><a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl>'


class Table:
    def __init__(self, element, frame):
        self._tbl, self._frame = element, frame

    def _flag(name):
        def put(self, value):
            child(self._tbl, "a:tblPr").set(name, str(int(bool(value))))

        return property(lambda self: child(self._tbl, "a:tblPr").get(name) == "1", put)

    first_row, last_row, first_col, last_col, horz_banding, vert_banding = map(_flag, ("firstRow", "lastRow", "firstCol", "lastCol", "bandRow", "bandCol"))
    del _flag

    @property
    def rows(self):
        return _Lines(self._tbl.findall(qn("a:tr")), "h", self)

    @property
    def columns(self):
        return _Lines(self._tbl.find(qn("a:tblGrid")).findall(qn("a:gridCol")), "w", self)

    def cell(self, row_idx, col_idx):
        return _Cell(self._tbl.findall(qn("a:tr"))[row_idx].findall(qn("a:tc"))[col_idx], self)

    def iter_cells(self):
        return (cell for row in self.rows for cell in row.cells)


class _Lines:
    """The rows or the columns of a table."""

    def __init__(self, elements, name, table):
        self._elements, self._name, self._table = elements, name, table

    def __len__(self):
        return len(self._elements)

    def __getitem__(self, at):
        return _Line(self._elements[at], self._name, self._table)

    def __iter__(self):
        return (self[at] for at in range(len(self)))


class _Line:
    def __init__(self, element, name, table):
        self._element, self._name, self._table = element, name, table

    def _length(self):
        return Emu(int(self._element.get(self._name)))

    def _set_length(self, value):
        self._element.set(self._name, str(int(value)))
        frame = self._table._frame
        if self._name == "h":
            frame.height = sum(row.height for row in self._table.rows)
        else:
            frame.width = sum(column.width for column in self._table.columns)

    height = width = property(_length, _set_length)

    @property
    def cells(self):
        return tuple(_Cell(one, self._table) for one in self._element.findall(qn("a:tc")))


class _Cell:
    def __init__(self, element, table):
        self._tc, self._table = element, table

    def _properties(self):
        return child(self._tc, "a:tcPr", ("a:txBody",))

    @property
    def text_frame(self):
        return TextFrame(child(self._tc, "a:txBody"), self._table._frame.part)

    @property
    def text(self):
        return self.text_frame.text

    @text.setter
    def text(self, value):
        self.text_frame.text = value

    @property
    def fill(self):
        return FillFormat(self._properties, _BORDERS)

    @property
    def vertical_anchor(self):
        return MSO_ANCHOR.of(self._properties().get("anchor"))

    @vertical_anchor.setter
    def vertical_anchor(self, value):
        self._properties().set("anchor", MSO_ANCHOR(value).xml)

    def _margin(name, usual):
        def put(self, value):
            self._properties().set(name, str(int(value)))

        return property(lambda self: Emu(int(self._properties().get(name, usual))), put)

    margin_left, margin_right = _margin("marL", 91440), _margin("marR", 91440)
    margin_top, margin_bottom = _margin("marT", 45720), _margin("marB", 45720)
    del _margin

    def _place(self):
        rows = self._table._tbl.findall(qn("a:tr"))
        row = self._tc.getparent()
        return rows.index(row), row.findall(qn("a:tc")).index(self._tc)

    is_merge_origin = property(lambda self: self.span_width > 1 or self.span_height > 1)
    is_spanned = property(lambda self: self._tc.get("hMerge") == "1" or self._tc.get("vMerge") == "1")
    span_width = property(lambda self: int(self._tc.get("gridSpan", 1)))
    span_height = property(lambda self: int(self._tc.get("rowSpan", 1)))

    def merge(self, other_cell):
        """Makes one cell of all between this and another."""
        (top, left), (bottom, right) = self._place(), other_cell._place()
        top, bottom, left, right = min(top, bottom), max(top, bottom), min(left, right), max(left, right)
        texts = []
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = self._table.cell(row, column)
                if cell.is_merge_origin or cell.is_spanned:
                    raise ValueError("range contains one or more merged cells")
                texts.append(cell.text)
                if row > top:
                    cell._tc.set("vMerge", "1")
                elif bottom > top:
                    cell._tc.set("rowSpan", str(bottom - top + 1))
                if column > left:
                    cell._tc.set("hMerge", "1")
                elif right > left:
                    cell._tc.set("gridSpan", str(right - left + 1))
                cell.text = ""
        self._table.cell(top, left).text = "\n".join(text for text in texts if text)

    def split(self):
        top, left = self._place()
        rows, columns = self.span_height, self.span_width
        for row in range(top, top + rows):
            for column in range(left, left + columns):
                for name in ("rowSpan", "gridSpan", "hMerge", "vMerge"):
                    self._table.cell(row, column)._tc.attrib.pop(name, None)
