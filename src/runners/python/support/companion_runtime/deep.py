"""Recursion as deep as CPython's on Linux, where the stack of a browser would end before (decision 0195).

A function of Python that calls another takes none of that stack, and one that is called by C does: `functools.cache` is C.
Where a cached function calls itself, the cache is one of Python.
"""

import functools
import sys
import types

_original_lru_cache = functools.lru_cache
_set_limit = sys.setrecursionlimit
_get_limit = sys.getrecursionlimit
#: A level of such a function is two of Python's: its cache and itself. From the first one on the limit counts double.
_factor = 1
_MOST = 2**31 - 1


def _limit():
    return _get_limit() // _factor


def _set(limit, /):
    # What is no limit at all is for the original to refuse.
    is_limit = isinstance(limit, int) and 0 < limit <= _MOST
    _set_limit(min(limit * _factor, _MOST) if is_limit else limit)


def _is_recursive(function):
    code = getattr(function, "__code__", None)
    return isinstance(function, types.FunctionType) and _names(code, function.__name__)


def _names(code, name):
    if name in code.co_names or name in code.co_freevars:
        return True
    return any(isinstance(inner, types.CodeType) and _names(inner, name) for inner in code.co_consts)


def _lru_cache(maxsize=128, typed=False):
    """functools.lru_cache."""
    if callable(maxsize) and isinstance(typed, bool):
        return _wrap(maxsize, 128, typed) or _original_lru_cache(maxsize, typed)
    decorate = _original_lru_cache(maxsize, typed)
    return lambda function: _wrap(function, maxsize, typed) or decorate(function)


def _wrap(function, maxsize, typed):
    global _factor
    if not _is_recursive(function) or maxsize is not None and maxsize <= 0:
        return None
    if _factor == 1:
        asked = _get_limit()
        _factor = 2
        _set(asked)
    return functools.update_wrapper(_cached(function, maxsize, typed), function)


def _cached(function, maxsize, typed):
    kept = {}
    hits = misses = 0
    make_key, none = functools._make_key, object()

    def cached(*args, **kwargs):
        nonlocal hits, misses
        key = make_key(args, kwargs, typed)
        value = kept.get(key, none)
        if value is not none:
            hits += 1
            if maxsize is not None:
                # What was used last is the last.
                kept[key] = kept.pop(key)
            return value
        misses += 1
        value = function(*args, **kwargs)
        if maxsize is not None and key not in kept and len(kept) >= maxsize:
            del kept[next(iter(kept))]
        kept[key] = value
        return value

    def cache_clear():
        """Clear the cache and cache statistics"""
        nonlocal hits, misses
        kept.clear()
        hits = misses = 0

    cached.cache_info = lambda: functools._CacheInfo(hits, misses, maxsize, len(kept))
    cached.cache_clear = cache_clear
    cached.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return cached


def install():
    functools.lru_cache = functools.update_wrapper(_lru_cache, _original_lru_cache)
    sys.setrecursionlimit = _set
    sys.getrecursionlimit = _limit
