"""Text in shapes and cells: frames of paragraphs of runs."""

from .._enums import MSO_ANCHOR, MSO_AUTO_SIZE, MSO_UNDERLINE, PP_ALIGN
from ..dml.fill import ColorFormat, FillFormat
from ..oxml import child, drop, made, qn
from ..util import Centipoints, Emu, Length, Pt

_BEFORE_FONT = ("a:ln", "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:effectLst", "a:highlight", "a:uLnTx", "a:uLn", "a:uFillTx", "a:uFill")
_SPACES = ("a:lnSpc", "a:spcBef", "a:spcAft")


class Font:
    """How a run, or a whole paragraph, is written; `get` gives the element of its properties, made where there is none."""

    def __init__(self, get):
        self._get = get

    def _flag(name):
        def get(self):
            value = self._get().get(name)
            return None if value is None else value in ("1", "true")

        def put(self, value):
            _attribute(self._get(), name, None if value is None else str(int(bool(value))))

        return property(get, put)

    bold, italic = _flag("b"), _flag("i")
    del _flag

    @property
    def size(self):
        value = self._get().get("sz")
        return None if value is None else Centipoints(int(value))

    @size.setter
    def size(self, value):
        _attribute(self._get(), "sz", None if value is None else str(Length(value).centipoints))

    @property
    def underline(self):
        value = self._get().get("u")
        if value in (None, "none", "sng"):
            return None if value is None else value == "sng"
        return MSO_UNDERLINE.of(value)

    @underline.setter
    def underline(self, value):
        word = None if value is None else {True: "sng", False: "none"}[value] if isinstance(value, bool) else value.xml
        _attribute(self._get(), "u", word)

    @property
    def name(self):
        latin = self._get().find(qn("a:latin"))
        return None if latin is None else latin.get("typeface")

    @name.setter
    def name(self, value):
        if value is None:
            drop(self._get(), "a:latin")
        else:
            child(self._get(), "a:latin", _BEFORE_FONT).set("typeface", value)

    @property
    def fill(self):
        return FillFormat(self._get, ("a:ln",))

    @property
    def color(self):
        def solid():
            self.fill.solid()
            return self._get().find(qn("a:solidFill"))

        return ColorFormat(lambda: self._get().find(qn("a:solidFill")), solid)


def _attribute(element, name, value):
    if value is None:
        element.attrib.pop(name, None)
    else:
        element.set(name, value)


class _Hyperlink:
    def __init__(self, run):
        self._run = run

    def _link(self):
        return self._run._properties().find(qn("a:hlinkClick"))

    @property
    def address(self):
        link = self._link()
        return None if link is None else self._run._part.target_of(link.get(qn("r:id")))

    @address.setter
    def address(self, value):
        properties = self._run._properties()
        drop(properties, "a:hlinkClick")
        if value is not None:
            link = made("<a:hlinkClick/>")
            link.set(qn("r:id"), self._run._part.link_to(value))
            properties.append(link)


class _Run:
    def __init__(self, element, part):
        self._r, self._part = element, part

    def _properties(self):
        return child(self._r, "a:rPr")

    @property
    def font(self):
        return Font(self._properties)

    @property
    def hyperlink(self):
        return _Hyperlink(self)

    @property
    def text(self):
        return self._r.findtext(qn("a:t")) or ""

    @text.setter
    def text(self, value):
        child(self._r, "a:t", ("a:rPr",)).text = _plain(value)


def _plain(value):
    """Control characters, which XML has none of, are told as Office tells them."""
    return "".join(letter if letter >= " " or letter in "\t\n" else f"_x{ord(letter):04X}_" for letter in str(value))


