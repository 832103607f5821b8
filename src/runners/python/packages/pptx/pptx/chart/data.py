"""The numbers of a chart that is to be made."""


class _Series:
    def __init__(self, name, values, number_format):
        self.name, self.values, self.number_format = name, list(values), number_format

    def add_data_point(self, x, y=None, size=None, number_format=None):
        self.values.append((x, y, size) if size is not None else (x, y) if y is not None else x)


class CategoryChartData:
    """Series of values over categories."""

    def __init__(self, number_format="General"):
        self.number_format = number_format
        self.categories, self._series = [], []

    def __iter__(self):
        return iter(self._series)

    def __len__(self):
        return len(self._series)

    def __setattr__(self, name, value):
        super().__setattr__(name, list(value) if name == "categories" else value)

    def add_category(self, label):
        self.categories.append(label)
        return label

    def add_series(self, name, values=(), number_format=None):
        self._series.append(_Series(str(name), values, number_format or self.number_format))
        return self._series[-1]


class ChartData(CategoryChartData):
    """The older name."""


class XyChartData(CategoryChartData):
    """Series of points: `add_series(name).add_data_point(x, y)`."""

    def add_series(self, name, number_format=None):
        return super().add_series(name, (), number_format)


class BubbleChartData(XyChartData):
    """Series of points with sizes."""
