"""
PDF files by the interface of pdfplumber, over pdfminer: letters, words, text, lines and tables of a page. pdfplumber itself is in none of
the places that this build takes packages from, and draws pages with a library of compiled code, which is not here.
"""

from .document import PDF
from .page import Page

open = PDF.open

__version__ = "0.11.4"
__all__ = ["PDF", "Page", "open"]
