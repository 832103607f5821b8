"""A presentation: its slides, layouts, size and properties."""

import datetime

from . import template
from .dml.fill import FillFormat
from .oxml import NAMES, child, made, qn
from .package import Package
from .shapes.shapes import _Shapes, image_part
from .util import Emu


def Presentation(pptx=None):
    """Opens a file (a path or an open file), or makes a new presentation."""
    return _Presentation(template.new_package() if pptx is None else Package.read(pptx))


class _Presentation:
    def __init__(self, package):
        self._package = package
        self.part = package.root.related("officeDocument")[0]
        if "presentationml" not in self.part.content_type:
            raise ValueError(f"file is not a PowerPoint file, content type is '{self.part.content_type}'")
        self._element = self.part.root

    def save(self, file):
        self.core_properties._touch()
        self._package.write(file)

    def _size(name):
        def put(self, value):
            size = self._element.find(qn("p:sldSz"))
            size.set(name, str(int(value)))
            size.attrib.pop("type", None)

        return property(lambda self: Emu(int(self._element.find(qn("p:sldSz")).get(name))), put)

    slide_width, slide_height = _size("cx"), _size("cy")
    del _size

    @property
    def slides(self):
        return _Slides(self)

    @property
    def slide_masters(self):
        listed = self._element.find(qn("p:sldMasterIdLst"))
        return [Master(self.part.target_of(one.get(qn("r:id"))), self._package) for one in listed]

    @property
    def slide_master(self):
        return self.slide_masters[0]

    @property
    def slide_layouts(self):
        return self.slide_master.slide_layouts

    @property
    def core_properties(self):
        found = [one.target for one in self._package.root.relations.values() if one.kind.endswith("/core-properties")]
        return CoreProperties(found[0] if found else template.core_properties(self._package))


class _Slides:
    def __init__(self, presentation):
        self._presentation = presentation
        self._sldIdLst = child(presentation._element, "p:sldIdLst", ("p:sldMasterIdLst", "p:notesMasterIdLst", "p:handoutMasterIdLst"))

    def __len__(self):
        return len(self._sldIdLst)

    def __iter__(self):
        return (self[at] for at in range(len(self)))

    def __getitem__(self, at):
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        try:
            listed = self._sldIdLst[at]
        except IndexError:
            raise IndexError("slide index out of range") from None
        return Slide(self._presentation.part.target_of(listed.get(qn("r:id"))), self._presentation)

    def index(self, slide):
        return [one.part for one in self].index(slide.part)

    def get(self, slide_id, default=None):
        return next((one for one in self if one.slide_id == slide_id), default)

    def add_slide(self, slide_layout):
        presentation = self._presentation
        part = template.slide(presentation._package, slide_layout.part)
        number = max((int(one.get("id")) for one in self._sldIdLst), default=255) + 1
        listed = made(f'<p:sldId id="{number}"/>')
        listed.set(qn("r:id"), presentation.part.relate("slide", part))
        self._sldIdLst.append(listed)
        slide = Slide(part, presentation)
        slide.shapes.clone(one for one in slide_layout.placeholders if one._ph.get("type") not in ("dt", "ftr", "sldNum"))
        return slide


class _Sheet:
    """What slides, layouts, masters and notes have in common."""

    def __init__(self, part, package):
        self.part, self.package = part, package
        self._element = part.root

    def __eq__(self, other):
        return isinstance(other, _Sheet) and self.part is other.part

    __hash__ = None

    @property
    def shapes(self):
        return _Shapes(self._element.find(f"{qn('p:cSld')}/{qn('p:spTree')}"), self)

    @property
    def placeholders(self):
        return _Placeholders(one for one in self.shapes if one.is_placeholder)

    @property
    def name(self):
        return self._element.find(qn("p:cSld")).get("name", "")

    @property
    def background(self):
        return _Background(self._element.find(qn("p:cSld")))

    def image_part(self, image_file):
        return image_part(self.package, image_file)

    def _layout_placeholder(self, ph):
        """The placeholder that one has its place from: of a kind in the master, of a number in a layout."""
        above = self._above()
        if above is None:
            return None
        kind, idx = ph.get("type", "obj"), ph.get("idx", "0")
        known = list(above.placeholders)
        alike = {"ctrTitle": "title", "subTitle": "body", "obj": "body", "pic": "body", "tbl": "body", "chart": "body"}
        same = [one for one in known if one._ph.get("idx", "0") == idx] if not isinstance(above, Master) else []
        return next(iter(same), None) or next((one for one in known if alike.get(one._ph.get("type", "obj"), one._ph.get("type")) == alike.get(kind, kind)), None)

    def _above(self):
        return None


