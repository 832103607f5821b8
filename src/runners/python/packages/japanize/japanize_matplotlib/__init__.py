"""Has matplotlib write Japanese, as the package of this name does, by the font that is here."""

import matplotlib

FONT_NAME = "IPAexGothic"


def japanize():
    """Makes the font the first choice. Called when this is imported."""
    matplotlib.rc("font", family=FONT_NAME)


def get_font_ttf_path():
    """The path of the font's file."""
    from matplotlib import font_manager

    return font_manager.findfont(FONT_NAME)


japanize()
