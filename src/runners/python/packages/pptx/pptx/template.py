"""The presentation that a new one begins as: one master, eleven layouts, a theme."""

from .oxml import parse_xml
from .package import Package, Part

_NS = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_MAIN = "application/vnd.openxmlformats-officedocument.presentationml."
_TREE = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
_BODY = (457200, 1600200, 8229600, 4525963)
_FOOT = (
    ("Date Placeholder", "dt", 10, (457200, 6356350, 2133600, 365125)),
    ("Footer Placeholder", "ftr", 11, (3124200, 6356350, 2895600, 365125)),
    ("Slide Number Placeholder", "sldNum", 12, (6553200, 6356350, 2133600, 365125)),
)
_TITLE = ("Title", "title", None, None)
#: Name and kind of each layout, and its placeholders: name, type, idx, place (None: the master's), and whether the text stands.
_LAYOUTS = (
    ("Title Slide", "title", (("Title", "ctrTitle", None, (685800, 2130425, 7772400, 1470025)), ("Subtitle", "subTitle", 1, (1371600, 3886200, 6400800, 1752600)))),
    ("Title and Content", "obj", (_TITLE, ("Content Placeholder", None, 1, None))),
    ("Section Header", "secHead", (("Title", "title", None, (722313, 4406900, 7772400, 1362075)), ("Text Placeholder", "body", 1, (722313, 2906713, 7772400, 1500187)))),
    ("Two Content", "twoObj", (_TITLE, ("Content Placeholder", None, 1, (457200, 1600200, 4038600, 4525963)), ("Content Placeholder", None, 2, (4648200, 1600200, 4038600, 4525963)))),
    (
        "Comparison",
        "twoTxTwoObj",
        (
            _TITLE,
            ("Text Placeholder", "body", 1, (457200, 1535113, 4040188, 639762)),
            ("Content Placeholder", None, 2, (457200, 2174875, 4040188, 3951288)),
            ("Text Placeholder", "body", 3, (4645025, 1535113, 4041775, 639762)),
            ("Content Placeholder", None, 4, (4645025, 2174875, 4041775, 3951288)),
        ),
    ),
    ("Title Only", "titleOnly", (_TITLE,)),
    ("Blank", "blank", ()),
    (
        "Content with Caption",
        "objTx",
        (("Title", "title", None, (457200, 273050, 3008313, 1162050)), ("Content Placeholder", None, 1, (3575050, 273050, 5111750, 5853113)), ("Text Placeholder", "body", 2, (457200, 1435100, 3008313, 4691063))),
    ),
    (
        "Picture with Caption",
        "picTx",
        (("Title", "title", None, (1792288, 4800600, 5486400, 566738)), ("Picture Placeholder", "pic", 1, (1792288, 612775, 5486400, 4114800)), ("Text Placeholder", "body", 2, (1792288, 5367338, 5486400, 804862))),
    ),
    ("Title and Vertical Text", "vertTx", (_TITLE, ("Vertical Text Placeholder", "body", 1, None, True))),
    ("Vertical Title and Text", "vertTitleAndTx", (("Vertical Title", "title", None, (6629400, 274638, 2057400, 5851525), True), ("Vertical Text Placeholder", "body", 1, (457200, 274638, 6019800, 5851525), True))),
)
_COLORS = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "1F497D", "lt2": "EEECE1", "accent1": "4F81BD", "accent2": "C0504D", "accent3": "9BBB59", "accent4": "8064A2", "accent5": "4BACC6", "accent6": "F79646", "hlink": "0000FF", "folHlink": "800080"}


def _place(place):
    return "" if place is None else '<a:xfrm><a:off x="{}" y="{}"/><a:ext cx="{}" cy="{}"/></a:xfrm>'.format(*place)


#: How text of a layout differs from the master's: (points, alignment, whether bold, whether grey), by layout and placeholder.
_TEXTS = {
    ("title", "subTitle"): (None, "ctr", False, True),
    ("secHead", "title"): (4000, "l", True, False),
    ("secHead", "body"): (2000, None, False, True),
    ("twoTxTwoObj", "body"): (2400, None, True, False),
    ("objTx", "title"): (2000, "l", True, False),
    ("objTx", "body"): (1400, None, False, False),
    ("picTx", "title"): (2000, "l", True, False),
    ("picTx", "body"): (1400, None, False, False),
}


