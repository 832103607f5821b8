"""What an area or a line is filled with."""

from .._enums import MSO_COLOR_TYPE, MSO_FILL, MSO_LINE, MSO_THEME_COLOR
from ..oxml import child, drop, made, qn
from ..util import Emu
from .color import RGBColor

_FILLS = ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill")


class ColorFormat:
    """The colour in an element such as `a:solidFill`, which `get` gives; where there is none, `make` makes it."""

    def __init__(self, get, make):
        self._get, self._make = get, make

    def _color(self, name):
        parent = self._get()
        return None if parent is None else parent.find(qn(name))

    @property
    def type(self):
        if self._color("a:srgbClr") is not None:
            return MSO_COLOR_TYPE.RGB
        return MSO_COLOR_TYPE.SCHEME if self._color("a:schemeClr") is not None else None

    @property
    def rgb(self):
        color = self._color("a:srgbClr")
        return None if color is None else RGBColor.from_string(color.get("val"))

    @rgb.setter
    def rgb(self, value):
        self._put("a:srgbClr", str(value))

    @property
    def theme_color(self):
        color = self._color("a:schemeClr")
        return None if color is None else MSO_THEME_COLOR.of(color.get("val"))

    @theme_color.setter
    def theme_color(self, value):
        self._put("a:schemeClr", value.xml)

    def _put(self, name, value):
        parent = self._make()
        for one in list(parent):
            parent.remove(one)
        parent.append(made(f'<{name} val="{value}"/>'))

    @property
    def brightness(self):
        color = self._any()
        if color is None or color.find(qn("a:lumMod")) is None:
            return 0
        share, more = int(color.find(qn("a:lumMod")).get("val")) / 100000, color.find(qn("a:lumOff"))
        return share - 1 if more is None else int(more.get("val")) / 100000

    @brightness.setter
    def brightness(self, value):
        if not -1 <= value <= 1:
            raise ValueError("brightness must be number in range -1.0 to 1.0")
        color = self._any()
        if color is None:
            raise ValueError("can't set brightness when color.type is None. Set color.rgb or .theme_color first.")
        drop(color, "a:lumMod", "a:lumOff")
        if value:
            color.append(made(f'<a:lumMod val="{round((1 - abs(value)) * 100000)}"/>'))
        if value > 0:
            color.append(made(f'<a:lumOff val="{round(value * 100000)}"/>'))

    def _any(self):
        found = self._color("a:srgbClr")
        return self._color("a:schemeClr") if found is None else found


class FillFormat:
    """The fill below an element; `order` are the names that the schema has before it."""

    def __init__(self, parent, order=()):
        self._parent, self._order = parent, order

    @property
    def _element(self):
        parent = self._parent()
        return next((one for one in parent if one.tag in {qn(name) for name in _FILLS}), None)

    def _put(self, name):
        parent = self._parent()
        drop(parent, *_FILLS)
        return child(parent, name, self._order)

    @property
    def type(self):
        found = self._element
        kinds = {"solidFill": MSO_FILL.SOLID, "noFill": MSO_FILL.BACKGROUND, "gradFill": MSO_FILL.GRADIENT, "pattFill": MSO_FILL.PATTERNED, "blipFill": MSO_FILL.PICTURE}
        return None if found is None else kinds.get(found.tag.partition("}")[2])

    def solid(self):
        if self.type != MSO_FILL.SOLID:
            self._put("a:solidFill")

    def background(self):
        self._put("a:noFill")

    def gradient(self):
        self._put("a:gradFill").extend(
            made(text)
            for text in (
                '<a:gsLst><a:gs pos="0"><a:schemeClr val="accent1"/></a:gs><a:gs pos="100000"><a:schemeClr val="accent1"><a:lumMod val="60000"/></a:schemeClr></a:gs></a:gsLst>',
                '<a:lin ang="5400000" scaled="0"/>',
            )
        )

    @property
    def gradient_stops(self):
        stops = self._element.find(qn("a:gsLst"))
        return [_Stop(one) for one in stops]

    @property
    def gradient_angle(self):
        return int(self._element.find(qn("a:lin")).get("ang", 0)) / 60000

    @gradient_angle.setter
    def gradient_angle(self, value):
        child(self._element, "a:lin", ("a:gsLst",)).set("ang", str(round(value * 60000)))

    @property
    def fore_color(self):
        if self.type != MSO_FILL.SOLID:
            raise TypeError("fill type has no foreground color, call .solid() first")
        return ColorFormat(lambda: self._element, lambda: self._element)


class _Stop:
    def __init__(self, element):
        self._element = element

    @property
    def position(self):
        return int(self._element.get("pos")) / 100000

    @position.setter
    def position(self, value):
        self._element.set("pos", str(round(value * 100000)))

    @property
    def color(self):
        return ColorFormat(lambda: self._element, lambda: self._element)


class LineFormat:
    """An outline, in the properties of a shape that `parent` gives."""

    def __init__(self, parent, order=()):
        self._parent, self._order = parent, order

    def _line(self, make=True):
        return child(self._parent(), "a:ln", self._order, make)

    @property
    def fill(self):
        return FillFormat(self._line)

    @property
    def color(self):
        def solid():
            self.fill.solid()
            return self._line().find(qn("a:solidFill"))

        return ColorFormat(lambda: self._line().find(qn("a:solidFill")), solid)

    @property
    def width(self):
        line = self._line(make=False)
        return Emu(0 if line is None else int(line.get("w", 0)))

    @width.setter
    def width(self, value):
        self._line().set("w", str(int(value or 0)))

    @property
    def dash_style(self):
        line = self._line(make=False)
        dash = None if line is None else line.find(qn("a:prstDash"))
        return None if dash is None else MSO_LINE.of(dash.get("val"))

    @dash_style.setter
    def dash_style(self, value):
        line = self._line()
        drop(line, "a:prstDash")
        if value is not None:
            child(line, "a:prstDash", _FILLS).set("val", value.xml)
