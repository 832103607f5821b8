"""What Arrow's own schema in a file's notes adds to Parquet's: zones, durations, and which texts are categories.

A flatbuffer (https://flatbuffers.dev/internals/): tables whose fields are found by the offsets of a table before them.
"""

import base64
import binascii
import struct

_NULL, _TIMESTAMP, _DURATION = 1, 10, 18
_UNITS = ("s", "ms", "us", "ns")
_NAME, _KIND, _TYPE, _DICTIONARY = 0, 2, 3, 4


class Field:
    """Of a column: its zone (None without), the unit of a duration (None for none), whether it is of categories, ordered ones, or of nothing."""

    def __init__(self, zone, duration, is_category, is_ordered, is_null):
        self.zone, self.duration = zone, duration
        self.is_category, self.is_ordered, self.is_null = is_category, is_ordered, is_null


PLAIN = Field(None, None, False, False, False)


class _Table:
    def __init__(self, data, at):
        self._data, self._at = data, at
        self._offsets = at - struct.unpack_from("<i", data, at)[0]
        self._size = struct.unpack_from("<H", data, self._offsets)[0]

    def _place(self, field):
        where = 4 + 2 * field
        offset = struct.unpack_from("<H", self._data, self._offsets + where)[0] if where < self._size else 0
        return self._at + offset if offset else None

    def number(self, field, form, default=0):
        at = self._place(field)
        return default if at is None else struct.unpack_from(form, self._data, at)[0]

    def table(self, field):
        at = self._place(field)
        return None if at is None else _Table(self._data, at + struct.unpack_from("<I", self._data, at)[0])

    def tables(self, field):
        at = self._place(field)
        if at is None:
            return []
        at += struct.unpack_from("<I", self._data, at)[0]
        count = struct.unpack_from("<I", self._data, at)[0]
        if 4 * count > len(self._data):
            raise ValueError("more fields than bytes")
        places = range(at + 4, at + 4 + 4 * count, 4)
        return [_Table(self._data, place + struct.unpack_from("<I", self._data, place)[0]) for place in places]

    def text(self, field):
        at = self._place(field)
        if at is None:
            return None
        at += struct.unpack_from("<I", self._data, at)[0]
        size = struct.unpack_from("<I", self._data, at)[0]
        return bytes(self._data[at + 4 : at + 4 + size]).decode("utf-8", "replace")


def fields(notes):
    """Name → `Field` of each column; empty where the file has no schema of Arrow, or one that is damaged: it only adds."""
    try:
        data = base64.b64decode(notes.get("ARROW:schema", ""))
        if not data:
            return {}
        at = 8 if data[:4] == b"\xff\xff\xff\xff" else 4
        schema = _Table(data, at + struct.unpack_from("<I", data, at)[0]).table(2)
        return {one.text(_NAME): _field(one) for one in schema.tables(1)}
    except (struct.error, binascii.Error, ValueError, AttributeError):
        return {}


def _field(one):
    kind, type_of = one.number(_KIND, "<B"), one.table(_TYPE)
    words = one.table(_DICTIONARY)
    zone = type_of.text(1) if kind == _TIMESTAMP and type_of is not None else None
    duration = _UNITS[type_of.number(0, "<h", 1)] if kind == _DURATION and type_of is not None else None
    return Field(zone, duration, words is not None, words is not None and bool(words.number(2, "<?", False)), kind == _NULL)