class _Placeholders(list):
    """By the number in the layout, not by the place in a list."""

    def __getitem__(self, idx):
        for one in self:
            if one.placeholder_format.idx == idx:
                return one
        raise KeyError(f"no placeholder on this slide with idx == {idx}")


class _Background:
    def __init__(self, sheet):
        self._sheet = sheet

    def _properties(self):
        background = self._sheet.find(qn("p:bg"))
        if background is None:
            background = made("<p:bg><p:bgPr><a:noFill/><a:effectLst/></p:bgPr></p:bg>")
            self._sheet.insert(0, background)
        elif background.find(qn("p:bgPr")) is None:
            for one in list(background):
                background.remove(one)
            background.append(made("<p:bgPr><a:noFill/><a:effectLst/></p:bgPr>"))
        return background.find(qn("p:bgPr"))

    @property
    def fill(self):
        return FillFormat(self._properties)


class Slide(_Sheet):
    def __init__(self, part, presentation):
        super().__init__(part, presentation._package)
        self._presentation = presentation

    @property
    def slide_id(self):
        main = self._presentation.part
        return next(int(one.get("id")) for one in main.root.find(qn("p:sldIdLst")) if main.target_of(one.get(qn("r:id"))) is self.part)

    @property
    def slide_layout(self):
        return Layout(self.part.related("slideLayout")[0], self.package)

    def _above(self):
        return self.slide_layout

    @property
    def follow_master_background(self):
        return self._element.find(qn("p:cSld")).find(qn("p:bg")) is None

    @property
    def has_notes_slide(self):
        return bool(self.part.related("notesSlide"))

    @property
    def notes_slide(self):
        found = self.part.related("notesSlide")
        if not found:
            main = self._presentation.part
            masters = main.related("notesMaster")
            master = masters[0] if masters else template.notes_master(self.package, main)
            found = [template.notes(self.package, master, self.part)]
        return Notes(found[0], self.package)


class Layout(_Sheet):
    @property
    def slide_master(self):
        return Master(self.part.related("slideMaster")[0], self.package)

    def _above(self):
        return self.slide_master


class _Layouts(list):
    def get_by_name(self, name, default=None):
        return next((one for one in self if one.name == name), default)


class Master(_Sheet):
    @property
    def slide_layouts(self):
        listed = self._element.find(qn("p:sldLayoutIdLst"))
        return _Layouts(Layout(self.part.target_of(one.get(qn("r:id"))), self.package) for one in listed)


class Notes(_Sheet):
    @property
    def notes_placeholder(self):
        return next((one for one in self.shapes if one.is_placeholder and one._ph.get("type") == "body"), None)

    @property
    def notes_text_frame(self):
        found = self.notes_placeholder
        return None if found is None else found.text_frame


class CoreProperties:
    """Title, author and the like."""

    def __init__(self, part):
        self.__dict__["_root"] = part.root

    _TAGS = {
        "author": "dc:creator",
        "title": "dc:title",
        "subject": "dc:subject",
        "comments": "dc:description",
        "language": "dc:language",
        "identifier": "dc:identifier",
        "keywords": "cp:keywords",
        "category": "cp:category",
        "last_modified_by": "cp:lastModifiedBy",
        "content_status": "cp:contentStatus",
        "version": "cp:version",
        "revision": "cp:revision",
        "created": "dcterms:created",
        "modified": "dcterms:modified",
        "last_printed": "cp:lastPrinted",
    }
    _DATES = ("created", "modified", "last_printed")

    def __getattr__(self, name):
        if name not in self._TAGS:
            raise AttributeError(name)
        text = self._root.findtext(qn(self._TAGS[name]))
        if name in self._DATES:
            return None if not text else datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
        return int(text or 0) if name == "revision" else text or ""

    def __setattr__(self, name, value):
        if name not in self._TAGS:
            raise AttributeError(name)
        element = child(self._root, self._TAGS[name])
        if name in self._DATES:
            element.text = value.strftime("%Y-%m-%dT%H:%M:%SZ")
            if name != "last_printed":
                element.set(f"{{{NAMES['xsi']}}}type", "dcterms:W3CDTF")
        else:
            element.text = str(value)

    def _touch(self):
        if not self.created:
            self.created = datetime.datetime.now()
