"""A table as the bytes of a Parquet file."""

import datetime
import decimal

import numpy
import pandas

from . import codecs, encodings
from .reading import MAGIC
from .thrift import Byte, Number, structure

_ROWS_IN_GROUP = 1 << 20
_REQUIRED, _OPTIONAL, _REPEATED = range(3)
_WORDS_MOST = 20_000
_NUMBERS = {
    "bool": (encodings.BOOLEAN, None, None),
    "int8": (encodings.INT32, 15, {10: {1: Byte(8), 2: True}}),
    "int16": (encodings.INT32, 16, {10: {1: Byte(16), 2: True}}),
    "int32": (encodings.INT32, None, None),
    "int64": (encodings.INT64, None, None),
    "uint8": (encodings.INT32, 11, {10: {1: Byte(8), 2: False}}),
    "uint16": (encodings.INT32, 12, {10: {1: Byte(16), 2: False}}),
    "uint32": (encodings.INT32, 13, {10: {1: Byte(32), 2: False}}),
    "uint64": (encodings.INT64, 14, {10: {1: Byte(64), 2: False}}),
    "float16": (encodings.FLOAT, None, None),
    "float32": (encodings.FLOAT, None, None),
    "float64": (encodings.DOUBLE, None, None),
}


class Column:
    """How one column is written: its physical values without gaps, where the gaps are, and what its schema says."""

    def __init__(self, name, kind, values, is_there, converted=None, logical=None, length=None, counts=None, facts=None):
        self.name, self.kind, self.values, self.is_there = name, kind, values, is_there
        self.converted, self.logical, self.length, self.facts = converted, logical, length, facts or {}
        #: Of lists: how many items each row has, -1 for none at all; `values` and `is_there` are of the items then.
        self.counts = counts
        #: Of a structure's part: the structure's name and in which rows it is there.
        self.outer, self.outer_there = None, None

    def schema(self):
        shape = {1: self.kind, 2: self.length, 6: self.converted, 10: self.logical, **self.facts}
        if self.counts is None:
            return [{**shape, 3: _OPTIONAL, 4: self.name}]
        outer = {3: _OPTIONAL, 4: self.name, 5: 1, 6: 3, 10: {3: {}}}
        return [outer, {3: _REPEATED, 4: "list", 5: 1}, {**shape, 3: _OPTIONAL, 4: "element"}]

    @property
    def path(self):
        inner = [self.name] if self.counts is None else [self.name, "list", "element"]
        return inner if self.outer is None else [self.outer, *inner]

    @property
    def most_defined(self):
        return (1 if self.counts is None else 3) + (self.outer is not None)

    def leaves(self):
        return [self]

    def part(self, start, stop):
        """(values, definition levels, repetition levels, how many places) of some rows."""
        if self.counts is None:
            there = self.is_there[start:stop]
            first = int(self.is_there[:start].sum())
            defined = there.astype(numpy.int64) + (0 if self.outer is None else self.outer_there[start:stop])
            return self.values[first : first + int(there.sum())], defined, None, stop - start
        many = numpy.maximum(self.counts, 0)
        first, last = int(many[:start].sum()), int(many[:stop].sum())
        counts = self.counts[start:stop]
        places = numpy.maximum(counts, 1)
        begins = numpy.concatenate([[0], numpy.cumsum(places)[:-1]]).astype(numpy.int64)
        repeated = numpy.ones(int(places.sum()), dtype=numpy.int64)
        repeated[begins] = 0
        defined = numpy.empty(len(repeated), dtype=numpy.int64)
        filled = numpy.repeat(counts > 0, places)
        defined[filled] = 2 + self.is_there[first:last]
        defined[~filled] = numpy.where(counts[counts <= 0] == 0, 1, 0)
        there_before = int(self.is_there[:first].sum())
        values = self.values[there_before : there_before + int(self.is_there[first:last].sum())]
        return values, defined, repeated, len(repeated)


class Structure:
    """A column of dicts: a column for each of their keys. What is not in a dict is absent there."""

    def __init__(self, name, rows, is_there):
        self.name, self._parts = name, []
        for key in dict.fromkeys(key for row in rows for key in row):
            whole = _objects([None] * len(is_there))
            whole[is_there] = _objects([row.get(key) for row in rows])
            part = column(str(key), pandas.Series(whole, dtype=object))
            if isinstance(part, Structure) or part.counts is not None:
                raise TypeError(f"column {name} holds dicts with lists or dicts in them, which is not written to Parquet here; pandas.json_normalize makes columns of them")
            part.outer, part.outer_there = name, is_there
            self._parts.append(part)

    def schema(self):
        return [{3: _OPTIONAL, 4: self.name, 5: len(self._parts)}, *(one for part in self._parts for one in part.schema())]

    def leaves(self):
        return self._parts


