"""A chart on a slide: title, legend, axes, series and labels."""

from .._enums import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from ..dml.fill import FillFormat, LineFormat
from ..oxml import child, drop, made, parse_xml, qn
from ..text.text import Font, TextFrame

_PLOTS = ("barChart", "lineChart", "areaChart", "pieChart", "doughnutChart", "radarChart", "scatterChart", "bubbleChart")
_FILLED = ("a:noFill", "a:solidFill", "a:gradFill")
_AXIS = ("c:axId", "c:scaling", "c:delete", "c:axPos", "c:majorGridlines", "c:minorGridlines", "c:title", "c:numFmt", "c:majorTickMark", "c:minorTickMark", "c:tickLblPos", "c:spPr", "c:txPr")
_SERIES = ("c:idx", "c:order", "c:tx", "c:spPr", "c:invertIfNegative", "c:explosion", "c:marker", "c:dPt", "c:dLbls")
_PLOT = ("c:barDir", "c:grouping", "c:radarStyle", "c:scatterStyle", "c:varyColors", "c:ser", "c:dLbls", "c:gapWidth")
_LABELS = ("c:dLbl", "c:numFmt", "c:spPr", "c:txPr", "c:dLblPos", "c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize")


def _before(order, name):
    return order[: order.index(name)]


def _font(parent, order):
    """The font in the `c:txPr` of an element."""

    def properties():
        text = parent().find(qn("c:txPr"))
        if text is None:
            text = child(parent(), "c:txPr", order)
            text.extend([made("<a:bodyPr/>"), made("<a:lstStyle/>"), made('<a:p><a:pPr><a:defRPr/></a:pPr><a:endParaRPr lang="en-US"/></a:p>')])
        return child(child(text.find(qn("a:p")), "a:pPr"), "a:defRPr")

    return Font(properties)


class _Format:
    """Fill and outline of what `parent` gives."""

    def __init__(self, parent, order):
        self._properties = lambda: child(parent(), "c:spPr", order)

    @property
    def fill(self):
        return FillFormat(self._properties)

    @property
    def line(self):
        return LineFormat(self._properties, _FILLED)


class Chart:
    def __init__(self, part):
        self.part = part
        self._chartSpace = part.root

    @property
    def _chart(self):
        return self._chartSpace.find(qn("c:chart"))

    @property
    def _area(self):
        return self._chart.find(qn("c:plotArea"))

    @property
    def font(self):
        return _font(lambda: self._chartSpace, ("c:date1904", "c:lang", "c:roundedCorners", "c:style", "c:clrMapOvr", "c:chart", "c:spPr"))

    @property
    def chart_type(self):
        plot = self.plots[0]._element
        element = plot.tag.partition("}")[2].removesuffix("Chart")
        value = lambda name: "-" if plot.find(qn(name)) is None else plot.find(qn(name)).get("val")
        grouping = value("c:scatterStyle") if element == "scatter" else value("c:grouping")
        alike = [one for one in XL_CHART_TYPE if one.xml.split()[:3] == [element, value("c:barDir"), grouping]]
        alike = alike or [one for one in XL_CHART_TYPE if one.xml.split()[0] == element]
        marked = any(one.get("val") != "none" for one in plot.iter(qn("c:symbol"))) or not list(plot.iter(qn("c:symbol")))
        return next((one for one in alike if one.xml.split()[-1] != "none") if marked and len(alike) > 1 else iter(alike), None)

    @property
    def has_title(self):
        return self._chart.find(qn("c:title")) is not None

    @has_title.setter
    def has_title(self, value):
        drop(self._chart, "c:title")
        child(self._chart, "c:autoTitleDeleted", ("c:title",)).set("val", str(int(not value)))
        if value:
            self._chart.insert(0, _title())

    @property
    def chart_title(self):
        if not self.has_title:
            self.has_title = True
        return _Title(self._chart.find(qn("c:title")), self.part)

    @property
    def has_legend(self):
        return self._chart.find(qn("c:legend")) is not None

    @has_legend.setter
    def has_legend(self, value):
        drop(self._chart, "c:legend")
        if value:
            legend = child(self._chart, "c:legend", ("c:title", "c:autoTitleDeleted", "c:plotArea"))
            legend.extend([made('<c:legendPos val="r"/>'), made("<c:layout/>"), made('<c:overlay val="0"/>')])

    @property
    def legend(self):
        return _Legend(self._chart.find(qn("c:legend"))) if self.has_legend else None

    @property
    def plots(self):
        return [_Plot(one, self) for one in self._area if one.tag in {qn(f"c:{name}") for name in _PLOTS}]

    @property
    def series(self):
        return [one for plot in self.plots for one in plot.series]

    def _axes(self, *names):
        return [one for one in self._area if one.tag in {qn(name) for name in names}]

    @property
    def category_axis(self):
        found = self._axes("c:catAx", "c:dateAx") or self._axes("c:valAx")
        if not found:
            raise ValueError("chart has no category axis")
        return Axis(found[0], self.part)

    @property
    def value_axis(self):
        found = self._axes("c:valAx")
        if not found:
            raise ValueError("chart has no value axis")
        return Axis(found[-1], self.part)

    def replace_data(self, chart_data):
        from .make import series_xml, workbook

        kind, plot = self.chart_type, self.plots[0]._element
        text = series_xml(kind, chart_data)
        names = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        made_new = list(parse_xml(f"<c:x {names}>{text}</c:x>"))
        styles = [one.find(qn("c:spPr")) for one in plot.findall(qn("c:ser"))]
        drop(plot, "c:ser")
        for series, style in zip(made_new, [*styles, *[None] * len(made_new)]):
            if style is not None and series.find(qn("c:spPr")) is None:
                series.find(qn("c:tx")).addnext(style)
            at = max((place for place, one in enumerate(plot, 1) if one.tag in {qn(name) for name in _before(_PLOT, "c:dLbls")}), default=0)
            plot.insert(at, series)
        for book in self.part.related("package"):
            book.blob = workbook(chart_data)


