"""Compiles every extension module; the order is that of what links into what."""
import build_images
import build_matplotlib
import build_sqlite
import build_xml
from compiler import compile_sources, link_module

FREETYPE = build_matplotlib.freetype()
build_matplotlib.modules(FREETYPE)
build_images.modules(FREETYPE)
build_xml.modules()
build_sqlite.module()

REGEX = "/w/src/python-regex/regex_3"
link_module("regex/_regex", compile_sources("regex", [f"{REGEX}/_regex.c", f"{REGEX}/_regex_unicode.c"], []))
