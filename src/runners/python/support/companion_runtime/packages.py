"""Which packages are here, and what to use instead of those that are not."""

import ast
import importlib.abc
import importlib.util
import re
import sys
from importlib import metadata

from . import host, magics
from .suspend import wait_for

#: What is not here: import name → its row of the table that the worker gave.
_unavailable = {}
#: The name that an index has for a package, as `canonical` writes it → an import name of it.
_import_names = {}

_INDEX_HOSTS = "pypi.org and files.pythonhosted.org"


def install(facts):
    """`facts` is known-packages.json: {import name: {"status": "bundled" | "unavailable", "package": …, …}}."""
    # A module of ours stands for it (shims.py).
    _import_names["ipython"] = "IPython"
    for name, row in facts.items():
        if row["status"] == "unavailable":
            _unavailable[name] = row
        _import_names.setdefault(canonical(row["package"]), name)
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
    """What is said of a module that is known not to be here, and what to do; None of every other."""
    top = name.partition(".")[0]
    row = _unavailable.get(top)
    if row is None or is_here(top):
        return None
    package, instead = row["package"], "; ".join(row["instead"])
    if not row["install"]:
        return f"{package} is not available on this device. Use instead: {instead}."
    return f"{package} is not part of this extension. {row['why']} {_to_install(package)} Or use instead: {instead}."


def _to_install(package):
    return f"To install it, run %pip install {package}; {_INDEX_HOSTS} must be allowed for this conversation in the popup."


def advice(name):
    """Suggestions for an import that failed, or None where the package is here (a part of it is missing then)."""
    top = name.partition(".")[0]
    if is_here(top):
        return None
    known = sentence(top)
    if known:
        return [known]
    return [f"{top} is not among the packages of this device. {_to_install(top)} Or use the standard library, numpy or pandas."]


def announce(tree):
    """Says at once, before anything runs, which of a cell's imports cannot work; what it may install itself is left to it."""
    guarded = set()
    installs = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            guarded.update(id(inner) for part in node.body for inner in ast.walk(part))
        installs = installs or _may_install(node)
    said = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            row = _unavailable.get(top)
            if id(node) in guarded or top in said or row is None or (installs and row["install"]):
                continue
            said.add(top)
            told = sentence(top)
            if told:
                host.notice(told)


def _may_install(node):
    """A line of pip, which is a call with its text by now, or micropip."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and magics.is_pip(node.value)
    return isinstance(node, ast.Name) and node.id == "micropip"


def canonical(name):
    """A package's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bare_name(requirement):
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]


def _import_name(package):
    return _import_names.get(canonical(package), package.replace("-", "_"))


def is_here_by_install_name(bare):
    name = _import_name(bare)
    return is_here(name) or is_here(name.lower())


def version_here(bare):
    """The version of a package that is here; None where nothing says it."""
    try:
        # Brings its files in, where they were not used yet.
        importlib.util.find_spec(_import_name(bare))
        return metadata.version(bare)
    except Exception:
        return None  # a broken package says nothing of itself


def to_replace(_):
    """What to do for another version of a package that is here."""
    return "It cannot be replaced in this conversation's Python: name the package without a version to use what is here."


def refusal(package):
    """Why no index is asked for a package; None where one may have it. `package` is its name there."""
    name = _import_name(package)
    row = _unavailable.get(name)
    return sentence(name) if row is not None and not row["install"] else None