def _title():
    return made('<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr/></a:pPr></a:p></c:rich></c:tx><c:layout/><c:overlay val="0"/></c:title>')


class _Title:
    has_text_frame = True

    def __init__(self, element, part):
        self._element, self._part = element, part

    @property
    def text_frame(self):
        rich = self._element.find(f"{qn('c:tx')}/{qn('c:rich')}")
        if rich is None:
            drop(self._element, "c:tx")
            self._element.insert(0, _title()[0])
            rich = self._element[0][0]
        return TextFrame(rich, self._part)

    @property
    def format(self):
        return _Format(lambda: self._element, ("c:tx", "c:layout", "c:overlay"))


class _Legend:
    def __init__(self, element):
        self._element = element

    @property
    def position(self):
        found = self._element.find(qn("c:legendPos"))
        return XL_LEGEND_POSITION.RIGHT if found is None else XL_LEGEND_POSITION.of(found.get("val"))

    @position.setter
    def position(self, value):
        child(self._element, "c:legendPos").set("val", XL_LEGEND_POSITION(value).xml)

    @property
    def include_in_layout(self):
        found = self._element.find(qn("c:overlay"))
        return found is None or found.get("val") != "0"

    @include_in_layout.setter
    def include_in_layout(self, value):
        child(self._element, "c:overlay", ("c:legendPos", "c:layout")).set("val", str(int(bool(value))))

    @property
    def font(self):
        return _font(lambda: self._element, ("c:legendPos", "c:layout", "c:overlay", "c:spPr"))


