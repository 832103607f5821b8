/** Standard modules that most programs import; in both heaps. */
const STANDARD = [
  'abc argparse ast asyncio base64 bisect calendar codecs collections collections.abc contextlib copy csv ctypes dataclasses',
  'datetime decimal difflib enum fractions functools glob hashlib heapq html importlib.metadata importlib.resources inspect io',
  'itertools json keyword linecache locale logging math numbers operator os os.path pathlib pickle platform pprint queue random',
  're secrets shutil signal statistics string struct subprocess sys tempfile textwrap threading time timeit tokenize traceback',
  'types typing unicodedata unittest urllib.parse uuid warnings weakref zipfile zoneinfo tzdata',
]
  .join(' ')
  .split(' ');

/** Imports the runner's support package if it is in the image: it is written beside the runner. */
function supportImports(names: readonly string[]): string {
  return `
import importlib.util
for name in ${JSON.stringify(names)}:
    if importlib.util.find_spec(name.partition(".")[0]) and importlib.util.find_spec(name):
        importlib.import_module(name)
del name
`;
}

export const BASE_PROGRAM = `
import importlib
for name in ${JSON.stringify(STANDARD)}:
    importlib.import_module(name)
del name, importlib
${supportImports(['companion_runtime'])}
del importlib
`;

/**
 * One figure, one image and one table are made and thrown away: their first ones load code and fonts lazily, which then
 * lies in the heap.
 */
export const SCIENCE_PROGRAM = `
${BASE_PROGRAM}
def _warm():
    import io
    import numpy, numpy.random, numpy.fft, numpy.linalg
    import pandas
    import PIL.Image, PIL.PngImagePlugin, PIL.JpegImagePlugin, PIL.ImageDraw, PIL.ImageFont
    import matplotlib
    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    import matplotlib.dates, matplotlib.backends.backend_agg
    import pandas.plotting._matplotlib
    figure, axes = plt.subplots()
    axes.plot([1, 2], label="a"); axes.set_title("a"); axes.legend(); axes.grid(True)
    figure.savefig(io.BytesIO(), format="png")
    figure.savefig(io.StringIO(), format="svg")
    plt.close("all")
    # Cached fonts hold open files, and an open file cannot be saved.
    matplotlib.text._get_text_metrics_with_cache_impl.cache_clear()
    matplotlib.font_manager._get_font.cache_clear()
    frame = pandas.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "x"]})
    str(frame); frame._repr_html_(); frame.groupby("b").mean(); frame.describe()
    pandas.read_csv(io.StringIO(frame.to_csv(index=False)))
_warm()
del _warm
${supportImports(['companion_runtime', 'companion_runtime.science'])}
del importlib
`;
