"""Imported only while the larger heap is built: the packages it holds, with our corrections made once."""

import matplotlib

matplotlib.use("agg")

import matplotlib.backends.backend_agg  # noqa: E402,F401
import matplotlib.backends.backend_svg  # noqa: E402,F401
import matplotlib.pyplot  # noqa: E402,F401
import numpy  # noqa: E402,F401
import numpy.linalg  # noqa: E402,F401
import numpy.random  # noqa: E402,F401
import pandas  # noqa: E402,F401
import PIL.Image  # noqa: E402,F401
import PIL.PngImagePlugin  # noqa: E402,F401

from . import fixes  # noqa: E402

fixes.patch_loaded()