class Axis:
    def __init__(self, element, part):
        self._element, self._part = element, part

    def _limit(name):
        def get(self):
            found = self._element.find(qn("c:scaling")).find(qn(name))
            return None if found is None else float(found.get("val"))

        def put(self, value):
            scaling = self._element.find(qn("c:scaling"))
            drop(scaling, name)
            if value is not None:
                child(scaling, name, ("c:logBase", "c:orientation", *(("c:max",) if name == "c:min" else ()))).set("val", repr(float(value)))

        return property(get, put)

    maximum_scale, minimum_scale = _limit("c:max"), _limit("c:min")
    del _limit

    def _has(name):
        def put(self, value):
            drop(self._element, name)
            if value:
                child(self._element, name, _before(_AXIS, name))

        return property(lambda self: self._element.find(qn(name)) is not None, put)

    has_major_gridlines, has_minor_gridlines = _has("c:majorGridlines"), _has("c:minorGridlines")
    del _has

    @property
    def major_gridlines(self):
        return type("Gridlines", (), {"format": _Format(lambda: child(self._element, "c:majorGridlines", _before(_AXIS, "c:majorGridlines")), ())})()

    @property
    def major_unit(self):
        found = self._element.find(qn("c:majorUnit"))
        return None if found is None else float(found.get("val"))

    @major_unit.setter
    def major_unit(self, value):
        drop(self._element, "c:majorUnit")
        if value is not None:
            child(self._element, "c:majorUnit", (*_AXIS, "c:crossAx", "c:crosses", "c:crossBetween")).set("val", repr(float(value)))

    @property
    def visible(self):
        return child(self._element, "c:delete", _before(_AXIS, "c:delete")).get("val") == "0"

    @visible.setter
    def visible(self, value):
        child(self._element, "c:delete", _before(_AXIS, "c:delete")).set("val", str(int(not value)))

    @property
    def reverse_order(self):
        return self._element.find(qn("c:scaling")).find(qn("c:orientation")).get("val") == "maxMin"

    @reverse_order.setter
    def reverse_order(self, value):
        child(self._element.find(qn("c:scaling")), "c:orientation", ("c:logBase",)).set("val", "maxMin" if value else "minMax")

    @property
    def has_title(self):
        return self._element.find(qn("c:title")) is not None

    @has_title.setter
    def has_title(self, value):
        drop(self._element, "c:title")
        if value:
            child(self._element, "c:title", _before(_AXIS, "c:title")).extend(list(_title()))

    @property
    def axis_title(self):
        if not self.has_title:
            self.has_title = True
        return _Title(self._element.find(qn("c:title")), self._part)

    @property
    def tick_labels(self):
        return _TickLabels(self._element)

    @property
    def tick_label_position(self):
        return XL_TICK_LABEL_POSITION.of(child(self._element, "c:tickLblPos", _before(_AXIS, "c:tickLblPos")).get("val"))

    @tick_label_position.setter
    def tick_label_position(self, value):
        child(self._element, "c:tickLblPos", _before(_AXIS, "c:tickLblPos")).set("val", value.xml)

    def _mark(name):
        def put(self, value):
            child(self._element, name, _before(_AXIS, name)).set("val", value.xml)

        return property(lambda self: self._element.find(qn(name)).get("val"), put)

    major_tick_mark, minor_tick_mark = _mark("c:majorTickMark"), _mark("c:minorTickMark")
    del _mark

    @property
    def format(self):
        return _Format(lambda: self._element, _before(_AXIS, "c:spPr"))


def _number_format(order):
    def get(self):
        found = self._element.find(qn("c:numFmt"))
        return "General" if found is None else found.get("formatCode")

    def put(self, value):
        found = child(self._element, "c:numFmt", order)
        found.set("formatCode", value)
        found.set("sourceLinked", "0")

    return property(get, put)


def _linked(order):
    def put(self, value):
        found = child(self._element, "c:numFmt", order)
        found.set("formatCode", found.get("formatCode", "General"))
        found.set("sourceLinked", str(int(bool(value))))

    return property(lambda self: self._element.find(qn("c:numFmt")) is None or self._element.find(qn("c:numFmt")).get("sourceLinked") == "1", put)


class _TickLabels:
    def __init__(self, element):
        self._element = element

    number_format = _number_format(_before(_AXIS, "c:numFmt"))
    number_format_is_linked = _linked(_before(_AXIS, "c:numFmt"))
    font = property(lambda self: _font(lambda: self._element, _before(_AXIS, "c:txPr")))


class _DataLabels:
    def __init__(self, element):
        self._element = element

    number_format = _number_format(_before(_LABELS, "c:numFmt"))
    number_format_is_linked = _linked(_before(_LABELS, "c:numFmt"))
    font = property(lambda self: _font(lambda: self._element, _before(_LABELS, "c:txPr")))

    def _shows(name):
        def put(self, value):
            child(self._element, name, _before(_LABELS, name)).set("val", str(int(bool(value))))

        return property(lambda self: child(self._element, name, _before(_LABELS, name)).get("val") == "1", put)

    show_legend_key, show_value, show_category_name = _shows("c:showLegendKey"), _shows("c:showVal"), _shows("c:showCatName")
    show_series_name, show_percentage = _shows("c:showSerName"), _shows("c:showPercent")
    del _shows

    @property
    def position(self):
        found = self._element.find(qn("c:dLblPos"))
        return None if found is None else XL_LABEL_POSITION.of(found.get("val"))

    @position.setter
    def position(self, value):
        drop(self._element, "c:dLblPos")
        if value is not None:
            child(self._element, "c:dLblPos", _before(_LABELS, "c:dLblPos")).set("val", value.xml)


