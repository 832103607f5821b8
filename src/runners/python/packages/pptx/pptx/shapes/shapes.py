"""Shapes: what each of them is, and how to add one."""

import copy
import io
import os

from .._enums import MSO_CONNECTOR, MSO_SHAPE, MSO_SHAPE_TYPE, PP_PLACEHOLDER
from ..dml.fill import FillFormat, LineFormat
from ..oxml import child, made, qn
from ..package import Part
from ..text.text import TextFrame
from ..util import Emu
from .table import Table, table_of

_IN_SHAPE = ("a:xfrm", "a:custGeom", "a:prstGeom")
_FILLED = (*_IN_SHAPE, "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill")
_STYLE = (
    '<p:style><a:lnRef idx="1"><a:schemeClr val="accent1"/></a:lnRef><a:fillRef idx="3"><a:schemeClr val="accent1"/></a:fillRef>'
    '<a:effectRef idx="2"><a:schemeClr val="accent1"/></a:effectRef><a:fontRef idx="minor"><a:schemeClr val="lt1"/></a:fontRef></p:style>'
)
_GRAPHIC = "http://schemas.openxmlformats.org/drawingml/2006/"


class BaseShape:
    """Anything on a slide; `_element` is its XML, which may be changed."""

    has_text_frame = has_table = has_chart = False
    shape_type = None

    def __init__(self, element, slide):
        self._element, self._slide = element, slide

    @property
    def part(self):
        return self._slide.part

    @property
    def element(self):
        return self._element

    @property
    def _facts(self):
        return self._element[0].find(qn("p:cNvPr"))

    @property
    def shape_id(self):
        return int(self._facts.get("id"))

    @property
    def name(self):
        return self._facts.get("name")

    @name.setter
    def name(self, value):
        self._facts.set("name", value)

    @property
    def _ph(self):
        return self._element[0].find(f"{qn('p:nvPr')}/{qn('p:ph')}")

    @property
    def is_placeholder(self):
        return self._ph is not None

    @property
    def placeholder_format(self):
        if self._ph is None:
            raise ValueError("shape is not a placeholder")
        return _PlaceholderFormat(self._ph)

    def _properties(self):
        return child(self._element, "p:spPr", ("p:nvSpPr", "p:nvPicPr", "p:nvCxnSpPr", "p:blipFill"))

    def _xfrm(self, make=False):
        return child(self._properties(), "a:xfrm", (), make)

    def _inherited(self):
        return None

    def _length(outer, name):
        tag = "a:off" if outer == "off" else "a:ext"

        def get(self):
            xfrm = self._xfrm()
            if xfrm is None or xfrm.find(qn(tag)) is None:
                other = self._inherited()
                return None if other is None else getattr(other, {"x": "left", "y": "top", "cx": "width", "cy": "height"}[name])
            return Emu(int(xfrm.find(qn(tag)).get(name)))

        def put(self, value):
            before = (self.left, self.top, self.width, self.height)
            xfrm = self._xfrm(make=True)
            for inner, names, values in (("a:off", ("x", "y"), before[:2]), ("a:ext", ("cx", "cy"), before[2:])):
                if xfrm.find(qn(inner)) is None:
                    one = child(xfrm, inner, ("a:off",))
                    for key, length in zip(names, values):
                        one.set(key, str(int(length or 0)))
            xfrm.find(qn(tag)).set(name, str(int(value)))

        return property(get, put)

    left, top = _length("off", "x"), _length("off", "y")
    width, height = _length("ext", "cx"), _length("ext", "cy")
    del _length

    @property
    def rotation(self):
        xfrm = self._xfrm()
        return 0.0 if xfrm is None else int(xfrm.get("rot", 0)) / 60000

    @rotation.setter
    def rotation(self, value):
        self._xfrm(make=True).set("rot", str(round(value * 60000) % 21600000))

    @property
    def click_action(self):
        return _Click(self)


class _Click:
    """What a press on a shape does: `hyperlink.address`."""

    def __init__(self, shape):
        self._shape = shape
        self.hyperlink = self

    @property
    def address(self):
        link = self._shape._facts.find(qn("a:hlinkClick"))
        return None if link is None else self._shape.part.target_of(link.get(qn("r:id")))

    @address.setter
    def address(self, value):
        child(self._shape._facts, "a:hlinkClick").set(qn("r:id"), self._shape.part.link_to(value))


class _PlaceholderFormat:
    def __init__(self, ph):
        self._ph = ph

    @property
    def idx(self):
        return int(self._ph.get("idx", 0))

    @property
    def type(self):
        return PP_PLACEHOLDER.of(self._ph.get("type", "obj"))


