"""Uses numpy, pandas and pyplot a little, so that the first program does not wait for what their first use costs.

WebAssembly is compiled, function by function, when it first runs, and side modules of a saved heap are put in place when
they are first called: with both behind it a chart is half a second sooner. Made of pieces, because a program that comes
meanwhile goes first. Nothing here shows, writes or keeps anything.
"""

import io
import sys

_CSV = """day,place,units,price
2026-01-05,North,420,12.5
2026-01-06,South,310,12.0
2026-02-05,North,185,
2026-02-06,West,240,9.0
"""

_pieces = None


def warm_up():
    """Does the next piece, which takes some tens of milliseconds; False when none is left, or this interpreter has no pandas."""
    global _pieces
    if _pieces is None:
        _pieces = _run() if "companion_runtime.science" in sys.modules else iter(())
    try:
        next(_pieces)
        return True
    except StopIteration:
        return False


def stop():
    """A program is here: what the pieces hold goes, and no more of them come."""
    global _pieces
    _pieces = iter(())


def _run():
    import pandas

    from . import displays

    frame = pandas.read_csv(io.StringIO(_CSV))
    yield
    str(frame)
    yield
    places = frame.groupby("place")[["units", "price"]].sum().sort_values("units", ascending=False)
    yield
    displays.table_of(places)
    places._repr_html_()
    yield
    places.to_csv(io.StringIO())
    f"{places['units'].sum():,}"
    yield
    yield from _draw(places)
    frame["day"] = pandas.to_datetime(frame["day"])
    frame.set_index("day")["units"].resample("MS").mean()
    yield
    frame.describe()
    frame.info(buf=io.StringIO())
    yield
    frame.pivot_table(index="place", values="units", aggfunc="mean")
    frame.merge(places, on="place", suffixes=("", "_all"))
    yield
    yield from _calculate()


def _draw(places):
    import matplotlib.pyplot as pyplot

    from . import figures

    try:
        figure, axes = pyplot.subplots()
    finally:
        # At once: a program that comes meanwhile must not find it among its own open figures.
        pyplot.close("all")
    yield
    places["units"].plot.bar(ax=axes)
    axes.plot([1.0, 2.0], label="a")
    yield
    axes.set_title("a")
    axes.set_ylabel("b")
    axes.legend()
    figure.tight_layout()
    yield
    figures.picture_of(figure)
    yield


def _calculate():
    import numpy

    rows = numpy.arange(12.0).reshape(3, 4)
    rows @ rows.T + numpy.linalg.norm(rows) + numpy.mean(rows, axis=0).std()
    yield
    numpy.linalg.solve(rows[:, :3] + numpy.eye(3), numpy.ones(3))
    numpy.random.default_rng(0).normal(size=8)
    yield
