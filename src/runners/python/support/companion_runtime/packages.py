"""Which packages are here, and what to use instead of those that are not."""

import ast
import importlib.abc
import importlib.util
import re
import sys

from . import host
from .suspend import wait_for

#: import name → (what it is installed as, what to use instead); only for what has no build here.
_ELSEWHERE = {
    "scipy": ("scipy", "numpy (linalg, fft, polyfit, interp) or the statistics module"),
    "sklearn": ("scikit-learn", "numpy for least squares (numpy.linalg.lstsq), k-means or nearest neighbours written by hand"),
    "statsmodels": ("statsmodels", "numpy.linalg.lstsq or numpy.polyfit"),
    "torch": ("torch", "numpy"),
    "tensorflow": ("tensorflow", "numpy"),
    "keras": ("keras", "numpy"),
    "jax": ("jax", "numpy"),
    "xgboost": ("xgboost", "numpy"),
    "lightgbm": ("lightgbm", "numpy"),
    "cv2": ("opencv-python", "Pillow (PIL) with numpy"),
    "skimage": ("scikit-image", "Pillow (PIL) with numpy"),
    "plotly": ("plotly", "matplotlib or seaborn"),
    "bokeh": ("bokeh", "matplotlib or seaborn"),
    "altair": ("altair", "matplotlib or seaborn"),
    "polars": ("polars", "pandas"),
    "pyarrow": ("pyarrow", "pandas with csv or xlsx files"),
    "fastparquet": ("fastparquet", "pandas with csv or xlsx files"),
    "duckdb": ("duckdb", "pandas (merge, groupby)"),
    "sqlite3": ("sqlite3", "pandas (merge, groupby, query)"),
    "sqlalchemy": ("sqlalchemy", "pandas (merge, groupby, query)"),
    "numba": ("numba", "numpy (vectorised operations)"),
    "cupy": ("cupy", "numpy"),
    "transformers": ("transformers", "the re, collections and difflib modules for simple text work"),
    "spacy": ("spacy", "the re and collections modules"),
    "nltk": ("nltk", "the re and collections modules"),
    "gensim": ("gensim", "numpy with collections.Counter"),
    "geopandas": ("geopandas", "pandas with matplotlib"),
    "shapely": ("shapely", "matplotlib.path"),
    "folium": ("folium", "matplotlib"),
    "cartopy": ("cartopy", "matplotlib"),
    "cryptography": ("cryptography", "the hashlib, hmac and secrets modules"),
    "ssl": ("ssl", "urllib.request or requests, for hosts that you allowed"),
    "lzma": ("lzma", "zlib, gzip or bz2"),
    "tkinter": ("tkinter", "matplotlib"),
    "turtle": ("turtle", "matplotlib"),
    "pygame": ("pygame", "matplotlib.animation"),
    "curses": ("curses", "print"),
    "psutil": ("psutil", "the os and resource-free parts of the sys module"),
    "selenium": ("selenium", "nothing: there is no browser to steer here"),
    "playwright": ("playwright", "nothing: there is no browser to steer here"),
    "yfinance": ("yfinance", "a csv file in /mnt/data"),
    "openai": ("openai", "nothing: keys do not leave this device"),
    "aiohttp": ("aiohttp", "urllib.request or requests, for hosts that you allowed"),
    "httpx": ("httpx", "urllib.request or requests, for hosts that you allowed"),
    "pdfplumber": ("pdfplumber", "pypdf"),
    "fitz": ("PyMuPDF", "pypdf"),
    "pptx": ("python-pptx", "python-docx or matplotlib figures"),
    "wordcloud": ("wordcloud", "collections.Counter with a bar chart"),
    "reportlab": ("reportlab", "matplotlib.backends.backend_pdf"),
    "docx": ("python-docx", "a .txt or .html file"),
    "moviepy": ("moviepy", "Pillow (animated GIF)"),
    "imageio": ("imageio", "Pillow (PIL)"),
    "pydantic": ("pydantic", "dataclasses"),
}

_INSTALL_NAMES = {"pillow": "PIL", "scikit-learn": "sklearn", "opencv-python": "cv2", "beautifulsoup4": "bs4", "pyyaml": "yaml", "python-dateutil": "dateutil", "python-docx": "docx", "python-pptx": "pptx", "scikit-image": "skimage", "pymupdf": "fitz", "ipython": "IPython", "attrs": "attr"}

_unavailable = {}


def install(facts):
    """`facts` is known-packages.json: {import name: {"status": "bundled" | "unavailable", …}}."""
    _unavailable.update(_ELSEWHERE)
    for name, row in facts.items():
        if row.get("status") != "unavailable":
            continue
        instead = ", ".join(row.get("instead") or [])
        known = _ELSEWHERE.get(name, (name, "the standard library"))
        _unavailable[name] = (known[0], instead or known[1])
    if not any(isinstance(finder, _Fetcher) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Fetcher())


class _Fetcher(importlib.abc.MetaPathFinder):
    """First of the finders: brings a package's files in, when it is imported and they are not here yet; the others find it then.

    First, because a part of a package that is here already (its compiled files) would be taken for a namespace package.
    """

    def find_spec(self, name, path=None, target=None):
        if path is not None or not host.functions.hasPackage(name):
            return None
        way = host.functions.waits
        if way == "shared":
            host.functions.fetchPackage(name)
        elif way == "promise":
            wait_for(host.functions.fetchPackagePromise(name))
        importlib.invalidate_caches()
        return None


def is_here(name):
    top = name.partition(".")[0]
    if top in sys.modules:
        return sys.modules[top] is not None
    if host.functions.hasPackage(top):
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except Exception:
        # A broken package on the path is as good as none.
        return False


def sentence(name):
    top = name.partition(".")[0]
    if top not in _unavailable or is_here(top):
        return None
    installed, instead = _unavailable[top]
    return f"{installed} is not available on this device. Use instead: {instead}."


def advice(name):
    """Suggestions for an import that failed, or None where the package is here (a part of it is missing then)."""
    top = name.partition(".")[0]
    if is_here(top):
        return None
    known = sentence(top)
    if known:
        return [known]
    return [
        f"{top} is not among the packages of this device. Use the standard library, numpy or pandas;"
        f" or allow pypi.org and files.pythonhosted.org for this conversation in the popup, then run %pip install {top}."
    ]


def announce(tree):
    """Says at once, before anything runs, which of a cell's imports cannot work."""
    guarded = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            guarded.update(id(inner) for part in node.body for inner in ast.walk(part))
    said = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            if id(node) in guarded or top in said or top not in _unavailable:
                continue
            said.add(top)
            told = sentence(top)
            if told:
                host.notice(told)


def bare_name(requirement):
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]


def is_here_by_install_name(bare):
    name = _INSTALL_NAMES.get(bare.lower(), bare.replace("-", "_"))
    return is_here(name) or is_here(name.lower())


def here_answer(requirement):
    """What is said of a package without asking any index; None where only an index may know it."""
    bare = bare_name(requirement)
    if is_here_by_install_name(bare):
        return f"{bare} is already here."
    return sentence(_INSTALL_NAMES.get(bare.lower(), bare.replace("-", "_")))