class Shape(BaseShape):
    """A shape with text: a text box, a drawn shape, a placeholder."""

    has_text_frame = True

    @property
    def shape_type(self):
        if self.is_placeholder:
            return MSO_SHAPE_TYPE.PLACEHOLDER
        return MSO_SHAPE_TYPE.TEXT_BOX if self._element[0].find(qn("p:cNvSpPr")).get("txBox") else MSO_SHAPE_TYPE.AUTO_SHAPE

    @property
    def auto_shape_type(self):
        return MSO_SHAPE.of(self._properties().find(qn("a:prstGeom")).get("prst"))

    @property
    def adjustments(self):
        return _Adjustments(self._properties().find(qn("a:prstGeom")))

    @property
    def text_frame(self):
        body = self._element.find(qn("p:txBody"))
        if body is None:
            body = made("<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody>")
            self._element.append(body)
        return TextFrame(body, self.part)

    @property
    def text(self):
        return self.text_frame.text

    @text.setter
    def text(self, value):
        self.text_frame.text = value

    @property
    def fill(self):
        return FillFormat(self._properties, _IN_SHAPE)

    @property
    def line(self):
        return LineFormat(self._properties, _FILLED)

    @property
    def shadow(self):
        return _Shadow(self)

    def _inherited(self):
        return self._slide._layout_placeholder(self._ph) if self._ph is not None else None

    def _replaced(self, add, *args):
        """A placeholder's place, given to what is put into it."""
        added = add(*args, self.left, self.top, self.width, self.height)
        self._element.getparent().remove(self._element)
        return added

    def insert_picture(self, image_file):
        return self._replaced(self._slide.shapes.add_picture, image_file)

    def insert_table(self, rows, cols):
        return self._replaced(self._slide.shapes.add_table, rows, cols)

    def insert_chart(self, chart_type, chart_data):
        shapes = self._slide.shapes
        return self._replaced(lambda *place: shapes.add_chart(chart_type, *place, chart_data))


class _Adjustments:
    """How far the handles of a drawn shape are moved, as shares of its size."""

    def __init__(self, geometry):
        self._geometry = geometry

    def _guides(self):
        return [] if self._geometry.find(qn("a:avLst")) is None else list(self._geometry.find(qn("a:avLst")))

    def __len__(self):
        return len(self._guides())

    def __getitem__(self, at):
        return int(self._guides()[at].get("fmla").split()[1]) / 100000

    def __setitem__(self, at, value):
        listed = child(self._geometry, "a:avLst")
        while len(listed) <= at:
            number = len(listed) + 1
            only = self._geometry.get("prst") in ("roundRect", "bevel", "can", "cube", "frame", "donut", "triangle", "chevron", "homePlate")
            listed.append(made(f'<a:gd name="{"adj" if only else f"adj{number}"}" fmla="val 50000"/>'))
        listed[at].set("fmla", f"val {round(value * 100000)}")


class _Shadow:
    def __init__(self, shape):
        self._shape = shape

    @property
    def inherit(self):
        return self._shape._properties().find(qn("a:effectLst")) is None

    @inherit.setter
    def inherit(self, value):
        properties = self._shape._properties()
        found = properties.find(qn("a:effectLst"))
        if value and found is not None:
            properties.remove(found)
        elif not value:
            child(properties, "a:effectLst", (*_FILLED, "a:ln"))


class Picture(BaseShape):
    shape_type = MSO_SHAPE_TYPE.PICTURE

    @property
    def line(self):
        return LineFormat(self._properties, _FILLED)

    @property
    def image(self):
        blip = self._element.find(f"{qn('p:blipFill')}/{qn('a:blip')}")
        return _Image(self.part.target_of(blip.get(qn("r:embed"))))

    def _crop(side):
        def get(self):
            source = self._element.find(qn("p:blipFill")).find(qn("a:srcRect"))
            return 0.0 if source is None else int(source.get(side, 0)) / 100000

        def put(self, value):
            child(self._element.find(qn("p:blipFill")), "a:srcRect", ("a:blip",)).set(side, str(round(value * 100000)))

        return property(get, put)

    crop_left, crop_top, crop_right, crop_bottom = map(_crop, "ltrb")
    del _crop


class _Image:
    def __init__(self, part):
        self.blob, self.content_type = part.blob, part.content_type
        self.ext = os.path.splitext(part.name)[1][1:]
        self.filename = os.path.basename(part.name)


