"""numpy's old generator with whole numbers of 64 bits, as on 64-bit Linux.

Its compiled code counts in C's long, which has 32 bits here: what it gives is made wide, and numbers of trials are taken in.
"""

import numpy as np

from . import _pickle, mtrand


class RandomState(mtrand.RandomState):
    __doc__ = mtrand.RandomState.__doc__
    __module__ = mtrand.RandomState.__module__

    def binomial(self, n, p, size=None):
        return _wide(super().binomial(_trials(n), p, size))

    def multinomial(self, n, pvals, size=None):
        return _wide(super().multinomial(n, pvals, size))

    def choice(self, a, size=None, replace=True, p=None):
        chosen = super().choice(a, size, replace, p)
        # Values of somebody's own array keep their type.
        return _wide(chosen) if np.ndim(a) == 0 else chosen

    def permutation(self, x):
        return _wide(super().permutation(x)) if np.ndim(x) == 0 else super().permutation(x)

    def tomaxint(self, size=None):
        """Random integers from 0 to `sys.maxsize` of 64 bits, `size` of them: of two draws of 32 bits each, without the last bit."""
        shape = () if size is None else (size,) if isinstance(size, (int, np.integer)) else tuple(size)
        high, low = np.moveaxis(self.randint(0, 2**32, (*shape, 2), np.uint32).astype(np.uint64), -1, 0)
        drawn = ((high << np.uint64(32) | low) >> np.uint64(1)).astype(np.int64)
        return int(drawn) if size is None else drawn


for _name in ("binomial", "multinomial", "choice", "permutation"):
    getattr(RandomState, _name).__doc__ = getattr(mtrand.RandomState, _name).__doc__


def _wide(drawn):
    """int64 in place of C's long; single numbers are Python's own."""
    return drawn.astype(np.int64) if isinstance(drawn, np.ndarray) and drawn.dtype == np.int32 else drawn


def _trials(n):
    """What C's long holds; the compiled code says itself what it refuses."""
    return n.astype(np.int32) if isinstance(n, np.ndarray) and n.dtype == np.int64 and _fits(n) else n


def _fits(n):
    bounds = np.iinfo(np.int32)
    return n.size == 0 or (n.min() >= bounds.min and n.max() <= bounds.max)


def _put_in_place():
    """The generator that numpy.random's functions share becomes one of these, over the same source of bits."""
    before = mtrand._rand
    shared = RandomState(before._bit_generator)
    for name, value in list(vars(mtrand).items()):
        if getattr(value, "__self__", None) is before:
            setattr(mtrand, name, getattr(shared, name))
    mtrand._rand = shared
    mtrand.RandomState = _pickle.RandomState = RandomState


_put_in_place()
