"""Makes wheels out of compiled modules, the Python files of Debian's packages and the shims.

Same inputs give the same bytes: entries are sorted, dates fixed.
"""
import base64
import glob
import hashlib
import os
import zipfile

PLATFORM = "cp313-cp313-pyodide_2025_0_wasm32"
PURE = "py3-none-any"
DATE = (2026, 1, 1, 0, 0, 0)
DIST = "/w/dist"
SHIM = "/w/kit/shim"


def debian(package):
    """Folder of the Python files of an unpacked Debian package."""
    return f"/w/py/{package}/usr/lib/python3/dist-packages"


def tree(root, prefix="", skip=lambda path: False):
    """Files below a folder as {path in the wheel: bytes}, without what only a native build has."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            place = os.path.join(folder, name)
            path = os.path.relpath(place, root)
            is_dropped = "__pycache__" in path or path.endswith((".pyi", ".pyc")) or "x86_64-linux-gnu.so" in path
            if is_dropped or skip(path) or not os.path.exists(place):
                continue
            with open(place, "rb") as file:
                found[prefix + path] = file.read()
    return found


def compiled(folder):
    """Extension modules that were linked below a folder, and nothing else."""
    files = tree(f"/w/out/{folder}", f"{folder}/")
    if not files:
        raise SystemExit(f"nothing was linked for {folder}")
    return files


def wheel(name, version, files, tag, licence, requires=(), licence_files=()):
    info = f"{name}-{version}.dist-info"
    for pattern in licence_files:
        matches = sorted(path for path in glob.glob(f"/w/{pattern}") if os.path.isfile(path))
        if not matches:
            raise SystemExit(f"{name}: no licence text at {pattern}")
        for path in matches:
            with open(path, "rb") as file:
                files[f"{info}/licenses/{path[3:].replace('/', '_')}"] = file.read()
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: {licence}\n"]
    metadata += [f"Requires-Dist: {requirement}\n" for requirement in requires]
    files[f"{info}/METADATA"] = "".join(metadata).encode()
    purelib = "true" if tag == PURE else "false"
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: tools/vendor\nRoot-Is-Purelib: {purelib}\nTag: {tag}\n".encode()
    record = [f"{path},sha256={digest(files[path])},{len(files[path])}\n" for path in sorted(files)]
    files[f"{info}/RECORD"] = ("".join(record) + f"{info}/RECORD,,\n").encode()
    target = f"{DIST}/{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    print(f"{os.path.basename(target)}: {os.path.getsize(target)} bytes")


def digest(contents):
    return base64.urlsafe_b64encode(hashlib.sha256(contents).digest()).rstrip(b"=").decode()


def replace_once(text, before, after):
    if text.count(before) != 1:
        raise SystemExit(f"matplotlib: {before!r} is there {text.count(before)} times")
    return text.replace(before, after)


BACKENDS_LEFT_OUT = (
    "_backend_gtk", "backend_gtk", "backend_qt", "backend_wx", "backend_macosx", "backend_tk", "_backend_tk", "qt_compat",
    "qt_editor", "backend_cairo", "web_backend", "backend_webagg.py", "backend_nbagg",
)


def matplotlib():
    root = debian("python3-matplotlib")

    def skip(path):
        parts = path.split("/")
        if parts[0] in ("tests", "mpl-data"):
            return True
        return parts[0] == "backends" and len(parts) > 1 and parts[1].startswith(BACKENDS_LEFT_OUT)

    def skip_data(path):
        return path.startswith(("images/", "plot_directive", "meson", "sample_data"))

    files = tree(f"{root}/matplotlib", "matplotlib/", skip)
    files.update(tree(f"{root}/mpl_toolkits", "mpl_toolkits/", lambda path: "/tests/" in f"/{path}"))
    with open(f"{root}/pylab.py", "rb") as file:
        files["pylab.py"] = file.read()
    data = "/w/py/python-matplotlib-data/usr/share/matplotlib/mpl-data"
    files.update(tree(data, "matplotlib/mpl-data/", skip_data))
    files.update(tree(f"{SHIM}/matplotlib", "matplotlib/"))
    files.update(compiled("matplotlib"))

    fonts = files["matplotlib/font_manager.py"].decode()
    # A timer would be a thread.
    fonts = replace_once(fonts, "timer.start()", "None  # no threads in WebAssembly")
    fonts = replace_once(fonts, "timer.cancel()", "None")
    # The build makes the list of fonts once; a scan of a hundred files at every first import falls away.
    search = "    fm_path = Path(\n        mpl.get_cachedir(), f\"fontlist"
    shipped = (
        "    try:\n"
        "        fm = json_load(Path(mpl.get_data_path(), \"fontlist.json\"))\n"
        "        if fm._version == FontManager.__version__:\n"
        "            return fm\n"
        "    except OSError:\n"
        "        pass\n"
    )
    files["matplotlib/font_manager.py"] = replace_once(fonts, search, shipped + search).encode()
    # Debian keeps matplotlibrc in /etc.
    start = files["matplotlib/__init__.py"].decode()
    own_place = "yield os.path.join(get_data_path(), 'matplotlibrc')"
    files["matplotlib/__init__.py"] = replace_once(start, "yield '/etc/matplotlibrc'", own_place).encode()
    version = files["matplotlib/_version.py"].decode()
    files["matplotlib/_version.py"] = version.replace("3.10.1+dfsg1", "3.10.1").encode()
    files["matplotlib/mpl-data/matplotlibrc"] += b"\nbackend: agg\n"
    # fontTools is asked for when a PDF or EPS is written, so it is no requirement of the package.
    requires = ["numpy>=1.23", "contourpy>=1.0.1", "cycler>=0.10", "kiwisolver>=1.3.1", "packaging>=20.0", "pillow>=8",
                "pyparsing>=2.3.1", "python-dateutil>=2.7"]
    licences = ["src/matplotlib/LICENSE/*", "src/freetype/docs/FTL.TXT", "src/freetype/LICENSE.TXT",
                "src/matplotlib/extern/libqhull/COPYING.txt", "py/python3-matplotlib/usr/share/doc/python3-matplotlib/copyright"]
    wheel("matplotlib", "3.10.1", files, PLATFORM, "PSF-like (matplotlib)", requires, licences)


matplotlib()
wheel("contourpy", "1.3.1", tree(f"{debian('python3-contourpy')}/contourpy", "contourpy/") | compiled("contourpy"), PLATFORM,
      "BSD-3-Clause", ["numpy>=1.23"], ["src/contourpy/LICENSE"])
wheel("pillow", "11.1.0", tree(f"{debian('python3-pil')}/PIL", "PIL/") | compiled("PIL"), PLATFORM, "MIT-CMU", [],
      ["src/pillow/LICENSE", "src/libjpeg-turbo/LICENSE.md", "src/libjpeg-turbo/README.ijg", "src/libwebp/COPYING",
       "src/freetype/docs/FTL.TXT"])
wheel("kiwisolver", "1.4.7", tree(f"{SHIM}/kiwisolver", "kiwisolver/"), PURE, "BSD-3-Clause")
regex = tree("/w/src/python-regex/regex_3", "regex/", lambda path: not path.endswith(".py") or "test_" in path)
wheel("regex", "2025.9.18", regex | compiled("regex"), PLATFORM, "Apache-2.0 AND CNRI-Python", [],
      ["src/python-regex/LICENSE.txt"])
lxml = tree("/w/src/lxml/src/lxml", "lxml/",
            lambda path: path.startswith("tests/") or path.endswith((".pyx", ".pxi", ".pxd", ".c", ".h")))
wheel("lxml", "6.1.3", lxml | compiled("lxml"), PLATFORM, "BSD-3-Clause; libxml2, libxslt: MIT", [],
      ["src/lxml/LICENSE*.txt", "src/libxml2/Copyright", "src/libxslt/Copyright"])
# Pyodide's standard library is without `dbm` too, which `shelve` needs and which keeps its data in SQLite.
sqlite = {}
for folder in ("sqlite3", "dbm"):
    sqlite |= tree(f"/usr/lib/python3.13/{folder}", f"{folder}/", lambda path: not path.endswith(".py"))
sqlite |= {path: held for path, held in tree("/w/out").items() if path.startswith("_sqlite3.")}
if len(sqlite) != 10:
    raise SystemExit(f"sqlite3: other files than expected: {sorted(sqlite)}")
wheel("sqlite3", "1.0.0", sqlite, PLATFORM, "PSF-2.0; SQLite: blessing", [], ["src/python3.13/LICENSE", "src/sqlite3/LICENSE.md"])