class Connector(BaseShape):
    shape_type = MSO_SHAPE_TYPE.LINE

    @property
    def line(self):
        return LineFormat(self._properties, _FILLED)

    begin_x = property(lambda self: Emu(self.left + (self.width if self._turned("flipH") else 0)))
    begin_y = property(lambda self: Emu(self.top + (self.height if self._turned("flipV") else 0)))
    end_x = property(lambda self: Emu(self.left + (0 if self._turned("flipH") else self.width)))
    end_y = property(lambda self: Emu(self.top + (0 if self._turned("flipV") else self.height)))

    def _turned(self, name):
        return self._xfrm().get(name) == "1"


class GraphicFrame(BaseShape):
    """Holds a table or a chart."""

    def _xfrm(self, make=False):
        return child(self._element, "p:xfrm", ("p:nvGraphicFramePr",), make)

    @property
    def _graphic(self):
        return self._element.find(f"{qn('a:graphic')}/{qn('a:graphicData')}")

    has_table = property(lambda self: self._graphic.get("uri") == _GRAPHIC + "table")
    has_chart = property(lambda self: self._graphic.get("uri") == _GRAPHIC + "chart")

    @property
    def shape_type(self):
        return MSO_SHAPE_TYPE.TABLE if self.has_table else MSO_SHAPE_TYPE.CHART if self.has_chart else None

    @property
    def table(self):
        if not self.has_table:
            raise ValueError("shape does not contain a table")
        return Table(self._graphic.find(qn("a:tbl")), self)

    @property
    def chart(self):
        from ..chart.chart import Chart

        if not self.has_chart:
            raise ValueError("shape does not contain a chart")
        return Chart(self.part.target_of(self._graphic.find(qn("c:chart")).get(qn("r:id"))))


class GroupShape(BaseShape):
    shape_type = MSO_SHAPE_TYPE.GROUP

    def _properties(self):
        return self._element.find(qn("p:grpSpPr"))

    @property
    def shapes(self):
        return _Shapes(self._element, self._slide)


_KINDS = {qn("p:sp"): Shape, qn("p:pic"): Picture, qn("p:cxnSp"): Connector, qn("p:graphicFrame"): GraphicFrame, qn("p:grpSp"): GroupShape}


