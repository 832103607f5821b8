"""How the values of a page are written (https://parquet.apache.org/docs/file-format/data-pages/encodings/)."""

import numpy

from .thrift import Reader, varint

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTES, FIXED = range(8)
PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED, DELTA, DELTA_LENGTH, DELTA_BYTES, RLE_DICTIONARY, SPLIT = 0, 2, 3, 4, 5, 6, 7, 8, 9

_DTYPES = {INT32: "<i4", INT64: "<i8", FLOAT: "<f4", DOUBLE: "<f8"}


def plain(kind, data, count, length):
    """`count` values of a physical type: an array of numbers or bool, of objects (bytes), or of rows of bytes for INT96."""
    if kind in _DTYPES:
        return _array(data, _DTYPES[kind], count)
    if kind == BOOLEAN:
        return numpy.unpackbits(_array(data, "u1", (count + 7) // 8), bitorder="little")[:count].astype(bool)
    if kind == INT96:
        return _array(data, "u1", 12 * count).reshape(count, 12)
    out = numpy.empty(count, dtype=object)
    if kind == FIXED:
        out[:] = [bytes(data[at : at + length]) for at in range(0, count * length, length)] if length else [b""] * count
        return out
    at, end = 0, len(data)
    for place in range(count):
        begin = at + 4
        at = begin + int.from_bytes(data[at:begin], "little")
        if at > end:
            raise ValueError("a page of the Parquet file is damaged")
        out[place] = bytes(data[begin:at])
    return out


def _array(data, dtype, count):
    dtype = numpy.dtype(dtype)
    if len(data) < count * dtype.itemsize:
        raise ValueError("a page of the Parquet file is damaged")
    return numpy.frombuffer(data, dtype, count)


def hybrid(data, width, count):
    """`count` numbers of `width` bits: runs of one value, and groups of eight packed bit by bit."""
    out = numpy.zeros(count, dtype=numpy.int64)
    if width == 0:
        return out
    reader, done, wide = Reader(data), 0, (width + 7) // 8
    while done < count:
        head = reader.varint()
        if head & 1:
            values = _unpack(reader.take(min((head >> 1) * width, len(data) - reader.at)), width)[: count - done]
            out[done : done + len(values)] = values
            done += len(values)
            if len(values) == 0:
                raise ValueError("a page of the Parquet file is damaged")
        else:
            many = min(head >> 1, count - done)
            out[done : done + many] = int.from_bytes(reader.take(wide), "little")
            done += many
            if many == 0:
                raise ValueError("a page of the Parquet file is damaged")
    return out


def _unpack(data, width):
    bits = numpy.unpackbits(numpy.frombuffer(data, numpy.uint8), bitorder="little")
    bits = bits[: len(bits) // width * width].reshape(-1, width).astype(numpy.uint64)
    return (bits << numpy.arange(width, dtype=numpy.uint64)).sum(axis=1, dtype=numpy.uint64).view(numpy.int64)


def write_hybrid(values, width):
    """The opposite of `hybrid`: one run where all are alike, else all packed."""
    if width == 0:
        return b""
    if len(values) and (values == values[0]).all():
        return varint(len(values) << 1) + int(values[0]).to_bytes((width + 7) // 8, "little")
    groups = (len(values) + 7) // 8
    padded = numpy.zeros(groups * 8, dtype=numpy.int64)
    padded[: len(values)] = values
    bits = (padded[:, None] >> numpy.arange(width, dtype=numpy.int64)) & 1
    return varint(groups << 1 | 1) + numpy.packbits(bits.astype(numpy.uint8).ravel(), bitorder="little").tobytes()


def deltas(data):
    """Integers told by their differences: the array, and how many bytes it took."""
    reader = Reader(data)
    block, parts, total, first = reader.varint(), reader.varint(), reader.varint(), reader.zigzag()
    if parts == 0 or block % parts or total > 8 * len(data) * max(1, block):
        raise ValueError("a page of the Parquet file is damaged")
    pieces, have, size = [], 1, block // parts
    while have < total:
        least = reader.zigzag()
        widths = reader.take(parts)
        for width in widths:
            if have >= total:
                break
            if width > 64:
                raise ValueError("a page of the Parquet file is damaged")
            packed = reader.take(size * width // 8)
            values = _unpack(packed, width) if width else numpy.zeros(size, dtype=numpy.int64)
            pieces.append(values + numpy.int64(least))
            have += size
    steps = numpy.concatenate([numpy.array([first], dtype=numpy.int64), *pieces])[:total]
    return numpy.cumsum(steps, dtype=numpy.int64), reader.at


def lengths_first(data, count):
    """Texts of which all lengths stand before them."""
    lengths, at = deltas(data)
    return _cut(data, at, lengths[:count])


def _cut(data, at, lengths):
    ends = at + numpy.cumsum(lengths)
    if len(ends) and (lengths.min() < 0 or ends[-1] > len(data)):
        raise ValueError("a page of the Parquet file is damaged")
    out = numpy.empty(len(lengths), dtype=object)
    for place, (length, end) in enumerate(zip(lengths.tolist(), ends.tolist())):
        out[place] = bytes(data[end - length : end])
    return out


def shared_starts(data, count):
    """Texts of which each is told by how much of the last one it begins with, and the rest."""
    starts, at = deltas(data)
    out = lengths_first(data[at:], count)
    last = b""
    for place, start in enumerate(starts[:count].tolist()):
        last = out[place] = last[:start] + out[place]
    return out


def split(kind, data, count, length):
    """The first bytes of all values, then the second ones, and so on."""
    wide = length if kind == FIXED else numpy.dtype(_DTYPES[kind]).itemsize
    rows = _array(data, "u1", count * wide).reshape(wide, count).T
    return plain(kind, numpy.ascontiguousarray(rows).tobytes(), count, length)
