"""Which packages the Python of this Linux has."""

import importlib.util
import re
from importlib import metadata

from . import hints, network


def bare_name(requirement):
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]


def is_here_by_install_name(bare):
    try:
        metadata.version(bare)
        return True
    except (metadata.PackageNotFoundError, ValueError):
        pass
    try:
        return importlib.util.find_spec(hints.module_of(bare).replace("-", "_")) is not None
    except (ImportError, ValueError):
        return False


def package_of(bare):
    """The package that a name means: its own, or that of the module of that name."""
    return next(iter(metadata.packages_distributions().get(hints.module_of(bare), ())), bare)


def version_here(bare):
    """The version of a package that is here; None where nothing says it."""
    try:
        return metadata.version(package_of(bare))
    except (metadata.PackageNotFoundError, ValueError):
        return None


def to_replace(bare):
    """What to do for another version of a package that is here."""
    try:
        place = str(metadata.distribution(package_of(bare)).locate_file(""))
    except (metadata.PackageNotFoundError, ValueError):
        place = ""  # a module without a package
    if place.startswith("/usr/local/"):
        return f"To have another version, remove it first: `pip uninstall {package_of(bare)}`."
    return "It is part of this Linux: name the package without a version to use it."


def refusal(bare):
    """A sentence for what the conversation's Python has compiled: no index has it as plain Python, so none is asked."""
    if hints.canonical(bare) not in network.bundle()["compiled"]:
        return None
    return f"{bare} has compiled parts, and those that are here are for Pyodide, not for this Linux. {hints.elsewhere(hints.module_of(bare)) or ''}"
