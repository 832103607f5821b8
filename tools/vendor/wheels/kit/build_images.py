"""Pillow with libjpeg-turbo (scalar code), FreeType, libwebp and the main module's zlib."""
import glob
import os
import re

from build_matplotlib import FREETYPE_INCLUDES
from compiler import compile_sources, link_module

PILLOW = "/w/src/pillow"
JPEG = "/w/src/libjpeg-turbo"
WEBP = "/w/src/libwebp"
JPEG_CONFIG = "/w/objects/jpeg-config"
ZLIB = "-I/w/include/zlib"
VERSION = '-DPILLOW_VERSION="11.1.0"'


def modules(freetype):
    jpeg = _jpeg()
    flags = [ZLIB, f"-I{JPEG_CONFIG}", f"-I{JPEG}", f"-I{PILLOW}/src/libImaging", "-DHAVE_LIBZ", "-DHAVE_LIBJPEG", VERSION]
    with open(f"{PILLOW}/setup.py") as file:
        listed = re.search(r"_LIB_IMAGING = \((.*?)\n\)", file.read(), re.S).group(1)
    sources = [f"{PILLOW}/src/_imaging.c"]
    sources += [f"{PILLOW}/src/{name}.c" for name in ("decode", "encode", "map", "display", "outline", "path")]
    sources += [f"{PILLOW}/src/libImaging/{name}.c" for name in re.findall(r'"(\w+)"', listed)]
    link_module("PIL/_imaging", [*compile_sources("pillow", sources, flags), *jpeg])
    for name in ("_imagingmath", "_imagingmorph"):
        link_module(f"PIL/{name}", compile_sources(f"pillow{name}", [f"{PILLOW}/src/{name}.c"], flags))
    fonts = compile_sources("pillow_imagingft", [f"{PILLOW}/src/_imagingft.c"], [*flags, *FREETYPE_INCLUDES])
    link_module("PIL/_imagingft", [*fonts, *freetype])

    webp_sources = sorted(glob.glob(f"{WEBP}/src/*/*.c") + glob.glob(f"{WEBP}/sharpyuv/*.c"))
    scalar = [path for path in webp_sources if not re.search(r"_(sse2|sse41|avx2|neon|msa|mips32|mips_dsp_r2)\.c$", path)]
    webp = compile_sources("webp", scalar, [f"-I{WEBP}", f"-I{WEBP}/src"])
    own = compile_sources("pillow_webp", [f"{PILLOW}/src/_webp.c"], [f"-I{WEBP}/src", f"-I{PILLOW}/src/libImaging", VERSION])
    link_module("PIL/_webp", [*own, *webp])


def _jpeg():
    """libjpeg-turbo without CMake: the three headers that it would write, and the list of sources that it names."""
    values = {
        "JPEG_LIB_VERSION": 62, "VERSION": "2.1.5", "LIBJPEG_TURBO_VERSION_NUMBER": 2001005, "BITS_IN_JSAMPLE": 8,
        "BUILD": "wasm", "INLINE": "inline", "THREAD_LOCAL": "", "CMAKE_PROJECT_NAME": "libjpeg-turbo", "SIZE_T": 4,
        "COPYRIGHT_YEAR": 2023, "C_ARITH_CODING_SUPPORTED": 1, "D_ARITH_CODING_SUPPORTED": 1, "MEM_SRCDST_SUPPORTED": 1,
        "HAVE_BUILTIN_CTZL": 1,
    }

    def define(match):
        return f"#define {match[1]} 1" if values.get(match[1]) else f"/* no {match[1]} */"

    os.makedirs(JPEG_CONFIG, exist_ok=True)
    for name in ("jconfig.h", "jconfigint.h", "jversion.h"):
        with open(f"{JPEG}/{name}.in") as file:
            text = re.sub(r"@(\w+)@", lambda match: str(values[match[1]]), file.read())
        with open(f"{JPEG_CONFIG}/{name}", "w") as file:
            file.write(re.sub(r"#cmakedefine (\w+).*", define, text))
    with open(f"{JPEG}/CMakeLists.txt") as file:
        names = re.search(r"set\(JPEG_SOURCES ([^)]*)\)", file.read()).group(1).split()
    names += ["jaricom.c", "jcarith.c", "jdarith.c", "jsimd_none.c"]
    return compile_sources("jpeg", [f"{JPEG}/{name}" for name in names], [f"-I{JPEG_CONFIG}", f"-I{JPEG}"])