def _text_style(layout, kind):
    """The list style of a placeholder whose text has no bullets, unlike the master's; empty for one that is as the master's."""
    if (layout, kind) not in _TEXTS:
        return "<a:lstStyle/>"
    points, align, is_bold, is_grey = _TEXTS[layout, kind]
    facts = (f' sz="{points}"' if points else "") + (' b="1"' if is_bold else "")
    grey = '<a:solidFill><a:schemeClr val="tx1"><a:tint val="75000"/></a:schemeClr></a:solidFill>' if is_grey else ""
    where = f' algn="{align}"' if align else ""
    levels = 1 if kind == "title" else 9
    return "<a:lstStyle>{}</a:lstStyle>".format(
        "".join(f'<a:lvl{level}pPr marL="{457200 * (level - 1)}" indent="0"{where}><a:buNone/><a:defRPr{facts}>{grey}</a:defRPr></a:lvl{level}pPr>' for level in range(1, levels + 1))
    )


def _placeholder(number, name, kind, idx, place, stands=False, text="", more="", style="<a:lstStyle/>"):
    facts = "".join(f' {key}="{value}"' for key, value in (("type", kind), ("orient", "vert" if stands else None), ("idx", idx)) if value is not None)
    body = f'<a:bodyPr{" vert=" + chr(34) + "eaVert" + chr(34) if stands else ""}{more}/>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name} {number - 1}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph{facts}/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{_place(place)}</p:spPr><p:txBody>{body}{style}<a:p>{f'<a:r><a:t>{text}</a:t></a:r>' if text else ''}</a:p></p:txBody></p:sp>"
    )


def _layout(name, kind, placeholders):
    shapes = [
        _placeholder(at, one[0], *one[1:], text="Click to edit Master title style" if one[1] in ("title", "ctrTitle") else "Click to edit Master text styles", style=_text_style(kind, one[1]))
        for at, one in enumerate(placeholders, 2)
    ]
    shapes += [_placeholder(len(shapes) + 2 + at, *one[:3], None) for at, one in enumerate(_FOOT)]
    return f'<p:sldLayout {_NS} type="{kind}" preserve="1"><p:cSld name="{name}"><p:spTree>{_TREE}{"".join(shapes)}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>'


def _levels(tag, size, bullets, align):
    out = []
    for level in range(1, 10 if bullets else 2):
        points = max(2000, size - 400 * (level - 1))
        indent = f'marL="{342900 + 400050 * (level - 1)}" indent="-{342900 if level == 1 else 285750}" ' if bullets else ""
        bullet = f'<a:buFont typeface="Arial"/><a:buChar char="{"•–•–»»»»»"[level - 1]}"/>' if bullets else "<a:buNone/>"
        out.append(
            f'<a:lvl{level}pPr {indent}algn="{align}" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:spcBef><a:spcPct val="{20000 if bullets else 0}"/></a:spcBef>{bullet}'
            f'<a:defRPr sz="{points}" kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr></a:lvl{level}pPr>'
        )
    return f"<p:{tag}>{''.join(out)}</p:{tag}>"


def _master(ids):
    shapes = _placeholder(2, "Title Placeholder", "title", None, (457200, 274638, 8229600, 1143000), text="Click to edit Master title style", more=' anchor="ctr"')
    shapes += _placeholder(3, "Text Placeholder", "body", 1, _BODY, text="Click to edit Master text styles")
    shapes += "".join(_placeholder(at, name, kind, idx - 8, place) for at, (name, kind, idx, place) in enumerate(_FOOT, 4))
    layouts = "".join(f'<p:sldLayoutId id="{2147483649 + at}" r:id="{key}"/>' for at, key in enumerate(ids))
    colors = 'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'
    return (
        f'<p:sldMaster {_NS}><p:cSld><p:bg><p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef></p:bg><p:spTree>{_TREE}{shapes}</p:spTree></p:cSld><p:clrMap {colors}/>'
        f"<p:sldLayoutIdLst>{layouts}</p:sldLayoutIdLst><p:txStyles>{_levels('titleStyle', 4400, False, 'ctr')}{_levels('bodyStyle', 3200, True, 'l')}{_levels('otherStyle', 1800, False, 'l')}</p:txStyles></p:sldMaster>"
    )


def theme():
    named = {"dk1": "windowText", "lt1": "window"}
    colors = "".join(f'<a:{name}>' + (f'<a:sysClr val="{named[name]}" lastClr="{value}"/>' if name in named else f'<a:srgbClr val="{value}"/>') + f"</a:{name}>" for name, value in _COLORS.items())
    font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
    solid = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office Theme"><a:themeElements><a:clrScheme name="Office">{colors}</a:clrScheme>'
        f'<a:fontScheme name="Office"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name="Office"><a:fillStyleLst>{solid * 3}</a:fillStyleLst>'
        f'<a:lnStyleLst>{"".join(f"""<a:ln w="{width}">{solid}</a:ln>""" for width in (9525, 25400, 38100))}</a:lnStyleLst>'
        f'<a:effectStyleLst>{"<a:effectStyle><a:effectLst/></a:effectStyle>" * 3}</a:effectStyleLst><a:bgFillStyleLst>{solid * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>'
    )


