"""Fonts as a desktop has them: found by name and by path, another drawn where one lacks a character, and what is missing said once."""

import logging
import os
import re
import warnings

from . import host

#: Where the build mounts them (tools/vendor/packages/system-fonts.ts).
FOLDER = "/usr/share/fonts"
#: Has Chinese, Japanese and Korean letters; read when the first of them is drawn.
_LAST_RESORT = FOLDER + "/truetype/wqy/wqy-microhei.ttc"
_MOST_NAMED = 20
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")

#: What was said in this run, and the characters that no font has.
_said = set()
_missing = {}


def before_run():
    _said.clear()
    _missing.clear()


def after_run():
    """Tells of the characters that were drawn as boxes: once a run, however often."""
    if not _missing:
        return
    named = " ".join(list(_missing)[:_MOST_NAMED])
    more = len(_missing) - _MOST_NAMED
    host.notice(f"No font here has these characters; figures show a box for each: {named}{f' and {more} more' if more > 0 else ''}")
    _missing.clear()


class _Once(logging.Filter):
    """Lets each text through once a run: matplotlib looks a font up again for every label."""

    def filter(self, record):
        text = record.getMessage()
        if text in _said:
            return False
        _said.add(text)
        return True


_once = _Once()


def install():
    for name in ("matplotlib.font_manager", "matplotlib.mathtext"):
        logging.getLogger(name).addFilter(_once)
    # Told by `after_run`, for all characters together.
    warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")


def find(name):
    """The path of a font file by its name, whatever the folder, the case of letters, and spaces or hyphens in it; of what another
    system calls a font that has its like here, that one's. None where there is none."""
    wanted = _plain(name)
    for folder, _, files in os.walk(FOLDER):
        for file in files:
            if _plain(file) == wanted:
                return os.path.join(folder, file)
    for names, path in _LIKE.items():
        if wanted in names.split():
            return f"{FOLDER}/truetype/{path}"
    return None


def _plain(name):
    stem, kind = os.path.splitext(re.split(r"[\\/]", name)[-1])
    return re.sub(r"[\s_-]", "", stem if kind.lower() in (".ttf", ".ttc", ".otf") else stem + kind).lower()


#: Files of other systems, and what has their widths or their letters.
_LIKE = {
    "helvetica helveticaneue arialunicode arialregular": "liberation/LiberationSans-Regular.ttf",
    "helveticabold": "liberation/LiberationSans-Bold.ttf",
    "helveticaoblique": "liberation/LiberationSans-Italic.ttf",
    "timesroman": "liberation/LiberationSerif-Regular.ttf",
    "timesbold": "liberation/LiberationSerif-Bold.ttf",
    "simhei simsun nsimsun simkai simfang msyh msyhbd microsoftyahei msjh mingliu pingfang stheiti stheitilight stheitimedium songti "
    "msgothic msmincho meiryo yugothic yugothm yugothr hiraginosansgb malgun malgunbd gulim batang applegothic applesdgothicneo "
    "notosanscjk notosanssc notosanstc notosansjp notosanskr notosansscregular notosanstcregular notosansjpregular notosanskrregular "
    "notosanscjkscregular notosanscjkjpregular notosanscjkkrregular sourcehansanscn sourcehansanscnregular sourcehansansscregular "
    "ipaexg ipag nanumgothic nanumbarungothic wqymicrohei wqyzenhei": "wqy/wqy-microhei.ttc",
}


def patch_pillow(module):
    """Pillow looks for a bare name in the folders of the systems that it knows, and this is none of them."""
    original = module.truetype

    def truetype(font=None, *args, **options):
        try:
            return original(font, *args, **options)
        except OSError:
            path = find(os.fspath(font)) if isinstance(font, (str, os.PathLike)) else None
            if path is None:
                raise
            return original(path, *args, **options)

    truetype.__doc__ = original.__doc__
    module.truetype = truetype


def patch_reportlab(module):
    """reportlab's search goes no folder deeper than it names."""
    folders = tuple(f"{FOLDER}/truetype/{name}" for name in ("dejavu", "liberation", "msttcorefonts", "wqy"))
    module.TTFSearchPath = (*module.TTFSearchPath, *folders)


def patch_reportlab_fonts(module):
    """What is in none of those folders is looked for as in Pillow."""
    original = module.TTFOpenFile

    def open_file(name):
        try:
            return original(name)
        except module.TTFError:
            path = find(name) if isinstance(name, str) else None
            if path is None:
                raise
            return original(path)

    module.TTFOpenFile = open_file


def patch_fpdf(module):
    """fpdf takes a bare name for a file of the program's own folder."""
    original = module.FPDF.add_font

    def add_font(self, family=None, style="", fname=None, *args, **options):
        path = find(os.fspath(fname)) if fname is not None and not os.path.exists(fname) else None
        return original(self, family, style, path or fname, *args, **options)

    add_font.__doc__ = original.__doc__
    module.FPDF.add_font = add_font


