"""Of the interpreter that is no child of the fork server: says of a module that is not here where it is."""

import sys


def show(kind, error, trace):
    sys.__excepthook__(kind, error, trace)
    if issubclass(kind, ModuleNotFoundError):
        sys.path.append("/usr/local/lib/guest")
        from companion_guest import hints

        hints.show(error)


sys.excepthook = show
