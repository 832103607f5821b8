"""numpy as compiled code knows it on this platform, where C's long and an index have 32 bits.

To a person int_, intp and long have 64 bits, and so has what argsort or nonzero give (tools/vendor/integers). Compiled modules
that ask numpy for an array of indices read it by their own 32 bits: each of them, and the Python that feeds them, has this module
as its `np`.
"""

import functools
import importlib.machinery
import sys

import numpy
from numpy._core.numerictypes import int32, uint32

intp = long = int32
uintp = ulong = uint32

_GIVE_INDICES = {"argmax", "argmin", "argpartition", "argsort", "flatnonzero", "lexsort", "nonzero", "searchsorted"}


def __getattr__(name):
    """Whatever else numpy has, kept once it was asked for."""
    value = getattr(numpy, name)
    if name in _GIVE_INDICES:
        value = _narrowing(value, _narrow)
    elif name == "where":
        value = _narrowing(value, _narrow_tuple)
    globals()[name] = value
    return value


def _narrowing(function, narrow):
    @functools.wraps(function)
    def call(*args, **options):
        return narrow(function(*args, **options))

    return call


def _narrow_tuple(found):
    return tuple(map(_narrow, found)) if isinstance(found, tuple) else found


def _narrow(found):
    if isinstance(found, tuple):
        return _narrow_tuple(found)
    if isinstance(found, (numpy.ndarray, numpy.generic)) and found.dtype == numpy.int64:
        return found.astype(intp, copy=False)
    return found


def lend():
    """From now on every compiled module that imports numpy as `np`, as Cython's do, has this module in its place."""
    loader = importlib.machinery.ExtensionFileLoader
    execute = loader.exec_module

    def exec_module(self, module):
        execute(self, module)
        if vars(module).get("np") is numpy:
            module.np = sys.modules[__name__]

    loader.exec_module = exec_module