class _Shapes:
    """The shapes of a slide, a layout or a group, from back to front."""

    def __init__(self, tree, slide):
        self._spTree, self._slide = tree, slide

    _element = property(lambda self: self._spTree)

    def __iter__(self):
        return iter([_KINDS[one.tag](one, self._slide) for one in self._spTree if one.tag in _KINDS])

    def __len__(self):
        return len(list(iter(self)))

    def __getitem__(self, at):
        return list(self)[at]

    def index(self, shape):
        return [one._element for one in self].index(shape._element)

    @property
    def title(self):
        return next((one for one in self if one.is_placeholder and one._ph.get("type") in ("title", "ctrTitle")), None)

    @property
    def placeholders(self):
        return self._slide.placeholders

    def _next_id(self):
        return max((int(one.get("id", 0)) for one in self._spTree.iter(qn("p:cNvPr"))), default=1) + 1

    def _added(self, kind, text):
        element = made(text)
        end = self._spTree.find(qn("p:extLst"))
        if end is None:
            self._spTree.append(element)
        else:
            end.addprevious(element)
        return kind(element, self._slide)

    def add_textbox(self, left, top, width, height):
        number = self._next_id()
        return self._added(
            Shape,
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="TextBox {number - 1}"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>{_placed(left, top, width, height)}'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="none"><a:spAutoFit/></a:bodyPr><a:lstStyle/><a:p/></p:txBody></p:sp>',
        )

    def add_shape(self, autoshape_type_id, left, top, width, height):
        number, kind = self._next_id(), MSO_SHAPE(autoshape_type_id)
        label = kind.name.replace("_", " ").title()
        return self._added(
            Shape,
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{label} {number - 1}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{_placed(left, top, width, height)}<a:prstGeom prst="{kind.xml}"><a:avLst/></a:prstGeom></p:spPr>'
            f'{_STYLE}<p:txBody><a:bodyPr rtlCol="0" anchor="ctr"/><a:lstStyle/><a:p><a:pPr algn="ctr"/></a:p></p:txBody></p:sp>',
        )

    def add_connector(self, connector_type, begin_x, begin_y, end_x, end_y):
        number, kind = self._next_id(), MSO_CONNECTOR(connector_type)
        turned = (' flipH="1"' if end_x < begin_x else "") + (' flipV="1"' if end_y < begin_y else "")
        place = _placed(min(begin_x, end_x), min(begin_y, end_y), abs(end_x - begin_x), abs(end_y - begin_y)).replace("<a:xfrm", f"<a:xfrm{turned}", 1)
        style = '<p:style><a:lnRef idx="2"><a:schemeClr val="accent1"/></a:lnRef><a:fillRef idx="0"><a:schemeClr val="accent1"/></a:fillRef><a:effectRef idx="1"><a:schemeClr val="accent1"/></a:effectRef><a:fontRef idx="minor"><a:schemeClr val="tx1"/></a:fontRef></p:style>'
        return self._added(Connector, f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="{number}" name="Connector {number - 1}"/><p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>{place}<a:prstGeom prst="{kind.xml}"><a:avLst/></a:prstGeom></p:spPr>{style}</p:cxnSp>')

    def add_picture(self, image_file, left, top, width=None, height=None):
        part, size = self._slide.image_part(image_file)
        if width is None and height is None:
            width, height = size
        elif width is None:
            width = round(size[0] * height / size[1])
        elif height is None:
            height = round(size[1] * width / size[0])
        number = self._next_id()
        return self._added(
            Picture,
            f'<p:pic><p:nvPicPr><p:cNvPr id="{number}" name="Picture {number - 1}"/><p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="{self._slide.part.relate("image", part)}"/>'
            f'<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{_placed(left, top, width, height)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>',
        )

    def _add_graphic(self, name, uri, inner, left, top, width, height):
        number = self._next_id()
        place = _placed(left, top, width, height).replace("a:xfrm", "p:xfrm")
        return self._added(
            GraphicFrame,
            f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name="{name} {number - 1}"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{place}'
            f'<a:graphic><a:graphicData uri="{_GRAPHIC}{uri}">{inner}</a:graphicData></a:graphic></p:graphicFrame>',
        )

    def add_table(self, rows, cols, left, top, width, height):
        return self._add_graphic("Table", "table", table_of(rows, cols, width, height), left, top, width, height)

    def add_chart(self, chart_type, x, y, cx, cy, chart_data):
        from ..chart.make import chart_part

        part = chart_part(self._slide.package, chart_type, chart_data)
        return self._add_graphic("Chart", "chart", f'<c:chart r:id="{self._slide.part.relate("chart", part)}"/>', x, y, cx, cy)

    def clone(self, placeholders):
        """Placeholders of a layout, as a new slide has them: empty, and in the layout's place."""
        for one in placeholders:
            number = self._next_id()
            ph = copy.deepcopy(one._ph)
            names = {"title": "Title", "ctrTitle": "Title", "subTitle": "Subtitle", "body": "Text Placeholder", "pic": "Picture Placeholder", "chart": "Chart Placeholder", "tbl": "Table Placeholder"}
            name = names.get(ph.get("type", "obj"), "Content Placeholder")
            name = f"Vertical {name}" if ph.get("orient") == "vert" else name
            shape = self._added(
                Shape,
                f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name} {number - 1}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>',
            )
            shape._element[0].find(qn("p:nvPr")).append(ph)


def _placed(left, top, width, height):
    return f'<a:xfrm><a:off x="{int(left)}" y="{int(top)}"/><a:ext cx="{int(width)}" cy="{int(height)}"/></a:xfrm>'


def read_image(image_file):
    """(bytes, file ending, media type, (width, height) as it is to be shown) of an image, by its own resolution or 72 dots an inch."""
    from PIL import Image

    if isinstance(image_file, (str, os.PathLike)):
        with open(image_file, "rb") as file:
            data = file.read()
    else:
        image_file.seek(0)
        data = image_file.read()
    with Image.open(io.BytesIO(data)) as image:
        kind = image.format
        if kind not in ("PNG", "JPEG", "GIF", "BMP", "TIFF"):
            raise ValueError(f"unsupported image format, expected one of: BMP, GIF, JPEG, PNG, TIFF, got '{kind}'")
        dots = image.info.get("dpi", (72, 72))
        size = tuple(round(914400 * pixels / (int(round(float(each))) or 72)) for pixels, each in zip(image.size, dots))
    ending = {"JPEG": "jpg", "TIFF": "tiff"}.get(kind, kind.lower())
    return data, ending, f"image/{'jpeg' if kind == 'JPEG' else kind.lower()}", size


def image_part(package, image_file):
    data, ending, kind, size = read_image(image_file)
    known = next((part for part in package.parts() if part.blob == data and part.name.startswith("/ppt/media/")), None)
    return known or Part(package.free_name("/ppt/media/image%d." + ending), kind, data), size
