"""pandas' engine for Parquet: what its read_parquet and to_parquet call."""

import ast
import glob
import json
import operator
import os
import re
import urllib.parse

import numpy
import pandas
from pandas.io.common import get_handle, stringify_path

from . import arrow, codecs, encodings, nested, values, writing
from .reading import File

_ORDERS = {"=": operator.eq, "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


class Engine:
    """The two methods that pandas.io.parquet expects of an engine."""

    def write(self, df, path, compression="snappy", index=None, storage_options=None, partition_cols=None, **options):
        """Writes a frame; what is compressed at all is compressed with gzip, which every reader knows."""
        if not isinstance(df, pandas.DataFrame):
            raise ValueError("to_parquet only supports IO with DataFrames")
        codec = codecs.NONE if compression in (None, "none", "uncompressed", "NONE") else codecs.GZIP
        if partition_cols:
            return _write_folder(df, stringify_path(path), partition_cols, codec, index)
        # Made before the file is opened: what cannot be written leaves the old one as it was.
        data = _file_of(df, codec, index)
        with get_handle(path, "wb", is_text=False, storage_options=storage_options) as handles:
            handles.handle.write(data)

    def read(self, path, columns=None, filters=None, use_nullable_dtypes=False, dtype_backend=None, storage_options=None, **options):
        """A file, or a folder of them, as one frame."""
        backend = None if dtype_backend in (None, pandas.api.extensions.no_default) else dtype_backend
        if backend == "pyarrow":
            raise ImportError("dtype_backend='pyarrow' needs pyarrow, which is not on this device: leave it out, or say 'numpy_nullable'", name="pyarrow")
        path = stringify_path(path)
        if isinstance(path, str) and os.path.isdir(path):
            frame = _read_folder(path, columns, backend)
        else:
            with get_handle(path, "rb", is_text=False, storage_options=storage_options) as handles:
                frame = _frame_of(handles.handle.read(), columns, filters, backend)
        return _chosen(frame, filters, columns) if filters else frame


def _names_of(filters):
    groups = filters if filters and isinstance(filters[0], list) else [filters or []]
    return [name for group in groups for name, *_ in group]


def _chosen(frame, filters, columns):
    groups = filters if isinstance(filters[0], list) else [filters]
    chosen = numpy.zeros(len(frame), dtype=bool)
    for group in groups:
        fits = numpy.ones(len(frame), dtype=bool)
        for name, order, wanted in group:
            if order in ("in", "not in"):
                fits &= frame[name].isin(list(wanted)).to_numpy() == (order == "in")
            else:
                fits &= _ORDERS[order](frame[name], wanted).to_numpy(dtype=bool)
        chosen |= fits
    frame = frame[chosen]
    if isinstance(frame.index, pandas.RangeIndex) or frame.index.name is None:
        frame = frame.reset_index(drop=True)
    return frame if columns is None else frame[list(columns)]


def _frame_of(data, columns, filters, backend):
    file = File(data)
    notes = json.loads(file.notes.get("pandas", "{}"))
    about = {column.get("field_name", column["name"]): column for column in notes.get("columns", [])}
    told = arrow.fields(file.notes)
    index = notes.get("index_columns", [])
    levels = [one for one in index if isinstance(one, str)]
    wanted = None if columns is None else {*columns, *_names_of(filters), *levels}
    found = {}
    for place in file.fields():
        name = place[0]
        if wanted is None or name in wanted:
            found[name] = _series_of(file, place, about.get(name, {}), told.get(name, arrow.PLAIN), backend)
    absent = [name for name in columns or [] if name not in found]
    if absent:
        raise KeyError(f"the Parquet file has no column {', '.join(map(str, absent))}")
    order = list(found) if columns is None else [*columns, *(name for name in found if name not in columns)]
    frame = pandas.DataFrame({name: found[name] for name in order}, index=pandas.RangeIndex(file.rows), columns=order)
    if levels:
        frame = frame.set_index(levels)
        frame.index.names = [None if about.get(name, {}).get("name") is None else name for name in levels]
    elif index and isinstance(index[0], dict):
        one = index[0]
        frame.index = pandas.RangeIndex(one["start"], one["stop"], one["step"], name=one.get("name"))
    frame.columns = _named(frame.columns, notes.get("column_indexes") or [])
    return frame


def _named(columns, levels):
    """The names of columns as they were before they became texts: numbers, or of several levels."""
    if len(levels) > 1:
        try:
            pairs = [ast.literal_eval(name) for name in columns]
        except (ValueError, SyntaxError):
            return columns
        return pandas.MultiIndex.from_tuples(pairs, names=[level.get("name") for level in levels])
    level = levels[0] if levels else {}
    if level.get("numpy_type", "").startswith("int") and all(re.fullmatch(r"-?\d+", name) for name in columns):
        columns = columns.astype("int64")
    return columns.rename(level.get("name"))


def _series_of(file, place, about, told, backend):
    _, at, leaves = place
    leaf = leaves[0]
    if not file.is_plain(at):
        return _extended(nested.rows_of(file, at, leaves), about)
    raw, defined, repeated = file.read(leaf)
    found = values.meaning(leaf, raw)
    if repeated is not None:
        return pandas.Series(values.lists(leaf, found, defined, repeated), dtype=object)
    is_there = numpy.ones(len(found), dtype=bool) if defined is None else defined == leaf.most_defined
    dtype = about.get("numpy_type", "")
    if dtype in ("boolean",) or dtype[:3] in ("Int", "UIn", "Flo") or dtype.startswith("string"):
        return pandas.Series(values.nullable(found, is_there, dtype))
    if told.is_null:
        return pandas.Series(values.spread(numpy.empty(0, dtype=object), is_there), dtype=object)
    unit = told.duration or (dtype.startswith("timedelta64") and "ns")
    if unit:
        whole = numpy.full(len(is_there), "NaT", dtype=f"m8[{unit}]")
        whole[is_there] = found.astype(f"m8[{unit}]")
        return pandas.Series(whole)
    # As pyarrow has it: only texts come back as categories, unless the notes name the categories.
    if (about.get("pandas_type") == "categorical" or told.is_category) and (leaf.kind == encodings.BYTES or (about.get("metadata") or {}).get("categories")):
        return _categories(file, leaf, values.spread(found, is_there), about, told)
    series = pandas.Series(values.spread(found, is_there))
    if values.is_zoned(leaf):
        zone = (about.get("metadata") or {}).get("timezone") or told.zone or "UTC"
        series = series.dt.tz_localize("UTC").dt.tz_convert(zone)
    elif dtype.startswith("datetime64[") and series.dtype.kind == "M":
        series = series.astype(dtype)
    elif dtype.startswith("period["):
        series = pandas.Series(pandas.PeriodIndex.from_ordinals(series.to_numpy(), freq=dtype[7:-1]))
    return series.convert_dtypes() if backend == "numpy_nullable" else series


def _categories(file, leaf, found, about, told):
    facts = about.get("metadata") or {}
    known = facts.get("categories")
    if known is None:
        known = list(dict.fromkeys(values.meaning(leaf, file.words(leaf)).tolist()))
    if not known and len(found):
        return pandas.Series(found).astype("category")
    return pandas.Series(pandas.Categorical(found, categories=known, ordered=bool(facts.get("ordered")) or told.is_ordered))


def _extended(series, about):
    """What pandas itself has a kind of column for, of those that are structures in a file."""
    dtype = about.get("numpy_type", "")
    if not dtype.startswith("interval["):
        return series
    closed = dtype[9:-1].split(",")[1].strip()
    pairs = [None if one is None else (one["left"], one["right"]) for one in series]
    return pandas.Series(pandas.arrays.IntervalArray.from_tuples(pairs, closed=closed))


def _file_of(frame, codec, index):
    names = [str(name) for name in frame.columns]
    if len(set(names)) != len(names):
        raise ValueError("Parquet needs a name of its own for each column")
    columns, about = [], []
    for at, name in enumerate(names):
        columns.append(writing.column(name, frame.iloc[:, at]))
        about.append(_about(name, name, frame.iloc[:, at]))
    levels, notes_of_index = [], []
    if index is None and isinstance(frame.index, pandas.RangeIndex):
        one = frame.index
        notes_of_index = [{"kind": "range", "name": one.name, "start": one.start, "stop": one.stop, "step": one.step}]
    elif index is not False:
        levels = [frame.index.get_level_values(at) for at in range(frame.index.nlevels)]
    for at, level in enumerate(levels):
        field = str(level.name) if level.name is not None else f"__index_level_{at}__"
        series = pandas.Series(level.to_numpy() if level.dtype.kind in "Miufb" and not hasattr(level.dtype, "tz") else level)
        columns.append(writing.column(field, series))
        about.append(_about(None if level.name is None else field, field, series))
        notes_of_index.append(field)
    notes = {
        "index_columns": notes_of_index,
        "column_indexes": [_about_names(frame.columns.get_level_values(at)) for at in range(frame.columns.nlevels)],
        "columns": about,
        "creator": {"library": "chatgpt-companion", "version": "1"},
        "pandas_version": pandas.__version__,
    }
    return writing.file_of(columns, len(frame), {"pandas": json.dumps(notes)}, codec)


def _about_names(level):
    of_texts = {"pandas_type": "unicode", "numpy_type": "object", "metadata": {"encoding": "UTF-8"}}
    kind = str(level.dtype)
    of_kind = {"pandas_type": kind, "numpy_type": kind, "metadata": None} if level.dtype.kind in "iu" else of_texts
    return {"name": level.name, "field_name": level.name, **of_kind}


def _about(name, field, series):
    dtype, facts, kind = str(series.dtype), None, "object"
    if isinstance(series.dtype, pandas.CategoricalDtype):
        kept = series.dtype.categories
        plain = kept.tolist() if kept.dtype.kind in "Oiufb" else None
        facts = {"num_categories": len(kept), "ordered": bool(series.dtype.ordered), "categories": plain}
        kind = "categorical"
    elif isinstance(series.dtype, pandas.DatetimeTZDtype):
        facts, kind, dtype = {"timezone": str(series.dtype.tz)}, "datetimetz", f"datetime64[{series.dtype.unit}]"
    elif series.dtype.kind in "iufbM":
        kind = {"M": "datetime", "b": "bool"}.get(series.dtype.kind, dtype.lower())
    elif dtype == "object" and pandas.api.types.infer_dtype(series, skipna=True) == "string":
        kind = "unicode"
    return {"name": name, "field_name": field, "pandas_type": kind, "numpy_type": dtype, "metadata": facts}


def _write_folder(frame, folder, partition_cols, codec, index):
    """A folder a value of each of the columns, as Hive names them."""
    for at, (keys, part) in enumerate(frame.groupby(list(partition_cols), observed=True, sort=True)):
        names = [f"{name}={urllib.parse.quote(str(key), safe=' ')}" for name, key in zip(partition_cols, keys)]
        place = os.path.join(folder, *names)
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, f"part-{at}.parquet"), "wb") as file:
            file.write(_file_of(part.drop(columns=list(partition_cols)), codec, index))


def _read_folder(folder, columns, backend):
    paths = sorted(glob.glob(os.path.join(glob.escape(folder), "**", "*.parquet"), recursive=True))
    if not paths:
        raise FileNotFoundError(f"no .parquet file below {folder}")
    parts, keys = [], {}
    for path in paths:
        told = [part.split("=", 1) for part in os.path.relpath(path, folder).split(os.sep)[:-1] if "=" in part]
        own = None if columns is None else [name for name in columns if name not in dict(told)]
        with open(path, "rb") as file:
            part = _frame_of(file.read(), own, None, backend)
        for name, value in told:
            keys[name] = part[name] = urllib.parse.unquote(value)
        parts.append(part)
    whole = pandas.concat(parts, ignore_index=all(isinstance(part.index, pandas.RangeIndex) for part in parts))
    for name in keys:
        numbers = pandas.to_numeric(whole[name], errors="coerce")
        whole[name] = (numbers.astype("int64") if numbers.notna().all() and (numbers % 1 == 0).all() else whole[name]).astype("category")
    return whole if columns is None else whole[list(columns)]
