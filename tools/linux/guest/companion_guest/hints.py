"""What is said of Python packages that this Linux has not: where they are, or what to use."""

import json
import re

from . import network

TABLE = "/usr/local/lib/guest/known-packages.json"

_rows = None


def row_of(module):
    """Of the table of the conversation's Python; None for a package that it does not know."""
    global _rows
    if _rows is None:
        with open(TABLE) as file:
            _rows = json.load(file)
    return _rows.get(module)


def module_of(package):
    """An import name of the package that an index calls so; the name itself where none is known."""
    wanted = canonical(package)
    row_of("")
    return next((name for name, row in _rows.items() if canonical(row["package"]) == wanted), package)


def canonical(name):
    """A package's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def elsewhere(module):
    """A sentence for what only the conversation's Python has; None of everything else."""
    row = row_of(module)
    if row is None or row["status"] != "bundled":
        return None
    return (
        f"{row['package']} is not in this Linux, whose Python is small. The Python of this conversation has it:"
        " run the program there, as Python and not as a shell command. It has the same files in /mnt/data."
    )


def of_import(module):
    """What to do about an import that failed; None where nothing is known of it."""
    top = module.partition(".")[0]
    row = row_of(top)
    if row is None:
        return None
    package = row["package"]
    if row["status"] == "bundled":
        if canonical(package) in network.bundle()["wheels"]:
            return f"{package} is not in this Linux yet: `pip install {package}` gets it, also without network."
        return elsewhere(top)
    if row["install"]:
        return (
            f"{package} is not in this Linux. `pip install {package}` gets it where pypi.org and files.pythonhosted.org are"
            " allowed for this conversation in the popup."
        )
    return f"{package} is neither in this Linux nor in the Python of this conversation. Use instead: {'; '.join(row['instead'])}."


def show(error):
    """Says it below the traceback of a program, where there is something to say."""
    import sys

    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return
    try:
        sentence = of_import(error.name)
    except (OSError, ValueError, KeyError):
        return  # without its table the message of Python stands alone
    if sentence:
        print(sentence, file=sys.stderr)