def column(name, series):
    """How a column of pandas is written. Raises TypeError where it holds what Parquet cannot say, or things of several kinds."""
    dtype = series.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        return column(name, series.astype(dtype.categories.dtype if series.notna().all() else object))
    is_there = series.notna().to_numpy(dtype=bool)
    if isinstance(dtype, pandas.PeriodDtype):
        return Column(name, encodings.INT64, series.array.asi8[is_there], is_there)
    if isinstance(dtype, pandas.DatetimeTZDtype) or dtype.kind == "M":
        return _moments(name, series, is_there)
    if dtype.kind == "m":
        return Column(name, encodings.INT64, series[is_there].astype("m8[ns]").astype("int64").to_numpy(), is_there)
    number = str(dtype).lower().replace("boolean", "bool")
    if number in _NUMBERS:
        kind, converted, logical = _NUMBERS[number]
        # NaN is a number where the column is one of numpy's, as pyarrow writes it: the gaps of pandas.
        wide = {encodings.INT32: "i4", encodings.INT64: "i8", encodings.FLOAT: "f4", encodings.DOUBLE: "f8", encodings.BOOLEAN: "bool"}[kind]
        values = series[is_there].to_numpy(dtype=number).astype(wide)
        return Column(name, kind, values, is_there, converted, logical)
    return _things(name, series[is_there].tolist(), is_there)


def _moments(name, series, is_there):
    zone = getattr(series.dtype, "tz", None)
    plain = (series.dt.tz_convert("UTC").dt.tz_localize(None) if zone is not None else series)[is_there].to_numpy()
    unit = numpy.datetime_data(plain.dtype)[0]
    if unit == "s":
        plain, unit = plain.astype("M8[ms]"), "ms"
    converted = {"ms": 9, "us": 10}.get(unit) if zone is not None else None
    logical = {8: {1: zone is not None, 2: {{"ms": 1, "us": 2, "ns": 3}[unit]: {}}}}
    return Column(name, encodings.INT64, plain.astype("int64"), is_there, converted, logical)


