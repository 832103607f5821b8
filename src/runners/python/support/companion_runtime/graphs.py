"""What networkx leaves to scipy and can do without: layouts, PageRank, HITS."""

from . import packages

#: Steps of the search for a layout, and how small a change of the cost ends it.
_MOST_STEPS = 500
_SMALL = 1e-9
#: Pairs of moves and slopes that L-BFGS keeps; scipy's default.
_KEPT = 10


class _Dense:
    """networkx as its module of layouts sees it: sparse matrices are refused in the way that makes it take whole ones."""

    def __init__(self, networkx):
        self._networkx = networkx

    def __getattr__(self, name):
        return getattr(self._networkx, name)

    def to_scipy_sparse_array(self, *_, **__):
        raise ValueError("whole matrices are used where scipy is not")


def patch_layout(module):
    if packages.is_here("scipy"):
        return
    module.nx = _Dense(module.nx)
    module._kamada_kawai_solve = _solve_kamada_kawai(module)


def patch_pagerank(module):
    if not packages.is_here("scipy"):
        module._pagerank_scipy = module._pagerank_python


def patch_hits(module):
    """`hits` asks for scipy by itself, so it is replaced where its own second way in plain Python does."""
    if packages.is_here("scipy"):
        return

    def hits(G, max_iter=100, tol=1.0e-8, nstart=None, normalized=True):
        return module._hits_python(G, max_iter, tol, dict(nstart) if nstart else None, normalized)

    hits.__doc__ = module.hits.__doc__
    module.hits = hits


def _solve_kamada_kawai(module):
    def solve(dist_mtx, pos_arr, dim):
        import numpy

        inverse = 1 / (dist_mtx + numpy.eye(dist_mtx.shape[0]) * 1e-3)
        found = _minimise(lambda at: module._kamada_kawai_costfn(at, numpy, inverse, 1e-3, dim), pos_arr.ravel().astype(float))
        return found.reshape((-1, dim))

    return solve


def _minimise(cost_and_slope, start):
    """Where a smooth cost is least, near `start`: L-BFGS with steps that are halved (Nocedal and Wright, Numerical Optimization, 7.4)."""
    import numpy

    at = start
    cost, slope = cost_and_slope(at)
    kept = []
    for _ in range(_MOST_STEPS):
        direction = -_scaled(numpy, slope, kept)
        fall = float(direction @ slope)
        if fall >= 0:
            kept, direction, fall = [], -slope, -float(slope @ slope)
        length = 1.0 if kept else min(1.0, 1.0 / (float(numpy.abs(slope).sum()) or 1.0))
        while True:
            after = at + length * direction
            cost_after, slope_after = cost_and_slope(after)
            if cost_after <= cost + 1e-4 * length * fall:
                break
            length /= 2
            if length < 1e-12:
                return at
        moved, turned = after - at, slope_after - slope
        if float(moved @ turned) > 1e-12:
            kept = [*kept[1 - _KEPT :], (moved, turned)]
        is_done = abs(cost - cost_after) <= _SMALL * max(abs(cost), abs(cost_after), 1.0)
        at, cost, slope = after, cost_after, slope_after
        if is_done:
            break
    return at


def _scaled(numpy, slope, kept):
    found = slope.copy()
    shares = []
    for moved, turned in reversed(kept):
        share = float(moved @ found) / float(moved @ turned)
        shares.append(share)
        found -= share * turned
    if kept:
        moved, turned = kept[-1]
        found *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned), share in zip(kept, reversed(shares)):
        found += moved * (share - float(turned @ found) / float(moved @ turned))
    return found
