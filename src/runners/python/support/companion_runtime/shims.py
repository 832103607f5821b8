"""Modules that code written for a notebook expects, in the small form that makes sense here."""

import sys
import types

from . import displays, installs


def _module(name, **contents):
    module = types.ModuleType(name)
    module.__dict__.update(contents)
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, module)
    return module


class _Shell:
    """What get_ipython() gives: enough for code that sets something up."""

    kernel = None
    #: matplotlib registers a redraw here; figures are shown at the end of the run anyway.
    events = types.SimpleNamespace(register=lambda *_: None, unregister=lambda *_: None)

    def run_line_magic(self, name, line, *_):
        from . import magics

        return magics.call("%", f"{name} {line}")

    def magic(self, text):
        from . import magics

        return magics.call("%", text)

    def system(self, text):
        from . import magics

        return magics.call("!", text)

    @property
    def user_ns(self):
        return sys.modules["__main__"].__dict__


def _display_dataframe_to_user(name="", dataframe=None, *_, **__):
    displays.show(dataframe, title=str(name))


def install():
    import builtins

    shell = _Shell()
    _module("IPython", get_ipython=lambda: shell, version_info=(8, 30, 0), __version__="8.30.0", __path__=[])
    _module("IPython.display", **displays.PUBLIC)
    _module("IPython.core", __path__=[])
    _module("IPython.core.display", **displays.PUBLIC)
    _module("IPython.core.pylabtools", figsize=lambda *_: None)
    sys.modules["IPython"].display = sys.modules["IPython.display"]
    _module("caas_jupyter_tools", display_dataframe_to_user=_display_dataframe_to_user, display_chart_to_user=lambda *_, **__: None)
    _module("ace_tools", display_dataframe_to_user=_display_dataframe_to_user)
    _module("nest_asyncio", apply=lambda *_: None)
    _module("micropip")
    installs.patch_micropip(sys.modules["micropip"])
    builtins.display = displays.display
    builtins.get_ipython = lambda: shell
