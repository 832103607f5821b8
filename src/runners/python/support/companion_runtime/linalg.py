"""numpy learns by the processor's floating-point flags that LAPACK failed. wasm has none: look at the results instead.

Of what LAPACK could not do numpy makes a matrix of nothing but NaN, so that is what is looked for.
"""

import functools
import sys

from . import host

_SINGULAR = "Singular matrix"
_NOT_POSITIVE = "Matrix is not positive definite"
_EIGENVALUES = "Eigenvalues did not converge"
_SVD = "SVD did not converge"
_LEAST_SQUARES = "SVD did not converge in Linear Least Squares"
# For two rows LAPACK goes without the search that can fail, and gives NaN for NaN.
_FEWEST_SEARCHED = 3


def patch(module):
    if getattr(module.inv, "__companion__", False):
        return
    _guard(module, "inv", _SINGULAR, _has_no_inverse)
    _guard(module, "solve", _SINGULAR, _has_no_solution)
    _guard(module, "cholesky", _NOT_POSITIVE, _has_no_inverse)
    _guard(module, "eig", _EIGENVALUES, _has_lost_eigenvalues)
    _guard(module, "eigvals", _EIGENVALUES, _has_lost_eigenvalues)
    _guard(module, "eigh", _EIGENVALUES, _has_lost_eigenvalues)
    _guard(module, "eigvalsh", _EIGENVALUES, _has_lost_eigenvalues)
    _guard(module, "svd", _SVD, _has_lost_singular_values)
    _guard(module, "lstsq", _LEAST_SQUARES, lambda numpy, _, result, *__, **___: bool(numpy.isnan(result[3]).any()))
    for name in module.__all__:
        _tell_refused_memory(module, name)


def _guard(module, name, message, has_failed):
    """`has_failed` gets numpy, the function as it was, its result and its arguments."""
    import numpy

    original = getattr(module, name)

    @functools.wraps(original)
    def checked(*args, **kwargs):
        try:
            result = original(*args, **kwargs)
        except ValueError as error:
            # LAPACK's own check of its steps: where it only says so elsewhere, this build raises.
            if not str(error).startswith("On entry to "):
                raise
            raise module.LinAlgError(message) from None
        if has_failed(numpy, original, result, *args, **kwargs):
            raise module.LinAlgError(message)
        return result

    checked.__companion__ = True
    _replace(module, name, original, checked)


def _replace(module, name, original, replacement):
    """Also where numpy itself took it by name."""
    for owner in (module, sys.modules.get("numpy.linalg._linalg"), sys.modules.get("numpy.lib._polynomial_impl")):
        if owner is not None and getattr(owner, name, None) is original:
            setattr(owner, name, replacement)


def _lost(numpy, result, axes=(-2, -1)):
    """Which of a stack of results are nothing but NaN."""
    found = numpy.isnan(numpy.asarray(result))
    return found.all(axis=axes) if found.size else numpy.False_


def _has_no_inverse(numpy, _original, result, a, **_options):
    lost = _lost(numpy, result)
    return bool(lost.any() and (lost & numpy.isfinite(numpy.asarray(a)).all(axis=(-2, -1))).any())


def _has_no_solution(numpy, original, result, a, b):
    b = numpy.asarray(b)
    axes = -1 if b.ndim == 1 else (-2, -1)
    lost = _lost(numpy, result, axes)
    if not lost.any():
        return False
    # NaN on the right side makes NaN of every solution: what has one has it for zeros too.
    lost = _lost(numpy, original(a, numpy.zeros_like(b)), axes)
    return bool((lost & numpy.isfinite(numpy.asarray(a)).all(axis=(-2, -1))).any())


def _has_lost_eigenvalues(numpy, _original, result, *_args, **_options):
    values, vectors = result if isinstance(result, tuple) else (result, None)
    if values.shape[-1] < _FEWEST_SEARCHED:
        return False
    lost = _lost(numpy, values, -1)
    return bool((lost if vectors is None else lost & _lost(numpy, vectors)).any())


def _has_lost_singular_values(numpy, _original, result, a, full_matrices=True, compute_uv=True, hermitian=False):
    values = result[1] if compute_uv else result
    if hermitian or not numpy.isnan(values).any():
        return False
    return bool(numpy.isnan(numpy.asarray(a)).any() or (compute_uv and _lost(numpy, result[0]).any()))


def _tell_refused_memory(module, name):
    """Callers of LAPACK that get no memory go on with zeros and say nothing: the worker knows what it refused."""
    original = getattr(module, name)
    if isinstance(original, type):
        return

    @functools.wraps(original)
    def told(*args, **kwargs):
        before = _refusals()
        result = original(*args, **kwargs)
        if _refusals() > before:
            raise MemoryError(f"no memory for what {name} needs")
        return result

    _replace(module, name, original, told)


def _refusals():
    return 0 if host.functions is None else host.functions.refusals()
