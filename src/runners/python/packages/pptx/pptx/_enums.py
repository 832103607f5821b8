"""Numbered choices: `PP_ALIGN.CENTER` and the like, each with the word that the file has for it."""

import enum


def _words(name, **words):
    """An enumeration: a number and a word of the file for each member."""

    class Base(int, enum.Enum):
        def __new__(cls, number, word):
            member = int.__new__(cls, number)
            member._value_ = number
            member.xml = word
            return member

        def __str__(self):
            return f"{self.name} ({int(self)})"

        @classmethod
        def of(cls, word):
            return next((member for member in cls if member.xml == word), None)

    return Base(name, {key: value if isinstance(value, tuple) else (at, value) for at, (key, value) in enumerate(words.items(), 1)})


PP_ALIGN = _words("PP_ALIGN", LEFT=(1, "l"), CENTER=(2, "ctr"), RIGHT=(3, "r"), JUSTIFY=(4, "just"), DISTRIBUTE=(5, "dist"), THAI_DISTRIBUTE=(6, "thaiDist"), JUSTIFY_LOW=(7, "justLow"))
MSO_ANCHOR = _words("MSO_ANCHOR", TOP=(1, "t"), MIDDLE=(3, "ctr"), BOTTOM=(4, "b"))
MSO_AUTO_SIZE = _words("MSO_AUTO_SIZE", NONE=(0, "a:noAutofit"), SHAPE_TO_FIT_TEXT=(1, "a:spAutoFit"), TEXT_TO_FIT_SHAPE=(2, "a:normAutofit"))
MSO_UNDERLINE = _words("MSO_UNDERLINE", NONE=(0, "none"), SINGLE_LINE=(2, "sng"), DOUBLE_LINE=(3, "dbl"), HEAVY_LINE=(4, "heavy"), DOTTED_LINE=(5, "dotted"), DASH_LINE=(7, "dash"), WAVY_LINE=(13, "wavy"))
MSO_SHAPE_TYPE = _words("MSO_SHAPE_TYPE", AUTO_SHAPE=(1, ""), CHART=(3, ""), GROUP=(6, ""), LINE=(9, ""), PICTURE=(13, ""), PLACEHOLDER=(14, ""), MEDIA=(16, ""), TEXT_BOX=(17, ""), TABLE=(19, ""))
PP_PLACEHOLDER = _words("PP_PLACEHOLDER", TITLE=(1, "title"), BODY=(2, "body"), CENTER_TITLE=(3, "ctrTitle"), SUBTITLE=(4, "subTitle"), OBJECT=(7, "obj"), CHART=(8, "chart"), TABLE=(12, "tbl"), SLIDE_NUMBER=(13, "sldNum"), HEADER=(14, "hdr"), FOOTER=(15, "ftr"), DATE=(16, "dt"), PICTURE=(18, "pic"), SLIDE_IMAGE=(101, "sldImg"))
MSO_CONNECTOR = _words("MSO_CONNECTOR", STRAIGHT=(1, "line"), ELBOW=(2, "bentConnector3"), CURVE=(3, "curvedConnector3"))
MSO_THEME_COLOR = _words("MSO_THEME_COLOR", DARK_1=(1, "dk1"), LIGHT_1=(2, "lt1"), DARK_2=(3, "dk2"), LIGHT_2=(4, "lt2"), ACCENT_1=(5, "accent1"), ACCENT_2=(6, "accent2"), ACCENT_3=(7, "accent3"), ACCENT_4=(8, "accent4"), ACCENT_5=(9, "accent5"), ACCENT_6=(10, "accent6"), HYPERLINK=(11, "hlink"), FOLLOWED_HYPERLINK=(12, "folHlink"), TEXT_1=(13, "tx1"), BACKGROUND_1=(14, "bg1"), TEXT_2=(15, "tx2"), BACKGROUND_2=(16, "bg2"))
MSO_COLOR_TYPE = _words("MSO_COLOR_TYPE", RGB=(1, ""), SCHEME=(2, ""))
MSO_FILL = _words("MSO_FILL", SOLID=(1, ""), PATTERNED=(2, ""), GRADIENT=(3, ""), BACKGROUND=(5, ""), PICTURE=(6, ""))
MSO_LINE = _words("MSO_LINE", SOLID=(1, "solid"), SQUARE_DOT=(2, "sysDot"), ROUND_DOT=(3, "sysDot"), DASH=(4, "dash"), DASH_DOT=(5, "dashDot"), DASH_DOT_DOT=(6, "lgDashDotDot"), LONG_DASH=(7, "lgDash"), LONG_DASH_DOT=(8, "lgDashDot"))
XL_LEGEND_POSITION = _words("XL_LEGEND_POSITION", BOTTOM=(-4107, "b"), CORNER=(2, "tr"), LEFT=(-4131, "l"), RIGHT=(-4152, "r"), TOP=(-4160, "t"))
XL_LABEL_POSITION = _words("XL_LABEL_POSITION", ABOVE=(0, "t"), BELOW=(1, "b"), BEST_FIT=(5, "bestFit"), CENTER=(-4108, "ctr"), INSIDE_BASE=(4, "inBase"), INSIDE_END=(3, "inEnd"), LEFT=(-4131, "l"), OUTSIDE_END=(2, "outEnd"), RIGHT=(-4152, "r"))
XL_TICK_LABEL_POSITION = _words("XL_TICK_LABEL_POSITION", HIGH=(-4127, "high"), LOW=(-4134, "low"), NEXT_TO_AXIS=(4, "nextTo"), NONE=(-4142, "none"))
XL_TICK_MARK = _words("XL_TICK_MARK", CROSS=(4, "cross"), INSIDE=(2, "in"), NONE=(-4142, "none"), OUTSIDE=(3, "out"))
#: The word of a kind of chart: its element, direction, grouping, and whether its points have marks.
XL_CHART_TYPE = _words(
    "XL_CHART_TYPE",
    COLUMN_CLUSTERED=(51, "bar col clustered"),
    COLUMN_STACKED=(52, "bar col stacked"),
    COLUMN_STACKED_100=(53, "bar col percentStacked"),
    BAR_CLUSTERED=(57, "bar bar clustered"),
    BAR_STACKED=(58, "bar bar stacked"),
    BAR_STACKED_100=(59, "bar bar percentStacked"),
    LINE=(4, "line - standard none"),
    LINE_STACKED=(63, "line - stacked none"),
    LINE_MARKERS=(65, "line - standard marks"),
    LINE_MARKERS_STACKED=(66, "line - stacked marks"),
    AREA=(1, "area - standard"),
    AREA_STACKED=(76, "area - stacked"),
    AREA_STACKED_100=(77, "area - percentStacked"),
    PIE=(5, "pie - -"),
    PIE_EXPLODED=(69, "pie - exploded"),
    DOUGHNUT=(-4120, "doughnut - -"),
    RADAR=(-4151, "radar - standard none"),
    RADAR_MARKERS=(81, "radar - standard marks"),
    RADAR_FILLED=(82, "radar - filled"),
    XY_SCATTER=(-4169, "scatter - lineMarker points"),
    XY_SCATTER_LINES=(74, "scatter - lineMarker marks"),
    XY_SCATTER_LINES_NO_MARKERS=(75, "scatter - lineMarker none"),
    XY_SCATTER_SMOOTH=(72, "scatter - smoothMarker marks"),
    XY_SCATTER_SMOOTH_NO_MARKERS=(73, "scatter - smoothMarker none"),
    BUBBLE=(15, "bubble - -"),
)
MSO_SHAPE = _words(
    "MSO_SHAPE",
    RECTANGLE=(1, "rect"),
    PARALLELOGRAM=(2, "parallelogram"),
    TRAPEZOID=(3, "trapezoid"),
    DIAMOND=(4, "diamond"),
    ROUNDED_RECTANGLE=(5, "roundRect"),
    OCTAGON=(6, "octagon"),
    ISOSCELES_TRIANGLE=(7, "triangle"),
    RIGHT_TRIANGLE=(8, "rtTriangle"),
    OVAL=(9, "ellipse"),
    HEXAGON=(10, "hexagon"),
    CROSS=(11, "plus"),
    REGULAR_PENTAGON=(12, "pentagon"),
    CAN=(13, "can"),
    CUBE=(14, "cube"),
    BEVEL=(15, "bevel"),
    FOLDED_CORNER=(16, "foldedCorner"),
    SMILEY_FACE=(17, "smileyFace"),
    DONUT=(18, "donut"),
    NO_SYMBOL=(19, "noSmoking"),
    BLOCK_ARC=(20, "blockArc"),
    HEART=(21, "heart"),
    LIGHTNING_BOLT=(22, "lightningBolt"),
    SUN=(23, "sun"),
    MOON=(24, "moon"),
    ARC=(25, "arc"),
    LEFT_BRACKET=(29, "leftBracket"),
    RIGHT_BRACKET=(30, "rightBracket"),
    LEFT_BRACE=(31, "leftBrace"),
    RIGHT_BRACE=(32, "rightBrace"),
    RIGHT_ARROW=(33, "rightArrow"),
    LEFT_ARROW=(34, "leftArrow"),
    UP_ARROW=(35, "upArrow"),
    DOWN_ARROW=(36, "downArrow"),
    LEFT_RIGHT_ARROW=(37, "leftRightArrow"),
    UP_DOWN_ARROW=(38, "upDownArrow"),
    QUAD_ARROW=(39, "quadArrow"),
    BENT_ARROW=(41, "bentArrow"),
    U_TURN_ARROW=(42, "uturnArrow"),
    CURVED_RIGHT_ARROW=(45, "curvedRightArrow"),
    CURVED_LEFT_ARROW=(46, "curvedLeftArrow"),
    NOTCHED_RIGHT_ARROW=(50, "notchedRightArrow"),
    PENTAGON=(51, "homePlate"),
    CHEVRON=(52, "chevron"),
    FLOWCHART_PROCESS=(61, "flowChartProcess"),
    FLOWCHART_ALTERNATE_PROCESS=(62, "flowChartAlternateProcess"),
    FLOWCHART_DECISION=(63, "flowChartDecision"),
    FLOWCHART_DATA=(64, "flowChartInputOutput"),
    FLOWCHART_DOCUMENT=(67, "flowChartDocument"),
    FLOWCHART_TERMINATOR=(69, "flowChartTerminator"),
    FLOWCHART_PREPARATION=(70, "flowChartPreparation"),
    FLOWCHART_CONNECTOR=(73, "flowChartConnector"),
    EXPLOSION1=(89, "irregularSeal1"),
    EXPLOSION2=(90, "irregularSeal2"),
    STAR_4_POINT=(91, "star4"),
    STAR_5_POINT=(92, "star5"),
    STAR_8_POINT=(93, "star8"),
    STAR_16_POINT=(94, "star16"),
    WAVE=(103, "wave"),
    RECTANGULAR_CALLOUT=(105, "wedgeRectCallout"),
    ROUNDED_RECTANGULAR_CALLOUT=(106, "wedgeRoundRectCallout"),
    OVAL_CALLOUT=(107, "wedgeEllipseCallout"),
    CLOUD_CALLOUT=(108, "cloudCallout"),
    ROUND_1_RECTANGLE=(151, "round1Rect"),
    ROUND_2_SAME_RECTANGLE=(152, "round2SameRect"),
    PIE=(142, "pie"),
    CHORD=(161, "chord"),
    TEAR=(160, "teardrop"),
    FRAME=(158, "frame"),
    HALF_FRAME=(159, "halfFrame"),
    CORNER=(162, "corner"),
    CLOUD=(179, "cloud"),
    GEAR_6=(172, "gear6"),
    GEAR_9=(173, "gear9"),
    DECAGON=(144, "decagon"),
    HEPTAGON=(145, "heptagon"),
    DODECAGON=(146, "dodecagon"),
    MATH_PLUS=(163, "mathPlus"),
    MATH_MINUS=(164, "mathMinus"),
    MATH_MULTIPLY=(165, "mathMultiply"),
    MATH_EQUAL=(167, "mathEqual"),
)
