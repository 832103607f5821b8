"""A file and its pages."""

import io
import os

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psparser import PSException
from pdfminer.utils import decode_text

from .page import Page


class PDF:
    """An open file. `pages` are made when they are asked for."""

    def __init__(self, stream, is_ours=False, path=None, pages=None, laparams=None, password=None):
        self.stream, self.path, self._is_ours = stream, path, is_ours
        self.laparams, self._wanted, self._pages = laparams, pages, None
        try:
            self.doc = PDFDocument(PDFParser(stream), password=password or "")
        except PSException:
            self.close()
            raise
        self.rsrcmgr = PDFResourceManager()

    @classmethod
    def open(cls, path_or_fp, pages=None, laparams=None, password=None, **options):
        """Opens a path or an open file. `pages` are numbers from 1: only these are read."""
        if isinstance(path_or_fp, (str, os.PathLike)):
            return cls(io.open(path_or_fp, "rb"), True, path_or_fp, pages, laparams, password)
        return cls(path_or_fp, False, None, pages, laparams, password)

    @property
    def metadata(self):
        """Title, author and the like, as texts."""
        found = {}
        for info in self.doc.info:
            for key, value in info.items():
                value = value.resolve() if hasattr(value, "resolve") else value
                found[key] = decode_text(value) if isinstance(value, bytes) else value.name if hasattr(value, "name") else value
        return found

    @property
    def pages(self):
        if self._pages is None:
            self._pages, above = [], 0
            for number, one in enumerate(PDFPage.create_pages(self.doc), 1):
                if self._wanted is None or number in self._wanted:
                    page = Page(self, one, number, above)
                    self._pages.append(page)
                    above += page.height
        return self._pages

    def __getattr__(self, name):
        if name not in ("chars", "lines", "rects", "curves", "images", "edges"):
            raise AttributeError(name)
        return [one for page in self.pages for one in getattr(page, name)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._is_ours:
            self.stream.close()