def _things(name, values, is_there, in_list=False):
    """A column of Python's own objects: of which kind it is, the first says, and the others must be of it."""
    kinds = {type(value) for value in values}
    every = lambda *wanted: all(issubclass(kind, wanted) for kind in kinds)
    of_length = lambda items: numpy.fromiter((len(item) for item in items), dtype=numpy.int64, count=len(items))
    if every(str):
        return Column(name, encodings.BYTES, _objects([value.encode() for value in values]), is_there, 0, {1: {}})
    if every(bytes, bytearray):
        return Column(name, encodings.BYTES, _objects([bytes(value) for value in values]), is_there)
    if every(bool, numpy.bool_):
        return Column(name, encodings.BOOLEAN, numpy.array(values, dtype=bool), is_there)
    if every(int, numpy.integer) and not every(bool):
        return Column(name, encodings.INT64, numpy.array(values, dtype=numpy.int64), is_there)
    if every(int, float, numpy.integer, numpy.floating):
        return Column(name, encodings.DOUBLE, numpy.array(values, dtype=numpy.float64), is_there)
    if every(datetime.datetime):
        whole = _moments(name, pandas.to_datetime(pandas.Series(values)), numpy.ones(len(values), dtype=bool))
        whole.is_there = is_there
        return whole
    if every(datetime.date):
        return Column(name, encodings.INT32, numpy.array(values, dtype="M8[D]").astype("int64").astype("i4"), is_there, 6, {6: {}})
    if every(datetime.time):
        numbers = [((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond for value in values]
        return Column(name, encodings.INT64, numpy.array(numbers, dtype=numpy.int64), is_there, 8, {7: {1: False, 2: {2: {}}}})
    if every(decimal.Decimal):
        return _decimal(name, values, is_there)
    if every(list, tuple, numpy.ndarray) and not in_list:
        counts = numpy.full(len(is_there), -1, dtype=numpy.int64)
        counts[is_there] = of_length(values)
        items = pandas.Series([item for value in values for item in value], dtype=object)
        there = items.notna().to_numpy(dtype=bool)
        inner = _things(name, items[there].tolist(), there, in_list=True)
        inner.counts = counts
        return inner
    if every(dict) and any(values) and not in_list:
        return Structure(name, values, is_there)
    said = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise TypeError(f"column {name} holds {said}: for Parquet all its values must be of one kind; .astype(str) makes texts of them")


def _decimal(name, values, is_there):
    scale = max((max(0, -value.as_tuple().exponent) for value in values), default=0)
    whole = [int(value.scaleb(scale, decimal.Context(prec=80))) for value in values]
    digits = max((len(str(abs(value))) for value in whole), default=1)
    length = max(1, (max((abs(value) for value in whole), default=0).bit_length() + 8) // 8)
    data = _objects([value.to_bytes(length, "big", signed=True) for value in whole])
    digits = max(digits, scale)
    return Column(name, encodings.FIXED, data, is_there, 5, {5: {1: scale, 2: digits}}, length, facts={7: scale, 8: digits})


def _objects(values):
    out = numpy.empty(len(values), dtype=object)
    out[:] = values
    return out


def file_of(columns, rows, notes, codec):
    """The bytes of a whole file; `notes` are texts by their names."""
    out = bytearray(MAGIC)
    groups = []
    for start in range(0, max(rows, 1), _ROWS_IN_GROUP):
        stop = min(rows, start + _ROWS_IN_GROUP)
        chunks = [_chunk(out, leaf, start, stop, codec) for one in columns for leaf in one.leaves()]
        size = Number(sum(chunk[3][6] for chunk in chunks))
        groups.append({1: chunks, 2: size, 3: Number(stop - start)})
    root = {3: _REQUIRED, 4: "schema", 5: len(columns)}
    schema = [root, *(element for one in columns for element in one.schema())]
    footer = structure(
        {
            1: 2,
            2: schema,
            3: Number(rows),
            4: groups,
            5: [{1: key, 2: value} for key, value in notes.items()],
            6: "ChatGPT Companion",
        }
    )
    return bytes(out) + footer + len(footer).to_bytes(4, "little") + MAGIC


def _chunk(out, one, start, stop, codec):
    values, defined, repeated, places = one.part(start, stop)
    first, whole, words_at = len(out), 0, None
    encoding, body = encodings.PLAIN, None
    if one.kind in (encodings.BYTES, encodings.FIXED):
        words, at = _words(values)
        if words is not None:
            data = _plain(one, words)
            words_at = len(out)
            whole += _page(out, {1: 2, 7: {1: len(words), 2: encodings.PLAIN}}, data, codec)
            width = max(1, int(len(words) - 1).bit_length())
            encoding, body = encodings.RLE_DICTIONARY, bytes([width]) + encodings.write_hybrid(at, width)
    levels = b""
    for numbers, most in ((repeated, 1), (defined, one.most_defined)):
        if numbers is not None:
            told = encodings.write_hybrid(numbers, int(most).bit_length())
            levels += len(told).to_bytes(4, "little") + told
    page_at = len(out)
    head = {1: 0, 5: {1: places, 2: encoding, 3: encodings.RLE, 4: encodings.RLE}}
    whole += _page(out, head, levels + (_plain(one, values) if body is None else body), codec)
    facts = {
        1: one.kind,
        2: [encodings.PLAIN, encodings.RLE, *([encodings.RLE_DICTIONARY] if words_at is not None else [])],
        3: one.path,
        4: codec,
        5: Number(places),
        6: Number(whole),
        7: Number(len(out) - first),
        9: Number(page_at),
        11: None if words_at is None else Number(words_at),
    }
    return {2: Number(first), 3: facts}


def _page(out, head, data, codec):
    packed = codecs.deflate(codec, data)
    told = structure({**head, 2: len(data), 3: len(packed)})
    out += told + packed
    return len(told) + len(data)


def _words(values):
    """(different texts in the order of their first use, places of all in it); None where most are different."""
    known = {}
    places = numpy.fromiter((known.setdefault(value, len(known)) for value in values), dtype=numpy.int64, count=len(values))
    if not known or len(known) > min(_WORDS_MOST, max(16, len(values) // 2)):
        return None, None
    return _objects(list(known)), places


def _plain(one, values):
    if one.kind == encodings.BOOLEAN:
        return numpy.packbits(values.astype(numpy.uint8), bitorder="little").tobytes()
    if one.kind == encodings.FIXED:
        return b"".join(values)
    if one.kind == encodings.BYTES:
        return b"".join(part for value in values for part in (len(value).to_bytes(4, "little"), value))
    return numpy.ascontiguousarray(values).tobytes()
