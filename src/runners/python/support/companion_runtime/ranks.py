"""Rank correlations, which pandas leaves to scipy: Spearman's rho and Kendall's tau-b."""

import importlib
import math


def spearman(a, b):
    """Spearman's rho of two arrays of one length without gaps: Pearson's r of their ranks, ties sharing the mean rank; NaN where one is constant."""
    import numpy

    return numpy.corrcoef(_ranks(a), _ranks(b))[0, 1] if _vary(a, b) else numpy.nan


def kendall(a, b):
    """Kendall's tau-b of two arrays of one length without gaps, in n log n (Knight 1966); NaN where one is constant."""
    import numpy

    if not _vary(a, b):
        return numpy.nan
    x, y = _dense(a), _dense(b)
    order = numpy.lexsort((y, x))
    x, y = x[order], y[order]
    discordant = _inversions(y)
    pairs = len(x) * (len(x) - 1) // 2
    tied_x, tied_y = _tied_pairs(x), _tied_pairs(y)
    tied_both = _tied_pairs(x * (int(y.max()) + 1) + y)
    difference = pairs - tied_x - tied_y + tied_both - 2 * discordant
    return difference / math.sqrt(pairs - tied_x) / math.sqrt(pairs - tied_y)


def _vary(a, b):
    return len(a) > 1 and (a != a[0]).any() and (b != b[0]).any()


def _dense(values):
    import numpy

    return numpy.unique(values, return_inverse=True)[1].astype("int64")


def _ranks(values):
    import numpy

    _, inverse, counts = numpy.unique(values, return_inverse=True, return_counts=True)
    last = numpy.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def _tied_pairs(values):
    import numpy

    counts = numpy.unique(values, return_counts=True)[1].astype("int64")
    return int((counts * (counts - 1) // 2).sum())


def _inversions(values):
    """How many pairs of a sequence stand in falling order: of blocks that double, each sorted, the later one's are looked up in the earlier's."""
    import numpy

    values = values.copy()
    found, step = 0, 1
    while step < len(values):
        for start in range(0, len(values) - step, 2 * step):
            left, right = values[start : start + step], values[start + step : start + 2 * step]
            found += len(left) * len(right) - int(numpy.searchsorted(left, right, side="right").sum())
            values[start : start + 2 * step] = numpy.sort(values[start : start + 2 * step])
        step *= 2
    return found


def _has_scipy():
    try:
        importlib.import_module("scipy")
    except ImportError:
        return False
    return True


def patch_nanops(module):
    """pandas.core.nanops: its own methods need no scipy where there is none."""
    original = module.get_corr_func

    def get_corr_func(method):
        if method in ("spearman", "kendall") and not _has_scipy():
            return spearman if method == "spearman" else kendall
        return original(method)

    module.get_corr_func = get_corr_func