def _labels(parent, order):
    labels = parent.find(qn("c:dLbls"))
    if labels is None:
        labels = child(parent, "c:dLbls", order)
        for name in _LABELS[5:]:
            child(labels, name, _before(_LABELS, name)).set("val", str(int(name == "c:showVal")))
    return labels


class _Plot:
    def __init__(self, element, chart):
        self._element, self._chart = element, chart

    @property
    def series(self):
        return [_Series(one) for one in self._element.findall(qn("c:ser"))]

    @property
    def categories(self):
        found = self._element.find(f"{qn('c:ser')}/{qn('c:cat')}")
        return [] if found is None else [one.text for one in found.iter(qn("c:v"))]

    @property
    def has_data_labels(self):
        return self._element.find(qn("c:dLbls")) is not None

    @has_data_labels.setter
    def has_data_labels(self, value):
        if value:
            _labels(self._element, _before(_PLOT, "c:dLbls"))
        else:
            drop(self._element, "c:dLbls")

    @property
    def data_labels(self):
        return _DataLabels(_labels(self._element, _before(_PLOT, "c:dLbls")))

    def _number(name, usual, order):
        def put(self, value):
            child(self._element, name, order).set("val", str(int(value)))

        def get(self):
            found = self._element.find(qn(name))
            return usual if found is None else int(found.get("val"))

        return property(get, put)

    gap_width = _number("c:gapWidth", 150, _before(_PLOT, "c:gapWidth"))
    overlap = _number("c:overlap", 0, _PLOT)
    del _number

    @property
    def vary_by_categories(self):
        found = self._element.find(qn("c:varyColors"))
        return found is None or found.get("val") != "0"

    @vary_by_categories.setter
    def vary_by_categories(self, value):
        child(self._element, "c:varyColors", _before(_PLOT, "c:varyColors")).set("val", str(int(bool(value))))


class _Series:
    def __init__(self, element):
        self._element = element

    @property
    def name(self):
        return next((one.text for one in self._element.find(qn("c:tx")).iter(qn("c:v"))), "")

    @property
    def values(self):
        found = self._element.find(qn("c:val"))
        found = self._element.find(qn("c:yVal")) if found is None else found
        count = int(next(found.iter(qn("c:ptCount"))).get("val"))
        known = {int(one.get("idx")): float(one.findtext(qn("c:v"))) for one in found.iter(qn("c:pt"))}
        return tuple(known.get(at) for at in range(count))

    @property
    def format(self):
        return _Format(lambda: self._element, _before(_SERIES, "c:spPr"))

    @property
    def data_labels(self):
        return _DataLabels(_labels(self._element, _before(_SERIES, "c:dLbls")))

    @property
    def points(self):
        return _Points(self._element)

    @property
    def smooth(self):
        found = self._element.find(qn("c:smooth"))
        return found is not None and found.get("val") == "1"

    @smooth.setter
    def smooth(self, value):
        found = self._element.find(qn("c:smooth"))
        if found is None:
            found = made("<c:smooth/>")
            self._element.append(found)
        found.set("val", str(int(bool(value))))


class _Points:
    def __init__(self, series):
        self._series = series

    def __len__(self):
        return len(_Series(self._series).values)

    def __getitem__(self, at):
        def point():
            for one in self._series.findall(qn("c:dPt")):
                if one.find(qn("c:idx")).get("val") == str(at):
                    return one
            new = made(f'<c:dPt><c:idx val="{at}"/></c:dPt>')
            place = max((place for place, one in enumerate(self._series, 1) if one.tag in {qn(name) for name in _SERIES[:8]}), default=0)
            self._series.insert(place, new)
            return new

        return type("Point", (), {"format": _Format(point, ("c:idx", "c:invertIfNegative", "c:marker", "c:bubble3D", "c:explosion"))})()
