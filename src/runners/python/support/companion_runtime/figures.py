"""matplotlib figures, as PNG at their own dpi, with an SVG beside the last picture of each."""

import base64
import io
import sys
import time
import weakref

from . import host

_MOST_FIGURES = 100
_SVG_MOST_FIGURES = 20
_SVG_BUDGET_SECONDS = 2.0
_SVG_MOST_POINTS = 20_000

#: What this run has shown: the hash of each figure's last picture, and the name of that picture where it is to have an SVG.
_shown = weakref.WeakKeyDictionary()
_vectors = {}
_count = 0


def before_run():
    global _count
    _count = 0
    _shown.clear()
    _vectors.clear()


def picture_of(figure):
    """The figure's own size and dpi; made larger only where something would be cut off at its edge."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    canvas.draw()
    whole = figure.bbox_inches
    needed = figure.get_tightbbox(canvas.get_renderer())
    out = io.BytesIO()
    slack = 0.02
    if needed is not None and (
        needed.x0 < -slack or needed.y0 < -slack or needed.x1 > whole.x1 + slack or needed.y1 > whole.y1 + slack
    ):
        from matplotlib.transforms import Bbox

        figure.savefig(out, format="png", dpi="figure", bbox_inches=Bbox.union([whole, needed.padded(0.05)]))
    else:
        Image.fromarray(__import__("numpy").asarray(canvas.buffer_rgba())).save(out, "png", dpi=(figure.dpi, figure.dpi), compress_level=4)
    return out.getvalue()


def _is_as_shown(figure):
    """True where a person has seen in this run what the figure would show now."""
    if figure not in _shown:
        return False
    # Saving marks a figure as changed, too: only its picture tells.
    return not figure.stale or hash(picture_of(figure)) == _shown[figure]


def show_figure(figure):
    """Shows the figure as it is now, whether or not it was shown before; one without anything drawn shows nothing."""
    global _count
    if not figure.axes and not figure.texts and not figure.images and not figure.get_children()[1:]:
        return
    png = picture_of(figure)
    _count += 1
    name = f"figure-{_count}"
    host.emit(
        "display",
        data={"image/png": base64.b64encode(png).decode(), "text/plain": f"<Figure {name}>"},
        table=None,
        artifact={"kind": "figure", "name": name + ".png", "path": None, "mime": "image/png", "bytes": len(png)},
    )
    _shown[figure] = hash(png)
    # The SVG is drawn later, from what the figure is then: only its last picture can have one.
    if figure in _vectors or len(_vectors) < _SVG_MOST_FIGURES:
        _vectors[figure] = name


def show_open():
    """Every open figure of which this run has not shown what it is now, in the order it was made; then all are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    try:
        open_now = pyplot.get_fignums()
        if len(open_now) > _MOST_FIGURES:
            host.notice(f"{len(open_now)} figures were open; the first {_MOST_FIGURES} are shown.")
        for number in open_now[:_MOST_FIGURES]:
            figure = pyplot.figure(number)
            if not _is_as_shown(figure):
                show_figure(figure)
    finally:
        pyplot.close("all")


def _weight(figure):
    """About how many points a drawing has: an SVG of very many is slow to make and of no use."""
    total = 0
    for axes in figure.axes:
        total += sum(len(line.get_xdata(orig=False)) for line in axes.lines) + 10 * len(axes.patches)
        for collection in axes.collections:
            values = collection.get_array()
            total += len(collection.get_offsets()) + (values.size if values is not None else 0)
    return total


def write_vectors():
    """SVG after everything else: nobody waits for it, and a failure here is no failure of the program."""
    until = time.monotonic() + _SVG_BUDGET_SECONDS
    for figure, name in _vectors.items():
        if time.monotonic() > until:
            break
        out = io.StringIO()
        try:
            if _weight(figure) > _SVG_MOST_POINTS or not _is_as_shown(figure):
                continue
            figure.savefig(out, format="svg", dpi="figure")
            host.functions.save(f"{name}.svg", out.getvalue(), "image/svg+xml", "figure")
        except Exception:
            # The PNG is there already; the drawing is only the extra.
            continue
    _vectors.clear()


def patch_pyplot(module):
    def show(*_, **__):
        """Shows the open figures in the card."""
        show_open()

    module.show = show


def patch_figure(module):
    module.Figure.show = lambda self, *_, **__: show_figure(self)
