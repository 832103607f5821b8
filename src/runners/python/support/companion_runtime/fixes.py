"""Corrections to modules, made when they are imported (or at once where a saved heap already holds them)."""

import importlib.abc
import importlib.machinery
import os
import sys
import warnings

from . import figures, fonts, graphs, linalg, magics, network, parquet, processes, ranks


def _exit(code=0):
    raise SystemExit(code)


PATCHES = {
    "multiprocessing": processes.patch,
    "pandas.io.parquet": parquet.patch_pandas,
    "pandas.core.nanops": ranks.patch_nanops,
    "networkx.drawing.layout": graphs.patch_layout,
    "networkx.algorithms.link_analysis.pagerank_alg": graphs.patch_pagerank,
    "networkx.algorithms.link_analysis.hits_alg": graphs.patch_hits,
    "PIL.ImageFont": fonts.patch_pillow,
    "fpdf.fpdf": fonts.patch_fpdf,
    "reportlab.rl_settings": fonts.patch_reportlab,
    "reportlab.pdfbase.ttfonts": fonts.patch_reportlab_fonts,
    "matplotlib.ft2font": fonts.patch_ft2font,
    "matplotlib._mathtext": fonts.patch_mathtext,
    "numpy.linalg": linalg.patch,
    "matplotlib.pyplot": figures.patch_pyplot,
    "matplotlib.figure": figures.patch_figure,
    "pyodide.http": network.patch_pyodide_http,
    "urllib.request": network.patch_urllib_request,
    "requests.adapters": network.patch_requests,
    "urllib3.connectionpool": network.patch_urllib3,
    "httpx": network.patch_httpx,
}


class _PatchingLoader(importlib.abc.Loader):
    def __init__(self, loader, name):
        self._loader = loader
        self._name = name

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        # Also of a module that is loaded anew, which has lost what was patched.
        PATCHES[self._name](module)
        _patched[self._name] = module

    def __getattr__(self, name):
        return getattr(self._loader, name)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name not in PATCHES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader, name)
        return spec


#: Name → the module that was patched: some patches must not be made twice, and a saved heap holds modules with theirs.
_patched = {}


def patch_loaded():
    for name, patch in PATCHES.items():
        module = sys.modules.get(name)
        if module is not None and _patched.get(name) is not module:
            patch(module)
            _patched[name] = module


def install():
    os._exit = _exit
    os.abort = lambda: _exit(134)
    os.system = magics.system
    network.install()
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    patch_loaded()
    fonts.install()
    # plt.show() is ours; that Agg cannot show windows is no news to anybody.
    warnings.filterwarnings("ignore", message=".*non-interactive, and thus cannot be shown.*")
    warnings.filterwarnings("ignore", message="(?s).*Pyarrow will become a required dependency.*")