def patch_ft2font(module):
    """matplotlib's font in this build draws a text with one font alone; this makes it draw each part with the first that has its letters."""
    own = module.FT2Font
    plain = {name: getattr(own, name) for name in _REPLACED}

    def fontmap(self, string):
        found = plain["_get_fontmap"](self, string)
        for letter, font in found.items():
            if font is self and not self.get_char_index(ord(letter)):
                last = _last_resort(self, module)
                if last is not None and last.get_char_index(ord(letter)):
                    found[letter] = last
                elif not _UNSEEN.match(letter):
                    _missing[letter] = True
        return found

    def set_size(self, ptsize, dpi):
        plain["set_size"](self, ptsize, dpi)
        self._companion_size = (ptsize, dpi)
        last = self.__dict__.get("_companion_last")
        if last is not None:
            last.set_size(ptsize, dpi)

    def set_text(self, string, angle=0.0, flags=module.LoadFlags.FORCE_AUTOHINT):
        self._companion_parts = None
        if string.isascii() or angle:
            return plain["set_text"](self, string, angle, flags)
        fonts = self._get_fontmap(string)
        if all(font is self for font in fonts.values()):
            return plain["set_text"](self, string, angle, flags)
        self._companion_parts = _lay_out(plain, fonts, string, flags)
        return self._companion_parts.places

    def measured(name, of_parts):
        def method(self, *args, **options):
            parts = self.__dict__.get("_companion_parts")
            return plain[name](self, *args, **options) if parts is None else of_parts(parts, *args, **options)

        return method

    own._get_fontmap, own.set_size, own.set_text = fontmap, set_size, set_text
    for name, of_parts in (
        ("get_width_height", _Parts.size),
        ("get_descent", _Parts.depth),
        ("get_bitmap_offset", _Parts.offset),
        ("draw_glyphs_to_bitmap", _Parts.draw),
        ("get_image", _Parts.image),
    ):
        setattr(own, name, measured(name, of_parts))


def patch_mathtext(module):
    """Text beside a formula is laid out by fonts of its own, which get the same letters."""
    fonts = module.UnicodeFonts
    original = fonts._get_glyph

    def get_glyph(self, fontname, font_class, sym):
        if len(sym) == 1 and ord(sym) >= _FIRST_EAST_ASIAN:
            own = self._get_font(fontname)
            last = module.get_font(_LAST_RESORT) if os.path.isfile(_LAST_RESORT) else None
            if last is not None and not (own and own.get_char_index(ord(sym))) and last.get_char_index(ord(sym)):
                return last, ord(sym), False
        return original(self, fontname, font_class, sym)

    fonts._get_glyph = get_glyph


#: The first of the blocks of Chinese, Japanese and Korean letters.
_FIRST_EAST_ASIAN = 0x1100
_REPLACED = ("_get_fontmap", "set_size", "set_text", "get_width_height", "get_descent", "get_bitmap_offset", "draw_glyphs_to_bitmap", "get_image")


def _last_resort(font, module):
    if "_companion_last" not in font.__dict__:
        is_there = os.path.isfile(_LAST_RESORT) and font.fname != _LAST_RESORT
        font._companion_last = module.FT2Font(_LAST_RESORT) if is_there else None
        if is_there and "_companion_size" in font.__dict__:
            font._companion_last.set_size(*font._companion_size)
    return font._companion_last


def _lay_out(plain, fonts, string, flags):
    """Parts of a text, each as long as its letters are of one font, set one after the other. Lengths are 64ths of a pixel."""
    import numpy

    runs = []
    for letter in string:
        if runs and runs[-1][0] is fonts[letter]:
            runs[-1][1] += letter
        else:
            runs.append([fonts[letter], letter])
    parts, places, pen = [], [], 0
    for font, text in runs:
        placed = plain["set_text"](font, text, 0.0, flags)
        places.append(numpy.asarray(placed, dtype=float).reshape(-1, 2) + [pen, 0])
        width, height = plain["get_width_height"](font)
        left = plain["get_bitmap_offset"](font)[0]
        parts.append((font, text, pen, left, height, plain["get_descent"](font)))
        pen += width
    return _Parts(plain, flags, parts, pen, numpy.concatenate(places))


class _Parts:
    """A text of several fonts on one line, as matplotlib asks a single font for it."""

    def __init__(self, plain, flags, parts, width, places):
        self._plain, self._flags, self._parts, self._width = plain, flags, parts, width
        self.places = places
        self._depth = max(depth for *_, depth in parts)
        self._top = max(height - depth for *_, height, depth in parts)
        self._left = min(pen + left for _, _, pen, left, _, _ in parts)
        self._image = None

    def size(self):
        return self._width, self._top + self._depth

    def depth(self):
        return self._depth

    def offset(self):
        return self._left, 0

    def draw(self, antialiased=True):
        import numpy

        drawn = []
        for font, text, pen, left, height, depth in self._parts:
            self._plain["set_text"](font, text, 0.0, self._flags)
            self._plain["draw_glyphs_to_bitmap"](font, antialiased=antialiased)
            image = numpy.array(self._plain["get_image"](font))
            drawn.append((image, (pen + left - self._left) // 64, (self._top - (height - depth)) // 64))
        rows = max(y + image.shape[0] for image, _, y in drawn)
        columns = max(x + image.shape[1] for image, x, _ in drawn)
        whole = numpy.zeros((rows, columns), dtype=numpy.uint8)
        for image, x, y in drawn:
            place = whole[y : y + image.shape[0], x : x + image.shape[1]]
            numpy.maximum(place, image, out=place)
        self._image = whole

    def image(self):
        return self._image
