"""A chart's XML, and the workbook in which PowerPoint shows its numbers."""

import datetime
import io
from xml.sax.saxutils import escape

from .._enums import XL_CHART_TYPE
from ..oxml import parse_xml
from ..package import Part

_NS = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_TEXT = '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1800"/></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>'
_DAY_ZERO = datetime.datetime(1899, 12, 30)


def chart_part(package, kind, data):
    """A new part with a chart, and one with its workbook."""
    part = Part(package.free_name("/ppt/charts/chart%d.xml"), "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
    part.root = parse_xml(chart_xml(XL_CHART_TYPE(kind), data))
    name = package.free_name("/ppt/embeddings/Microsoft_Excel_Sheet%d.xlsx")
    book = Part(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook(data))
    key = part.relate("package", book)
    part.root.append(parse_xml(f'<c:externalData {_NS} r:id="{key}"><c:autoUpdate val="0"/></c:externalData>'))
    return part


def _is_points(data):
    return any(isinstance(value, tuple) for series in data for value in series.values)


def workbook(data):
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    if _is_points(data):
        row = 0
        for series in data:
            sheet.write(row, 1, series.name)
            for at, point in enumerate(series.values, row + 1):
                sheet.write_row(at, 0, point)
            row += len(series.values) + 2
    else:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, label in enumerate(data.categories, 1):
            if isinstance(label, (datetime.date, datetime.datetime)):
                sheet.write_datetime(at, 0, label, day)
            else:
                sheet.write(at, 0, label)
        for column, series in enumerate(data, 1):
            sheet.write(0, column, series.name)
            for at, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write(at, column, value)
    book.close()
    return out.getvalue()


def _column(number):
    name = ""
    while number >= 0:
        name = chr(65 + number % 26) + name
        number = number // 26 - 1
    return name


def _numbers(tag, values, formula, number_format="General"):
    points = "".join(f'<c:pt idx="{at}"><c:v>{float(value)!r}</c:v></c:pt>' for at, value in enumerate(values) if value is not None and value == value)
    return f'<c:{tag}><c:numRef><c:f>{formula}</c:f><c:numCache><c:formatCode>{escape(number_format)}</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></c:{tag}>'


def _name(at, series, formula):
    return f'<c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>{formula}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(series.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'


def _serial(value):
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime.combine(value, datetime.time())
    return (moment - _DAY_ZERO) / datetime.timedelta(days=1)


def _categories(data):
    labels, last = data.categories, len(data.categories) + 1
    if not labels:
        return ""
    formula = f"Sheet1!$A$2:$A${last}"
    if all(isinstance(label, datetime.date) for label in labels):
        return _numbers("cat", [_serial(label) for label in labels], formula, "yyyy\\-mm\\-dd")
    if all(isinstance(label, (int, float)) and not isinstance(label, bool) for label in labels):
        return _numbers("cat", labels, formula)
    points = "".join(f'<c:pt idx="{at}"><c:v>{escape(str(label))}</c:v></c:pt>' for at, label in enumerate(labels))
    return f'<c:cat><c:strRef><c:f>{formula}</c:f><c:strCache><c:ptCount val="{len(labels)}"/>{points}</c:strCache></c:strRef></c:cat>'


def series_xml(kind, data):
    """The `c:ser` of each series."""
    element, _, _, style = kind.xml.split()[0], *kind.xml.split()[1:], *("-",) * (4 - len(kind.xml.split()))
    if _is_points(data):
        return _points_xml(element, style, data)
    out = []
    for at, series in enumerate(data):
        column = _column(at + 1)
        marks = '<c:marker><c:symbol val="none"/></c:marker>' if style == "none" else ""
        explosion = '<c:explosion val="25"/>' if kind == XL_CHART_TYPE.PIE_EXPLODED else ""
        turned = '<c:invertIfNegative val="0"/>' if element == "bar" else ""
        values = _numbers("val", series.values, f"Sheet1!${column}$2:${column}${len(series.values) + 1}", series.number_format)
        smooth = '<c:smooth val="0"/>' if element == "line" else ""
        out.append(f"<c:ser>{_name(at, series, f'Sheet1!${column}$1')}{turned}{explosion}{marks}{_categories(data)}{values}{smooth}</c:ser>")
    return "".join(out)


def _points_xml(element, style, data):
    out, row = [], 1
    for at, series in enumerate(data):
        first, last = row + 1, row + len(series.values)
        line = '<c:spPr><a:ln w="47625"><a:noFill/></a:ln></c:spPr>' if style == "points" else ""
        marks = '<c:marker><c:symbol val="none"/></c:marker>' if style == "none" else ""
        parts = [("xVal", "A", 0), ("yVal", "B", 1), *([("bubbleSize", "C", 2)] if element == "bubble" else [])]
        values = "".join(_numbers(tag, [point[place] for point in series.values], f"Sheet1!${column}${first}:${column}${last}") for tag, column, place in parts)
        out.append(f"<c:ser>{_name(at, series, f'Sheet1!$B${row}')}{line}{marks}{values}{'<c:smooth val=\"0\"/>' if element == 'scatter' else ''}</c:ser>")
        row = last + 2
    return "".join(out)


def chart_xml(kind, data):
    words = kind.xml.split()
    element, direction, grouping = words[:3]
    series = series_xml(kind, data)
    colors = f'<c:varyColors val="{int(element in ("pie", "doughnut"))}"/>'
    axes = '<c:axId val="2118791784"/><c:axId val="2140495176"/>'
    if element == "bar":
        overlap = '<c:overlap val="100"/>' if grouping != "clustered" else ""
        plot = f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/>{colors}{series}<c:gapWidth val="150"/>{overlap}{axes}</c:barChart>'
    elif element == "line":
        plot = f'<c:lineChart><c:grouping val="{grouping}"/>{colors}{series}<c:marker val="1"/>{axes}</c:lineChart>'
    elif element == "area":
        plot = f'<c:areaChart><c:grouping val="{grouping}"/>{colors}{series}{axes}</c:areaChart>'
    elif element == "pie":
        plot = f'<c:pieChart>{colors}{series}<c:firstSliceAng val="0"/></c:pieChart>'
    elif element == "doughnut":
        plot = f'<c:doughnutChart>{colors}{series}<c:firstSliceAng val="0"/><c:holeSize val="50"/></c:doughnutChart>'
    elif element == "radar":
        plot = f'<c:radarChart><c:radarStyle val="{"filled" if grouping == "filled" else "marker"}"/>{colors}{series}{axes}</c:radarChart>'
    elif element == "bubble":
        plot = f'<c:bubbleChart>{colors}{series}<c:bubbleScale val="100"/><c:showNegBubbles val="0"/>{axes}</c:bubbleChart>'
    else:
        plot = f'<c:scatterChart><c:scatterStyle val="{grouping}"/>{colors}{series}{axes}</c:scatterChart>'
    if element not in ("pie", "doughnut"):
        plot += _axes_xml(element, direction)
    lone = len(data) == 1
    return (
        f'<c:chartSpace {_NS}><c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="{0 if lone else 1}"/><c:plotArea><c:layout/>{plot}</c:plotArea>'
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{_TEXT}</c:chartSpace>'
    )


def _axes_xml(element, direction):
    below, beside = ("l", "b") if direction == "bar" else ("b", "l")
    same = '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
    head = lambda number, place: f'<c:axId val="{number}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="{place}"/>'
    if element in ("scatter", "bubble"):
        first = f'<c:valAx>{head(2118791784, "b")}{same}<c:crossAx val="2140495176"/><c:crosses val="autoZero"/><c:crossBetween val="midCat"/></c:valAx>'
    else:
        first = f'<c:catAx>{head(2118791784, below)}{same}<c:crossAx val="2140495176"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
    between = "midCat" if element in ("scatter", "bubble", "area") else "between"
    return first + f'<c:valAx>{head(2140495176, beside)}<c:majorGridlines/>{same}<c:crossAx val="2118791784"/><c:crosses val="autoZero"/><c:crossBetween val="{between}"/></c:valAx>'
