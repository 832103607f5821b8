"""Which packages the Python of this Linux has."""

import importlib.util
import re
from importlib import metadata

from . import hints


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


def refusal(_):
    """Nothing is refused by its name: what is no plain Python has no wheel that is taken."""
    return None
