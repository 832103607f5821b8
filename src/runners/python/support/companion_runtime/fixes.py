"""Corrections to modules, made when they are imported (or at once where a saved heap already holds them)."""

import importlib.abc
import importlib.machinery
import os
import sys
import warnings

from . import figures, linalg, magics, network, packages, processes


def _exit(code=0):
    raise SystemExit(code)


def _patch_parquet(module):
    """What pandas says where it finds no engine is to install one."""
    original = module.get_engine

    def get_engine(engine):
        if engine == "auto" and not packages.is_here("pyarrow") and not packages.is_here("fastparquet"):
            raise ImportError(_NO_PARQUET, name="pyarrow")
        return original(engine)

    module.get_engine = get_engine


_NO_PARQUET = "pandas reads and writes Parquet by pyarrow or fastparquet, and neither is on this device: use to_csv, to_json, to_excel or to_pickle"

PATCHES = {
    "multiprocessing": processes.patch,
    "pandas.io.parquet": _patch_parquet,
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
    def __init__(self, loader, patch):
        self._loader = loader
        self._patch = patch

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        self._patch(module)

    def __getattr__(self, name):
        return getattr(self._loader, name)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        patch = PATCHES.get(name)
        if patch is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader, patch)
        return spec


def patch_loaded():
    for name, patch in PATCHES.items():
        module = sys.modules.get(name)
        if module is not None:
            patch(module)


def install():
    os._exit = _exit
    os.abort = lambda: _exit(134)
    os.system = magics.system
    network.install()
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    patch_loaded()
    # plt.show() is ours; that Agg cannot show windows is no news to anybody.
    warnings.filterwarnings("ignore", message=".*non-interactive, and thus cannot be shown.*")
    warnings.filterwarnings("ignore", message="(?s).*Pyarrow will become a required dependency.*")
