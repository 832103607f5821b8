"""FreeType, the C++ of matplotlib 3.3.4 and contourpy."""
import glob
import os

from compiler import NUMPY, compile_sources, link_module

FREETYPE = "/w/src/freetype"
MATPLOTLIB = "/w/src/matplotlib"
AGG = f"{MATPLOTLIB}/extern/agg24-svn"
FREETYPE_INCLUDES = ["-I/w/objects/freetype-config", f"-I{FREETYPE}/include"]


def freetype():
    """FreeType without bitmap font formats and SVG; zlib is the main module's."""
    modules = ["FT_Module_Class, autofit_module_class"]
    modules += [f"FT_Driver_ClassRec, {name}_driver_class" for name in ("tt", "t1", "cff", "t1cid", "t42")]
    modules += [f"FT_Module_Class, {name}_module_class" for name in ("psaux", "psnames", "pshinter", "sfnt")]
    modules += ["FT_Renderer_Class, ft_smooth_renderer_class", "FT_Renderer_Class, ft_raster1_renderer_class"]
    config = "/w/objects/freetype-config/freetype/config"
    os.makedirs(config, exist_ok=True)
    with open(f"{config}/ftmodule.h", "w") as file:
        file.writelines(f"FT_USE_MODULE({module})\n" for module in modules)
    names = """autofit/autofit base/ftbase base/ftbbox base/ftbitmap base/ftdebug base/ftfstype base/ftgasp base/ftglyph
        base/ftinit base/ftmm base/ftpatent base/ftstroke base/ftsynth base/ftsystem base/fttype1 base/ftwinfnt base/ftbdf
        base/ftcid cff/cff gzip/ftgzip cid/type1cid psaux/psaux pshinter/pshinter psnames/psnames raster/raster sfnt/sfnt
        smooth/smooth truetype/truetype type1/type1 type42/type42""".split()
    flags = [*FREETYPE_INCLUDES, "-DFT2_BUILD_LIBRARY", "-DFT_CONFIG_OPTION_SYSTEM_ZLIB", "-I/w/include/zlib"]
    return compile_sources("freetype", [f"{FREETYPE}/src/{name}.c" for name in names], flags)


def modules(freetype_objects):
    includes = [NUMPY, f"-I{MATPLOTLIB}/src", f"-I{AGG}/include", f"-I{MATPLOTLIB}/extern"]
    common = [*includes, "-DNPY_NO_DEPRECATED_API=NPY_1_7_API_VERSION", "-fvisibility=hidden"]
    cxx = [*common, "-std=c++14"]
    agg_names = "bezier_arc curves image_filters trans_affine vcgen_contour vcgen_dash vcgen_stroke vpgen_segmentator".split()
    agg = compile_sources("agg", [f"{AGG}/src/agg_{name}.cpp" for name in agg_names], cxx)
    qhull = compile_sources("qhull", sorted(glob.glob(f"{MATPLOTLIB}/extern/libqhull/*.c")), [f"-I{MATPLOTLIB}/extern"])

    def extension(name, sources, flags, objects=()):
        api = f"-DPY_ARRAY_UNIQUE_SYMBOL=MPL_{name}_ARRAY_API"
        own = compile_sources(f"mpl_{name}", [f"{MATPLOTLIB}/src/{source}" for source in sources.split()], [*flags, api])
        link_module(f"matplotlib/_v33/{name}", [*own, *objects])

    extension("_backend_agg", "mplutils.cpp py_converters.cpp _backend_agg.cpp _backend_agg_wrapper.cpp", cxx, agg)
    extension("_path", "py_converters.cpp _path_wrapper.cpp", cxx, agg)
    extension("_image", "_image.cpp mplutils.cpp _image_wrapper.cpp py_converters.cpp", cxx, agg)
    font_flags = [*cxx, "-DFREETYPE_BUILD_TYPE=local", *FREETYPE_INCLUDES]
    font_sources = "ft2font.cpp ft2font_wrapper.cpp mplutils.cpp py_converters.cpp"
    extension("ft2font", font_sources, font_flags, [*freetype_objects, *agg])
    extension("_tri", "tri/_tri.cpp tri/_tri_wrapper.cpp mplutils.cpp", cxx)
    extension("_qhull", "qhull_wrap.c", [*common, "-DMPL_DEVNULL=/dev/null"], qhull)

    flags = ["-std=c++17", "-fvisibility=hidden", "-DCONTOURPY_VERSION=1.3.1", NUMPY, "-I/w/include/pybind11-root"]
    sources = sorted(glob.glob("/w/src/contourpy/src/*.cpp"))
    link_module("contourpy/_contourpy", compile_sources("contourpy", sources, flags))
