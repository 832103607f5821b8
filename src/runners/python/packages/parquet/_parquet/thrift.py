"""Thrift's compact protocol, of which a file's metadata and page headers are made.

A structure is a dict from the number of a field to its value.
"""

import struct

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_MOST_NESTED = 32


class Reader:
    """Reads from `data`, from `at` on; raises ValueError where the bytes are none of this protocol."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def varint(self):
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("a number in the Parquet file is too long")

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def structure(self, depth=0):
        if depth > _MOST_NESTED:
            raise ValueError("the Parquet file's metadata are nested too deeply")
        fields, number = {}, 0
        while True:
            head = self._byte()
            if head == 0:
                return fields
            number = number + (head >> 4) if head >> 4 else self.zigzag()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)

    def _byte(self):
        if self.at >= len(self.data):
            raise ValueError("the Parquet file ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count):
        if count < 0 or self.at + count > len(self.data):
            raise ValueError("the Parquet file ends too early")
        self.at += count
        return bytes(self.data[self.at - count : self.at])

    def _value(self, kind, depth):
        if kind in (_TRUE, _FALSE):
            return self._byte() == _TRUE
        if kind == _BYTE:
            return struct.unpack("b", self.take(1))[0]
        if kind in (_I16, _I32, _I64):
            return self.zigzag()
        if kind == _DOUBLE:
            return struct.unpack("<d", self.take(8))[0]
        if kind == _BINARY:
            return self.take(self.varint())
        if kind in (_LIST, _SET):
            head = self._byte()
            count = head >> 4 if head >> 4 != 15 else self.varint()
            return [self._value(head & 15, depth + 1) for _ in range(self._fits(count))]
        if kind == _MAP:
            count = self._fits(self.varint())
            kinds = self._byte() if count else 0
            return {self._value(kinds >> 4, depth + 1): self._value(kinds & 15, depth + 1) for _ in range(count)}
        if kind == _STRUCT:
            return self.structure(depth + 1)
        raise ValueError("the Parquet file's metadata have a kind of value that is not known")

    def _fits(self, count):
        if count > len(self.data) - self.at:
            raise ValueError("the Parquet file ends too early")
        return count


class Number(int):
    """An integer of 64 bits; plain ones are written with 32."""


class Byte(int):
    """An integer of 8 bits, which stands as it is."""


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def structure(fields):
    """The bytes of a dict: bool, int, `Number`, bytes or str, dict, or a list of one kind of these. Fields that are None are left out."""
    out, last = bytearray(), 0
    for number, value in sorted(fields.items()):
        if value is None:
            continue
        kind = (_TRUE if value else _FALSE) if isinstance(value, bool) else _kind(value)
        out.append((number - last) << 4 | kind) if number - last < 16 else out.extend(bytes([kind]) + _zigzag(number))
        last = number
        if not isinstance(value, bool):
            out += _bytes(value)
    return bytes(out) + b"\0"


def _zigzag(value):
    return varint((value << 1) ^ (value >> 63))


def _kind(value):
    if isinstance(value, bool):
        return _TRUE
    if isinstance(value, int):
        return _BYTE if isinstance(value, Byte) else _I64 if isinstance(value, Number) else _I32
    if isinstance(value, (bytes, str)):
        return _BINARY
    return _LIST if isinstance(value, list) else _STRUCT


def _bytes(value):
    if isinstance(value, Byte):
        return struct.pack("b", value)
    if isinstance(value, int):
        return _zigzag(int(value))
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return varint(len(value)) + value
    if isinstance(value, dict):
        return structure(value)
    kind = _kind(value[0]) if value else _I32
    head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([0xF0 | kind]) + varint(len(value))
    return head + b"".join(_bytes(item) for item in value)
