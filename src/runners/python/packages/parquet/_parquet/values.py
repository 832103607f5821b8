"""What the numbers and bytes of a column mean, as pandas has it."""

import datetime
import decimal

import numpy
import pandas

from . import encodings

_UNITS = {1: "ms", 2: "us", 3: "ns"}
_INTEGERS = {11: "uint8", 12: "uint16", 13: "uint32", 14: "uint64", 15: "int8", 16: "int16", 17: "int32", 18: "int64"}
_UTF8, _ENUM, _DECIMAL, _DATE, _TIME_MS, _TIME_US, _STAMP_MS, _STAMP_US, _JSON = 0, 4, 5, 6, 7, 8, 9, 10, 19
_JULIAN_DAY_OF_1970 = 2_440_588


def meaning(leaf, raw):
    """The values of a leaf that are there, as an array: numbers, datetime64, bool, or objects."""
    element = leaf.element
    logical, converted, kind = element.get(10, {}), element.get(6), leaf.kind
    if kind == encodings.INT96:
        days = numpy.ascontiguousarray(raw[:, 8:]).view("<i4").ravel().astype(numpy.int64) - _JULIAN_DAY_OF_1970
        return (days * 86_400_000_000_000 + numpy.ascontiguousarray(raw[:, :8]).view("<i8").ravel()).view("M8[ns]")
    if 5 in logical or converted == _DECIMAL:
        return _decimals(kind, raw, logical.get(5, {}).get(1, element.get(7, 0)))
    if 6 in logical or converted == _DATE:
        return _objects(raw.astype("M8[D]").tolist())
    unit = _UNITS[next(iter(logical[8][2]))] if 8 in logical else {_STAMP_MS: "ms", _STAMP_US: "us"}.get(converted)
    if unit is not None:
        return raw.view(f"M8[{unit}]")
    unit = _UNITS[next(iter(logical[7][2]))] if 7 in logical else {_TIME_MS: "ms", _TIME_US: "us"}.get(converted)
    if unit is not None:
        return _objects([_time(value) for value in raw.astype(f"m8[{unit}]").astype("m8[us]").astype(numpy.int64).tolist()])
    integer = f"{'' if logical[10].get(2, True) else 'u'}int{logical[10].get(1, 64)}" if 10 in logical else _INTEGERS.get(converted)
    if integer is not None and kind in (encodings.INT32, encodings.INT64):
        return raw.astype(integer)
    if kind == encodings.BYTES and (1 in logical or 4 in logical or 12 in logical or converted in (_UTF8, _ENUM, _JSON)):
        return _objects([value.decode("utf-8", "replace") for value in raw])
    if 15 in logical and kind == encodings.FIXED:
        return numpy.frombuffer(b"".join(raw), "<f2")
    return raw


def is_zoned(leaf):
    """Whether a leaf is of moments in UTC, and not of what a clock on a wall shows."""
    return bool(leaf.element.get(10, {}).get(8, {}).get(1, False))


def _objects(values):
    out = numpy.empty(len(values), dtype=object)
    out[:] = values
    return out


def _time(microseconds):
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60, rest)


def _decimals(kind, raw, scale):
    whole = [int.from_bytes(value, "big", signed=True) for value in raw] if kind in (encodings.BYTES, encodings.FIXED) else raw.tolist()
    context = decimal.Context(prec=80)
    return _objects([decimal.Decimal(value).scaleb(-scale, context) for value in whole])


def spread(values, is_there):
    """Puts the values that are there in their places and what pandas has for a gap between them."""
    if is_there.all():
        return values
    if values.dtype.kind in "iu":
        values = values.astype(numpy.float64)
    if values.dtype.kind == "f":
        out = numpy.full(len(is_there), numpy.nan, dtype=values.dtype)
    elif values.dtype.kind == "M":
        out = numpy.full(len(is_there), "NaT", dtype=values.dtype)
    else:
        out = numpy.empty(len(is_there), dtype=object)
    out[is_there] = values
    return out


def nullable(values, is_there, dtype):
    """The same as one of pandas' own arrays that know gaps, such as Int64."""
    if dtype.startswith("string"):
        return pandas.array(spread(values, is_there), dtype=dtype)
    kind = {"boolean": "bool"}.get(dtype, dtype.lower())
    data = numpy.zeros(len(is_there), dtype=kind)
    data[is_there] = values
    one = pandas.arrays.BooleanArray if kind == "bool" else pandas.arrays.FloatingArray if kind.startswith("float") else pandas.arrays.IntegerArray
    return one(data, ~is_there)


def lists(leaf, values, defined, repeated):
    """A column of lists, as objects: arrays of what is in them, None where a row has no list."""
    is_item = defined >= leaf.defined_in_list
    items = spread(values, defined[is_item] == leaf.most_defined)
    starts = numpy.flatnonzero(repeated == 0)
    before = numpy.concatenate([[0], numpy.cumsum(is_item)])
    ends = numpy.append(starts[1:], len(repeated))
    # A list that is there and empty reaches the level just below an item's.
    is_list = defined[starts] >= leaf.defined_in_list - 1
    found = [items[before[a] : before[b]] if there else None for a, b, there in zip(starts.tolist(), ends.tolist(), is_list.tolist())]
    out = numpy.empty(len(found), dtype=object)
    for at, item in enumerate(found):
        out[at] = item
    return out
