"""Where a word finds room: wordcloud's own search is compiled, this one is numpy's."""

import numpy


def query_integral_image(integral_image, size_x, size_y, random_state):
    """
    One of the places, chosen by `random_state.randint`, of a rectangle of `size_x` by `size_y` below which a picture is empty; None
    where there is none. `integral_image[i, j]` is the sum of all that lies above and left of that point.
    """
    whole = integral_image
    rows, columns = whole.shape[0] - size_x, whole.shape[1] - size_y
    if rows <= 0 or columns <= 0:
        return None
    # Sums wrap as they did when the picture was added up, and so do their differences.
    area = whole[:rows, :columns] + whole[size_x : size_x + rows, size_y : size_y + columns]
    area = area - whole[size_x : size_x + rows, :columns] - whole[:rows, size_y : size_y + columns]
    free = numpy.flatnonzero(area == 0)
    if len(free) == 0:
        return None
    place = int(free[random_state.randint(0, len(free) - 1)])
    return place // columns, place % columns