class _Paragraph:
    def __init__(self, element, part):
        self._p, self._part = element, part

    _element = property(lambda self: self._p)

    def _properties(self):
        return child(self._p, "a:pPr")

    @property
    def runs(self):
        return tuple(_Run(one, self._part) for one in self._p.findall(qn("a:r")))

    def add_run(self):
        run = made("<a:r><a:t/></a:r>")
        self._append(run)
        return _Run(run, self._part)

    def add_line_break(self):
        self._append(made("<a:br/>"))

    def _append(self, element):
        end = self._p.find(qn("a:endParaRPr"))
        if end is None:
            self._p.append(element)
        else:
            end.addprevious(element)

    def clear(self):
        for one in list(self._p):
            if one.tag != qn("a:pPr"):
                self._p.remove(one)
        return self

    @property
    def text(self):
        return "".join("\v" if one.tag == qn("a:br") else one.findtext(qn("a:t")) or "" for one in self._p if one.tag in (qn("a:r"), qn("a:br"), qn("a:fld")))

    @text.setter
    def text(self, value):
        self.clear()
        for at, part in enumerate(str(value).replace("\n", "\v").split("\v")):
            if at:
                self.add_line_break()
            if part:
                self.add_run().text = part

    @property
    def font(self):
        return Font(lambda: child(self._properties(), "a:defRPr", (*_SPACES, "a:buNone", "a:buChar", "a:buAutoNum")))

    @property
    def alignment(self):
        return PP_ALIGN.of(self._properties().get("algn"))

    @alignment.setter
    def alignment(self, value):
        _attribute(self._properties(), "algn", None if value is None else PP_ALIGN(value).xml)

    @property
    def level(self):
        return int(self._properties().get("lvl", 0))

    @level.setter
    def level(self, value):
        if not 0 <= value <= 8:
            raise ValueError("level must be in range 0-8 inclusive")
        _attribute(self._properties(), "lvl", str(value) if value else None)

    def _spacing(name):
        order = _SPACES[: _SPACES.index(name)]

        def get(self):
            found = self._properties().find(qn(name))
            if found is None:
                return None
            return Centipoints(int(found[0].get("val"))) if found[0].tag == qn("a:spcPts") else int(found[0].get("val")) / 100000

        def put(self, value):
            drop(self._properties(), name)
            if value is not None:
                points = isinstance(value, Length)
                inner = f'<a:spcPts val="{value.centipoints}"/>' if points else f'<a:spcPct val="{round(value * 100000)}"/>'
                child(self._properties(), name, order).append(made(inner))

        return property(get, put)

    line_spacing, space_before, space_after = map(_spacing, _SPACES)
    del _spacing


class TextFrame:
    """The text of a shape or a cell; `body` is its `txBody`."""

    def __init__(self, body, part, properties=None):
        self._txBody, self._part = body, part
        self._bodyPr = body.find(qn("a:bodyPr")) if properties is None else properties

    @property
    def paragraphs(self):
        return tuple(_Paragraph(one, self._part) for one in self._txBody.findall(qn("a:p")))

    def add_paragraph(self):
        paragraph = made("<a:p/>")
        self._txBody.append(paragraph)
        return _Paragraph(paragraph, self._part)

    def clear(self):
        for one in self._txBody.findall(qn("a:p"))[1:]:
            self._txBody.remove(one)
        self.paragraphs[0].clear()

    @property
    def text(self):
        return "\n".join(one.text for one in self.paragraphs)

    @text.setter
    def text(self, value):
        self.clear()
        first, *others = str(value).split("\n")
        self.paragraphs[0].text = first
        for part in others:
            self.add_paragraph().text = part

    @property
    def word_wrap(self):
        return {"square": True, "none": False}.get(self._bodyPr.get("wrap"))

    @word_wrap.setter
    def word_wrap(self, value):
        _attribute(self._bodyPr, "wrap", None if value is None else "square" if value else "none")

    @property
    def auto_size(self):
        return next((one for one in MSO_AUTO_SIZE if self._bodyPr.find(qn(one.xml)) is not None), None)

    @auto_size.setter
    def auto_size(self, value):
        drop(self._bodyPr, *(one.xml for one in MSO_AUTO_SIZE))
        if value is not None:
            child(self._bodyPr, MSO_AUTO_SIZE(value).xml, ("a:prstTxWarp",))

    def fit_text(self, font_family="Calibri", max_size=18, bold=False, italic=False, font_file=None):
        """Sets a size, and has PowerPoint make it smaller where the text needs it."""
        for paragraph in self.paragraphs:
            for run in paragraph.runs:
                run.font.size, run.font.name, run.font.bold, run.font.italic = Pt(max_size), font_family, bold, italic
        self.word_wrap, self.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE

    @property
    def vertical_anchor(self):
        return MSO_ANCHOR.of(self._bodyPr.get("anchor"))

    @vertical_anchor.setter
    def vertical_anchor(self, value):
        _attribute(self._bodyPr, "anchor", None if value is None else MSO_ANCHOR(value).xml)

    def _margin(name, usual):
        def put(self, value):
            self._bodyPr.set(name, str(int(value)))

        return property(lambda self: Emu(int(self._bodyPr.get(name, usual))), put)

    margin_left, margin_right = _margin("lIns", 91440), _margin("rIns", 91440)
    margin_top, margin_bottom = _margin("tIns", 45720), _margin("bIns", 45720)
    del _margin