def xml_part(name, kind, text):
    return Part(name, kind, root=parse_xml(text))


def new_package():
    """A package of a presentation without slides, 10 by 7.5 inches."""
    package = Package()
    shape = xml_part("/ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", theme())
    layouts = [xml_part(f"/ppt/slideLayouts/slideLayout{at}.xml", _MAIN + "slideLayout+xml", _layout(*one)) for at, one in enumerate(_LAYOUTS, 1)]
    master = Part("/ppt/slideMasters/slideMaster1.xml", _MAIN + "slideMaster+xml")
    ids = [master.relate("slideLayout", layout) for layout in layouts]
    master.relate("theme", shape)
    master.root = parse_xml(_master(ids))
    for layout in layouts:
        layout.relate("slideMaster", master)
    main = Part("/ppt/presentation.xml", _MAIN + "presentation.main+xml")
    key = main.relate("slideMaster", master)
    main.relate("theme", shape)
    main.root = parse_xml(
        f'<p:presentation {_NS} saveSubsetFonts="1"><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="{key}"/></p:sldMasterIdLst><p:sldIdLst/>'
        '<p:sldSz cx="9144000" cy="6858000" type="screen4x3"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )
    for kind, name, content_type, text in _PROPERTIES:
        main.relate(kind, xml_part(name, content_type, text))
    package.root.relate("officeDocument", main)
    package.root.relate("extended-properties", xml_part("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml", _APPLICATION))
    return package


_APPLICATION = '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Microsoft Office PowerPoint</Application></Properties>'
#: What PowerPoint writes beside the slides: kind of relation, name, type, text.
_PROPERTIES = (
    ("presProps", "/ppt/presProps.xml", _MAIN + "presProps+xml", f"<p:presentationPr {_NS}/>"),
    ("viewProps", "/ppt/viewProps.xml", _MAIN + "viewProps+xml", f"<p:viewPr {_NS}/>"),
    (
        "tableStyles",
        "/ppt/tableStyles.xml",
        _MAIN + "tableStyles+xml",
        '<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" def="{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"/>',
    ),
)


def notes_master(package, main):
    """The master of notes, made with the first notes."""
    shape = xml_part(package.free_name("/ppt/theme/theme%d.xml"), "application/vnd.openxmlformats-officedocument.theme+xml", theme())
    colors = 'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'
    body = _placeholder(2, "Notes Placeholder", "body", 1, (685800, 4343400, 5486400, 4114800))
    part = xml_part("/ppt/notesMasters/notesMaster1.xml", _MAIN + "notesMaster+xml", f"<p:notesMaster {_NS}><p:cSld><p:spTree>{_TREE}{body}</p:spTree></p:cSld><p:clrMap {colors}/></p:notesMaster>")
    part.relate("theme", shape)
    key = main.relate("notesMaster", part)
    listed = parse_xml(f'<p:notesMasterIdLst {_NS}><p:notesMasterId r:id="{key}"/></p:notesMasterIdLst>')
    main.root[0].addnext(listed)
    return part


def notes(package, master, slide):
    picture = '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide Image Placeholder 1"/><p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>'
    text = f"<p:notes {_NS}><p:cSld><p:spTree>{_TREE}{picture}{_placeholder(3, 'Notes Placeholder', 'body', 1, None)}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    part = xml_part(package.free_name("/ppt/notesSlides/notesSlide%d.xml"), _MAIN + "notesSlide+xml", text)
    part.relate("notesMaster", master)
    part.relate("slide", slide)
    slide.relate("notesSlide", part)
    return part


def slide(package, layout):
    text = f"<p:sld {_NS}><p:cSld><p:spTree>{_TREE}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    part = xml_part(package.free_name("/ppt/slides/slide%d.xml"), _MAIN + "slide+xml", text)
    part.relate("slideLayout", layout)
    return part


def core_properties(package):
    now = __import__("datetime").datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    text = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>PowerPoint Presentation</dc:title><dcterms:modified xsi:type="dcterms:W3CDTF">{now}</dcterms:modified></cp:coreProperties>'
    )
    part = xml_part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", text)
    package.root.relate("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", part)
    return part
