"""pypdf by the name that it had until 2022, with the names of PyPDF2 1 and 2 for its classes and methods."""

import importlib
import sys

import pypdf
from pypdf import *  # noqa: F403
from pypdf import PageObject, PdfReader, PdfWriter, Transformation, __all__, __version__  # noqa: F401

_PARTS = ("annotations", "constants", "errors", "filters", "generic", "pagerange", "papersizes", "types", "xmp")
for _name in _PARTS:
    # The same modules: an error of one is caught by the name of the other.
    sys.modules[f"{__name__}.{_name}"] = globals()[_name] = importlib.import_module(f"pypdf.{_name}")


class _Reader(PdfReader):
    @property
    def numPages(self):
        return len(self.pages)

    @property
    def documentInfo(self):
        return self.metadata

    @property
    def isEncrypted(self):
        return self.is_encrypted

    def getNumPages(self):
        return len(self.pages)

    def getPage(self, pageNumber):
        return self.pages[pageNumber]

    def getDocumentInfo(self):
        return self.metadata

    def getFormTextFields(self):
        return self.get_form_text_fields()

    def getFields(self, *args, **options):
        return self.get_fields(*args, **options)


class PdfFileReader(_Reader):
    """PyPDF2 1's reader; `strict` and the others as they were."""

    def __init__(self, stream, strict=True, warndest=None, overwriteWarnings=None):
        super().__init__(stream, strict=strict)


class PdfFileWriter(PdfWriter):
    """PyPDF2 1's writer."""

    def addPage(self, page):
        return self.add_page(page)

    def getNumPages(self):
        return len(self.pages)

    def getPage(self, pageNumber):
        return self.pages[pageNumber]

    def insertPage(self, page, index=0):
        return self.insert_page(page, index)

    def addBlankPage(self, width=None, height=None):
        return self.add_blank_page(width, height)

    def appendPagesFromReader(self, reader, *args):
        return self.append_pages_from_reader(reader, *args)

    def addMetadata(self, infos):
        return self.add_metadata(infos)

    def addBookmark(self, title, pagenum, parent=None):
        return self.add_outline_item(title, pagenum, parent)

    def updatePageFormFieldValues(self, page, fields):
        return self.update_page_form_field_values(page, fields)

    def encrypt(self, user_password, owner_password=None, use_128bit=True, **options):
        return super().encrypt(user_password, owner_password, use_128bit=use_128bit, **options)


class PdfMerger(PdfWriter):
    """Puts files together: what a writer does as well, in pypdf 5."""

    def __init__(self, strict=False, fileobj=""):
        super().__init__(fileobj)

    def append(self, fileobj, outline_item=None, pages=None, import_outline=True, **options):
        return super().append(fileobj, outline_item, pages, import_outline, **options)


PdfFileMerger = PdfMerger


def _rotate_back(page, angle):
    return page.rotate(-angle)


def _merge_translated(page, page2, tx, ty, expand=False):
    return page.merge_transformed_page(page2, Transformation().translate(tx, ty), expand=expand)


for _old, _new in {
    "extractText": PageObject.extract_text,
    "mergePage": PageObject.merge_page,
    "rotateClockwise": PageObject.rotate,
    "rotateCounterClockwise": _rotate_back,
    "scaleBy": PageObject.scale_by,
    "scaleTo": PageObject.scale_to,
    "compressContentStreams": PageObject.compress_content_streams,
    "mergeTranslatedPage": _merge_translated,
    "mediaBox": PageObject.mediabox,
    "cropBox": PageObject.cropbox,
}.items():
    if not hasattr(PageObject, _old):
        setattr(PageObject, _old, _new)
for _old, _new in {"getWidth": "width", "getHeight": "height", "getUpperRight": "upper_right", "getLowerLeft": "lower_left"}.items():
    if not hasattr(pypdf.generic.RectangleObject, _old):
        setattr(pypdf.generic.RectangleObject, _old, lambda box, _new=_new: getattr(box, _new))
del _name, _old, _new
